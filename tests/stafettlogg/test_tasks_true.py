"""«Dette må du gjøre nå» never says that there is nothing while something waits on this person."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.dates import local_day
from apps.core.models import Draft
from apps.municipality.enums import UnitKind
from apps.notifications.scope import Scope
from apps.notifications.selectors import tasks_in
from apps.stafettlogg.services import consent_questions, consents, handovers, participants
from apps.stafettlogg.services.logs import fill_in_reason
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_goal,
    make_guardian,
    make_log,
    make_measure,
    make_participant,
    open_window,
)
from tests.stafettlogg.family_pages import signed_in
from tests.stafettlogg.log_sections import tasks_in_log

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
TODAY = local_day(NOW)
NOTHING = "Du har ingenting du må gjøre nå. Vi sier fra når noe skjer."


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ppt():
    return make_unit("PP-tjenesten", kind=UnitKind.PPT)


def day(number):
    return TODAY + timedelta(days=number)


def settled(**fields):
    """A log with a reason and a plan, where nothing is due and the next evaluation has no day."""
    log = make_log(now=NOW, **fields)
    fill_in_reason(log.pk, reason="Emma er mye alene", version=log.version, actor=log.holder.user, now=NOW)
    make_measure(make_goal(log, now=NOW), due_day=day(60), now=NOW)
    log.refresh_from_db()
    log.evaluation_due_day = None
    log.save()
    return log


def now_and_later(user, at=NOW):
    found = tasks_in(Scope(at, user))
    return [task.code for task in found.now], [task.code for task in found.later]


def in_log(log):
    return sorted(task.code for task in tasks_in_log(log.holder.user, log, NOW))


def start_page(user):
    return signed_in(user).get(reverse("portal:start")).content.decode()


def test_holder_with_nothing_to_do_is_told_so():
    log = settled()

    assert now_and_later(log.holder.user) == ([], [])
    assert in_log(log) == []
    assert NOTHING in start_page(log.holder.user)


def test_answer_to_fetch_on_paper_waits_on_the_holder(ppt):
    log = settled(guardians=[make_guardian(child := make_child(), user=None, email="")], child=child)
    guardian = log.guardians[0]
    guardian.user, guardian.email, guardian.name = None, "", "Mari Vik"
    guardian.save()
    consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW)

    found = tasks_in(Scope(NOW, log.holder.user))

    assert [(task.code, task.title) for task in found.now] == [("answer_on_paper", "Hent svaret om Emma på papir")]
    assert found.now[0].text == "Mari Vik svarer på papir eller i et møte. Skriv svaret inn når du har fått det."
    assert in_log(log) == ["answer_on_paper", "consent_out"]


def test_guardian_who_can_answer_in_the_portal_is_no_paper_to_fetch_whether_there_is_an_account_or_not(ppt):
    child = make_child()
    log = settled(child=child, guardians=[make_guardian(child), make_guardian(child, name="Per Vik")])
    with_account, without = log.guardians
    without.user, without.email = None, "per@example.org"
    without.save()
    consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW)

    assert now_and_later(log.holder.user) == ([], ["consent_out"])


def test_question_that_is_out_waits_for_the_family_until_the_holder_should_ring(ppt):
    make_municipality(consent_reminder_days=7)
    log = settled()
    consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW)

    assert now_and_later(log.holder.user) == ([], ["consent_out"])
    assert now_and_later(log.holder.user, NOW + timedelta(days=7)) == (["consent_unanswered"], [])
    assert in_log(log) == ["consent_out"]


def test_refused_service_waits_for_nobody(ppt):
    child = make_child()
    log = settled(child=child, guardians=[make_guardian(child), make_guardian(child, name="Per Vik")])
    asked = consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW)
    first = log.guardians[0]
    consents.answer(asked.pk, guardian_id=first.pk, choices={ppt.pk: False}, route="digital", actor=first.user, now=NOW)

    assert now_and_later(log.holder.user) == ([], [])
    assert in_log(log) == []


def test_service_that_may_be_invited_after_a_yes_waits_on_the_holder(ppt):
    log = settled()
    asked = consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW)
    guardian = log.guardians[0]
    consents.answer(
        asked.pk, guardian_id=guardian.pk, choices={ppt.pk: True}, route="digital", actor=guardian.user, now=NOW
    )
    assert [task.title for task in tasks_in(Scope(NOW, log.holder.user)).now] == ["Inviter PP-tjenesten rundt Emma"]
    assert in_log(log) == ["service_to_invite"]

    participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=NOW)

    assert now_and_later(log.holder.user) == ([], ["invitation_out"])
    assert in_log(log) == ["invitation_out"]


def test_service_that_left_is_not_to_be_invited_again_by_itself(ppt):
    log = settled()
    person = make_participant(log, ppt, now=NOW)
    assert now_and_later(log.holder.user) == ([], [])

    participants.leave(log.pk, actor=person, now=NOW)

    assert now_and_later(log.holder.user) == ([], [])


def test_stafettpinne_that_is_offered_waits_for_the_one_who_is_asked(ppt):
    log = settled()
    open_window(log, ppt, now=NOW)
    asked = make_employee(ppt)
    handovers.offer_handover(log.pk, to_membership=asked.membership, actor=log.holder.user, now=NOW)

    assert now_and_later(log.holder.user) == ([], ["handover_out"])
    assert now_and_later(asked) == (["handover_waiting"], [])
    assert now_and_later(log.holder.user, NOW + timedelta(days=7)) == (["handover_unanswered"], [])
    assert in_log(log) == ["handover_out"]


def test_interpreter_that_is_promised_waits_on_the_holder_until_the_answer(ppt):
    log = settled()
    guardian = log.guardians[0]
    guardian.needs_interpreter, guardian.name = True, "Amina Warsame"
    guardian.save()
    consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW)

    found = tasks_in(Scope(NOW, log.holder.user)).now

    assert [(task.code, task.text) for task in found] == [
        ("interpreter", "Amina Warsame trenger tolk før det er mulig å svare.")
    ]
    assert in_log(log) == ["consent_out", "interpreter"]
    give_consents(log, now=NOW)
    assert "interpreter" not in in_log(log)


@pytest.mark.parametrize(("number", "expected"), [(40, "measure_ahead"), (None, "measure_ahead"), (2, "measure_due")])
def test_measure_a_participant_is_responsible_for_stands_on_the_start_page(number, expected, ppt):
    log = settled()
    person = make_participant(log, ppt, now=NOW)
    make_measure(
        make_goal(log, now=NOW), responsible_id=person.pk, due_day=None if number is None else day(number), now=NOW
    )

    calls, later = now_and_later(person)

    assert calls + later == [expected]
    assert (calls == []) is (expected == "measure_ahead")


def test_measure_a_parent_is_responsible_for_stands_on_the_childrens_page():
    log = settled()
    parent = log.guardians[0].user
    page = signed_in(parent).get(reverse("stafettlogg:children")).content.decode()
    assert NOTHING in page

    measure = make_measure(
        make_goal(log, now=NOW), title="Lese høyt hver kveld", responsible_id=parent.pk, due_day=day(2), now=NOW
    )

    page = signed_in(parent).get(reverse("stafettlogg:children")).content.decode()
    assert "Lese høyt hver kveld" in page
    assert "Du har ingenting" not in page
    measure.due_day = day(30)
    measure.save()
    page = signed_in(parent).get(reverse("stafettlogg:children")).content.decode()
    assert "Lese høyt hver kveld" in page
    assert "Du har ingenting du må gjøre akkurat nå." in page


def test_draft_waits_on_the_one_who_wrote_it():
    log = settled()
    page = reverse("stafettlogg:messages", args=[log.pk])
    fields = {"form_name": "note", "payload": "{}", "updated_at": NOW}
    Draft.objects.create(user_id=log.holder.user_id, object_key=page, **fields)
    Draft.objects.create(user_id=log.holder.user_id, object_key="/logger/ny/", **fields)
    gone = make_log(child=make_child("Noah"), now=NOW)
    Draft.objects.create(
        user_id=log.holder.user_id, object_key=reverse("stafettlogg:messages", args=[gone.pk]), **fields
    )

    found = tasks_in(Scope(NOW, log.holder.user)).now

    assert {(task.url, task.draft, task.title) for task in found} == {
        ("/logger/ny/", "/logger/ny/", "Du har et utkast: en forespørsel som ikke er sendt"),
        (page, page, "Du har et utkast: en beskjed i stafettloggen til Emma"),
    }


def test_draft_stands_in_its_log_for_its_writer_alone():
    log = settled()
    page = reverse("stafettlogg:evaluate", args=[log.pk])
    Draft.objects.create(user_id=log.holder.user_id, object_key=page, form_name="note", payload="{}", updated_at=NOW)
    other = make_participant(log, now=NOW)
    detail = reverse("stafettlogg:detail", args=[log.pk])

    own = signed_in(log.holder.user).get(detail).text
    deleted = signed_in(log.holder.user).post(reverse("core:delete_draft"), {"page": page, "back": detail})

    assert "Du har et utkast: en evaluering for Emma." in " ".join(own.split())
    assert "Du har et utkast" not in signed_in(other).get(detail).text
    assert deleted.url == detail
    assert "Du har et utkast" not in signed_in(log.holder.user).get(detail).text


def test_draft_about_a_measure_belongs_to_its_log():
    log = settled()
    measure = log.measures.first()
    page = f"/tiltak/{measure.pk}/"
    Draft.objects.create(user_id=log.holder.user_id, object_key=page, form_name="measure", payload="{}", updated_at=NOW)

    assert [(task.url, task.title) for task in tasks_in(Scope(NOW, log.holder.user)).now] == [
        (page, "Du har et utkast: noe du har begynt å skrive")
    ]


def test_next_date_is_told_when_there_is_nothing_else():
    holder = make_employee(make_unit("Solbakken"))
    near, far = settled(holder=holder), settled(holder=holder, child=make_child("Noah"))
    for log, number in ((near, 20), (far, 40)):
        log.evaluation_due_day = day(number)
        log.save()

    found = tasks_in(Scope(NOW, holder))

    assert ([], [("Neste dato: evaluer tiltakene for Emma", day(20))]) == (
        found.now,
        [(task.title, task.due_day) for task in found.later],
    )
    page = start_page(holder)
    assert "Du har ingenting du må gjøre akkurat nå." in page
    assert NOTHING not in page


def test_what_waits_in_another_place_is_counted_there(ppt):
    log = settled()
    leader = make_leader(ppt)
    open_window(log, ppt, now=NOW)
    participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=NOW)
    elsewhere = make_employee(make_unit("Tangen")).membership

    found = tasks_in(Scope(NOW, leader), place=elsewhere)

    assert (found.now, found.elsewhere) == ([], 1)


@pytest.mark.parametrize("number", [1, 12])
def test_everything_that_waits_costs_the_same_for_1_and_12_logs(number, ppt):
    """Nothing is asked about one log at a time."""
    unit = make_unit("Solbakken")
    holder = make_employee(unit)

    def another(index):
        log = settled(holder=holder, child=make_child(f"Barn {index}"))
        consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=holder, now=NOW)
        fysio = make_unit(kind=UnitKind.PPT)
        open_window(log, fysio, now=NOW)
        participants.invite_unit(log.pk, unit=fysio, actor=holder, now=NOW)

    for index in range(number):
        another(index)

    with CaptureQueriesContext(connection) as queries:
        found = tasks_in(Scope(NOW, holder))

    assert len(found.later) == 2 * number
    assert len(queries) == 13
