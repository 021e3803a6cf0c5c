import datetime

import pytest
from django.core.exceptions import ValidationError

from apps.core.errors import AccessDenied, Conflict, RuleBroken
from apps.municipality import selectors, services
from apps.municipality.enums import Right, UnitKind
from apps.municipality.models import ConsentAgeRule, Municipality, PhoneNumber, Role, Term, Unit
from apps.municipality.rules import ConsentAge, Words
from apps.portal.seeding.settings import load_demo_settings
from tests.factories import (
    make_coordinator,
    make_coordinator_role,
    make_leader,
    make_municipality,
    make_role,
    make_unit,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 10, 8)
WORDS = Words("logg", "loggen", "logger", "loggene")


@pytest.fixture
def by_kari():
    """Who and when, for every call."""
    return {"actor": make_coordinator(), "today": TODAY}


def code_of(call):
    with pytest.raises(RuleBroken) as broken:
        call()
    return broken.value.code


def test_settings_are_saved_with_a_new_version_and_history(by_kari):
    row = make_municipality()

    services.save_settings({"consent_months": 6}, version=row.version, **by_kari)

    saved = Municipality.objects.get()
    assert (saved.consent_months, saved.version) == (6, row.version + 1)
    assert saved.history.first().history_user == by_kari["actor"]


def test_settings_that_someone_else_has_saved_are_a_conflict(by_kari):
    row = make_municipality()
    services.save_settings({"phone": "00 00 00 00"}, version=row.version, **by_kari)

    with pytest.raises(Conflict):
        services.save_settings({"phone": "11 11 11 11"}, version=row.version, **by_kari)


def test_settings_keep_bokmal_and_their_limits(by_kari):
    row = make_municipality()

    assert code_of(lambda: services.save_settings({"languages": ["nn"]}, version=1, **by_kari)) == "language_needed"
    with pytest.raises(ValidationError):
        services.save_settings({"consent_months": 99}, version=row.version, **by_kari)


def test_word_is_saved_for_the_languages_that_changed(by_kari):
    row = make_municipality()
    default = selectors.words("stafettlogg", "nn")

    services.save_words("stafettlogg", {"nb": WORDS, "nn": default}, version=row.version, **by_kari)

    assert [(term.language, term.definite) for term in Term.objects.all()] == [("nb", "loggen")]
    assert Municipality.objects.get().version == row.version + 1


def test_word_can_be_changed_back(by_kari):
    row = make_municipality()
    default = selectors.words("stafettlogg", "nb")

    services.save_words("stafettlogg", {"nb": WORDS}, version=row.version, **by_kari)
    services.save_words("stafettlogg", {"nb": default}, version=row.version + 1, **by_kari)

    assert selectors.words("stafettlogg", "nb") == default


def test_consent_ages_that_changed_are_saved(by_kari):
    row = make_municipality()
    ConsentAgeRule.objects.create(kind=UnitKind.SCHOOL, age=15, guardians_needed=True)
    ages = {"skole": ConsentAge(15, True), "barnehage": ConsentAge(16, False)}

    services.save_consent_ages(ages, version=row.version, **by_kari)

    assert {kind: (age.age, age.guardians_needed) for kind, age in selectors.consent_ages().items()} == {
        "skole": (15, True),
        "barnehage": (16, False),
    }
    assert ConsentAgeRule.objects.get(kind="skole").history.count() == 1


def test_consent_age_outside_12_to_18_is_refused(by_kari):
    row = make_municipality()

    with pytest.raises(ValidationError):
        services.save_consent_ages({"skole": ConsentAge(11, True)}, version=row.version, **by_kari)


def test_numbers_are_added_changed_and_removed(by_kari):
    fields = {"label": {"nb": "Barnevernvakta på Ås"}, "number": "00 00 00 01"}

    first = services.add_phone(fields, **by_kari)
    second = services.add_phone(fields, **by_kari)
    services.save_phone(first.pk, {"number": "00 00 00 09"}, version=first.version, **by_kari)
    services.remove_phone(second.pk, **by_kari)

    assert [first.key, second.key] == ["barnevernvakta-pa-as", "barnevernvakta-pa-as-2"]
    assert PhoneNumber.objects.get().number == "00 00 00 09"
    assert PhoneNumber.history.filter(id=second.pk).first().history_type == "-"


def test_unit_is_added_changed_and_switched_on_and_off(by_kari):
    root = make_unit("Solvik kommune", kind=UnitKind.MUNICIPALITY)

    unit = services.add_unit({"name": "Åsen skole", "kind": UnitKind.SCHOOL, "parent": root}, **by_kari)
    services.save_unit(unit.pk, {"name": "Åsen barneskole"}, version=unit.version, **by_kari)
    on = services.switch_unit(unit.pk, on=True, **by_kari).switched_on_day
    off = services.switch_unit(unit.pk, on=False, **by_kari).switched_on_day

    assert (unit.path, on, off) == (f"{root.pk.hex}/{unit.pk.hex}/", TODAY, None)
    assert Unit.objects.get(pk=unit.pk).name == "Åsen barneskole"
    assert code_of(lambda: services.switch_unit(unit.pk, on=False, **by_kari)) == "already_so"


