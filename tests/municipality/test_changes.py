"""Each setting says what it is for, and who changed it when, from what to what."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core.text import LocalizedText
from apps.municipality import services
from apps.municipality.enums import UnitKind
from apps.municipality.forms import SECTIONS, PhoneForm, RoleForm, UnitForm
from apps.municipality.models import Municipality, PhoneNumber, Role, Unit
from apps.municipality.selectors.changes import Line, changes_of
from tests.factories import make_employee, make_unit
from tests.markup import markup
from tests.municipality.pages import filled, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("start_data")]
TODAY = timezone.localdate()


def send(client, address, **changes):
    response = client.post(address, filled(client.get(address).context["form"], **changes))
    assert response.status_code == 302, response.content.decode()
    return response


def shown(client, address):
    """(who, what, lines) of each change on the page, newest first."""
    return [
        (change.by, change.what, [(line.label, line.before, line.after) for line in change.lines])
        for change in client.get(address).context["changes"]
    ]


def test_every_field_has_a_word_of_help(root):
    forms = {key: form() for key, form in SECTIONS.items()}
    forms |= {"unit": UnitForm(today=TODAY), "role": RoleForm(), "phone": PhoneForm()}

    without = [
        f"{name}.{bound.name}" for name, form in forms.items() for bound in form.visible_fields() if not bound.help_text
    ]

    assert without == []


def test_section_shows_its_own_changes_with_who_and_from_what_to_what(client):
    send(client, url("section", "frister"), handover_days="21")
    send(client, url("section", "modell"), log_from_level="2", model_name_nn="Betre tverrfagleg innsats, BTI")

    deadlines, model = (shown(client, url("section", key)) for key in ("frister", "modell"))

    assert deadlines == [
        ("Kari Nordvik", "", [("Dager til å svare på et tilbud om stafettpinnen", "14", "21")]),
        ("", "", []),
    ]
    by, _what, lines = model[0]
    assert (by, [label for label, _before, _after in lines]) == (
        "Kari Nordvik",
        ["Modellens navn (Nynorsk)", "Fra hvilket nivå tilbyr dere en logg?"],
    )
    page = markup(client.get(url("section", "frister")))
    assert "Dager til å svare på et tilbud om stafettpinnen: fra «14» til «21»" in page
    assert "<b>Kari Nordvik</b>" in page


def test_values_are_told_as_a_person_reads_them(client, kari):
    row = Municipality.objects.get()
    services.save_settings(
        {"languages": ["nb", "nn"], "show_staff_names": False, "dpo_name": ""},
        version=row.version,
        actor=kari,
        today=TODAY,
    )

    (change, _first) = changes_of(row.history, {"languages": "Språk", "show_staff_names": "Navn", "dpo_name": "Ombud"})

    assert change.lines == [
        Line("Språk", "Bokmål, Nynorsk, English", "Bokmål, Nynorsk"),
        Line("Navn", "Ja", "Nei"),
        Line("Ombud", row.dpo_name, "–"),
    ]


def test_who_is_not_named_when_her_identity_is_protected(client, kari):
    kari.protected_identity = True
    kari.save()

    send(client, url("section", "frister"), handover_days="21")

    assert shown(client, url("section", "frister"))[0][0] == "En ansatt"
    assert "<p><b>En ansatt</b></p>" in markup(client.get(url("section", "frister")))


def test_unit_shows_when_it_was_switched_on_moved_and_made_external(client, root, kari):
    sector = make_unit("Oppvekst", kind=UnitKind.SECTOR, parent=root)
    unit = make_unit("Solbakken", parent=root, switched_on_day=None)
    services.switch_unit(unit.pk, on=True, actor=kari, today=TODAY)

    send(
        client,
        url("unit", unit.pk),
        parent=str(sector.pk),
        is_external="on",
        controller_name="Solbakken AS",
        agreement="Avtale av 2026",
        contact_name="Daglig leder",
    )

    newest, before, _made = shown(client, url("unit", unit.pk))
    assert newest == (
        "Kari Nordvik",
        "",
        [
            ("Ligger under", "Solvik kommune", "Oppvekst"),
            ("Enheten er ikke en del av kommunen", "Nei", "Ja"),
            ("Behandlingsansvarlig", "–", "Solbakken AS"),
            ("Avtale", "–", "Avtale av 2026"),
            ("Kontaktperson", "–", "Daglig leder"),
        ],
    )
    assert [label for label, _before, _after in before[2]] == ["I bruk fra"]
    saved = Unit.objects.get(pk=unit.pk)
    assert (saved.is_external, saved.agreement, saved.contact_name) == (True, "Avtale av 2026", "Daglig leder")


def test_numbers_show_what_was_added_changed_and_taken_away(client, kari):
    fields = {"label": LocalizedText({"nb": "Ny telefon"}), "number": "11 22 33 44", "on_gate": True, "order": 1}
    phone = services.add_phone(fields, actor=kari, today=TODAY)
    send(client, url("phone", phone.pk), number="55 66 77 88")
    client.post(url("phone_remove", phone.pk))

    changes = client.get(url("phones")).context["changes"]

    assert [(change.by, change.what, change.is_new, change.is_gone) for change in changes] == [
        ("Kari Nordvik", "Ny telefon 55 66 77 88", False, True),
        ("Kari Nordvik", "Ny telefon 55 66 77 88", False, False),
        ("Kari Nordvik", "Ny telefon 11 22 33 44", True, False),
    ]
    assert not PhoneNumber.objects.filter(pk=phone.pk).exists()


def test_roles_words_and_ages_show_their_changes_too(client):
    role = Role.objects.get(key="ansatt")
    send(client, url("role", role.pk), name_nb="Medarbeider")
    send(client, url("word", "tiltak"), indefinite_nn="grep", definite_nn="grepet")
    send(client, url("word", "tiltak"), indefinite_nn="handling")
    send(client, url("consent_ages"), age_nav="16")

    found = [
        shown(client, address)[0] for address in (url("role", role.pk), url("word", "tiltak"), url("consent_ages"))
    ]

    assert found == [
        ("Kari Nordvik", "", [("Navn på rollen (Bokmål)", "Ansatt", "Medarbeider")]),
        ("Kari Nordvik", "Nynorsk", [("Én, ubestemt", "grep", "handling")]),
        ("Kari Nordvik", "NAV", [("Ungdommen svarer fra og med (år)", "15", "16")]),
    ]


def test_saving_without_a_change_says_nothing(client):
    send(client, url("section", "frister"))

    assert [by for by, _what, _lines in shown(client, url("section", "frister"))] == [""]


@pytest.mark.parametrize("number", [1, 30])
def test_history_costs_the_same_however_much_was_changed(kari, number, django_assert_num_queries):
    for days in range(number):
        row = Municipality.objects.get()
        services.save_settings({"handover_days": 15 + days}, version=row.version, actor=kari, today=TODAY)

    with django_assert_num_queries(1):
        changes = changes_of(row.history, {"handover_days": "Dager"})

    assert len(changes) == min(number + 1, 30)


def test_external_unit_is_shown_as_such_where_an_employee_chooses_whom_to_ask(root):
    doctors = make_unit(
        "Fjordlegene", kind=UnitKind.DOCTOR, parent=root, is_external=True, controller_name="Fjordlegene AS"
    )
    make_employee(doctors)
    client = Client()
    client.force_login(make_employee(make_unit("Solbakken", parent=root)))

    page = markup(client.get(f"{reverse('stafettlogg:request')}?side=3"))

    assert "<b>Fjordlegene</b><span>Utenfor kommunen. Ansvarlig: Fjordlegene AS</span>" in page
