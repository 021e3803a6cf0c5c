"""Out by one's own press, and when the provider says so: never found by a cookie."""

import json
import time
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client
from joserfc import jws

from apps.core.crypto import blind_index
from apps.core.models import BrowserSession
from apps.core.oidc.tokens import LOGOUT_EVENT
from apps.portal.seeding.ids import synthetic_id
from tests.factories import make_citizen, make_municipality
from tests.oidc.browser import onward_in
from tests.oidc.servers import FAMILIES

NUMBER = synthetic_id(date(1985, 4, 2), 0).digits
OUT = "/konto/idporten/ut/"

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("oidc")]


@pytest.fixture
def signed_in(visitor, provider):
    make_municipality()
    make_citizen("Kari Foss", email=None, national_id_index=blind_index("person", NUMBER), birth_year=1985)
    provider.person("kari", pid=NUMBER)
    visitor.sign_in()
    return visitor


def is_in(visitor):
    return SESSION_KEY in visitor.client.session


def sid_of(provider):
    return json.loads(jws.extract_compact(provider.answers[-1]["id_token"].encode()).payload)["sid"]


def logout_token(provider, **claims):
    now = int(time.time())
    told = {
        "iss": provider.issuer,
        "aud": FAMILIES,
        "iat": now,
        "exp": now + 120,
        "jti": "once",
        "sid": sid_of(provider),
        "events": {LOGOUT_EVENT: {}},
    }
    return provider.sign({name: value for name, value in (told | claims).items() if value is not None})


def test_own_press_signs_out_here_and_at_the_provider(signed_in):
    answer = signed_in.client.post("/konto/logg-ut/")
    address = onward_in(answer)
    asked = parse_qs(urlsplit(address).query)
    end = signed_in.sign_out_there(address)

    assert not is_in(signed_in)
    assert (asked["client_id"], asked["post_logout_redirect_uri"]) == ([FAMILIES], ["http://localhost:8000/logget-ut/"])
    assert asked["id_token_hint"][0].count(".") == 2
    assert end == "http://localhost:8000/logget-ut/"


def test_provider_that_is_down_keeps_nobody_signed_in(signed_in, provider):
    cache.clear()
    provider.down = True

    answer = signed_in.client.post("/konto/logg-ut/")

    assert (answer.url, is_in(signed_in)) == ("/logget-ut/", False)


def test_provider_ends_the_session_by_a_call_without_a_cookie(signed_in, provider):
    answer = Client().post(OUT, {"logout_token": logout_token(provider)})

    assert (answer.status_code, is_in(signed_in)) == (200, False)


def test_session_that_has_got_a_new_id_is_found_too(signed_in, provider):
    session = signed_in.client.session
    session.cycle_key()
    signed_in.client.cookies["session"] = session.session_key

    Client().post(OUT, {"logout_token": logout_token(provider)})

    assert not is_in(signed_in)


def test_only_that_session_ends(signed_in, provider):
    other = type(signed_in)()
    first = logout_token(provider)
    other.sign_in()

    Client().post(OUT, {"logout_token": first})

    assert [is_in(signed_in), is_in(other)] == [False, True]


def test_logout_token_is_taken_once(signed_in, provider):
    token = logout_token(provider)

    answers = [Client().post(OUT, {"logout_token": token}).status_code for _each in range(2)]

    assert answers == [200, 400]


WRONG = {
    "another issuer": {"iss": "https://other.example"},
    "another audience": {"aud": "somebody-else"},
    "six minutes old": {"iat": int(time.time()) - 400},
    "expired": {"exp": int(time.time()) - 60},
    "no event": {"events": {}},
    "an id_token": {"nonce": "x"},
    "no session": {"sid": None},
    "no name of its own": {"jti": None},
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_logout_token_ends_nothing(signed_in, provider, name):
    answer = Client().post(OUT, {"logout_token": logout_token(provider, **WRONG[name])})

    assert (answer.status_code, is_in(signed_in)) == (400, True)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_logout_token_is_refused(signed_in, token):
    assert (Client().post(OUT, {"logout_token": token}).status_code, is_in(signed_in)) == (400, True)


def test_frame_ends_the_session_without_a_cookie(signed_in, provider):
    answer = Client().get(OUT, {"iss": provider.issuer, "sid": sid_of(provider)})

    assert (answer.status_code, is_in(signed_in)) == (200, False)
    assert f"frame-ancestors {provider.issuer}" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers


@pytest.mark.parametrize(("issuer", "sid"), [("https://other.example", None), (None, "guessed"), (None, "")])
def test_frame_with_wrong_names_ends_nothing_and_answers_the_same(signed_in, provider, issuer, sid):
    right = sid_of(provider) if sid is None else sid

    answer = Client().get(OUT, {"iss": issuer or provider.issuer, "sid": right})

    assert (answer.status_code, answer.content, is_in(signed_in)) == (200, b"", True)


def test_what_is_kept_of_the_providers_session_says_nothing_of_it(signed_in, provider):
    kept = BrowserSession.objects.exclude(provider_session="").get().provider_session

    assert (len(kept), sid_of(provider) in kept) == (64, False)


def test_one_without_an_account_signs_out_too(visitor, provider):
    make_municipality()
    provider.person("stranger", pid=synthetic_id(date(1990, 1, 1), 0).digits)
    visitor.sign_in()

    onward_in(visitor.client.post("/konto/logg-ut/"))

    assert visitor.client.get("/barna-dine/ingen-sak/").url == "/konto/logg-inn/"
