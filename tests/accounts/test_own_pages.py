"""Profile, role, away and signing out everywhere, as the person uses them."""

import datetime

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    make_absence,
    make_citizen,
    make_employee,
    make_leader_role,
    make_membership,
    make_municipality,
    make_unit,
)

pytestmark = pytest.mark.django_db
PROFILE = "/konto/profil/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def in_days(number):
    return timezone.localdate() + datetime.timedelta(number)


def test_profile_shows_what_the_portal_knows():
    make_municipality()
    user = make_employee(make_unit("Solbakken barnehage"), name="Ane Solheim", email="ane@solvik.example")
    make_absence(user)

    page = signed_in(user).get(PROFILE).content.decode()

    for text in ("Ane Solheim", "ane@solvik.example", "Solbakken barnehage", "Se vikar"):
        assert text in page


def test_profile_of_a_citizen_has_nothing_about_work():
    make_municipality()
    page = signed_in(make_citizen("Ola Vik", email=None)).get(PROFILE).content.decode()

    assert ("Ola Vik" in page, "Borte fra jobb" in page, "Rolle" in page) == (True, False, False)


def test_profile_says_when_the_name_is_hidden():
    make_municipality()
    page = signed_in(make_employee(protected_identity=True)).get(PROFILE).content.decode()

    assert "Vises aldri for foreldre" in page


def test_language_is_chosen_among_those_of_the_municipality():
    make_municipality(languages=["nb", "nn"])
    user = make_employee()
    client = signed_in(user)

    refused = client.post(PROFILE, {"language": "en"})
    taken = client.post(PROFILE, {"language": "nn"})
    user.refresh_from_db()

    assert (refused.status_code, taken.url, user.language) == (422, PROFILE, "nn")


def test_switching_role_moves_the_start_page_and_not_the_rights():
    user = make_employee(make_unit("Solbakken barnehage"), first_day=in_days(-10))
    second = make_membership(user, make_unit("Helsestasjonen"), role=make_leader_role(), first_day=in_days(-5))
    client = signed_in(user)
    rights, old = user.rights_on(timezone.localdate()), client.session.session_key

    response = client.post(reverse("accounts:roles"), {"place": second.pk})

    assert response.url == reverse("portal:start")
    assert client.session.session_key != old
    assert client.get(reverse("accounts:roles")).context["active"] == second
    assert user.rights_on(timezone.localdate()) == rights


@pytest.mark.parametrize("place", ["other", "", "borte"])
def test_place_of_another_cannot_be_chosen(place):
    other = make_employee().membership
    client = signed_in(make_employee())

    response = client.post(reverse("accounts:roles"), {"place": str(other.pk) if place == "other" else place})

    assert response.status_code == 404


def test_signing_out_everywhere_ends_every_session():
    user = make_employee()
    here, there = signed_in(user), signed_in(user)

    response = here.post(reverse("accounts:sign_out_everywhere"))

    assert response.url == reverse("portal:signed_out")
    assert response.headers["Cache-Control"] == "no-store, private"
    assert SESSION_KEY not in here.session
    assert there.get(PROFILE).status_code == 302


def test_signing_out_everywhere_is_a_post():
    assert signed_in(make_employee()).get(reverse("accounts:sign_out_everywhere")).status_code == 405


@pytest.mark.parametrize("name", ["stafettlogg:own_absence", "accounts:roles"])
def test_citizen_has_no_pages_about_work(name):
    assert signed_in(make_citizen()).get(reverse(name)).status_code == 404
