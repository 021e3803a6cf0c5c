"""A unit closes while families are asked about it: the question ends, nothing opens by it, and those asked are told."""

import datetime

import pytest
import time_machine

from apps.core.dates import local_midnight
from apps.core.errors import RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.notifications.selectors import reminders_due
from apps.notifications.services import settle_done
from apps.stafettlogg.enums import CheckedHow, ConsentState, LogStatus, Route
from apps.stafettlogg.models import Consent, ConsentWindow
from apps.stafettlogg.selectors.consents import open_questions
from apps.stafettlogg.selectors.units import closing
from apps.stafettlogg.services import consent_questions, consents, guardians, windows
from apps.stafettlogg.services.units import close_unit, reopen_unit
from tests.factories import make_employee, make_municipality, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.closing_days import DAY, LAST, NOW, TODAY
from tests.stafettlogg.family_pages import main_of, page_of, signed_in, walk_to_summary

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.django_db]


@pytest.fixture
def log(root):
    """Held in the kindergarten; Mari and Ola must both answer."""
    make_municipality()
    child = logs.make_child()
    parents = [
        logs.make_guardian(child, name="Mari Vik"),
        logs.make_guardian(child, name="Ola Berg", relation="father"),
    ]
    holder = make_employee(make_unit("Solbakken", parent=root))
    return logs.make_log(holder=holder, child=child, guardians=parents, now=NOW - 3 * DAY)


def ask(log, unit, **fields):
    return consent_questions.ask_consent(log.pk, unit_ids=[unit.pk], actor=log.holder.user, now=NOW, **fields)


def states(log, unit):
    return sorted(Consent.objects.filter(log=log, unit=unit).values_list("state", flat=True))


def told(user, kind="question_ended"):
    return Notice.objects.filter(recipient=user, kind=kind).count()


def has_window(log, unit, at=NOW):
    return ConsentWindow.objects.filter(log=log, unit=unit, valid_from__lte=at, valid_until__gt=at).exists()


def test_question_ends_and_each_of_those_asked_is_told_once(kari, log, ppt):
    mother, father = log.guardians
    ask(log, ppt)

    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    assert states(log, ppt) == [ConsentState.CANCELLED] * 2
    assert [open_questions(parent.user, NOW) for parent in (mother, father)] == [[], []]
    assert [told(parent.user) for parent in (mother, father)] == [1, 1]
    assert told(log.holder.user, "service_closing") == 1
    assert {due.code for due in reminders_due(NOW + 5 * DAY)} & {"consent_reminder", "consent_unanswered"} == set()


def test_the_question_that_ended_leaves_the_tasks(kari, log, ppt):
    mother = log.guardians[0]
    key = f"request {ask(log, ppt).pk}"
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    settle_done(now=NOW)

    notice = Notice.objects.get(recipient=mother.user, kind="consent_waiting", key=key)
    page = main_of(signed_in(mother.user).get("/varsler/"))
    assert "En tjeneste du er spurt om, legges ned. Du trenger ikke å svare om den" in page
    assert "PP-tjenesten" not in page
    assert (notice.done_at, notice.read_at) == (NOW, None)


def test_s01_half_answered_question_opens_nothing_and_tells_nothing_of_the_other(kari, log, ppt):
    mother, father = log.guardians
    ask(log, ppt)
    logs.give_consents(log, only=[mother], now=NOW)

    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    assert states(log, ppt) == [ConsentState.CANCELLED, ConsentState.GIVEN]
    assert not has_window(log, ppt)
    assert [told(mother.user), told(father.user)] == [0, 1]
    reopen_unit(ppt.pk, actor=kari, now=NOW)
    windows.refresh_windows(log, actor=None, now=NOW)
    assert not has_window(log, ppt)


def test_older_yes_stands_until_the_last_day_when_the_renewal_ends(kari, log, ppt):
    ask(log, ppt)
    logs.give_consents(log, now=NOW)
    ask(log, ppt)

    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    assert has_window(log, ppt)
    assert not has_window(log, ppt, NOW + 11 * DAY)


def test_request_goes_on_about_the_other_services(kari, root, ppt):
    make_municipality()
    holder = make_employee(make_unit("Solbakken", parent=root))
    log = logs.make_log(holder=holder, status=LogStatus.REQUESTED, unit_ids=[ppt.pk], now=NOW)
    mother = log.guardians[0]
    counted = closing(ppt, today=TODAY).shared

    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)
    logs.give_consents(log, now=NOW)

    log.refresh_from_db()
    assert (counted, log.status, has_window(log, ppt)) == (0, LogStatus.ACTIVE, False)
    assert told(mother.user) == 1


def test_answer_sent_from_the_page_before_counts_for_the_services_that_are_left(kari, log, ppt, root):
    library = make_unit("Biblioteket", kind=UnitKind.LIBRARY, parent=root)
    mother = log.guardians[0]
    consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk, library.pk], actor=log.holder.user, now=NOW)
    client = signed_in(mother.user)
    summary = walk_to_summary(client, log, {ppt: True, library: True})

    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)
    page = client.get(summary)
    client.post(summary, {"svar": "ja"})

    assert "PP-tjenesten" not in main_of(page)
    said = Consent.objects.filter(guardian=mother, log=log).exclude(unit=log.unit)
    assert dict(said.values_list("unit__name", "state")) == {"PP-tjenesten": "cancelled", "Biblioteket": "given"}


def test_answer_to_a_question_that_ended_is_refused(kari, log, ppt):
    mother = log.guardians[0]
    asked = ask(log, ppt)
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    with pytest.raises(RuleBroken) as refused:
        consents.answer(
            asked.pk,
            guardian_id=mother.pk,
            choices={ppt.pk: True},
            route=Route.DIGITAL,
            actor=mother.user,
            now=NOW,
        )

    assert refused.value.code == "consent_state"


def test_question_that_had_lapsed_is_ended_without_a_word(kari, log, ppt):
    mother = log.guardians[0]
    asked = ask(log, ppt)
    later = local_midnight(asked.last_day + DAY) + datetime.timedelta(hours=9)
    with time_machine.travel(later, tick=False):
        close_unit(ppt.pk, last_day=later.date(), actor=kari, now=later)

    assert (states(log, ppt), told(mother.user)) == ([ConsentState.CANCELLED] * 2, 0)


def test_guardian_who_comes_in_later_is_not_asked_about_a_unit_that_closes(kari, log, ppt):
    mother, father = log.guardians
    ask(log, ppt)
    logs.give_consents(log, only=[mother], now=NOW)
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)
    guardians.lose_responsibility(log.pk, father.pk, how=CheckedHow.REGISTER, actor=log.holder.user, now=NOW)

    guardians.confirm_responsibility(log.pk, father.pk, how=CheckedHow.REGISTER, actor=log.holder.user, now=NOW)

    assert not Consent.objects.filter(log=log, unit=ppt, state=ConsentState.WAITING).exists()
    assert Consent.objects.filter(log=log, unit=log.unit, guardian=father, state=ConsentState.WAITING).exists()


def test_holder_reads_that_the_service_closes(kari, log, ppt):
    ask(log, ppt)
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    response = signed_in(log.holder.user).get(page_of("consents", log.pk))

    assert [row.sharing for row in response.context["table"].rows if row.unit == "PP-tjenesten"] == [
        "Tjenesten skal legges ned"
    ]
