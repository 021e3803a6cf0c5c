"""A person in front of a browser: finds things by the words on the page, and counts the presses."""

import copy
import re

from django.conf import settings

from apps.portal.seeding.cast import CITIZENS
from apps.portal.seeding.ids import synthetic_id
from tests.browser import PHONE

WIDE = {"viewport": {"width": 1280, "height": 900}}
NARROW = PHONE
HEADINGS_AND_SIDEWAYS = """[
    [...document.querySelectorAll('h1')].filter(h => h.checkVisibility()).length,
    Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
]"""
FOCUSED = "e => e === document.activeElement"


class Person:
    """`pages` is the fixture: a script error or a CSP violation on the way fails the test at its end."""

    def __init__(self, pages, app, name: str = "", **context) -> None:
        self.name, self.url, self.presses = name, app.url, 0
        self.page = pages.open(**(WIDE | context))

    # Going somewhere --------------------------------------------------------------------------------------------------

    def goes_to(self, path: str) -> "Person":
        self.page.goto(f"{self.url}{path}")
        return self._arrived()

    def signs_in(self, door: str = "") -> "Person":
        self.goes_to(f"/konto/logg-inn/?dor={door}" if door else "/konto/logg-inn/")
        self.presses_button(re.compile(f"^{self.name}"))
        return self

    def follows(self, words, *, within=None) -> "Person":
        self._in(within).get_by_role("link", name=words).first.click()
        self.presses += 1
        return self._arrived()

    def presses_button(self, words, *, within=None) -> "Person":
        self._in(within or self.page.locator("main")).get_by_role("button", name=words).first.click()
        self.presses += 1
        return self._arrived()

    def _arrived(self) -> "Person":
        """Every page has a title, one visible h1, and fits the width of the screen."""
        self.page.wait_for_load_state()
        assert self.page.title().strip(" –"), self.page.url
        assert self.page.evaluate(HEADINGS_AND_SIDEWAYS) == [1, 0], self.page.url
        return self

    def presses_twice(self, words, *, then: str) -> "Person":
        """Someone in doubt presses once more before the page has changed: two requests leave the browser."""
        self.page.locator("main").get_by_role("button", name=words).first.dblclick()
        self.page.locator("main :not(textarea)").get_by_text(then).first.wait_for()
        return self._arrived()

    def is_forgotten_by_the_server(self) -> "Person":
        """The sign-in ends, as after a long lunch; the page stands as it was."""
        self.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        return self

    def opens_another_tab(self) -> "Person":
        other = copy.copy(self)
        other.page = self.page.context.new_page()
        return other.goes_to(self.path)

    # Filling in -------------------------------------------------------------------------------------------------------

    def writes(self, label, text: str, *, within=None) -> "Person":
        boxes = self._day_boxes(label, within)
        if boxes is None:
            self._in(within).get_by_label(label).first.fill(text)
            return self
        for box, part in zip(boxes, reversed(text.split("-")), strict=True):
            box.fill(part)
        return self

    def ticks(self, label, *, within=None) -> "Person":
        self._in(within).get_by_label(label).first.check()
        self.presses += 1
        return self

    def picks(self, label, option: str, *, within=None) -> "Person":
        self._in(within).get_by_label(label).first.select_option(label=option)
        return self

    # Looking ----------------------------------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        return next(heading.inner_text() for heading in self.page.locator("h1").all() if heading.is_visible())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.url)

    @property
    def text(self) -> str:
        """What is visible on the page, in one line."""
        return " ".join(self.page.locator("body").inner_text().split())

    def sees(self, *words: str) -> "Person":
        text = self.text
        assert [word for word in words if word not in text] == [], f"{self.path}: {text}"
        return self

    def does_not_see(self, *words: str) -> "Person":
        content = self.page.content()
        assert [word for word in words if word in content] == [], f"{self.path}: {self.text}"
        return self

    def has_written(self, label, text: str, *, within=None) -> "Person":
        """The field still holds what the person wrote."""
        boxes = self._day_boxes(label, within)
        if boxes is None:
            found = self._in(within).get_by_label(label).first.input_value()
        else:
            found = "-".join(box.input_value() for box in reversed(boxes))
        assert found == text, f"{self.path}: {label} holds {found!r}"
        return self

    def part(self, heading: str):
        """The part of the page under this heading."""
        return self.page.get_by_role("region", name=heading).first

    def _day_boxes(self, label, within):
        """The three boxes of a known day, whose label stands over all of them; None for any other field."""
        boxes = self._in(within).get_by_role("group", name=label).locator(".p-daybox input").all()
        return boxes or None

    def _in(self, within):
        return self.page if within is None else within

    # With the keyboard alone ------------------------------------------------------------------------------------------

    def tabs_to(self, target) -> "Person":
        for _press in range(80):
            self.page.keyboard.press("Tab")
            if target.evaluate(FOCUSED):
                return self
        raise AssertionError(f"{self.path}: the keyboard does not reach {target}")

    def keys(self, *keys: str) -> "Person":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def enters(self, role: str, words) -> "Person":
        """Tab to a link or a button and press Enter, which leads to another page."""
        here = self.page.url
        self.tabs_to(self.page.get_by_role(role, name=words).first)
        self.keys("Enter")
        self.page.wait_for_url(lambda url: url != here)
        return self._arrived()


def answers_yes(person: Person, *, limits: str = "") -> Person:
    """The whole consent flow from the card on «Barna dine», with a yes to everything that is asked."""
    person.follows("Les og svar").follows("Start").presses_button("Neste steg")
    for choice in person.page.get_by_label("Ja, dere kan samarbeide").all():
        choice.check()
        person.presses += 1
    person.presses_button("Neste steg")
    if limits:
        person.writes("Skriv hva vi ikke skal dele", limits)
    person.ticks("Nei, jeg trenger ikke tolk").presses_button("Neste steg")
    return person.presses_button("Gi samtykke")


def writes_number(person: Person, name: str, *, within) -> Person:
    """The number the demo knows this parent by, where a guardian is written down: an address links nobody."""
    place, citizen = next((at, row) for at, row in enumerate(CITIZENS) if row.name == name)
    return person.writes("Fødselsnummer", synthetic_id(citizen.born, place).digits, within=within)
