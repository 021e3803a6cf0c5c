import datetime

import pytest
from django.utils.translation import override

from apps.core import dates
from apps.core.dates import FAR_AT, FAR_DAY, UTC

DAY = datetime.date


def at(text):
    return datetime.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (DAY(2026, 1, 15), "2026-01-14T23:00+00:00"),  # winter
        (DAY(2026, 7, 15), "2026-07-14T22:00+00:00"),  # summer
        (DAY(2027, 3, 28), "2027-03-27T23:00+00:00"),  # the clock goes forward this day, after midnight
        (DAY(2027, 3, 29), "2027-03-28T22:00+00:00"),
        (DAY(2026, 10, 25), "2026-10-24T22:00+00:00"),  # the clock goes back this day, after midnight
        (DAY(2026, 10, 26), "2026-10-25T23:00+00:00"),
        (FAR_DAY, "9999-12-31T00:00+00:00"),
    ],
)
def test_local_midnight_is_where_the_day_begins_in_oslo(day, instant):
    assert dates.local_midnight(day) == at(instant)
    assert dates.local_day(at(instant)) == day


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-11-22T22:59:59+00:00", DAY(2026, 11, 22)),
        ("2026-11-22T23:00:00+00:00", DAY(2026, 11, 23)),
        ("2026-06-30T23:30:00+00:00", DAY(2026, 7, 1)),
        ("2026-06-30T23:30:00+02:00", DAY(2026, 6, 30)),
    ],
)
def test_local_day_is_the_date_people_in_oslo_have(instant, day):
    assert dates.local_day(at(instant)) == day


@pytest.mark.parametrize(
    ("day", "hours"),
    [(DAY(2026, 11, 22), 24), (DAY(2027, 3, 28), 23), (DAY(2026, 10, 25), 25)],
)
def test_end_of_day_is_the_next_midnight(day, hours):
    length = dates.end_of_day(day) - dates.local_midnight(day)

    assert length == datetime.timedelta(hours=hours)


def test_far_day_has_no_end():
    assert dates.end_of_day(FAR_DAY) == FAR_AT
    assert dates.local_day(FAR_AT) == FAR_DAY


@pytest.mark.parametrize(
    ("day", "hour", "minute", "instant"),
    [
        (DAY(2026, 11, 22), 8, 0, "2026-11-22T07:00+00:00"),
        (DAY(2027, 3, 28), 8, 0, "2027-03-28T06:00+00:00"),
        (DAY(2027, 3, 28), 2, 30, "2027-03-28T01:30+00:00"),  # does not exist: 03:30 on the wall
        (DAY(2026, 10, 25), 2, 30, "2026-10-25T00:30+00:00"),  # comes twice: the first
        (DAY(2027, 10, 31), 2, 30, "2027-10-31T00:30+00:00"),
        (DAY(2027, 10, 31), 8, 0, "2027-10-31T07:00+00:00"),
    ],
)
def test_local_instant_follows_the_clock_on_the_wall(day, hour, minute, instant):
    assert dates.local_instant(day, hour, minute) == at(instant)


@pytest.mark.parametrize(
    ("born", "years", "day"),
    [
        (DAY(2008, 11, 23), 18, DAY(2026, 11, 23)),
        (DAY(2008, 2, 29), 18, DAY(2026, 3, 1)),
        (DAY(2008, 2, 29), 16, DAY(2024, 2, 29)),
        (DAY(2008, 2, 29), 0, DAY(2008, 2, 29)),
        (DAY(2008, 2, 28), 18, DAY(2026, 2, 28)),
        (DAY(2000, 2, 29), 100, DAY(2100, 3, 1)),
        (DAY(9990, 5, 1), 18, FAR_DAY),
    ],
)
def test_birthday_of_someone_born_on_leap_day_is_the_first_of_march(born, years, day):
    assert dates.birthday(born, years) == day


