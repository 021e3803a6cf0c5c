"""D6: what somebody said yes to stays as it was when she said it."""

import datetime

import pytest
from django.utils import timezone

from apps.stafettlogg.models import ConsentAnswer, ConsentText
from apps.stafettlogg.services import consent_questions
from tests.factories import make_unit
from tests.stafettlogg.factories import make_log
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db


def _new_text() -> ConsentText:
    return ConsentText.objects.create(
        key="sharing_child",
        number=2,
        title={"nb": "Ny tekst"},
        paragraphs=[{"nb": "Noe helt annet."}],
        statement={"nb": "{name} {unit} {services} {until}, på en ny måte."},
        published_at=timezone.now() - datetime.timedelta(seconds=1),
    )


def test_old_answer_keeps_the_text_it_was_given_to():
    log = make_log()
    answer = ConsentAnswer.objects.get()
    client = signed_in(log.guardians[0].user)
    receipt = page_of("consent_receipt", log.pk, answer.pk)
    before = client.get(receipt)

    new = _new_text()
    asked = consent_questions.ask_consent(log.pk, unit_ids=[make_unit().pk], actor=log.holder.user, now=timezone.now())
    after = client.get(receipt)

    answer.refresh_from_db()
    assert (answer.request.text.number, asked.text) == (1, new)
    assert "på en ny måte" not in after.text
    assert before.status_code == after.status_code == 200


def test_text_is_never_changed():
    text = _new_text()
    text.title = {"nb": "Endret"}

    with pytest.raises(RuntimeError):
        text.save()

    assert str(ConsentText.objects.get(pk=text.pk).title) == "Ny tekst"
