"""The coordinator's settings pages."""

import pytest
from django.test import Client

from apps.municipality import selectors
from apps.municipality.enums import UnitKind
from apps.municipality.forms import SECTIONS
from apps.municipality.models import Municipality, PhoneNumber, Role, Unit
from tests.factories import make_leader, make_unit
from tests.markup import markup
from tests.municipality.pages import filled, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("start_data")]


def send(client, address, **changes):
    return client.post(address, filled(client.get(address).context["form"], **changes))


def test_every_page_opens_for_the_coordinator_and_says_no_to_a_leader(client, root):
    addresses = [
        *(url("section", key) for key in SECTIONS),
        *(
            url(name)
            for name in ("settings", "words", "consent_ages", "phones", "phone_new", "units", "unit_new", "roles")
        ),
        url("role_new"),
        url("word", "tiltak"),
        url("phone", PhoneNumber.objects.first().pk),
        url("unit", root.pk),
        url("role", Role.objects.first().pk),
    ]
    leader = Client()
    leader.force_login(make_leader())

    assert {client.get(address).status_code for address in addresses} == {200}
    assert {leader.get(address).status_code for address in addresses} == {403}


@pytest.mark.parametrize("key", SECTIONS)
def test_section_sent_as_it_was_changes_nothing(client, key):
    before = Municipality.objects.values().get()

    response = send(client, url("section", key))

    after = Municipality.objects.values().get()
    assert response.url == url("settings")
    assert after | {"version": 0} == before | {"version": 0}


def test_setting_is_saved_and_its_writer_is_named(client):
    send(client, url("section", "samtykke"), consent_months="6")

    page = markup(client.get(url("section", "samtykke")))

    assert selectors.settings_row().consent_months == 6
    assert "Måneder et samtykke varer: fra «12» til «6»" in page
    assert "<p><b>Kari Nordvik</b></p>" in page


def test_setting_that_someone_else_saved_first_is_a_conflict_with_both_texts(client):
    address = url("section", "kommunen")
    entries = filled(client.get(address).context["form"], phone="11 11 11 11")
    send(client, address, phone="22 22 22 22")

    conflict = client.post(address, entries)
    page = conflict.content.decode()
    again = client.post(address, filled(conflict.context["form"]))

    assert (conflict.status_code, "11 11 11 11" in page, "22 22 22 22" in page) == (409, True, True)
    assert (again.status_code, selectors.settings_row().phone) == (302, "11 11 11 11")


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("sprak", {"languages": ["nn"]}),
        ("samtykke", {"consent_months": "99"}),
        ("kommunen", {"name": ""}),
        ("modell", {"log_from_level": "7"}),
        ("personvern", {"dpo_email": "ikke en adresse"}),
    ],
)
def test_setting_that_is_wrong_is_explained(client, key, changes):
    response = send(client, url("section", key), **changes)

    assert (response.status_code, response.context["form"].is_valid()) == (422, False)


def test_unknown_section_and_word_are_not_found(client):
    assert [client.get(url("section", "tull")).status_code, client.get(url("word", "tull")).status_code] == [404, 404]


def test_pages_before_the_start_data_are_not_found(client):
    Municipality.objects.get().delete()

    assert client.get(url("settings")).status_code == 404


def test_word_is_saved_and_used(client):
    send(client, url("word", "stafettlogg"), definite_nb="samhandlingsloggen")

    assert "samhandlingsloggen" in client.get(url("words")).content.decode()


def test_word_without_a_form_is_explained(client):
    response = send(client, url("word", "stafettlogg"), plural_nn="")

    assert list(response.context["form"].errors) == ["plural_nn"]


def test_words_and_ages_saved_first_by_someone_else_are_a_conflict(client):
    for address, changes in (
        (url("word", "stafettlogg"), {"definite_nb": "samhandlingsloggen"}),
        (url("consent_ages"), {"age_skole": "16"}),
    ):
        entries = filled(client.get(address).context["form"], **changes)
        send(client, url("section", "kommunen"), phone="33 33 33 33")

        assert client.post(address, entries).status_code == 409


