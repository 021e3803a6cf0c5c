"""What has no English is shown in bokmål: said in plain words, and marked so that a screen reader reads it so."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from apps.core.text import plain_text
from apps.guides.models import Step
from tests.guides.factories import body, change_step
from tests.guides.test_reading import ADDRESSES

pytestmark = pytest.mark.django_db
SAID = {"en": "Parts of this page are only in Norwegian (Bokmål).", "nn": "Delar av denne sida finst berre på bokmål."}
EMPTY = {"br", "img", "input", "link", "meta", "hr", "use", "path", "circle"}


class TextsByLanguage(HTMLParser):
    """Each text of a page with the language that stands nearest around it."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.languages, self.texts = [""], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag not in EMPTY:
            self.languages.append(dict(attrs).get("lang") or self.languages[-1])

    def handle_startendtag(self, tag, attrs):
        """`<use …/>` holds nothing."""

    def handle_endtag(self, tag):
        if tag not in EMPTY:
            self.languages.pop()

    def handle_data(self, data):
        text = " ".join(data.split())
        if text:
            self.texts.append((self.languages[-1], text))


def page_in(language, address):
    client = Client()
    client.post("/sprak/", {"language": language, "next": "/veileder/"})
    return body(client.get(address))


def only_in_bokmal(content, found=None):
    """Every text of the version that has no English, as the words a page shows."""
    found = set() if found is None else found
    if isinstance(content, dict) and content and content.keys() <= {"nb", "nn", "en"}:
        if "en" not in content:
            # Section signs are kept together with what follows.
            found |= {line.replace("\u00a0", " ") for line in plain_text(content["nb"]).split("\n") if len(line) > 12}
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            only_in_bokmal(part, found)
    return found


def test_every_norwegian_text_of_an_english_page_is_marked_as_norwegian(guide):
    norwegian = only_in_bokmal(guide.content)
    wrong, seen = [], 0

    for address in ADDRESSES:
        for language, text in TextsByLanguage(page_in("en", address)).texts:
            shown = text.replace("\u00a0", " ").strip(" ·.")
            if any(one.strip(".") in shown for one in norwegian):
                seen += 1
                wrong += [(address, language, shown)] if language != "nb" else []

    assert wrong == []
    assert (len(norwegian) > 500, seen > 500) == (True, True)


def test_no_markup_is_shown_as_text(guide):
    shown = [
        (address, text)
        for address in ADDRESSES
        for _language, text in TextsByLanguage(page_in("en", address)).texts
        if "<" in text or "lang=" in text
    ]

    assert shown == []


@pytest.mark.parametrize("address", ["/veileder/n0s1/", "/veileder/tema/gravide/", "/veileder/versjoner/1/n1s2/"])
def test_page_that_is_partly_in_bokmal_says_so_in_its_own_language(guide, address):
    english, nynorsk, bokmal = (page_in(language, address) for language in ("en", "nn", "nb"))

    assert [SAID["en"] in english, SAID["nn"] in nynorsk, "bare på bokmål" in bokmal] == [True, False, False]


def test_it_is_said_in_nynorsk_too_when_a_text_was_left_out(editor):
    change_step("n0s1", purpose_html={"nb": "<p>Bare på bokmål</p>"})
    client = Client()
    client.force_login(editor.get("/veileder/rediger/").context["user"])
    client.post("/sprak/", {"language": "nn", "next": "/veileder/"})

    page = body(client.get("/veileder/rediger/vis/n0s1/"))

    assert (SAID["nn"] in page, '<div lang="nb"><p>Bare på bokmål</p></div>' in page) == (True, True)
    assert Step.objects.get(key="n0s1").title.get("nn") in page
