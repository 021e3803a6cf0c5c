"""What has happened, as the family reads it: never in levels, and the same thing on one day on one line."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.stafettlogg.enums import EventKind
from apps.stafettlogg.selectors.history import Line, by_day
from apps.stafettlogg.services.events import record_event
from tests.markup import markup
from tests.stafettlogg.factories import make_goal, make_log, make_measure
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

AT = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)


def line(title, text, *, hours=0, private=False):
    return Line(day=AT + timedelta(hours=hours), title=title, text=text, kind="", private=private)


def test_the_same_thing_on_one_day_is_one_line():
    lines = [
        line("Ane startet et tiltak", "Lek"),
        line("Ane startet et tiltak", "Kort", hours=1),
        line("Beskjed", "Hei"),
    ]

    assert [(one.title, one.text) for one in by_day(lines)] == [
        ("Ane startet et tiltak, 2 ganger", "Lek · Kort"),
        ("Beskjed", "Hei"),
    ]


@pytest.mark.parametrize("other", [{"hours": 24}, {"private": True}])
def test_another_day_or_a_private_line_stands_alone(other):
    assert len(by_day([line("Beskjed", "Hei"), line("Beskjed", "Ha det", **other)])) == 2


@pytest.mark.django_db
def test_family_reads_no_levels_where_staff_do():
    log = make_log()
    goal = make_goal(log)
    make_measure(goal, "Lek")
    make_measure(goal, "Kort")
    record_event(log, EventKind.EVALUATED, actor=log.holder.user, now=AT, number=1)

    family = main_of(signed_in(log.guardians[0].user).get(page_of("family_history", log.pk)))
    staff = markup(signed_in(log.holder.user).get(page_of("history", log.pk)))

    assert "Vi så på hva som har virket" in family
    assert "nivå" not in family
    assert "la til et tiltak, 2 ganger" in family
    assert "Evaluering på nivå 1" in staff
