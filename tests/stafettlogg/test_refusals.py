"""What somebody may not open of a log she sees is a refusal in the read audit, and the family reads of no opening."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.stafettlogg.enums import LogStatus, WindowBasis
from apps.stafettlogg.models import Deputy
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg.factories import make_goal, make_log, make_measure, make_participant, open_window
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db
NOT_FOR_PARTICIPANTS = ("consents", "consents_ask", "add_goal", "hand_over", "close", "invite", "evaluate", "reason")
CONTENT = ("plan", "messages", "history", "participants", "voice", "seen", "leave")


def rows():
    return [(row.action, row.log_id, row.child_id) for row in ReadEvent.objects.order_by("pk")]


def refusals_of(log, number):
    return [("refused", log.pk, log.child_id)] * number


def test_page_a_participant_may_not_open_is_a_refusal():
    log = make_log()
    participant = make_participant(log)
    client = signed_in(participant)

    answers = [client.get(page_of(name, log.pk)).status_code for name in NOT_FOR_PARTICIPANTS]

    assert answers == [403] * len(NOT_FOR_PARTICIPANTS)
    assert rows() == refusals_of(log, len(answers))
    seen = signed_in(log.guardians[0].user).get(page_of("family_seen", log.pk)).content.decode()
    assert participant.name not in seen


def test_content_that_is_closed_to_the_holder_is_a_refusal():
    log = make_log()
    open_window(log, log.unit, days=30, basis=WindowBasis.CLOSING)
    client = signed_in(log.holder.user)

    answers = [client.get(page_of(name, log.pk)).status_code for name in CONTENT]

    assert answers == [403] * len(CONTENT)
    assert rows() == refusals_of(log, len(answers))


def test_what_does_not_fit_how_one_stands_to_the_log_is_a_refusal():
    log, request = make_log(), make_log(status=LogStatus.REQUESTED)
    refused = {
        page_of("leave", log.pk): (log.holder.user, log),
        page_of("close", request.pk): (request.holder.user, request),
        page_of("family_messages", request.pk): (request.guardians[0].user, request),
    }

    answers = [signed_in(user).get(address).status_code for address, (user, _log) in refused.items()]

    assert answers == [403] * len(refused)
    assert rows() == [row for _user, of in refused.values() for row in refusals_of(of, 1)]


def test_leader_of_a_participant_is_refused_the_deputies_and_reads_nothing():
    log, unit = make_log(), make_unit()
    make_participant(log, unit)
    place = make_employee(log.unit).membership
    day = timezone.localdate()
    deputy = Deputy.objects.create(
        log=log,
        membership=place,
        first_day=day,
        last_day=day,
        appointed_by=make_leader(log.unit),
        appointed_at=timezone.now(),
    )
    client = signed_in(make_leader(unit))

    answers = [client.get(page_of("deputy_new", log.pk)), client.get(page_of("deputy_end", deputy.pk))]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert rows() == refusals_of(log, 2)


def test_a_refused_post_is_a_refusal_too():
    log = make_log()
    measure = make_measure(make_goal(log))
    client = signed_in(make_participant(log))

    answer = client.post(reverse("stafettlogg:measure_status", args=[log.pk, measure.pk]), {"status": "done"})

    assert answer.status_code == 403
    assert rows() == refusals_of(log, 1)
