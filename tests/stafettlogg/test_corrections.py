"""«Be om å få noe rettet»: a page of its own, and a task with a deadline for the holder, seen by nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.errors import AccessDenied
from apps.stafettlogg.enums import Audience
from apps.stafettlogg.models import Correction, Message
from apps.stafettlogg.services.messages import ask_correction
from tests.markup import markup
from tests.stafettlogg.factories import make_child, make_guardian, make_log, make_participant
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

pytestmark = pytest.mark.django_db
TASK = "Svar på ønsket om å få noe rettet for Emma"
WISH = "Jeg heter Mari, ikke Maria."


@pytest.fixture
def log():
    child = make_child()
    guardians = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg", relation="father")]
    return make_log(child=child, guardians=guardians)


def asked(log):
    client = signed_in(log.guardians[0].user)
    response = client.post(page_of("family_correct", log.pk), {"text": WISH})
    assert response.url == page_of("family_messages", log.pk)
    return Correction.objects.get()


def test_the_holder_gets_a_task_with_a_deadline_and_ticks_it_off(log):
    correction = asked(log)
    holder, start = signed_in(log.holder.user), reverse("portal:start")

    assert correction.due_day == timezone.localdate() + timedelta(days=30)
    assert (correction.message.audience, correction.message.text) == (Audience.HOLDER, WISH)
    assert TASK in markup(holder.get(start))
    assert WISH in markup(holder.get(page_of("messages", log.pk)))
    holder.post(page_of("correction_answered", log.pk, correction.pk))

    correction.refresh_from_db()
    assert (correction.settled_by, TASK in markup(holder.get(start))) == (log.holder.user, False)


def test_s01_nobody_else_learns_of_it_and_the_page_that_may_be_projected_is_silent(log):
    asked(log)
    participant = make_participant(log)

    assert TASK not in markup(signed_in(log.holder.user).get(page_of("detail", log.pk)))
    assert WISH not in markup(signed_in(participant).get(page_of("messages", log.pk)))
    assert "rettet" not in markup(signed_in(participant).get(page_of("messages", log.pk)))
    other = signed_in(log.guardians[1].user)
    for name in ("family_messages", "family_history", "parent_log"):
        assert WISH not in main_of(other.get(page_of(name, log.pk)))


def test_page_has_a_heading_and_says_when_the_answer_comes(log):
    page = main_of(signed_in(log.guardians[0].user).get(page_of("family_correct", log.pk)))

    assert "<h1>Be om å få noe rettet</h1>" in page
    assert "Du skal få svar innen 30 dager." in page


def test_only_the_family_asks_and_only_the_holder_ticks(log):
    correction = asked(log)
    participant = make_participant(log)

    with pytest.raises(AccessDenied):
        ask_correction(log.pk, text=WISH, actor=participant, now=timezone.now())
    response = signed_in(participant).post(page_of("correction_answered", log.pk, correction.pk))

    assert response.status_code in (403, 404)
    assert Correction.objects.get().settled_at is None
    assert Message.objects.count() == 1