def test_unit_that_moves_takes_everything_below_along(by_kari):
    root = make_unit("Solvik kommune", kind=UnitKind.MUNICIPALITY)
    old, new = (make_unit(kind=UnitKind.SECTOR, parent=root) for _each in range(2))
    area = make_unit(kind=UnitKind.SECTOR, parent=old)
    school = make_unit(parent=area)

    services.save_unit(area.pk, {"parent": new}, version=area.version, **by_kari)

    school.refresh_from_db()
    assert school.path == f"{root.pk.hex}/{new.pk.hex}/{area.pk.hex}/{school.pk.hex}/"
    assert set(selectors.units_below([new.path])) == {new, area, school}


def test_unit_that_breaks_a_rule_is_refused(by_kari):
    root = make_unit("Solvik kommune", kind=UnitKind.MUNICIPALITY)
    make_unit("Finnes", parent=root)
    fields = {"name": "Fjordgløtt", "kind": UnitKind.KINDERGARTEN, "parent": root}

    codes = [
        code_of(lambda changed=changed: services.add_unit(fields | changed, **by_kari))
        for changed in ({"parent": None}, {"is_external": True}, {"name": "Finnes"})
    ]

    assert codes == ["no_parent", "no_controller", "name_taken"]
    with pytest.raises(Conflict):
        services.save_unit(root.pk, {"name": "X"}, version=99, **by_kari)


def test_role_is_added_and_changed(by_kari):
    role = services.add_role(name={"nb": "Fagleder"}, rights=[Right.LEADER, Right.EMPLOYEE], **by_kari)

    services.save_role(role.pk, name={"nb": "Fagleder"}, rights=[Right.EMPLOYEE], version=role.version, **by_kari)

    assert (role.key, role.rights) == ("fagleder", ["employee", "leader"])
    assert Role.objects.get(key="fagleder").rights == ["employee"]


def test_last_role_that_can_change_settings_keeps_the_right(by_kari):
    role = make_coordinator_role()
    make_role()

    call = {"name": role.name, "rights": [Right.EMPLOYEE], "version": role.version, **by_kari}

    assert code_of(lambda: services.save_role(role.pk, **call)) == "no_coordinator_role"


def test_nobody_but_the_coordinator_changes_anything():
    row, unit, role = make_municipality(), make_unit(), make_role()
    leader = {"actor": make_leader(unit), "today": TODAY}

    for call in (
        lambda: services.save_settings({}, version=row.version, **leader),
        lambda: services.save_words("steg", {}, version=row.version, **leader),
        lambda: services.save_consent_ages({}, version=row.version, **leader),
        lambda: services.add_phone({}, **leader),
        lambda: services.save_phone(row.pk, {}, version=1, **leader),
        lambda: services.remove_phone(row.pk, **leader),
        lambda: services.add_unit({}, **leader),
        lambda: services.save_unit(unit.pk, {}, version=unit.version, **leader),
        lambda: services.switch_unit(unit.pk, on=False, **leader),
        lambda: services.add_role(name={}, rights=[], **leader),
        lambda: services.save_role(role.pk, name={}, rights=[], version=role.version, **leader),
    ):
        with pytest.raises(AccessDenied):
            call()


def test_start_data_is_loaded_once_and_writes_over_nothing(capsys):
    load_demo_settings()
    Role.objects.filter(key="ansatt").first().delete()
    rektor = Role.objects.get(key="rektor")
    rektor.name = {"nb": "Skoleleder"}
    rektor.save()
    counts = [Municipality.objects.count(), PhoneNumber.objects.count(), ConsentAgeRule.objects.count()]

    row = load_demo_settings()

    assert (row.name, row.languages) == ("Solvik kommune", ["nb", "nn", "en"])
    assert [Municipality.objects.count(), PhoneNumber.objects.count(), ConsentAgeRule.objects.count()] == counts
    assert str(Role.objects.get(key="rektor").name) == "Skoleleder"
    assert Role.objects.get(key="ansatt").rights == ["employee"]
    assert "112" in {phone.number for phone in selectors.gate_phones()}


def test_start_data_has_every_text_in_every_language():
    load_demo_settings()

    texts = [row.name for row in Role.objects.all()]
    texts += [text for row in PhoneNumber.objects.all() for text in (row.label, row.help)]

    assert {frozenset(text.as_dict()) for text in texts} == {frozenset({"nb", "nn", "en"})}
