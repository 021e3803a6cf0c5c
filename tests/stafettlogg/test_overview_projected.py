"""S33: the overview may be projected with both parents in the room, so it says nothing of who has answered."""

import pytest
from django.utils import timezone

from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import Route
from apps.stafettlogg.models import Consent
from apps.stafettlogg.services import consent_questions, consents
from tests.factories import make_unit
from tests.stafettlogg.factories import make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """Marte answers on paper and has a question; Per has answered one that an employee wrote down."""
    child = make_child()
    make_guardian(child, name="Marte Vik", user=False)
    make_guardian(child, name="Per Vik")
    log, now = make_log(child=child), timezone.now()
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    asked = consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=now)
    per = child.guardians.get(name="Per Vik")
    rows = Consent.objects.filter(request=asked, guardian=per)
    consents.answer(
        asked.pk,
        guardian_id=per.pk,
        choices={row.unit_id: False for row in rows},
        route=Route.ORAL,
        witness_note="I møte",
        actor=log.holder.user,
        now=now,
    )
    return log


def main_of(response) -> str:
    return response.content.decode().partition("<main")[2].partition("</main")[0]


def test_s33_overview_names_no_guardian_and_no_answer(log):
    shown = main_of(signed_in(log.holder.user).get(page_of("detail", log.pk)))

    assert [word for word in ("Marte", "Per ", "papir", " svar", "tolk") if word in shown] == []
    assert "Gå til Samtykke" in shown


def test_what_waits_for_an_answer_stands_on_the_tab_about_consent(log):
    shown = main_of(signed_in(log.holder.user).get(page_of("consents", log.pk)))

    assert "svarer på papir eller i et møte" in shown
    assert "Marte Vik" in shown


def test_history_says_who_answered_and_who_wrote_it_down(log):
    shown = main_of(signed_in(log.holder.user).get(page_of("history", log.pk)))

    assert f"Per svarte på spørsmålet om samtykke (skrevet inn av {log.holder.user.given_name})" in shown
