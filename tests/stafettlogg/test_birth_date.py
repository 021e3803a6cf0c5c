"""S8: until the guardian has given the child's birth date nothing is done in her name, whichever way it is asked."""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from apps.core.dates import OSLO
from apps.core.errors import AccessDenied
from apps.stafettlogg.enums import Audience, Route
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentRequest, Guardian, Message
from apps.stafettlogg.services import consent_questions, consents, family_closing, interpreters
from apps.stafettlogg.services.birth_date import confirm_birth_date
from apps.stafettlogg.services.messages import write_message
from tests.stafettlogg.factories import BORN, make_child, make_guardian, make_log, make_unit

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=OSLO)


def answer(log, guardian, *, route=Route.DIGITAL, actor=None):
    request = ConsentRequest.objects.filter(log=log).latest("number")
    asked = Consent.objects.filter(request=request, guardian=guardian, state="waiting")
    choices = dict.fromkeys(asked.values_list("unit_id", flat=True), True)
    actor = actor or guardian.user
    return consents.answer(request.pk, guardian_id=guardian.pk, choices=choices, route=route, actor=actor, now=NOW)


def message(log, guardian):
    write_message(log.pk, text="Hei", audience=Audience.HOLDER, actor=guardian.user, now=NOW)


def withdraw(log, guardian):
    consents.withdraw(log.pk, guardian_id=guardian.pk, unit_ids=None, actor=guardian.user, now=NOW)


def interpreter(log, guardian):
    interpreters.ask_for_interpreter(log.pk, actor=guardian.user, now=NOW)


def close(log, guardian):
    family_closing.ask_to_close(log.pk, actor=guardian.user, now=NOW)


def dispute(log, guardian):
    consents.dispute(ConsentAnswer.objects.get(guardian=guardian).pk, actor=guardian.user, now=NOW)


@pytest.mark.parametrize("act", [answer, message, withdraw, interpreter, close, dispute], ids=lambda act: act.__name__)
def test_nothing_is_done_before_the_birth_date_is_given(act):
    child = make_child()
    mother = make_guardian(child)
    log = make_log(child=child, now=NOW)
    consent_questions.ask_consent(log.pk, unit_ids=[make_unit().pk], actor=log.holder.user, now=NOW)
    mother.birth_date_confirmed_at = None
    mother.save()

    with pytest.raises(AccessDenied):
        act(log, mother)

    log.refresh_from_db()
    assert (log.status, Message.objects.count()) == ("active", 0)
    assert set(Consent.objects.filter(guardian=mother).values_list("state", flat=True)) == {"given", "waiting"}
    mother.birth_date_confirmed_at = NOW
    mother.save()
    act(log, mother)


def test_birth_date_is_not_asked_for_an_expected_child_or_on_paper():
    expected = make_child("", "", birth_date=None, expected_day=datetime.date(2026, 9, 1))
    pregnant = make_guardian(expected, relation="pregnant", birth_date_confirmed_at=None)
    logs = [make_log(child=expected, now=NOW, status="requested")]
    answer(logs[0], pregnant)
    other = make_child()
    mother = make_guardian(other, birth_date_confirmed_at=None)
    logs.append(make_log(child=other, now=NOW, status="requested"))
    answer(logs[1], mother, route=Route.PAPER, actor=logs[1].holder.user)

    for log in logs:
        log.refresh_from_db()
    assert [log.status for log in logs] == ["active", "active"]


def wait_until_someone_waits():
    """Until another connection waits for a row this one holds; SQLite lets nobody in to begin with."""
    if connection.vendor != "postgresql":
        time.sleep(0.3)
        return
    with connection.cursor() as cursor:
        for _try in range(200):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("Nobody waits.")


@pytest.mark.django_db(transaction=True)
def test_right_date_that_waited_for_the_fifth_wrong_try_opens_nothing():
    mother = make_guardian(make_child(), birth_date_confirmed_at=None, birth_date_attempts=4)
    make_log(child=mother.child, guardians=[mother], status="requested", now=NOW)

    def give_the_right_date():
        try:
            return confirm_birth_date(actor=mother.user, birth_date=BORN, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Guardian.objects.select_for_update().get(pk=mother.pk)
        right = pool.submit(give_the_right_date)
        wait_until_someone_waits()
        row = Guardian.objects.get(pk=mother.pk)
        row.birth_date_attempts = 5
        row.save()

    assert right.result() is False
    mother.refresh_from_db()
    assert (mother.birth_date_attempts, mother.birth_date_confirmed_at) == (5, None)


@pytest.mark.django_db(transaction=True)
def test_right_date_among_many_wrong_ones_at_once_never_opens_a_locked_door():
    mother = make_guardian(make_child(), birth_date_confirmed_at=None)
    make_log(child=mother.child, guardians=[mother], status="requested", now=NOW)
    barrier = Barrier(12)

    def give(day):
        barrier.wait()
        try:
            return confirm_birth_date(actor=mother.user, birth_date=day, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        days = [BORN + datetime.timedelta(days=number) for number in range(12)]
        opened = list(pool.map(give, days))

    history = list(Guardian.history.filter(id=mother.pk).order_by("history_id"))
    opens_at = next((row for row in history if row.birth_date_confirmed_at), None)
    assert opened.count(True) == (opens_at is not None)
    assert opens_at is None or opens_at.birth_date_attempts < 5
