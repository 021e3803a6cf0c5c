"""Every page a person can walk to, in a real browser at 1280 and 320 px and in the dark: what a reader trips over.

Each person follows every link on every page, one page per kind of address; in each role a kind of page is looked at as
the first person who reaches it, so they stand with the one who sees the most first. Errors of scripts and of the
content security policy fail a test through the fixture `pages`.
"""

import re
from urllib.parse import urlsplit

import pytest

from tests.browser import accessibility_problems

pytestmark = [pytest.mark.browser]

PUBLIC = [
    "/",
    "/veileder/",
    "/veileder/n0s1/",
    "/veileder/n2s1/",
    "/veileder/vold/",
    "/veileder/verktoy/",
    "/veileder/lover/",
    "/veileder/tema/gravide/",
    "/veileder/videre/end/",
    "/veileder/videre/system/",
    "/veileder/videre/lift/",
    "/veileder/videre/ip/",
    "/veileder/versjoner/",
    "/veileder/versjoner/1/",
    "/veileder/tilbakemelding/",
    "/veileder/tilbakemelding/takk/",
    "/konto/logg-inn/",
    "/konto/passord/nytt/",
    "/konto/passord/nytt/sendt/",
    "/logget-ut/",
    "/barn-og-unge/",
    "/personvern/",
    "/tilgjengelighet/",
    "/informasjonskapsler/",
    "/hjelp/",
    "/stil/",
]
# Who walks → as what, where from, and how many kinds of pages are met first by this person, at least.
PEOPLE = {
    "Ane Solheim": ("employee", ["/arbeidet-ditt/", "/varsler/", "/konto/profil/", "/logger/"], 30),  # stafettholder
    "Lars Bakken": ("employee", ["/leder/", "/ansatte/"], 8),  # leader
    "Kari Myhre": ("employee", ["/innstillinger/", "/veileder/rediger/", "/varsler/utsending/"], 20),  # coordinator
    "Ola Nordmann": ("parent", ["/barna-dine/"], 10),
    "Sander Vik": ("youth", ["/barna-dine/"], 8),
}
# Form left empty: who, which page, and the button that is pressed.
EMPTY_FORMS = [
    ("", "/konto/logg-inn/", "Logg inn"),
    ("", "/veileder/tilbakemelding/", "Send tilbakemelding"),
    ("Ane Solheim", "/logger/ny/", "Send forespørselen"),
    ("Ane Solheim", "/konto/borte/", "Lagre dagene"),
    ("Ola Nordmann", "/barna-dine/onske/", "Send ønsket"),
]
REFUSED = [("/innstillinger/", 403), ("/finnes-ikke/", 404)]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
VISIBLE_H1 = "[...document.querySelectorAll('h1')].filter(h => h.checkVisibility()).length"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What a finger may hit: not in running text, not a link that covers its whole card, and under 44 px high.
SMALL_TARGETS = """[...document.querySelectorAll('a[href], button, summary, select, input')].filter(target => {
    const box = target.getBoundingClientRect(), style = getComputedStyle(target);
    if (['hidden', 'radio', 'checkbox'].includes(target.type) || target.matches('.p-skip')) return false;
    if (box.height >= 43.5) return false;
    if (!target.checkVisibility({visibilityProperty: true}) || box.width < 3 || box.height < 3) return false;
    if (getComputedStyle(target, '::after').position === 'absolute') return false;
    if (style.display !== 'inline') return true;
    let block = target.parentElement;
    while (getComputedStyle(block).display.startsWith('inline')) block = block.parentElement;
    return block.innerText.trim() === target.innerText.trim();
}).map(target => `${target.outerHTML.slice(0, 90)} is ${Math.round(target.getBoundingClientRect().height)} px high`)"""
LINKS = """[...document.querySelectorAll('main a[href], .p-tabs a[href]')]
    .filter(link => link.origin === location.origin).map(link => link.pathname)"""
NOT_PAGES = re.compile(r"\.pdf$|/pdf/$|/last-ned/$|/papir/$|^/static/")

covered: dict[str, set[str]] = {"employee": set(), "parent": set(), "youth": set()}