def test_consent_ages_are_saved(client):
    entries = filled(client.get(url("consent_ages")).context["form"], age_skole="16")
    del entries["guardians_skole"]

    response = client.post(url("consent_ages"), entries)

    age = selectors.consent_age(UnitKind.SCHOOL)
    assert (response.url, age.age, age.guardians_needed) == (url("settings"), 16, False)


@pytest.mark.parametrize("age", ["", "11", "19", "seksten"])
def test_consent_age_that_is_wrong_is_explained(client, age):
    response = send(client, url("consent_ages"), age_skole=age)

    assert "Skole" in str(response.context["form"].errors["age_skole"])


def test_number_is_added_changed_and_removed(client):
    send(client, url("phone_new"), label_nb="Barnevakta", number="00 00 00 03", order="9")
    phone = PhoneNumber.objects.get(key="barnevakta")
    send(client, url("phone", phone.pk), number="00 00 00 04")
    phone.refresh_from_db()
    client.post(url("phone_remove", phone.pk))

    assert phone.number == "00 00 00 04"
    assert not PhoneNumber.objects.filter(pk=phone.pk).exists()


def test_number_saved_first_by_someone_else_is_a_conflict(client):
    address = url("phone", PhoneNumber.objects.first().pk)
    entries = filled(client.get(address).context["form"], number="1")
    send(client, address, number="2")

    assert client.post(address, entries).status_code == 409


def test_empty_list_of_numbers_says_so(client):
    for phone in PhoneNumber.objects.all():
        phone.delete()

    assert "Ingen numre" in client.get(url("phones")).content.decode()


def test_unit_is_added_once_and_taken_in_use(client, root):
    address = url("unit_new")
    entries = filled(
        client.get(address).context["form"], name="Åsen skole", kind=UnitKind.SCHOOL.value, parent=str(root.pk)
    )

    urls = {client.post(address, entries).url for _time in range(2)}
    unit = Unit.objects.get(name="Åsen skole")
    client.post(url("unit_switch", unit.pk), {"on": "1"})
    unit.refresh_from_db()
    page = client.get(url("unit", unit.pk)).content.decode()
    client.post(url("unit_switch", unit.pk), {"on": "0"})
    client.post(url("unit_switch", unit.pk), {"on": "0"})

    assert urls == {url("unit", unit.pk)}
    assert (unit.switched_on_day is not None, "I bruk fra" in page) == (True, True)
    assert Unit.objects.get(pk=unit.pk).switched_on_day is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"is_external": "on"}, "controller_name"),
        ({"name": "Finnes"}, "name"),
        ({"parent": ""}, "parent"),
        ({"kind": ""}, "kind"),
        ({"kind": "kommune"}, "kind"),
    ],
)
def test_unit_that_is_wrong_is_explained(client, root, changes, field):
    make_unit("Finnes", parent=root)

    response = send(client, url("unit_new"), **({"name": "Ny", "kind": "skole", "parent": str(root.pk)} | changes))

    assert list(response.context["form"].errors) == [field]


def test_unit_is_changed_and_a_second_writer_meets_a_conflict(client, root):
    unit = make_unit("Åsen", parent=root)
    address = url("unit", unit.pk)
    entries = filled(client.get(address).context["form"], name="En")

    assert send(client, address, name="To", is_external="on", controller_name="To AS").url == url("units")
    assert client.post(address, entries).status_code == 409
    assert "Ekstern: To AS" in client.get(url("units")).content.decode()


def test_municipality_itself_is_changed_without_a_parent(client, root):
    assert send(client, url("unit", root.pk), name="Nye Solvik").url == url("units")


def test_role_is_added_and_changed(client):
    send(client, url("role_new"), name_nb="Fagleder", rights=["employee"])
    role = Role.objects.get(key="fagleder")
    entries = filled(client.get(url("role", role.pk)).context["form"], rights=["employee", "leader"])
    first, second = (client.post(url("role", role.pk), entries).status_code for _time in range(2))

    role.refresh_from_db()
    assert (role.rights, first, second) == (["employee", "leader"], 302, 409)


def test_right_to_change_settings_cannot_be_lost(client):
    Role.objects.get(key="kommuneadministrator").delete()

    response = send(client, url("role", Role.objects.get(key="bti-koordinator").pk), rights=["employee"])

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["rights"])
