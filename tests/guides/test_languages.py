"""Bokmål, nynorsk and English; a text that is missing is shown in bokmål and marked as such."""

import re

import pytest
from django.test import Client
from django.utils import timezone, translation

from apps.core.text import LocalizedText
from apps.guides import selectors
from apps.guides.selectors import Item
from apps.guides.services import publish
from tests.factories import make_coordinator
from tests.guides.factories import body, change_step

pytestmark = pytest.mark.django_db


def page_in(language, address="/veileder/n0s1/"):
    client = Client()
    client.post("/sprak/", {"language": language, "next": address})
    return body(client.get(address))


@pytest.mark.parametrize(
    ("language", "title"),
    [("nb", "Avklar uroen din"), ("nn", "Avklar uroa di"), ("en", "Clarify your concern")],
)
def test_step_is_read_in_the_chosen_language(guide, language, title):
    page = page_in(language)

    assert f'<html lang="{language}">' in page
    assert title in re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)[1]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_text_of_the_start_content_is_there_in_both_norwegian_languages(guide, language):
    """What a page shows is never a fallback."""
    missing = []

    def look(part, path):
        if isinstance(part, dict) and part and part.keys() <= {"nb", "nn", "en"}:
            missing.extend([] if part.get(language) else [path])
        elif isinstance(part, dict):
            for key, inner in part.items():
                look(inner, f"{path}.{key}")
        elif isinstance(part, list):
            for number, inner in enumerate(part):
                look(inner, f"{path}[{number}]")

    look(guide.content, "")

    assert missing == []


def test_text_that_is_missing_is_bokmal_and_says_so(guide):
    change_step(
        "n0s1",
        short={"nb": "Kort på bokmål"},
        purpose_html={"nb": "<p>Hensikt på bokmål</p>"},
        how_html={"nb": "<ol><li>Først</li></ol>", "nn": "<ol><li>Fyrst</li></ol>"},
    )
    publish(actor=make_coordinator(), what_changed="Bare bokmål", now=timezone.now())

    bokmal, nynorsk = page_in("nb"), page_in("nn")

    assert '<span lang="nb">Kort på bokmål</span>' in nynorsk
    assert '<div lang="nb"><p>Hensikt på bokmål</p></div>' in nynorsk
    assert "<ol><li>Fyrst</li></ol>" in nynorsk
    assert 'lang="nb">Kort' not in bokmal
    assert 'lang="nb"><p>Hensikt' not in bokmal


@pytest.mark.parametrize(
    ("texts", "active", "shown"),
    [
        ({"nb": "<p>a</p>", "nn": "<p>b</p>"}, "nn", "<p>b</p>"),
        ({"nb": "<p>a</p>"}, "nn", '<div lang="nb"><p>a</p></div>'),
        ({"nn": "<p>b</p>"}, "en", '<div lang="nn"><p>b</p></div>'),
        ({"nb": "<p>a</p><img src=x onerror=alert(1)>"}, "nb", "<p>a</p>"),
        ({}, "en", ""),
    ],
)
def test_html_of_a_version_is_clean_and_marked(texts, active, shown):
    with translation.override(active):
        assert Item({"text_html": texts}).text_html == shown


def test_item_has_what_the_version_has_and_nothing_else():
    item = Item({"title": {"nb": "Tittel"}, "items": [{"nb": "En"}], "number": 3})

    assert (item.title, item.items, item.number) == (LocalizedText({"nb": "Tittel"}), [LocalizedText({"nb": "En"})], 3)
    with pytest.raises(AttributeError):
        _ = item.nothing


def test_gate_is_read_in_the_chosen_language(guide):
    question = selectors.gate_page(guide)["gate"]["who"]["heading"]

    assert [question.get(language) in page_in(language, "/veileder/vold/") for language in ("nb", "nn")] == [True, True]
