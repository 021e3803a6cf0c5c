"""Employees sign in with the municipality's own provider: known by its name for them, never by an e-mail address."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from apps.accounts.models import StaffIdentity, StaffProvider, User
from apps.accounts.selectors.providers import health
from tests.factories import make_citizen, make_coordinator, make_employee, make_municipality
from tests.oidc.browser import Visitor, onward_in
from tests.oidc.servers import SECRET, STAFF

PASSWORD = "fire ord som passer"
SETTINGS, TRY = "/innstillinger/innlogging/", "/innstillinger/innlogging/prov/"

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("oidc")]


@pytest.fixture
def row(provider):
    make_municipality()
    return StaffProvider.objects.create(
        name="jobbkontoen", issuer=provider.issuer, client_id=STAFF, client_secret=SECRET, is_on=True
    )


@pytest.fixture
def ane(provider, row):
    """An employee who has linked her account, and is the next to come to the provider."""
    user = make_employee(email="ane@solvik.example", password=PASSWORD)
    StaffIdentity.objects.create(user=user, issuer=row.issuer, subject="ane-1", linked_at=user.created_at)
    provider.person("ane-1", email="ane@solvik.example", email_verified=True)
    return user


class Employee(Visitor):
    start = "/konto/kommunen/"

    def out(self, **fields):
        return onward_in(self.client.post(self.start, fields))


def person_in(visitor):
    return visitor.client.session.get(SESSION_KEY)


def test_employee_who_is_linked_signs_in(ane):
    visitor = Employee()

    response = visitor.sign_in(next="/varsler/")

    assert (response.url, person_in(visitor)) == ("/varsler/", str(ane.pk))


def test_same_address_is_not_the_same_person(ane, provider):
    provider.person("somebody-else", email="ane@solvik.example", email_verified=True)
    visitor, people = Employee(), User.objects.count()

    response = visitor.sign_in()

    assert (response.status_code, response.context["code"], person_in(visitor)) == (403, "unknown", None)
    assert User.objects.count() == people
    assert "spør lederen din" in response.content.decode()


def test_one_who_has_left_is_not_let_in(ane):
    User.objects.filter(pk=ane.pk).update(is_active=False)

    assert Employee().sign_in().context["code"] == "unknown"


def test_address_follows_the_provider(ane, provider):
    provider.person("ane-1", email="Ane.Berg@solvik.example", email_verified=True)

    Employee().sign_in()

    ane.refresh_from_db()
    assert ane.email == "ane.berg@solvik.example"


def test_address_of_another_employee_is_not_taken(ane, provider):
    make_employee(email="mona@solvik.example")
    provider.person("ane-1", email="mona@solvik.example", email_verified=True)

    response = Employee().sign_in()

    ane.refresh_from_db()
    assert (response.status_code, ane.email) == (302, "ane@solvik.example")


def test_address_that_the_provider_does_not_vouch_for_is_refused(ane, provider):
    provider.person("ane-1", email="ane@solvik.example", email_verified=False)

    assert Employee().sign_in().context["code"] == "email"


@pytest.mark.parametrize(("groups", "status"), [(["bti"], 302), (["other"], 403), (None, 403)])
def test_group_shuts_out_and_gives_nothing(ane, provider, row, groups, status):
    row.group_claim, row.group = "groups", "bti"
    row.save()
    provider.person("ane-1", email="ane@solvik.example", **({} if groups is None else {"groups": groups}))
    before = ane.memberships.count()

    response = Employee().sign_in()

    assert (response.status_code, ane.memberships.count()) == (status, before)


def test_employee_links_the_account_herself_after_a_new_sign_in(provider, row):
    user = make_employee(email="mona@solvik.example", password=PASSWORD)
    provider.person("mona-1", email="mona@solvik.example")
    visitor = Employee()
    visitor.client.force_login(user)
    visitor.start = "/konto/kommunen/koble/"

    address = visitor.out()
    visitor.back(visitor.at_provider(address))
    later = Employee()
    later.sign_in()

    assert "prompt=login" in address
    assert StaffIdentity.objects.get().user == user
    assert person_in(later) == str(user.pk)


def test_account_that_is_another_employees_is_not_linked_again(ane, provider, row):
    mona = make_employee(email="mona@solvik.example")
    visitor = Employee()
    visitor.client.force_login(mona)
    visitor.start = "/konto/kommunen/koble/"

    response = visitor.sign_in()

    assert response.context["code"] == "taken"
    assert StaffIdentity.objects.get().user == ane


def test_parent_links_nothing(provider, row):
    visitor = Employee()
    visitor.client.force_login(make_citizen())

    assert visitor.client.post("/konto/kommunen/koble/").status_code == 404


def test_link_is_taken_away_only_from_one_who_has_a_password(ane, row):
    other = make_employee(email="uten@solvik.example")
    StaffIdentity.objects.create(user=other, issuer=row.issuer, subject="uten", linked_at=other.created_at)
    for user in (ane, other):
        client = Client()
        client.force_login(user)
        client.post("/konto/kommunen/koble-fra/")

    assert list(StaffIdentity.objects.values_list("user", flat=True)) == [other.pk]


def test_provider_that_is_off_is_not_there(client, row):
    row.is_on = False
    row.save()

    answers = [client.post("/konto/kommunen/"), client.get("/konto/kommunen/svar/"), client.post("/konto/kommunen/ut/")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "jobbkontoen" not in client.get("/konto/logg-inn/?dor=ansatt").content.decode()


def test_sign_in_page_has_the_button_for_employees_alone(client, row):
    pages = {door: client.get(f"/konto/logg-inn/?dor={door}").content.decode() for door in ("ansatt", "foreldre")}

    assert {door: "Logg inn med jobbkontoen" in page for door, page in pages.items()} == {
        "ansatt": True,
        "foreldre": False,
    }


def test_employee_signs_out_at_the_provider_too(ane):
    visitor = Employee()
    visitor.sign_in()

    end = visitor.sign_out_there(onward_in(visitor.client.post("/konto/logg-ut/")))

    assert (end, person_in(visitor)) == ("http://localhost:8000/logget-ut/", None)


def test_provider_that_is_down_leaves_the_password(ane, provider):
    provider.down = True
    visitor = Employee()

    down = visitor.client.post("/konto/kommunen/")
    visitor.client.post("/konto/logg-inn/", {"login": "ane@solvik.example", "password": PASSWORD})

    assert (down.status_code, health("staff").bad_code, person_in(visitor)) == (503, "down", str(ane.pk))


def test_employee_shows_again_who_she_is_by_a_new_sign_in_there(ane, provider):
    visitor = Employee()
    visitor.sign_in()
    page = visitor.client.get("/konto/bekreft/?next=/hjelp/").content.decode()
    later = Employee()
    later.client, later.there, later.start = visitor.client, visitor.there, "/konto/kommunen/bekreft/"
    address = later.out(next="/hjelp/")
    response = later.back(later.at_provider(address))

    assert "Logg inn med jobbkontoen" in page
    assert ("prompt=login" in address, "max_age=0" in address) == (True, True)
    assert (response.url, "_proved_at" in visitor.client.session) == ("/hjelp/", True)


@pytest.mark.parametrize(("change", "code"), [({"auth_time": -60}, "auth_time"), ({"sub": "other"}, "unknown")])
def test_old_sign_in_there_and_anothers_prove_nothing(ane, provider, change, code):
    visitor = Employee()
    visitor.sign_in()
    visitor.start = "/konto/kommunen/bekreft/"

    def altered(claims, header):
        for name, value in change.items():
            claims[name] = claims[name] + value if name == "auth_time" else value

    provider.change = altered
    response = visitor.sign_in()

    assert (response.context["code"], "_proved_at" in visitor.client.session) == (code, False)


# The coordinator's page -----------------------------------------------------------------------------------------------


@pytest.fixture
def coordinator(client, provider):
    make_municipality()
    client.force_login(make_coordinator())
    return client


def given(provider, **fields):
    told = {"kind": "entra", "name": "jobbkontoen", "issuer": provider.issuer, "client_id": STAFF, "is_on": "on"}
    return told | {"client_secret": SECRET} | fields


def test_coordinator_saves_the_provider_and_the_secret_is_never_shown(coordinator, provider):
    response = coordinator.post(SETTINGS, given(provider))
    page = coordinator.get(SETTINGS).content.decode()

    row = StaffProvider.objects.get()
    assert (response.status_code, row.client_secret, row.is_on) == (302, SECRET, True)
    assert SECRET not in page
    assert StaffProvider.objects.values_list("client_secret", flat=True)[0] != SECRET
    assert "http://localhost:8000/konto/kommunen/svar/" in page


def test_empty_secret_keeps_the_one_that_is_there(coordinator, provider):
    coordinator.post(SETTINGS, given(provider))

    coordinator.post(SETTINGS, given(provider, client_secret="", name="kontoen", version="1"))

    row = StaffProvider.objects.get()
    assert (row.name, row.client_secret, row.version) == ("kontoen", SECRET, 2)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_secret": ""}, "client_secret"),
        ({"issuer": "ikke en adresse"}, "issuer"),
        ({"group": "bti"}, "group"),
    ],
)
def test_what_is_missing_is_said(coordinator, provider, fields, error):
    response = coordinator.post(SETTINGS, given(provider, **fields))

    assert (response.status_code, set(response.context["form"].errors)) == (422, {error})


def test_two_coordinators_at_once_get_a_conflict(coordinator, provider):
    coordinator.post(SETTINGS, given(provider))
    coordinator.post(SETTINGS, given(provider, name="en", version="1"))

    assert coordinator.post(SETTINGS, given(provider, name="to", version="1")).status_code == 409


def test_button_tries_what_is_saved(coordinator, provider, row):
    page = coordinator.post(TRY)

    assert [line.is_well for line in page.context["lines"]] == [True, True, True, True]


def test_button_says_that_nobody_answers(coordinator, provider, row):
    provider.down = True

    assert [line.is_well for line in coordinator.post(TRY).context["lines"]] == [False]


def test_wrong_clock_is_red_on_the_page(coordinator, row, ane, provider):
    def shifted(claims, header):
        claims["iat"] -= 301

    provider.change = shifted
    Employee().sign_in()

    assert "Klokka går feil" in coordinator.get(SETTINGS).content.decode()


@pytest.mark.parametrize("address", [SETTINGS, TRY])
def test_page_is_the_coordinators(client, provider, address):
    make_municipality()
    client.force_login(make_employee())

    assert client.post(address).status_code == 403