def kind_of(path: str) -> str:
    """The address without what tells one child, log or person from another."""
    return re.sub(r"/\d+/", "/0/", re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\bn\ds\d\b", "id", path))


def look_at(page, address: str, *, status: int = 200) -> tuple[str, list[str]]:
    """The page's title, and what is wrong with it at both widths and in the dark."""
    page.set_viewport_size(WIDE)
    response = page.goto(address)
    if response is None or response.status != status:
        return page.title(), [f"{address}: {response and response.status}"]
    return page.title(), look_here(page, address)


def look_here(page, address: str) -> list[str]:
    wrong = [] if page.evaluate(VISIBLE_H1) == 1 else [f"{address}: {page.evaluate(VISIBLE_H1)} visible h1"]
    wrong += [f"{address} at 1280: {problem}" for problem in accessibility_problems(page)]
    page.set_viewport_size(NARROW)
    wrong += [f"{address} scrolls sideways by {page.evaluate(SIDEWAYS)} px"] if page.evaluate(SIDEWAYS) > 0 else []
    wrong += [f"{address} at 320: {problem}" for problem in accessibility_problems(page)]
    wrong += [f"{address} at 320: {target}" for target in page.evaluate(SMALL_TARGETS)]
    page.emulate_media(color_scheme="dark")
    wrong += [f"{address} in the dark: {problem}" for problem in accessibility_problems(page, ["color-contrast"])]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    return wrong


def walk(page, url: str, start: list[str], skip: set[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Follow every link from `start`, one page per kind of address. Titles with their addresses, and what is wrong."""
    titles: dict[str, list[str]] = {}
    wrong: list[str] = []
    queue, met = list(start), set(skip)
    while queue:
        path = queue.pop(0)
        if kind_of(path) in met or NOT_PAGES.search(path):
            continue
        met.add(kind_of(path))
        title, found = look_at(page, f"{url}{path}")
        wrong += found
        titles.setdefault(title, []).append(path)
        met.add(kind_of(urlsplit(page.url).path))
        queue += page.evaluate(LINKS)
    return titles, wrong


def sign_in(page, url: str, name: str) -> None:
    page.goto(f"{url}/konto/logg-inn/")
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def shared_titles(titles: dict[str, list[str]]) -> dict[str, list[str]]:
    return {title: found for title, found in titles.items() if len(found) > 1}


def test_public_pages(live_app, page, capsys):
    titles, wrong = {}, []
    for path in PUBLIC:
        title, found = look_at(page, f"{live_app.url}{path}")
        titles.setdefault(title, []).append(path)
        wrong += found

    with capsys.disabled():
        print(f"\npages: {len(PUBLIC)} public pages at 1280 and 320 px and in the dark, {len(wrong)} problems")
    assert wrong == []
    assert shared_titles(titles) == {}


@pytest.mark.parametrize("name", PEOPLE)
def test_pages_of_person(live_app, page, capsys, name):
    role, start, least = PEOPLE[name]
    sign_in(page, live_app.url, name)

    titles, wrong = walk(page, live_app.url, start, covered[role] | {kind_of(path) for path in PUBLIC})

    walked = [path for paths in titles.values() for path in paths]
    covered[role].update(kind_of(path) for path in walked)
    with capsys.disabled():
        print(f"\npages: {len(walked)} first met by {name} at 1280 and 320 px and in the dark, {len(wrong)} problems")
    assert wrong == []
    assert shared_titles(titles) == {}
    assert len(walked) >= least


@pytest.mark.parametrize(("name", "path", "button"), EMPTY_FORMS)
def test_form_left_empty(live_app, page, name, path, button):
    if name:
        sign_in(page, live_app.url, name)
    page.goto(f"{live_app.url}{path}")

    page.locator("main").get_by_role("button", name=button, exact=True).click()
    page.locator(".p-errors:focus").wait_for()  # given by the browser when it draws the page

    assert page.title().startswith("Feil:")
    assert look_here(page, path) == []


@pytest.mark.parametrize(("path", "status"), REFUSED)
def test_page_that_refuses(live_app, page, path, status):
    sign_in(page, live_app.url, "Ane Solheim")

    title, wrong = look_at(page, f"{live_app.url}{path}", status=status)

    assert title
    assert wrong == []


def test_steps_of_an_answer(live_app, page):
    sign_in(page, live_app.url, "Ola Nordmann")
    page.get_by_role("link", name="Les og svar").first.click()
    page.get_by_role("link", name="Start").click()

    page.get_by_role("button", name="Neste steg").click()
    page.get_by_role("button", name="Neste steg").click()
    page.locator(".p-errors").wait_for()
    wrong = look_here(page, "step 2 left empty")
    for answer in page.get_by_role("radio", name="Ja, dere kan samarbeide").all():
        answer.check()
    page.get_by_role("button", name="Neste steg").click()
    page.get_by_role("radio", name="Nei, jeg trenger ikke tolk").check()
    wrong += look_here(page, "step 3")
    page.get_by_role("button", name="Neste steg").click()
    page.get_by_role("button", name="Gi samtykke").wait_for()
    wrong += look_here(page, "step 4")

    assert wrong == []
