"""The round trip with ID-porten, and every way in which what comes back may be wrong."""

import datetime
import json
import time
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from joserfc import jws

from apps.accounts.models import User
from apps.accounts.selectors.providers import health
from apps.core.crypto import blind_index
from apps.portal.seeding.ids import synthetic_id
from tests.factories import make_citizen, make_municipality
from tests.oidc.servers import HIGH, LOW

NUMBER = synthetic_id(date(1985, 4, 2), 0).digits

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("oidc")]


@pytest.fixture(autouse=True)
def _town():
    make_municipality()


@pytest.fixture
def parent(provider):
    """One who has an account, and is the next to come to the provider."""
    user = make_citizen("Kari Foss", email=None, national_id_index=blind_index("person", NUMBER), birth_year=1985)
    provider.person("kari", pid=NUMBER)
    return user


def person_in(client):
    return client.session.get(SESSION_KEY)


def test_round_signs_in_the_account_of_the_number(visitor, parent):
    response = visitor.sign_in()

    assert (response.status_code, response.url, person_in(visitor.client)) == (302, "/barna-dine/", str(parent.pk))


def test_portal_asks_by_the_rules_of_id_porten(visitor, parent, provider):
    asked = parse_qs(urlsplit(visitor.out()).query)

    assert {name: asked[name] for name in ("acr_values", "code_challenge_method", "response_type", "ui_locales")} == {
        "acr_values": [HIGH],
        "code_challenge_method": ["S256"],
        "response_type": ["code"],
        "ui_locales": ["nb no"],
    }
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_portal_shows_who_it_is_by_a_new_signed_minute_each_time(visitor, parent, provider):
    visitor.sign_in()
    visitor.sign_in()

    claims = [json.loads(jws.extract_compact(_assertion(body).encode()).payload) for body in provider.bodies]
    headers = [jws.extract_compact(_assertion(body).encode()).headers() for body in provider.bodies]
    assert [(one["aud"], one["iss"], one["sub"], one["exp"] - one["iat"]) for one in claims] == [
        (provider.issuer, "bti-families", "bti-families", 60)
    ] * 2
    assert {header["kid"] for header in headers} == {"portal-1"}
    assert len({one["jti"] for one in claims}) == 2


def _assertion(body):
    return parse_qs(body)["client_assertion"][0]


def _set(**values):
    def change(claims, header):
        claims.update(values)

    return change


def _without(name):
    def change(claims, header):
        del claims[name]

    return change


def _shifted(seconds):
    """As a provider whose clock is so many seconds off."""

    def change(claims, header):
        for name in ("iat", "exp", "auth_time"):
            claims[name] += seconds

    return change


def _expired(seconds):
    def change(claims, header):
        claims["exp"] = int(time.time()) - seconds

    return change


