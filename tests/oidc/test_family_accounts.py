"""Who a trusted sign-in is here (S25, S29): nobody has an account before a place is linked or a log is asked for."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.utils import timezone

from apps.accounts.enums import UserKind
from apps.accounts.models import User
from apps.core.crypto import blind_index
from apps.notifications.models import Notice
from apps.portal.seeding.ids import synthetic_id
from apps.stafettlogg.enums import AccessKind, BlockGround, Responsibility
from apps.stafettlogg.models import Guardian, LogAccess, LogWish, PlaceCode
from apps.stafettlogg.services import links
from tests.factories import make_citizen, make_leader, make_municipality, make_unit
from tests.oidc.servers import SUBSTANTIAL
from tests.stafettlogg import factories as logs
from tests.stafettlogg.factories import make_child, make_guardian, make_log

NUMBER = synthetic_id(date(1985, 4, 2), 0)
YOUTHS = synthetic_id(date(2009, 2, 3), 0)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("oidc")]


def index_of(number):
    return blind_index("person", number.digits)


@pytest.fixture(autouse=True)
def _town():
    make_municipality()


@pytest.fixture
def kari(visitor, provider):
    """A browser with a person who has signed in at the provider, and whom the portal knows nothing of."""
    provider.person("kari", pid=NUMBER.digits)
    return visitor


def citizens():
    return User.objects.filter(kind=UserKind.CITIZEN)


def waiting_place(**fields):
    """A log that is asked for, with a checked guardian of this number and no account."""
    child = make_child()
    guardian = make_guardian(child, user=False, name="Kari Foss", national_id_index=index_of(NUMBER), **fields)
    return guardian, make_log(status="requested", child=child, guardians=[guardian])


def test_one_with_nothing_here_is_told_what_everyone_is_told_and_has_no_account(kari):
    response = kari.sign_in(next="/barna-dine/kode/")
    page = kari.client.get(response.url)

    assert (response.url, page.status_code) == ("/barna-dine/ingen-sak/", 200)
    assert "Du har ingenting å svare på her nå." in page.content.decode()
    assert citizens().count() == 0


@pytest.mark.parametrize(
    "place",
    [
        {"responsibility": Responsibility.UNCHECKED},
        {"responsibility": Responsibility.NONE},
        {"blocked": True},
    ],
    ids=["unchecked", "without responsibility", "blocked"],
)
def test_guardian_who_may_not_read_meets_what_a_stranger_meets(kari, provider, place):
    child = make_child()
    mother = make_guardian(child)
    fields = {"responsibility": place.get("responsibility", Responsibility.CONFIRMED)}
    if place.get("blocked"):
        day = timezone.localdate() + timedelta(days=30)
        fields |= {
            "blocked_ground": BlockGround.values[0],
            "blocked_decision_number": "1/26",
            "blocked_last_day": day,
            "blocked_signed_by": make_leader(),
        }
    make_guardian(child, user=False, name="Tom Ek", national_id_index=index_of(NUMBER), **fields)
    make_log(child=child, guardians=[mother])
    known = set(citizens())

    response = kari.sign_in()
    theirs = kari.client.get(response.url).content.decode()
    stranger = type(kari)()
    provider.person("stranger", pid=synthetic_id(date(1990, 1, 1), 0).digits)
    strangers = stranger.client.get(stranger.sign_in().url).content.decode()

    assert response.url == "/barna-dine/ingen-sak/"
    assert _without_token(theirs) == _without_token(strangers)
    assert set(citizens()) == known


def _without_token(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_place_that_waits_for_the_number_is_linked_at_the_first_sign_in(kari):
    guardian, log = waiting_place()

    response = kari.sign_in()

    guardian.refresh_from_db()
    user = citizens().get(pk=guardian.user_id)
    assert (response.url, kari.client.session[SESSION_KEY]) == ("/barna-dine/", str(user.pk))
    assert (user.name, user.birth_year, user.email, user.national_id_index) == (
        "Kari Foss",
        1985,
        None,
        index_of(NUMBER),
    )
    assert LogAccess.objects.filter(user=user, content_object=log, kind=AccessKind.GUARDIAN).count() == 1
    assert Notice.objects.filter(recipient=user, kind="consent_waiting").count() == 1


def test_second_sign_in_finds_the_same_account(kari):
    waiting_place()

    kari.sign_in()
    type(kari)().sign_in()

    assert citizens().filter(national_id_index=index_of(NUMBER)).count() == 1


def test_place_that_came_after_the_sign_in_is_found_on_the_page_of_nothing(kari):
    page = kari.sign_in().url
    waiting_place()

    response = kari.client.get(page)

    assert (response.status_code, response.url) == (302, "/barna-dine/")


def test_account_that_is_closed_is_let_in_nowhere_and_not_made_anew(kari):
    make_citizen("Kari", email=None, national_id_index=index_of(NUMBER), birth_year=1985, is_active=False)
    waiting_place()

    response = kari.sign_in()

    assert (response.url, citizens().filter(national_id_index=index_of(NUMBER)).count()) == (
        "/barna-dine/ingen-sak/",
        1,
    )


def test_parent_without_a_log_asks_for_one_in_the_name_she_gives(kari):
    unit = make_unit("Solbakken barnehage")
    leader = make_leader(unit)
    kari.sign_in()

    fields = {
        "name": "Kari Foss",
        "phone": "900 00 000",
        "unit": str(unit.pk),
        "child_name": "Jo",
        "text": "Vi strever",
    }
    response = kari.client.post("/barna-dine/ingen-sak/onske/", fields)
    receipt = kari.client.get(response.url)

    user = citizens().get()
    assert (user.name, user.phone, user.birth_year, user.email) == ("Kari Foss", "900 00 000", 1985, None)
    assert (LogWish.objects.get().author, receipt.status_code) == (user, 200)
    kari.client.force_login(leader)
    page = kari.client.get("/logger/onsker/").content.decode()
    assert "Kari Foss" in page
    assert "oppgitt navn" in page


def test_wish_that_cannot_be_sent_makes_no_account(kari):
    unit = make_unit(switched_on_day=None)
    kari.sign_in()

    response = kari.client.post(
        "/barna-dine/ingen-sak/onske/", {"name": "Kari", "phone": "900 00 000", "unit": str(unit.pk)}
    )

    assert (response.status_code, citizens().count()) == (422, 0)


def place_with_code():
    """A guardian's place without a number, and the code the holder has handed over."""
    child = make_child()
    guardian = make_guardian(child, user=False, name="Kari Foss")
    log = make_log(status="requested", child=child, guardians=[guardian])
    now = timezone.now()
    return guardian, log, links.make_code(log.pk, guardian.pk, actor=log.holder.user, now=now)


