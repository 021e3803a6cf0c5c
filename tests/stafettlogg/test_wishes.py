"""A family's wish for a stafettlogg goes away by itself."""

import datetime

import pytest
from django.urls import reverse

from apps.core.dates import OSLO
from apps.notifications.models import Notice
from apps.stafettlogg.models import LogWish
from apps.stafettlogg.services import reminders, wishes
from tests.factories import make_citizen, make_leader, make_municipality, make_unit
from tests.stafettlogg.family_pages import signed_in

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


def test_wish_nobody_answered_in_time_is_told_of_when_it_is_removed():
    make_municipality(wish_days=90)
    leader = make_leader(make_unit())
    answered, waiting = send(leader.membership.unit, now=NOW), send(leader.membership.unit, now=NOW)
    wishes.answer_wish(answered.pk, actor=leader, now=NOW)

    for days in (91, 92):
        wishes.remove_old_wishes(now=NOW + days * DAY)

    told = Notice.objects.filter(kind="wish_removed")
    assert [(row.recipient, row.url_name, row.object_id) for row in told] == [
        (waiting.author, "stafettlogg:wish", None)
    ]


def test_parent_finds_the_notice_and_the_way_to_ask_anew():
    make_municipality(wish_days=90)
    author = send(make_leader(make_unit()).membership.unit, now=NOW).author
    wishes.remove_old_wishes(now=NOW + 91 * DAY)
    client = signed_in(author)

    page = client.get(reverse("notifications:list"))
    opened = client.post(reverse("notifications:open", args=[Notice.objects.get(kind="wish_removed").pk]))

    assert [line.notice.kind for line in page.context["told"]] == ["wish_removed"]
    assert (opened.url, client.get(opened.url).status_code) == (reverse("stafettlogg:wish"), 200)


def test_the_sweeper_removes_them():
    make_municipality(wish_days=90)
    send(make_leader(make_unit()).membership.unit, now=NOW)

    done = reminders.sweep(now=NOW + 91 * DAY)

    assert (done["remove_old_wishes"], LogWish.objects.count()) == (1, 0)