WRONG = {
    "a level that is too low": (_set(acr=LOW), "acr"),
    "a level nobody knows": (_set(acr="idporten-loa-highest"), "acr"),
    "no level": (_without("acr"), "acr"),
    "another nonce": (_set(nonce="x" * 43), "nonce"),
    "no nonce": (_without("nonce"), "nonce"),
    "expired by 11 s": (_expired(11), "expired"),
    "no end": (_without("exp"), "expired"),
    "the end is no number": (_set(exp="2099"), "expired"),
    "another issuer": (_set(iss="https://idporten.example"), "issuer"),
    "another audience": (_set(aud="somebody-else"), "audience"),
    "another presenter": (_set(azp="somebody-else"), "azp"),
    "another access token": (_set(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "at_hash"),
    "no subject": (_set(sub=""), "subject"),
    "clock 5 minutes behind": (_shifted(-301), "clock"),
    "clock 5 minutes ahead": (_shifted(300), "clock"),
    "no time of issue": (_without("iat"), "clock"),
    "no number": (_without("pid"), "pid"),
    "a number that is none": (_set(pid="12345678901"), "pid"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_token_signs_nobody_in(visitor, parent, provider, name, caplog):
    provider.change, code = WRONG[name]

    response = visitor.sign_in()

    assert (response.status_code, person_in(visitor.client)) == (403, None)
    assert _refusal_of(response) == code


def _refusal_of(response):
    """What the page was given; the person reads one of four sentences."""
    return response.context["code"]


@pytest.mark.parametrize("seconds", [9, 0])
def test_token_that_expired_on_its_way_is_taken(visitor, parent, provider, seconds):
    provider.change = _expired(seconds)

    assert visitor.sign_in().status_code == 302


def test_unsigned_token_is_refused(visitor, parent, provider):
    provider.alg = "none"

    response = visitor.sign_in()

    assert (response.status_code, _refusal_of(response)) == (403, "alg")


def test_token_signed_by_another_key_of_the_same_name_is_refused(visitor, parent, provider):
    provider.shown_key = provider.key
    provider.rotated()

    response = visitor.sign_in()

    assert (response.status_code, _refusal_of(response), person_in(visitor.client)) == (403, "signature", None)


@pytest.mark.parametrize("kid", ["k1", "k2"], ids=["known name", "new name"])
def test_new_key_is_fetched_once_and_then_taken(visitor, parent, provider, kid):
    visitor.sign_in()
    provider.rotated(kid)
    provider.asked.clear()

    response = type(visitor)().sign_in()

    assert (response.status_code, provider.asked.count("/jwks")) == (302, 1)


def test_keys_are_asked_for_at_most_once_a_minute(visitor, parent, provider):
    visitor.sign_in()
    provider.asked.clear()
    provider.change = lambda claims, header: header.update(kid="unknown")

    answers = [type(visitor)().sign_in().status_code for _each in range(3)]

    assert (answers, provider.asked.count("/jwks")) == ([403, 403, 403], 1)


def test_code_and_state_are_taken_once(visitor, parent):
    address = visitor.at_provider(visitor.out())
    visitor.back(address)
    stranger = type(visitor)()

    again, elsewhere = visitor.back(address), stranger.back(address)

    assert (again.status_code, again.url) == (302, "/arbeidet-ditt/")
    assert (elsewhere.status_code, _refusal_of(elsewhere), person_in(stranger.client)) == (403, "state", None)


def test_code_of_another_round_is_refused_by_the_provider(visitor, parent):
    used = parse_qs(urlsplit(visitor.at_provider(visitor.out())).query)["code"][0]
    visitor.client.post("/konto/logg-ut/")
    state = parse_qs(urlsplit(visitor.out()).query)["state"][0]

    response = visitor.client.get("/konto/idporten/svar/", {"code": used, "state": state})

    assert (response.status_code, _refusal_of(response)) == (403, "code")


def test_answer_that_was_given_before_is_refused(visitor, parent, provider):
    visitor.sign_in()
    provider.again = provider.answers[0]

    response = type(visitor)().sign_in()

    assert (response.status_code, _refusal_of(response)) == (403, "nonce")


def test_round_is_over_after_ten_minutes(visitor, parent):
    address = visitor.at_provider(visitor.out())
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=601)

    with time_machine.travel(later):
        response = visitor.back(address)

    assert (response.status_code, _refusal_of(response)) == (403, "state")


def test_one_who_turns_back_is_told_so(visitor, parent, provider):
    provider.person("kari", refuses=True, pid=NUMBER)

    response = visitor.sign_in()

    assert (response.status_code, _refusal_of(response)) == (403, "denied")


def test_answer_that_names_another_provider_is_refused(visitor, parent):
    address = visitor.at_provider(visitor.out())
    parts = parse_qs(urlsplit(address).query)

    response = visitor.client.get(
        "/konto/idporten/svar/", {"code": parts["code"][0], "state": parts["state"][0], "iss": "https://mix.example"}
    )

    assert (response.status_code, _refusal_of(response)) == (403, "issuer")


def test_two_tabs_are_two_rounds(visitor, parent):
    first, second = visitor.out(next="/varsler/"), visitor.out(next="/hjelp/")

    answers = [visitor.back(visitor.at_provider(address)).url for address in (second, first)]

    assert answers == ["/hjelp/", "/varsler/"]


def test_sign_in_goes_to_no_other_site(visitor, parent):
    assert visitor.sign_in(next="https://example.org/").url == "/barna-dine/"
    assert type(visitor)().sign_in(next="//example.org/").url == "/barna-dine/"


def test_provider_that_is_down_is_said_in_a_sentence(visitor, parent, provider):
    provider.down = True

    response = visitor.client.post("/konto/idporten/")

    assert (response.status_code, person_in(visitor.client)) == (503, None)


def test_provider_that_goes_down_on_the_way_back_is_said_in_a_sentence(visitor, parent, provider):
    address = visitor.at_provider(visitor.out())
    provider.down = True

    assert visitor.back(address).status_code == 503


def test_slow_provider_is_waited_for_and_not_for_ever(visitor, parent, provider, monkeypatch):
    monkeypatch.setattr("apps.core.oidc.rounds.TIMEOUT", (1, 1))
    address = visitor.at_provider(visitor.out())
    provider.slow = 1.5
    began = time.monotonic()

    response = visitor.back(address)

    assert (response.status_code, time.monotonic() - began < 4) == (503, True)


def test_clock_that_is_wrong_is_red_until_a_sign_in_comes_through(visitor, parent, provider):
    provider.change = _shifted(-301)
    visitor.sign_in()
    red = health("families")
    provider.change = None
    type(visitor)().sign_in()
    green = health("families")

    assert [(red.is_red, red.bad_code), green.is_red] == [(True, "clock"), False]


def test_number_is_stored_nowhere(visitor, parent):
    visitor.sign_in()

    from django.contrib.sessions.serializers import JSONSerializer

    kept = JSONSerializer().dumps(dict(visitor.client.session.items())).decode()
    everything = " ".join(str(value) for row in User.objects.values() for value in row.values())
    cookies = " ".join(morsel.value for morsel in visitor.client.cookies.values())
    assert [NUMBER in text for text in (kept, everything, cookies)] == [False, False, False]
    assert "eyJ" not in kept  # no token either


def test_there_is_no_such_sign_in_without_settings(client, settings, db):
    settings.ID_PORTEN = None

    answers = [client.post("/konto/idporten/"), client.get("/konto/idporten/svar/"), client.post("/konto/idporten/ut/")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
