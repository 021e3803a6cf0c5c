"""Where a measure is done, in the family's words: «I barnehagen», not «I tjenesten» (F22)."""

import pytest

from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import AddressProtection
from tests.markup import markup
from tests.stafettlogg.factories import (
    make_child,
    make_employee,
    make_goal,
    make_log,
    make_measure,
    make_participant,
    make_unit,
)
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db


def family_page(log):
    return markup(signed_in(log.guardians[0].user).get(page_of("parent_log", log.pk)))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (UnitKind.KINDERGARTEN, "I barnehagen"),
        (UnitKind.SCHOOL, "På skolen"),
        (UnitKind.PPT, "I tjenesten"),
    ],
)
def test_measure_of_the_only_service_says_where_it_is(kind, words):
    log = make_log(holder=make_employee(make_unit("Solbakken", kind=kind)))
    make_measure(make_goal(log), place="service")

    assert words in family_page(log)
    assert words in markup(signed_in(log.holder.user).get(page_of("plan", log.pk)))


def test_measure_at_home_is_at_home():
    log = make_log()
    make_measure(make_goal(log), place="home")

    assert "Hjemme" in family_page(log)


def test_with_several_services_and_none_chosen_it_stays_open():
    log = make_log()
    school = make_unit("Fjordgata skole", kind=UnitKind.SCHOOL)
    make_participant(log, school)
    goal = make_goal(log)
    make_measure(goal, "Uten tjeneste")
    page = family_page(log)
    make_measure(goal, "På skolen", unit_id=school.pk)

    assert ("I tjenesten" in page, "På skolen" in page) == (True, False)
    assert "På skolen" in family_page(log)


def test_where_places_are_hidden_it_is_not_said():
    log = make_log(child=make_child(address_protection=AddressProtection.CONFIDENTIAL))
    make_measure(make_goal(log))

    page = family_page(log)

    assert ("I tjenesten" in page, "I barnehagen" in page) == (True, False)