def test_the_18th_birthday_begins_at_midnight_in_oslo():
    begins = dates.local_midnight(dates.birthday(DAY(2008, 7, 1), 18))

    assert begins == datetime.datetime(2026, 6, 30, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (DAY(2008, 11, 23), DAY(2026, 11, 22), 17),
        (DAY(2008, 11, 23), DAY(2026, 11, 23), 18),
        (DAY(2008, 2, 29), DAY(2026, 2, 28), 17),
        (DAY(2008, 2, 29), DAY(2026, 3, 1), 18),
        (DAY(2008, 2, 29), DAY(2028, 2, 28), 19),
        (DAY(2008, 2, 29), DAY(2028, 2, 29), 20),
        (DAY(2026, 11, 22), DAY(2026, 11, 22), 0),
        (DAY(2027, 1, 10), DAY(2026, 11, 22), 0),  # an expected child
    ],
)
def test_age_on_counts_whole_years(born, day, age):
    assert dates.age_on(born, day) == age


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (DAY(2026, 1, 31), 1, DAY(2026, 2, 28)),
        (DAY(2024, 1, 31), 1, DAY(2024, 2, 29)),
        (DAY(2026, 1, 31), 2, DAY(2026, 3, 31)),
        (DAY(2026, 11, 30), 3, DAY(2027, 2, 28)),
        (DAY(2026, 12, 5), 12, DAY(2027, 12, 5)),
        (DAY(2024, 2, 29), 12, DAY(2025, 2, 28)),
        (DAY(2024, 2, 29), 48, DAY(2028, 2, 29)),
        (DAY(2026, 3, 31), -1, DAY(2026, 2, 28)),
        (DAY(2026, 1, 15), -13, DAY(2024, 12, 15)),
        (DAY(9999, 12, 1), 1, FAR_DAY),
        (FAR_DAY, 12, FAR_DAY),
    ],
)
def test_add_months_clamps_to_the_end_of_the_month(day, months, expected):
    assert dates.add_months(day, months) == expected


def test_add_months_from_the_first_date_does_not_drift():
    first = DAY(2026, 1, 31)

    series = [dates.add_months(first, months) for months in range(4)]

    assert series == [DAY(2026, 1, 31), DAY(2026, 2, 28), DAY(2026, 3, 31), DAY(2026, 4, 30)]


@pytest.mark.parametrize(
    ("parts", "day"),
    [((2026, 2, 31), DAY(2026, 2, 28)), ((2026, 13, 31), DAY(2027, 1, 31)), ((2026, 0, 31), DAY(2025, 12, 31))],
)
def test_clamp_gives_a_day_that_exists(parts, day):
    assert dates.clamp(*parts) == day


@pytest.mark.parametrize(
    ("day", "week", "monday"),
    [
        (DAY(2026, 12, 31), (2026, 53), DAY(2026, 12, 28)),
        (DAY(2027, 1, 3), (2026, 53), DAY(2026, 12, 28)),
        (DAY(2027, 1, 4), (2027, 1), DAY(2027, 1, 4)),
        (DAY(2024, 12, 30), (2025, 1), DAY(2024, 12, 30)),
        (DAY(2026, 11, 22), (2026, 47), DAY(2026, 11, 16)),
    ],
)
def test_weeks_follow_the_norwegian_rule(day, week, monday):
    assert dates.iso_week(day) == week
    assert dates.monday_of(day) == monday
    assert dates.monday_of_week(*week) == monday


def test_a_year_without_week_53_refuses_it():
    with pytest.raises(ValueError, match="53"):
        dates.monday_of_week(2027, 53)


@pytest.mark.parametrize(
    ("language", "text"),
    [("nb", "12.\u00a0oktober 2026"), ("nn", "12.\u00a0oktober 2026"), ("en", "12\u00a0October 2026")],
)
def test_format_long_writes_the_date_out(language, text):
    with override(language):
        assert dates.format_long(DAY(2026, 10, 12)) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (DAY(2026, 11, 22), "I dag"),
        (DAY(2026, 11, 23), "I morgen"),
        (DAY(2026, 11, 27), "Om 5 dager"),
        (DAY(2026, 11, 21), "Fristen var i går"),
        (DAY(2026, 11, 10), "12 dager over fristen"),
    ],
)
def test_relative_says_how_far_away_a_deadline_is(day, text):
    assert dates.relative(day, DAY(2026, 11, 22)) == text
