"""Who last went through a law, and when: empty until somebody has, and again when its text is another."""

import pytest

from apps.core.errors import RuleBroken
from apps.guides import services
from apps.guides.models import LawReference
from tests.guides.factories import address_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def law(guide):
    return LawReference.objects.get(key="tolk")


def review_of(law):
    law.refresh_from_db()
    return law.reviewed_by, str(law.reviewed_day or "")


def test_no_law_of_the_start_content_has_been_gone_through(guide):
    assert not LawReference.objects.exclude(reviewed_by="", reviewed_day=None).exists()


def test_a_role_and_a_day_are_kept_until_the_text_is_another(editor, law):
    send(editor, address_of("lov", law), reviewed_by="kommunens jurist", reviewed_day="2026-11-03")
    confirmed = review_of(law)
    send(editor, address_of("lov", law), needs_check="")
    still = review_of(law)
    send(editor, address_of("lov", law), what_nb="En annen tekst")

    assert [confirmed, still, review_of(law)] == [("kommunens jurist", "2026-11-03")] * 2 + [("", "")]


def test_a_new_text_that_somebody_has_gone_through_keeps_it(editor, law):
    send(editor, address_of("lov", law), what_nb="Ny tekst", reviewed_by="jurist", reviewed_day="2026-11-03")

    assert review_of(law) == ("jurist", "2026-11-03")


@pytest.mark.parametrize("half", [{"reviewed_by": "jurist"}, {"reviewed_day": "2026-11-03"}])
def test_one_without_the_other_is_refused(editor, law, kari, half):
    response = send(editor, address_of("lov", law), **half)
    with pytest.raises(RuleBroken) as refused:
        services.save_draft_row(LawReference, law.pk, values=half, version=law.version, actor=kari)

    assert (response.status_code, refused.value.code) == (422, "review_half")
    assert review_of(law) == ("", "")
