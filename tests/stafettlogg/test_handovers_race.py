"""Two people at once: one wins, the other is told, and there is exactly one holder (docs/test-catalogue.md, E2)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection, connections

from apps.core.errors import AccessDenied, RuleBroken
from apps.stafettlogg.enums import AccessKind, HandoverState
from apps.stafettlogg.models import Deputy, Handover, Log, LogAccess
from apps.stafettlogg.services import deputies, family_closing, handovers
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg.factories import make_log

ROUNDS = 20
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)


def at_once(*calls):
    """Run the calls in threads that start together; gives "done" or the code of what stopped each."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait()
            call()
        except RuleBroken as broken:
            return broken.code
        except AccessDenied:
            return "access"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def assert_one_holder(log):
    log = Log.objects.get(pk=log.pk)
    rows = LogAccess.objects.filter(content_object=log, kind=AccessKind.HOLDER, ends_at__gt=NOW)
    assert [row.pk for row in rows] == [log.holder_id]


@pytest.mark.django_db(transaction=True)
def test_accept_and_withdraw_at_once_one_wins():
    accept_and_withdraw_at_once(ROUNDS)


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_accept_and_withdraw_at_once_one_wins_in_50_rounds():
    accept_and_withdraw_at_once(50)


def accept_and_withdraw_at_once(rounds):
    unit = make_unit()
    log = make_log(holder=make_employee(unit), now=NOW)
    places = [log.holder.membership, make_employee(unit).membership]
    outcomes = set()
    for _round in range(rounds):
        holder = Log.objects.select_related("holder__user").get(pk=log.pk).holder
        taker = next(place for place in places if place.user_id != holder.user_id)
        handover = handovers.offer_handover(log.pk, to_membership=taker, actor=holder.user, now=NOW)

        result = at_once(
            lambda h=handover, t=taker: handovers.accept_handover(h.pk, actor=t.user, now=NOW),
            lambda h=handover, o=holder: handovers.withdraw_handover(h.pk, actor=o.user, now=NOW),
        )

        assert sorted(result) in (["access", "done"], ["done", "handover_state"])
        state = Handover.objects.get(pk=handover.pk).state
        assert state == (HandoverState.ACCEPTED if result[0] == "done" else HandoverState.WITHDRAWN)
        assert_one_holder(log)
        outcomes.add(state)
    print(f"{rounds} rounds of accept and withdraw at once: {sorted(outcomes)}")


@pytest.mark.django_db(transaction=True)
def test_two_offers_at_once_leave_one_waiting():
    unit = make_unit()
    log = make_log(holder=make_employee(unit), now=NOW)
    takers = [make_employee(unit).membership for _number in range(4)]

    result = at_once(
        *[
            lambda t=taker: handovers.offer_handover(log.pk, to_membership=t, actor=log.holder.user, now=NOW)
            for taker in takers
        ]
    )

    assert sorted(result) == ["done", "handover_waiting", "handover_waiting", "handover_waiting"]
    assert Handover.objects.filter(log=log).count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_twice_at_once_makes_one_holder():
    unit = make_unit()
    log = make_log(holder=make_employee(unit), now=NOW)
    taker = make_employee(unit)
    handover = handovers.offer_handover(log.pk, to_membership=taker.membership, actor=log.holder.user, now=NOW)

    result = at_once(*[lambda: handovers.accept_handover(handover.pk, actor=taker, now=NOW)] * 4)

    assert sorted(result) == ["done", "handover_state", "handover_state", "handover_state"]
    assert_one_holder(log)


@pytest.mark.django_db(transaction=True)
def test_accepting_while_the_family_closes_leaves_one_holder():
    unit = make_unit()
    log = make_log(holder=make_employee(unit), now=NOW)
    taker, guardian = make_employee(unit), log.guardians[0].user
    handover = handovers.offer_handover(log.pk, to_membership=taker.membership, actor=log.holder.user, now=NOW)

    result = at_once(
        lambda: handovers.accept_handover(handover.pk, actor=taker, now=NOW),
        lambda: family_closing.ask_to_close(log.pk, actor=guardian, now=NOW),
    )

    assert result in (["done", "done"], ["log_not_active", "done"])
    assert Log.objects.get(pk=log.pk).is_closing
    assert_one_holder(log)


@pytest.mark.django_db(transaction=True)
def test_two_deputies_for_the_same_days_at_once():
    unit = make_unit()
    log = make_log(holder=make_employee(unit), now=NOW)
    leader = make_leader(unit)
    places = [make_employee(unit).membership for _number in range(3)]
    day = NOW.date()

    result = at_once(
        *[
            lambda p=place: deputies.appoint_deputy(
                log.pk, membership=p, first_day=day, last_day=day, actor=leader, now=NOW
            )
            for place in places
        ]
    )

    assert sorted(result) == ["deputy_overlap", "deputy_overlap", "done"]
    assert Deputy.objects.filter(log=log).count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_log_can_have_two_holders_or_none_in_the_database():
    from django.db import IntegrityError, transaction

    log = make_log(now=NOW)
    row = log.holder

    with pytest.raises(IntegrityError), transaction.atomic():
        LogAccess.objects.create(
            content_object=log,
            user=make_employee().membership.user,
            permission_id=row.permission_id,
            kind=AccessKind.HOLDER,
            membership=row.membership,
            window=row.window,
            starts_at=NOW,
        )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE stafettlogg_log SET holder_id = NULL")
