"""A family's wish for a stafettlogg goes away by itself."""

import datetime

import pytest

from apps.core.dates import OSLO
from apps.stafettlogg.models import LogWish
from apps.stafettlogg.services import reminders, wishes
from tests.factories import make_citizen, make_leader, make_municipality, make_unit

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=OSLO)
DAY = datetime.timedelta(days=1)


def send(unit, *, now):
    return wishes.send_wish(actor=make_citizen(), unit_id=unit.pk, child_name="Emma", text="Hun gruer seg", now=now)


def test_wishes_are_removed_after_the_municipalitys_days_answered_or_not():
    make_municipality(wish_days=90)
    leader = make_leader(make_unit())
    unit = leader.membership.unit
    answered, waiting, newer = send(unit, now=NOW), send(unit, now=NOW), send(unit, now=NOW + DAY)
    wishes.answer_wish(answered.pk, actor=leader, now=NOW)

    early = wishes.remove_old_wishes(now=NOW + 90 * DAY)
    both = set(LogWish.objects.values_list("pk", flat=True)) >= {answered.pk, waiting.pk}
    count = wishes.remove_old_wishes(now=NOW + 90 * DAY + datetime.timedelta(minutes=1))

    assert (early, both, count) == (0, True, 2)
    assert list(LogWish.objects.all()) == [newer]


def test_the_sweeper_removes_them():
    make_municipality(wish_days=90)
    send(make_leader(make_unit()).membership.unit, now=NOW)

    done = reminders.sweep(now=NOW + 91 * DAY)

    assert (done["remove_old_wishes"], LogWish.objects.count()) == (1, 0)
