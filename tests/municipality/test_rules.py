import datetime
from types import SimpleNamespace

import pytest
from django.conf import settings

from apps.core.dates import FAR_DAY
from apps.core.errors import RuleBroken
from apps.municipality import rules
from apps.municipality.enums import Right, TermKey, UnitKind
from apps.municipality.models import Role, Unit
from apps.municipality.rules import ConsentAge

DAY = datetime.date(2026, 10, 8)


def code_of(check, *args, **kwargs):
    try:
        check(*args, **kwargs)
    except RuleBroken as broken:
        return broken.code
    return None


@pytest.mark.parametrize(
    ("kind", "age"),
    [
        (UnitKind.HEALTH_STATION, ConsentAge(16, False)),
        (UnitKind.BUP, ConsentAge(16, False)),
        (UnitKind.SCHOOL, ConsentAge(15, True)),
        (UnitKind.NAV, ConsentAge(15, True)),
    ],
)
def test_consent_age_is_16_alone_in_health_and_15_together_elsewhere(kind, age):
    assert rules.default_consent_age(kind) == age


@pytest.mark.parametrize(
    ("switched_on", "last", "is_on"),
    [
        (None, FAR_DAY, False),
        (DAY, FAR_DAY, True),
        (DAY + datetime.timedelta(1), FAR_DAY, False),
        (DAY, DAY + datetime.timedelta(9), False),
        (DAY - datetime.timedelta(9), DAY - datetime.timedelta(1), False),
    ],
)
def test_unit_is_on_from_its_day_until_it_is_decided_to_close(switched_on, last, is_on):
    assert rules.is_switched_on(SimpleNamespace(switched_on_day=switched_on, last_day=last), DAY) is is_on


def test_every_word_has_every_form_in_every_language_of_the_portal():
    words = {code: set(rules.DEFAULT_WORDS[code]) for code, _name in settings.LANGUAGES}
    forms = [text for code in words for word in rules.DEFAULT_WORDS[code].values() for text in vars(word).values()]

    assert words == {code: set(TermKey) for code, _name in settings.LANGUAGES}
    assert all(forms)


def test_words_of_a_language_the_portal_does_not_know_are_in_bokmal():
    assert rules.default_words("stafettlogg", "se") == rules.default_words("stafettlogg", "nb")


@pytest.mark.parametrize(
    ("languages", "code"),
    [(["nb"], None), (["nb", "nn", "en"], None), (["nn"], "language_needed"), (["nb", "xx"], "unknown_language")],
)
def test_bokmal_stays_and_others_are_known(languages, code):
    assert code_of(rules.check_languages, languages) == code


def make_node(kind=UnitKind.SCHOOL, path="", *, is_new=True):
    node = Unit(kind=kind, name="x")
    node.path = path or f"{node.pk.hex}/"
    node._state.adding = is_new
    return node


def test_tree_has_one_root_and_no_circles():
    root, sector = make_node(UnitKind.MUNICIPALITY, is_new=False), make_node(UnitKind.SECTOR, is_new=False)
    below = make_node(path=sector.path + "1/", is_new=False)

    assert [
        code_of(rules.check_parent, root, None),
        code_of(rules.check_parent, root, sector),
        code_of(rules.check_parent, sector, None),
        code_of(rules.check_parent, sector, root),
        code_of(rules.check_parent, sector, below),
        code_of(rules.check_parent, sector, sector),
    ] == [None, "root_has_parent", "no_parent", None, "under_itself", "under_itself"]


def test_municipality_stays_the_municipality():
    root = make_node(UnitKind.MUNICIPALITY)

    assert code_of(rules.check_kind, root, UnitKind.SCHOOL) == "root_kind"
    assert code_of(rules.check_kind, make_node(), UnitKind.MUNICIPALITY) == "root_kind"
    assert code_of(rules.check_kind, make_node(), UnitKind.KINDERGARTEN) is None


@pytest.mark.parametrize(
    ("is_external", "controller", "code"),
    [(False, "", None), (True, "Fjordgløtt AS", None), (True, " ", "no_controller")],
)
def test_external_unit_names_its_controller(is_external, controller, code):
    unit = SimpleNamespace(is_external=is_external, controller_name=controller)

    assert code_of(rules.check_external, unit) == code


@pytest.mark.parametrize(
    ("kind", "switched_on", "last", "on", "code"),
    [
        (UnitKind.SCHOOL, None, FAR_DAY, True, None),
        (UnitKind.SCHOOL, DAY, FAR_DAY, False, None),
        (UnitKind.SCHOOL, DAY, FAR_DAY, True, "already_so"),
        (UnitKind.SCHOOL, None, FAR_DAY, False, "already_so"),
        (UnitKind.SECTOR, None, FAR_DAY, True, "not_service"),
        (UnitKind.SCHOOL, None, DAY - datetime.timedelta(1), True, "unit_closed"),
    ],
)
def test_when_a_unit_can_be_switched(kind, switched_on, last, on, code):
    unit = Unit(kind=kind, switched_on_day=switched_on, last_day=last)

    assert code_of(rules.check_can_switch, unit, on=on, today=DAY) == code


def test_some_role_can_change_the_settings():
    employee, coordinator = Role(rights=[Right.EMPLOYEE]), Role(rights=[Right.COORDINATOR])

    assert code_of(rules.check_coordinator_role_remains, [employee]) == "no_coordinator_role"
    assert code_of(rules.check_coordinator_role_remains, [employee, coordinator]) is None
