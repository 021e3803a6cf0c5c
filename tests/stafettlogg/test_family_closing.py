"""A guardian or youth ends the log: sharing stops at once, the closing waits, and only the one who asked undoes it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.core.dates import end_of_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.municipality.models import ConsentAgeRule
from apps.notifications.models import Notice
from apps.notifications.selectors import tasks_for
from apps.stafettlogg import access
from apps.stafettlogg.enums import Audience, CallWish, CloseReason, ConsentState, EndScope, EventKind, LogStatus
from apps.stafettlogg.models import Consent, Log, LogEvent
from apps.stafettlogg.rules import closing as rules
from apps.stafettlogg.services import closing, consent_questions, consents, family_closing
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_goal,
    make_guardian,
    make_log,
    make_measure,
    make_participant,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CLOSES = end_of_day(date(2026, 10, 11))


@pytest.fixture
def unit():
    return make_unit("Solbakken barnehage")


@pytest.fixture
def log(unit):
    child = make_child()
    return make_log(
        holder=make_employee(unit),
        child=child,
        guardians=[make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg")],
        now=NOW,
    )


def people(log):
    return [guardian.user for guardian in log.guardians]


def told(user, kind):
    return Notice.objects.filter(recipient=user, kind=kind, retracted_at=None).count()


def youth_log(kind, birth_date):
    """A log in a unit of this kind about a youth with an account and one guardian."""
    child = make_child("Sander", birth_date=birth_date, user=make_citizen("Sander Vik"))
    guardian = make_guardian(child, name="Marte Vik")
    return make_log(holder=make_employee(make_unit(kind=kind)), child=child, guardians=[guardian], now=NOW)


def test_sharing_stops_in_the_next_request_and_the_log_becomes_a_shell(log):
    mari, _ola = people(log)
    participant = make_participant(log, now=NOW)

    family_closing.ask_to_close(log.pk, actor=mari, now=NOW)

    found = Log.objects.get(pk=log.pk)
    assert (found.status, found.closes_at) == (LogStatus.CLOSING, CLOSES)
    assert not access.visible_logs(participant, NOW).filter(pk=log.pk).exists()
    row = access.row_for(log.holder.user, found, NOW)
    assert not access.sees_content(row)


def test_others_learn_nothing_before_the_day_it_is_closed(log):
    mari, ola = people(log)

    family_closing.ask_to_close(log.pk, actor=mari, now=NOW)

    assert Notice.objects.filter(recipient=ola, created_at__gte=NOW, kind__startswith="clos").count() == 0
    assert told(ola, "log_closed_family") == 0
    lines = LogEvent.objects.filter(log=log, kind=EventKind.CLOSING_ASKED)
    assert [(line.audience, line.guardian.user) for line in lines] == [(Audience.HOLDER, mari)]
    assert told(log.holder.user, "closing_asked") == 1


def test_what_the_other_has_to_do_and_may_not_write_is_as_after_a_withdrawal(log):
    mari, ola = people(log)
    make_measure(make_goal(log, now=NOW), responsible_id=ola.pk, due_day=date(2026, 10, 9), now=NOW)
    consents.withdraw(log.pk, guardian_id=log.guardians[0].pk, unit_ids=None, actor=mari, now=NOW)

    def meets():
        with pytest.raises(RuleBroken) as broken:
            write_message(log.pk, text="Hei", audience=Audience.HOLDER, actor=ola, now=LATER)
        return [task.code for task in tasks_for(ola, LATER)], broken.value.code

    withdrawn = meets()
    family_closing.ask_to_close(log.pk, actor=mari, now=NOW)

    assert withdrawn[1] == "nobody_reads"
    assert meets() == withdrawn


def test_sweeper_closes_it_after_the_last_day_and_may_run_again(log):
    mari, ola = people(log)
    family_closing.ask_to_close(log.pk, actor=mari, now=NOW)

    counts = [family_closing.close_due_logs(now=at) for at in (CLOSES - timedelta(seconds=1), CLOSES, CLOSES)]

    found = Log.objects.get(pk=log.pk)
    assert counts == [0, 1, 0]
    assert (found.status, found.close_reason, found.closes_at) == (LogStatus.CLOSED, CloseReason.FAMILY_WISH, None)
    assert [told(user, "log_closed_family") for user in (mari, ola)] == [1, 1]
    lines = LogEvent.objects.filter(log=log, kind=EventKind.CLOSED)
    assert [(line.actor, line.audience, line.guardian) for line in lines] == [(None, Audience.ALL, None)]


def test_number_of_days_is_the_municipalitys(log):
    make_municipality(closing_days=7)

    family_closing.ask_to_close(log.pk, actor=people(log)[0], now=NOW)

    assert Log.objects.get(pk=log.pk).closes_at == end_of_day(date(2026, 10, 15))


def test_only_the_one_who_asked_undoes_it(log):
    mari, ola = people(log)
    family_closing.ask_to_close(log.pk, actor=mari, now=NOW)

    with pytest.raises(RuleBroken) as broken:
        family_closing.undo_closing(log.pk, actor=ola, now=LATER)

    assert broken.value.code == "nothing_to_undo"
    assert Log.objects.get(pk=log.pk).is_closing


def test_undoing_restores_the_log_never_a_consent_and_asks_only_who_withdrew(log):
    mari, ola = people(log)
    before = list(Consent.objects.filter(guardian__user=ola).values())
    family_closing.ask_to_close(log.pk, actor=mari, now=NOW)
    questions_to_ola = told(ola, "consent_waiting")

    family_closing.undo_closing(log.pk, actor=mari, now=LATER)

    found = Log.objects.get(pk=log.pk)
    assert (found.status, found.closes_at) == (LogStatus.ACTIVE, None)
    assert list(Consent.objects.filter(guardian__user=ola).values()) == before
    states = Consent.objects.filter(guardian__user=mari).order_by("state").values_list("state", flat=True)
    assert list(states) == [ConsentState.REPLACED, ConsentState.WAITING]
    assert (told(ola, "consent_waiting"), told(mari, "consent_waiting")) == (questions_to_ola, 2)
    assert not access.sees_content(access.row_for(log.holder.user, found, LATER))
    give_consents(log, now=LATER)
    assert access.sees_content(access.row_for(log.holder.user, Log.objects.get(pk=log.pk), LATER))


def test_undone_by_one_it_stands_for_another_who_has_asked_too(log):
    mari, ola = people(log)
    family_closing.ask_to_close(log.pk, actor=mari, now=NOW)
    family_closing.ask_to_close(log.pk, actor=ola, now=NOW + timedelta(days=1))

    family_closing.undo_closing(log.pk, actor=mari, now=NOW + timedelta(days=2))

    found = Log.objects.get(pk=log.pk)
    assert (found.status, found.closes_at) == (LogStatus.CLOSING, CLOSES + timedelta(days=1))


def test_nobody_is_asked_and_the_holder_does_not_close_alone_while_it_waits(log):
    family_closing.ask_to_close(log.pk, actor=people(log)[0], now=NOW)
    holder = log.holder.user

    for attempt in (
        lambda: consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=holder, now=LATER),
        lambda: closing.close_log(log.pk, reason=CloseReason.FAMILY_WISH, actor=holder, now=LATER),
    ):
        with pytest.raises(RuleBroken) as broken:
            attempt()
        assert broken.value.code == "log_closing"


def test_she_is_rung_another_day_and_only_when_she_wants_it(log):
    mari, ola = people(log)
    make_participant(log, now=NOW)
    family_closing.ask_to_close(log.pk, actor=ola, call=CallWish.NO, call_how="nei", now=NOW)
    wish = family_closing.ask_to_close(
        log.pk, actor=mari, call=CallWish.YES, call_how="Jobben, 00 00 00 04, etter klokka 12", now=NOW
    )
    holder = log.holder.user

    def calls(at):
        return [task.title for task in tasks_for(holder, at) if task.code == "closing_call"]

    assert (calls(LATER), calls(NOW + timedelta(days=1))) == ([], ["Ring Mari Vik"])
    family_closing.note_called(wish.pk, actor=holder, now=NOW + timedelta(days=1))
    assert calls(NOW + timedelta(days=1)) == []
    assert [w.call_how for w in log.closing_wishes.order_by("call")] == ["", "Jobben, 00 00 00 04, etter klokka 12"]


def test_holder_and_leader_close_at_once_on_her_word(log, unit):
    mari, ola = people(log)
    leader, stranger = make_leader(unit), make_leader()
    family_closing.ask_to_close(log.pk, actor=mari, now=NOW)
    with pytest.raises(RuleBroken) as broken:
        family_closing.close_now(log.pk, actor=leader, now=LATER)
    assert broken.value.code == "holder_has_not_asked"

    family_closing.ask_leader_to_close(log.pk, actor=log.holder.user, now=LATER)
    with pytest.raises(AccessDenied):
        family_closing.close_now(log.pk, actor=stranger, now=LATER)
    assert [task.code for task in tasks_for(leader, LATER, concerns="leader")] == ["closing_sign"]
    family_closing.close_now(log.pk, actor=leader, now=LATER)

    assert Log.objects.get(pk=log.pk).is_closed
    assert told(ola, "log_closed_family") == 1


def test_where_both_answer_closing_for_all_needs_both():
    log = youth_log(UnitKind.SCHOOL, date(2011, 3, 2))
    marte, sander = log.guardians[0].user, log.child.user

    family_closing.ask_to_close(log.pk, actor=marte, now=NOW)
    first = Log.objects.get(pk=log.pk)
    seen = access.row_for(log.holder.user, first, NOW)
    family_closing.ask_to_close(log.pk, actor=sander, now=LATER)

    assert (first.status, access.sees_content(seen)) == (LogStatus.ACTIVE, False)
    assert Log.objects.get(pk=log.pk).status == LogStatus.CLOSING


def test_where_the_youth_answers_alone_a_guardian_ends_only_his_own_part():
    ConsentAgeRule.objects.create(kind=UnitKind.SCHOOL, age=16, guardians_needed=False)
    log = youth_log(UnitKind.SCHOOL, date(2010, 3, 2))
    marte, sander = log.guardians[0].user, log.child.user

    wish = family_closing.ask_to_close(log.pk, actor=marte, now=NOW)

    found = Log.objects.get(pk=log.pk)
    assert (wish.scope, found.status) == (EndScope.OWN, LogStatus.ACTIVE)
    assert access.sees_content(access.row_for(log.holder.user, found, NOW))
    assert [access.visible_logs(user, NOW).filter(pk=log.pk).exists() for user in (marte, sander)] == [False, True]
    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=LATER)
    assert not access.visible_logs(marte, LATER).filter(pk=log.pk).exists()


def test_youth_who_answers_alone_closes_for_all():
    ConsentAgeRule.objects.create(kind=UnitKind.SCHOOL, age=16, guardians_needed=False)
    log = youth_log(UnitKind.SCHOOL, date(2010, 3, 2))

    family_closing.ask_to_close(log.pk, actor=log.child.user, now=NOW)

    assert Log.objects.get(pk=log.pk).is_closing


def test_staff_and_strangers_cannot_end_it_as_family(log):
    for user in (log.holder.user, make_citizen()):
        with pytest.raises(AccessDenied):
            family_closing.ask_to_close(log.pk, actor=user, now=NOW)


@pytest.mark.parametrize(
    ("guardians", "youth", "asked", "all_asked"),
    [
        (True, False, {False}, True),
        (True, True, {False}, False),
        (True, True, {True}, False),
        (True, True, {True, False}, True),
        (False, True, {True}, True),
        (False, True, set(), False),
    ],
)
def test_sides_that_must_ask(guardians, youth, asked, all_asked):
    class Wish:
        def __init__(self, is_youth):
            self.is_youth = is_youth

    sides = rules.Sides(guardians=guardians, youth=youth)

    assert rules.all_sides_asked([Wish(is_youth) for is_youth in asked], sides=sides) == all_asked
