"""Which language a page is in, and that one the municipality has dropped is no choice."""

import re

import pytest
from django.conf import settings
from django.test import Client

from apps.accounts.services.people import choose_language
from apps.core.errors import RuleBroken
from tests.factories import make_citizen, make_employee, make_municipality

pytestmark = pytest.mark.django_db


def page_with(cookie="", *, user=None, accepted=""):
    client = Client()
    if user is not None:
        client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    return client.get("/hjelp/", headers={"Accept-Language": accepted})


def language_of(answer):
    page = re.search(r'<html lang="(\w+)"', answer.content.decode())[1]
    assert answer.headers["Content-Language"] == page
    return page


@pytest.mark.parametrize(
    ("of_user", "cookie", "accepted", "used"),
    [
        ("nn", "en", "en", "nn"),
        ("", "nn", "en", "nn"),
        ("", "", "en", "nb"),
        ("xx", "yy", "", "nb"),
    ],
)
def test_language_is_the_persons_then_the_cookie_then_bokmal(of_user, cookie, accepted, used):
    make_municipality()

    answer = page_with(cookie, user=make_employee(language=of_user), accepted=accepted)

    assert language_of(answer) == used


@pytest.mark.parametrize(
    ("chosen", "used"),
    [(["nb", "nn", "en"], "en"), (["nb", "en"], "en"), (["nb", "nn"], "nb"), (["nb"], "nb")],
)
def test_cookie_with_a_language_that_was_dropped_gives_the_default(chosen, used):
    make_municipality(languages=chosen)

    assert language_of(page_with("en")) == used


@pytest.mark.parametrize("make", [make_employee, make_citizen])
def test_person_whose_language_was_dropped_gets_the_cookies_or_the_default(make):
    make_municipality(languages=["nb", "nn"])
    user = make(language="en")

    assert [language_of(page_with(cookie, user=user)) for cookie in ("nn", "en", "")] == ["nn", "nb", "nb"]


def test_language_comes_back_with_the_next_request_when_it_is_chosen_again():
    make_municipality(languages=["nb"])
    before = language_of(page_with("nn"))
    make_municipality(languages=["nb", "nn"])

    assert (before, language_of(page_with("nn"))) == ("nb", "nn")


def test_dropped_language_cannot_be_chosen():
    make_municipality(languages=["nb"])
    user = make_employee()

    with pytest.raises(RuleBroken) as broken:
        choose_language(user.pk, actor=user, language="nn")

    client = Client()
    client.post("/sprak/", {"language": "nn", "next": "/hjelp/"})
    assert broken.value.code == "unknown_language"
    assert language_of(client.get("/hjelp/")) == "nb"


def test_bokmal_needs_no_reading(django_assert_num_queries):
    from apps.municipality.middleware import _is_offered

    with django_assert_num_queries(0):
        assert [_is_offered("nb"), _is_offered("")] == [True, False]
