import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from apps.municipality import access, selectors
from apps.municipality.enums import UnitKind
from apps.municipality.models import ConsentAgeRule, Term
from apps.municipality.rules import ConsentAge
from tests.factories import make_citizen, make_coordinator, make_leader, make_municipality, make_unit

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 10, 8)


def make_term(key="stafettlogg", language="nb", word="samhandlingslogg"):
    return Term.objects.create(
        key=key,
        language=language,
        indefinite=word,
        definite=f"{word}en",
        plural=f"{word}er",
        plural_definite=f"{word}ene",
    )


def queries_of(call):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return len(captured)


def test_settings_before_the_first_set_up_are_empty():
    row = selectors.settings_row()

    assert (row._state.adding, row.name, row.consent_months) == (True, "", 12)


def test_settings_are_read_once_per_request_and_anew_after_a_change():
    make_municipality()

    with selectors.kept_in_mind():
        first = queries_of(selectors.settings_row)
        second = queries_of(selectors.settings_row)
        selectors.forget()
        third = queries_of(selectors.settings_row)
    outside = [queries_of(selectors.settings_row) for _time in range(2)]

    assert [first, second, third, *outside] == [1, 0, 1, 1, 1]


def test_word_is_the_default_until_the_municipality_has_its_own():
    assert selectors.word("stafettlogg", "definite") == "stafettloggen"

    make_term()

    assert selectors.word("stafettlogg", "definite") == "samhandlingsloggen"


def test_word_is_in_the_active_language():
    make_term()
    make_term(language="nn", word="samhandlingsloggen")

    with translation.override("nn"):
        own = selectors.word("stafettlogg")
    with translation.override("en"):
        default = selectors.word("stafettlogg", "plural")

    assert [own, default] == ["samhandlingsloggen", "stafettloggs"]


def test_word_in_a_language_without_any_is_the_bokmal_one():
    make_term()

    assert selectors.word("stafettlogg", language="se") == "samhandlingslogg"


def test_terms_hold_every_word():
    make_term()

    words = selectors.terms()

    assert (words["stafettlogg"].plural, words["tiltak"].plural_definite) == ("samhandlingslogger", "tiltakene")


def test_unknown_word_or_form_is_an_error():
    with pytest.raises(ValueError, match="vare"):
        selectors.word("vare")
    with pytest.raises(AttributeError):
        selectors.word("stafettlogg", "genitive")


def test_consent_age_is_the_municipalitys_own_else_the_default():
    ConsentAgeRule.objects.create(kind=UnitKind.SCHOOL, age=16, guardians_needed=False)

    assert selectors.consent_age(UnitKind.SCHOOL) == ConsentAge(16, False)
    assert selectors.consent_age(UnitKind.KINDERGARTEN) == ConsentAge(15, True)


def test_services_switched_on_are_in_norwegian_order():
    make_unit("Ås skole")
    make_unit("Ærlig skole")
    make_unit("Berg skole")
    make_unit("Ikke med", switched_on_day=None)
    make_unit("Senere", switched_on_day=TODAY + datetime.timedelta(1))
    make_unit("Nedlagt", last_day=TODAY - datetime.timedelta(1))
    make_unit("Oppvekst", kind=UnitKind.SECTOR)

    assert [unit.name for unit in selectors.services_switched_on(TODAY)] == ["Berg skole", "Ærlig skole", "Ås skole"]


@pytest.fixture
def tree():
    root = make_unit("Solvik kommune", kind=UnitKind.MUNICIPALITY, switched_on_day=None)
    sector = make_unit("Oppvekst", kind=UnitKind.SECTOR, parent=root, switched_on_day=None)
    health = make_unit("Helse", kind=UnitKind.SECTOR, parent=root, switched_on_day=None)
    return root, sector, health, make_unit("Åsen", parent=sector), make_unit("Berg", parent=sector)


def test_unit_tree_is_read_from_the_top(tree):
    lines = [(line.unit.name, line.depth, line.is_on) for line in selectors.unit_tree(TODAY)]

    assert lines == [
        ("Solvik kommune", 0, False),
        ("Helse", 1, False),
        ("Oppvekst", 1, False),
        ("Berg", 2, True),
        ("Åsen", 2, True),
    ]


def test_what_lies_under_a_closed_unit_is_still_seen(tree):
    tree[1].last_day = TODAY - datetime.timedelta(1)
    tree[1].save()

    names = [line.unit.name for line in selectors.unit_tree(TODAY)]

    assert sorted(names) == ["Berg", "Helse", "Solvik kommune", "Åsen"]


def test_unit_cannot_lie_under_itself(tree):
    names = [line.unit.name for line in selectors.possible_parents(tree[1], TODAY)]

    assert names == ["Solvik kommune", "Helse"]


@pytest.mark.parametrize("number", [1, 30])
def test_unit_tree_takes_one_query(number, django_assert_num_queries):
    root = make_unit("Solvik kommune", kind=UnitKind.MUNICIPALITY)
    for _each in range(number):
        make_unit(parent=root)

    with django_assert_num_queries(1):
        assert len(selectors.unit_tree(TODAY)) == number + 1


def test_last_change_names_the_person_but_not_one_with_a_hidden_name():
    row, unit = make_municipality(), make_unit()
    for hidden in (False, True):
        row._history_user = make_coordinator(name="Kari Nordvik", protected_identity=hidden)
        row.save()
        assert selectors.last_change(unit, row).by == ("" if hidden else "Kari Nordvik")
    assert selectors.last_change() is None


def test_only_the_coordinator_changes_settings():
    users = [make_coordinator(), make_leader(), make_citizen(), AnonymousUser()]

    assert [access.is_coordinator(user) for user in users] == [True, False, False, False]


def test_telephone_link_holds_digits_only():
    from apps.municipality.models import PhoneNumber

    phone = PhoneNumber(label={"nb": "Legevakt"}, number="116 117")

    assert (phone.tel, str(phone)) == ("116117", "Legevakt 116 117")
