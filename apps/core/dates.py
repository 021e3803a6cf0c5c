"""Days and instants. A day is a local date in Europe/Oslo and includes its last moment; an instant is aware.

Nothing here looks at the clock: `today` and `now` are given.
"""

import calendar
import datetime
import zoneinfo
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

_NEAR_DAYS = 180
OSLO = zoneinfo.ZoneInfo("Europe/Oslo")
UTC = datetime.UTC

# "No end", stored instead of NULL, so that a period is two comparisons. The instant is in year 9999 in Oslo too.
FAR_DAY = datetime.date(9999, 12, 31)
FAR_AT = datetime.datetime(9999, 12, 31, tzinfo=UTC)


def local_midnight(day: datetime.date) -> datetime.datetime:
    """The instant the day begins in Oslo, in UTC. `local_midnight(FAR_DAY)` is FAR_AT."""
    if day >= FAR_DAY:
        return FAR_AT
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=OSLO).astimezone(UTC)


def local_day(instant: datetime.datetime) -> datetime.date:
    """The day in Oslo that the instant falls on. FAR_AT gives FAR_DAY."""
    if instant >= FAR_AT:
        return FAR_DAY
    return instant.astimezone(OSLO).date()


def end_of_day(day: datetime.date) -> datetime.datetime:
    """The first instant after the day: the half-open end of something that lasts through the day."""
    if day >= FAR_DAY:
        return FAR_AT
    return local_midnight(day + datetime.timedelta(days=1))


def last_day_of(until: datetime.datetime) -> datetime.date:
    """The last local day before a half-open end."""
    return local_day(until - datetime.timedelta(microseconds=1))


def local_instant(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    """The instant the wall clock in Oslo shows this on this day, in UTC.

    A time that the clock skips in spring becomes the same distance later (02:30 → 03:30); one that comes twice in
    autumn is the first.
    """
    wall = datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=OSLO)
    return wall.astimezone(UTC)


def birthday(birth_date: datetime.date, years: int) -> datetime.date:
    """The day the person is `years` old. Born on 29 February: 1 March in other years, as the year must have run out."""
    year = birth_date.year + years
    if year > FAR_DAY.year:
        return FAR_DAY
    if (birth_date.month, birth_date.day) == (2, 29) and not calendar.isleap(year):
        return datetime.date(year, 3, 1)
    return birth_date.replace(year=year)


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    """Whole years on that day; 0 before birth. Agrees with `birthday`."""
    years = day.year - birth_date.year
    if years > 0 and day < birthday(birth_date, years):
        years -= 1
    return max(years, 0)


def clamp(year: int, month: int, day_of_month: int) -> datetime.date:
    """The date, or the month's last day when the month is shorter. `month` may be outside 1–12 and carries the year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return datetime.date(year, month, min(day_of_month, calendar.monthrange(year, month)[1]))


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month, `months` later; the last day when that month is shorter.

    For a series, add to the first date each time (31 Jan + 1, + 2, …); adding to the result drifts. Past year 9999
    gives FAR_DAY.
    """
    if day.year * 12 + day.month - 1 + months >= FAR_DAY.year * 12 + 12:
        return FAR_DAY
    return clamp(day.year, day.month + months, day.day)


def monday_of(day: datetime.date) -> datetime.date:
    """The Monday of the day's ISO week."""
    return day - datetime.timedelta(days=day.weekday())


def iso_week(day: datetime.date) -> tuple[int, int]:
    """(year, week) by ISO 8601, the Norwegian rule; the year may differ from the date's around New Year."""
    return day.isocalendar()[:2]


def monday_of_week(year: int, week: int) -> datetime.date:
    """The Monday of an ISO week. Raises `ValueError` for week 53 in a year without one."""
    return datetime.date.fromisocalendar(year, week, 1)


def format_long(day: datetime.date) -> str:
    """«12. oktober 2026», in the active language. The day never leaves its month at the end of a line."""
    return in_words(day, "j.\xa0F Y", "j\xa0F Y")


def format_near(day: datetime.date, today: datetime.date) -> str:
    """«12. oktober», with the year when the day is half a year or more away."""
    if abs((day - today).days) >= _NEAR_DAYS:
        return format_long(day)
    return in_words(day, "j.\xa0F", "j\xa0F")


def format_period(first_day: datetime.date, last_day: datetime.date) -> str:
    """«20. desember 2026 til 23. desember 2026»; one day alone where it begins and ends the same."""
    if first_day == last_day:
        return format_long(first_day)
    return _("%(first)s til %(last)s") % {"first": format_long(first_day), "last": format_long(last_day)}


def format_clock(instant: datetime.datetime) -> str:
    """«20.14», local time; "20:14" in languages other than Norwegian."""
    return date_format(instant.astimezone(OSLO), "H.i" if _speaks_norwegian() else "H:i")


def relative(day: datetime.date, today: datetime.date) -> str:
    """How far away a deadline is: «I dag», «I morgen», «Om 5 dager», «12 dager over fristen», «Fristen var i går»."""
    days = (day - today).days
    if days == 0:
        return _("I dag")
    if days == 1:
        return _("I morgen")
    if days == -1:
        return _("Fristen var i går")
    if days > 0:
        return ngettext("Om %(days)d dag", "Om %(days)d dager", days) % {"days": days}
    return ngettext("%(days)d dag over fristen", "%(days)d dager over fristen", -days) % {"days": -days}


def in_words(day: datetime.date, norwegian: str, english: str) -> str:
    """A day in the active language, by the pattern of Django's `date_format` for it."""
    language = get_language() or "nb"
    return _in_words(day, norwegian if _is_norwegian(language) else english, language)


@lru_cache(maxsize=4096)
def _in_words(day: datetime.date, pattern: str, _language: str) -> str:
    return date_format(day, pattern)


def _speaks_norwegian():
    return _is_norwegian(get_language() or "nb")


def _is_norwegian(language):
    return language.partition("-")[0] in ("nb", "nn")
