import datetime
from types import SimpleNamespace

import pytest

from apps.accounts import rules
from apps.core.dates import FAR_DAY
from apps.core.errors import RuleBroken
from apps.municipality.enums import Right

DAY = datetime.date(2026, 10, 8)


def days(number):
    return DAY + datetime.timedelta(number)


def code_of(check, *args, **kwargs):
    try:
        check(*args, **kwargs)
    except RuleBroken as broken:
        return broken.code
    return None


@pytest.mark.parametrize(
    ("is_active", "last_day", "may"),
    [(True, FAR_DAY, True), (True, DAY, True), (True, days(-1), False), (False, FAR_DAY, False)],
)
def test_may_sign_in_through_the_last_day(is_active, last_day, may):
    assert rules.may_sign_in(SimpleNamespace(is_active=is_active, last_day=last_day), DAY) is may


@pytest.mark.parametrize(
    ("is_employee", "closed", "code"),
    [(True, FAR_DAY, None), (True, DAY, None), (True, days(-1), "unit_closed"), (False, FAR_DAY, "not_employee")],
)
def test_who_can_join(is_employee, closed, code):
    user, unit = SimpleNamespace(is_employee=is_employee), SimpleNamespace(last_day=closed)

    assert code_of(rules.check_can_join, user, unit, today=DAY) == code


@pytest.mark.parametrize(
    ("place_last", "last_day", "code"),
    [
        (FAR_DAY, DAY, None),
        (FAR_DAY, days(-1), None),
        (FAR_DAY, days(-2), "last_day_passed"),
        (FAR_DAY, days(-100), "days_reversed"),
        (DAY, days(100), None),
        (days(-1), DAY, "membership_over"),
    ],
)
def test_when_a_place_can_end(place_last, last_day, code):
    place = SimpleNamespace(first_day=days(-50), last_day=place_last)

    assert code_of(rules.check_can_end, place, last_day=last_day, today=DAY) == code


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "last_coordinator"),
        ([(Right.EMPLOYEE, FAR_DAY)], "last_coordinator"),
        ([(Right.COORDINATOR, DAY)], "last_coordinator"),
        ([(Right.COORDINATOR, days(1))], None),
    ],
)
def test_a_coordinator_remains(rows, code):
    places = [
        SimpleNamespace(role=SimpleNamespace(has=lambda asked, has=right: asked == has), last_day=last)
        for right, last in rows
    ]

    assert code_of(rules.check_coordinator_remains, places, day=DAY) == code


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (DAY, DAY, None),
        (days(-5), DAY, None),
        (days(1), days(730), None),
        (days(1), DAY, "days_reversed"),
        (days(-5), days(-1), "absence_passed"),
        (DAY, days(731), "absence_too_long"),
        (DAY, FAR_DAY, "absence_too_long"),
    ],
)
def test_days_of_an_absence(first, last, code):
    assert code_of(rules.check_absence, first, last, today=DAY) == code


@pytest.mark.parametrize(("last", "code"), [(DAY, None), (days(-1), "absence_over")])
def test_absence_that_is_over_cannot_be_cancelled(last, code):
    assert code_of(rules.check_can_cancel, SimpleNamespace(last_day=last), today=DAY) == code