def test_code_is_typed_after_the_sign_in_and_confirmed_by_the_holder(kari):
    guardian, log, code = place_with_code()
    kari.sign_in()

    response = kari.client.post("/barna-dine/ingen-sak/kode/", {"name": "Kari F", "code": code})

    user, row = citizens().get(), PlaceCode.objects.get()
    assert (response.url, row.used_by, user.name) == ("/barna-dine/", user, "Kari F")
    links.confirm_code(log.pk, row.pk, actor=log.holder.user, now=timezone.now())
    guardian.refresh_from_db()
    assert guardian.user == user


def test_wrong_code_makes_no_account_and_counts_as_a_try(kari):
    _guardian, _log, code = place_with_code()
    kari.sign_in()

    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    response = kari.client.post("/barna-dine/ingen-sak/kode/", {"name": "Kari F", "code": wrong})

    assert (response.status_code, citizens().count(), PlaceCode.objects.get().tries) == (422, 0, 1)


@pytest.mark.parametrize("page", ["", "onske/", "kode/"])
def test_pages_of_one_without_an_account_are_for_nobody_else(client, provider, page):
    address = f"/barna-dine/ingen-sak/{page}"
    nobody = client.get(address)
    client.force_login(make_citizen())
    parent = client.get(address)
    client.force_login(make_leader())
    leader = client.get(address)

    assert [nobody.url, parent.url, leader.url] == ["/konto/logg-inn/", "/barna-dine/", "/arbeidet-ditt/"]


def test_one_without_an_account_is_forgotten_after_half_an_hour(kari):
    kari.sign_in()

    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        response = kari.client.get("/barna-dine/ingen-sak/")

    assert response.url == "/konto/logg-inn/"


# How sure the sign-in must be -----------------------------------------------------------------------------------------


def youth_with_log():
    child = make_child("Ida", "Foss", birth_date=date(2009, 2, 3), national_id_index=index_of(YOUTHS))
    log = make_log(child=child)
    user = make_citizen("Ida Foss", email=None, national_id_index=index_of(YOUTHS), birth_year=2009)
    child.user = user
    child.save()
    logs.give_access(log, user, kind=AccessKind.YOUTH)
    return user, log


def test_youth_reads_her_own_at_the_level_that_is_asked_of_youths(visitor, provider):
    _user, log = youth_with_log()
    provider.person("ida", acr=SUBSTANTIAL, pid=YOUTHS.digits)

    visitor.sign_in(dor="ung")
    page = visitor.client.get(f"/barna-dine/{log.pk}/")

    assert page.status_code == 200


def test_guardian_who_signed_in_too_low_signs_in_again_and_keeps_what_is_written(visitor, provider):
    log = _parent_in_a_log()
    page = f"/barna-dine/{log.pk}/beskjeder/"
    provider.person("kari", pid=NUMBER.digits)
    mark = _mark_on(type(visitor)(), page)
    provider.person("kari", acr=SUBSTANTIAL, pid=NUMBER.digits)
    visitor.sign_in(dor="ung")

    shown = visitor.client.get(page)
    sent = visitor.client.post(page, {"text": "Vi kommer kl. 9", "form_mark": mark})
    provider.person("kari", pid=NUMBER.digits)
    back = visitor.sign_in(dor="foreldre", next=page)
    filled_in = visitor.client.get(back.url).content.decode()

    assert shown.url.startswith("/konto/idporten/mer/?next=%2Fbarna-dine%2F")
    assert visitor.client.get(shown.url).status_code == 200
    assert sent.url == shown.url
    assert "Vi kommer kl. 9" in filled_in


def _parent_in_a_log():
    child = make_child()
    user = make_citizen("Kari Foss", email=None, national_id_index=index_of(NUMBER), birth_year=1985)
    guardian = make_guardian(child, user=user, name="Kari Foss", national_id_index=index_of(NUMBER))
    return make_log(child=child, guardians=[guardian])


def _mark_on(visitor, page):
    """What the form of that page carries (core.drafts), opened where the sign-in is sure enough."""
    visitor.sign_in()
    return re.search(r'name="form_mark" value="([^"]+)"', visitor.client.get(page).content.decode())[1]


def test_guardian_of_the_number_is_the_one_who_is_linked(kari):
    """Two guardians wait in one log; the sign-in links the one whose number it is."""
    child = make_child()
    make_guardian(child, user=False, name="Per Foss", national_id_index=index_of(YOUTHS))
    make_guardian(child, user=False, name="Kari Foss", national_id_index=index_of(NUMBER))
    make_log(status="requested", child=child, guardians=list(child.guardians.all()))

    kari.sign_in()

    assert list(Guardian.objects.filter(user__isnull=False).values_list("name", flat=True)) == ["Kari Foss"]
