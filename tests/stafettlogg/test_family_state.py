"""One true sentence per log and person, the same on every page, from the rows that let people in (safety.md S28)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.dates import end_of_day
from apps.municipality.enums import UnitKind
from apps.stafettlogg import access
from apps.stafettlogg.enums import CloseReason, LogStatus
from apps.stafettlogg.models import Consent, Log
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors.family_state import state_of, states_of
from apps.stafettlogg.services import consent_questions, consents, family_closing, windows
from tests.factories import make_employee, make_unit
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_guardian,
    make_log,
    make_participant,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
FAMILY = Reading(family=True)
DAY = timedelta(days=1)


def new_log(**fields):
    child = make_child()
    guardians = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg")]
    holder = make_employee(make_unit("Solbakken barnehage"))
    return make_log(holder=holder, child=child, guardians=guardians, now=NOW, **fields)


def state(log, guardian=0, at=NOW):
    row = access.row_for(log.guardians[guardian].user, log, at)
    fresh = type(log).objects.select_related("holder__window").get(pk=log.pk)
    return state_of(fresh, row, FAMILY, at)


def say(log, guardian=0, at=NOW):
    found = state(log, guardian, at)
    return found.code, found.say.replace("\xa0", " "), found.chip


def withdraw(log, guardian=0, units=None, at=NOW):
    who = log.guardians[guardian]
    consents.withdraw(log.pk, guardian_id=who.pk, unit_ids=units, actor=who.user, now=at)


def answer(log, guardian, yes):
    give_consents(log, yes=yes, now=NOW, only=[log.guardians[guardian]])


def test_open_names_who_can_read():
    assert say(new_log()) == ("open", "Solbakken barnehage kan lese stafettloggen.", "pagar")


def test_own_no_is_said_without_waiting():
    log = new_log(status=LogStatus.REQUESTED)
    answer(log, 0, yes=False)

    assert say(log) == ("no", "Du sa nei 8. oktober 2026. Vi deler ingenting.", "")


def test_one_who_said_yes_and_waits_hears_the_same_whatever_the_other_said():
    unanswered, refused = new_log(status=LogStatus.REQUESTED), new_log(status=LogStatus.REQUESTED)
    for log in (unanswered, refused):
        answer(log, 0, yes=True)
    answer(refused, 1, yes=False)

    said = "Du har sagt ja. Vi har ikke fått alle svarene vi trenger. Vi deler ingenting ennå."
    assert say(unanswered) == say(refused) == ("waiting", said, "venter")


def test_not_yet_is_said_to_nobody_else():
    log = new_log(status=LogStatus.REQUESTED)
    assert say(log) == ("asked", "Vi har spurt deg om samtykke, og du har ikke svart. Vi deler ingenting.", "")

    lapsed = log.consents.first().request.last_day
    at = end_of_day(lapsed) + timedelta(hours=1)
    assert state(log, at=at).code == "lapsed"
    assert "ennå" not in state(log, at=at).say


def test_own_withdrawal_is_said_and_the_other_learns_only_that_nothing_is_shared():
    log = new_log()
    withdraw(log)

    said = "Du trakk samtykket for Solbakken barnehage 8. oktober 2026. Ingen tjeneste leser stafettloggen."
    assert say(log) == ("withdrawn", said, "")
    assert say(log, 1) == ("waiting", "Vi har ikke lenger alle svarene vi trenger. Vi deler ingenting nå.", "")


def test_other_hears_the_same_whether_it_is_withdrawn_closing_or_run_out():
    withdrawn, closing, expired = new_log(), new_log(), new_log()
    withdraw(withdrawn)
    family_closing.ask_to_close(closing.pk, actor=closing.guardians[0].user, now=NOW)
    given = Consent.objects.get(log=expired, guardian=expired.guardians[0])
    given.expires_at = NOW
    given.save()
    windows.refresh_windows(expired, actor=None, now=NOW)

    assert state(withdrawn, 1) == state(closing, 1) == state(expired, 1)


def test_service_of_several_is_named_with_who_still_reads_while_it_is_new():
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    log = new_log(unit_ids=[ppt.pk])
    withdraw(log, units=[ppt.pk])

    said = "Du trakk samtykket for PP-tjenesten 8. oktober 2026. Solbakken barnehage kan fortsatt lese stafettloggen."
    assert say(log) == ("withdrawn", said, "pagar")
    assert say(log, at=NOW + 31 * DAY)[0] == "open"


def test_run_out_and_runs_out_soon():
    log = new_log()
    last = date(2027, 10, 8)

    assert say(log, at=end_of_day(last) - 31 * DAY - timedelta(hours=1))[0] == "open"
    code, said, _chip = say(log, at=end_of_day(last) - 20 * DAY)
    assert (code, said) == (
        "runs_out",
        "Samtykket ditt gjelder til 8. oktober 2027. Du trenger ikke gjøre noe. Stafettholderen spør deg igjen. "
        "Gjør ikke stafettholderen det, slutter vi å dele.",
    )
    code, said, chip = say(log, at=end_of_day(last))
    assert (code, said, chip) == (
        "run_out",
        "Samtykket ditt gikk ut 9. oktober 2027. Ingen tjeneste leser stafettloggen.",
        "",
    )


def test_asked_again_before_it_runs_out_is_not_told_that_there_is_nothing_to_do():
    log = new_log()
    at = end_of_day(date(2027, 10, 8)) - 20 * DAY
    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=at)

    assert "Vi har spurt deg på nytt." in state(log, at=at).say


def test_one_who_asked_to_close_may_undo_and_closed_names_nobody():
    log = new_log()
    make_participant(log, now=NOW)
    family_closing.ask_to_close(log.pk, actor=log.guardians[0].user, now=NOW)

    assert say(log) == (
        "closing",
        "Du har bedt om å avslutte stafettloggen. Den lukkes for alle etter 11. oktober 2026. "
        "Ingen tjeneste leser den nå.",
        "",
    )
    family_closing.close_due_logs(now=end_of_day(date(2026, 10, 11)))
    at = end_of_day(date(2026, 10, 11))
    closed = "Stafettloggen ble avsluttet 12. oktober 2026. Ingen tjeneste leser den."
    assert say(log, 0, at) == say(log, 1, at) == ("closed", closed, "avsluttet")


def test_closed_by_the_holder_names_who_still_reads():
    log = new_log()
    log.status, log.closed_at, log.close_reason = LogStatus.CLOSED, NOW, CloseReason.GOAL_REACHED
    log.save()

    said = "Stafettloggen ble avsluttet 8. oktober 2026. Solbakken barnehage kan fortsatt lese den."
    assert say(log) == ("closed", said, "avsluttet")


def test_question_nobody_answered_in_time_changes_nothing_that_was_said():
    log = new_log(status=LogStatus.REQUESTED)
    answer(log, 0, yes=False)
    consent_questions.ask_consent(
        log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=NOW + DAY, family_asked=True
    )
    asked_again = state(log, at=NOW + DAY).code
    last = max(row.request.last_day for row in Consent.objects.filter(log=log))

    assert (asked_again, state(log, at=end_of_day(last)).code) == ("asked", "no")


@pytest.mark.parametrize("number", [1, 8])
def test_many_logs_cost_three_queries(number):
    mother = make_guardian(make_child()).user
    for _ in range(number):
        child = make_child()
        make_log(child=child, guardians=[make_guardian(child, user=mother)], now=NOW)
    logs = list(Log.objects.select_related("child", "holder__window"))
    readings = {log.pk: FAMILY for log in logs}

    with CaptureQueriesContext(connection) as asked:
        found = states_of(mother.pk, logs, readings, NOW)

    assert (len(asked), {one.code for one in found.values()}) == (3, {"open"})
