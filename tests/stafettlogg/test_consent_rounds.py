"""Rounds of asking about one unit have an order, also when they are asked at the very same instant."""

import datetime

import pytest

from apps.core.dates import OSLO
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import EventKind
from apps.stafettlogg.models import Consent, ConsentRequest, LogEvent
from apps.stafettlogg.selectors import consents as selectors
from apps.stafettlogg.services import consent_questions
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log, make_unit

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=OSLO)


@pytest.mark.parametrize("_attempt", range(4))
def test_last_asked_decides_at_the_same_instant(_attempt):
    log, ppt = make_log(now=NOW), make_unit(kind=UnitKind.PPT)
    rounds = []
    for _round in range(3):
        rounds.append(consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW))
        give_consents(log, now=NOW)

    asked = {unit.unit: unit.sharing.asked[0].request for unit in selectors.status_for_holder(log, NOW).units}

    assert asked[ppt] == rounds[-1]
    assert [row.number for row in ConsentRequest.objects.filter(log=log).order_by("number")] == [1, 2, 3, 4]
    states = Consent.objects.filter(unit=ppt).order_by("request__number").values_list("state", flat=True)
    assert list(states) == ["replaced", "replaced", "given"]


def test_opening_of_a_service_that_knows_a_guardian_is_a_line_for_everyone():
    """S3: it opens on what all were asked about the child, whatever one of them says of herself."""
    child = make_child()
    mother, _father = make_guardian(child), make_guardian(child)
    log, nav, ppt = make_log(child=child, now=NOW), make_unit(kind=UnitKind.NAV), make_unit(kind=UnitKind.PPT)
    consent_questions.ask_consent(
        log.pk, unit_ids=[nav.pk, ppt.pk], own_guardian_ids={nav.pk: [mother.pk]}, actor=log.holder.user, now=NOW
    )
    give_consents(log, now=NOW)

    lines = LogEvent.objects.filter(log=log, kind=EventKind.SHARING_OPENED).exclude(unit_name=log.unit.name)

    assert sorted(lines.values_list("unit_name", "audience", "guardian"), key=str) == sorted(
        [(nav.name, "all", None), (ppt.name, "all", None)], key=str
    )
