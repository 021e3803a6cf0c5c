"""The pages of closing a log, through the whole stack."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.enums import ReadAction
from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import (
    AccessKind,
    CloseReason,
    Decision,
    LogStatus,
    Relation,
)
from apps.stafettlogg.models import Evaluation, Log
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.markup import markup
from tests.stafettlogg.factories import make_child, make_guardian, make_log, make_participant

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"stafettlogg:{name}", args=args)


def key():
    return str(uuid.uuid4())


def as_user(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def log():
    make_municipality()
    return make_log(holder=make_employee(make_unit("Solbakken barnehage"), name="Kari Holm"))


@pytest.fixture
def ppt():
    return make_unit("PP-tjenesten", kind=UnitKind.PPT)


def evaluate(log):
    return Evaluation.objects.create(
        log=log,
        held_day=timezone.localdate(),
        decision=Decision.CLOSE,
        level_before=1,
        level_after=1,
        is_final=True,
        summary="Det gikk godt.",
        recorded_by=log.holder.user,
        recorded_at=timezone.now(),
    )


def test_closing_first_asks_for_the_evaluation(client, log):
    as_user(client, log.holder.user)

    page = client.get(url("close", log.pk))
    refused = client.post(url("close", log.pk), {"reason": CloseReason.GOAL_REACHED})

    assert url("evaluate", log.pk) in markup(page)
    assert refused.status_code == 422
    assert Log.objects.get(pk=log.pk).is_active


def test_closing_and_the_summary(client, log):
    evaluate(log)
    as_user(client, log.holder.user)

    empty = client.post(url("close", log.pk), {"reason": ""})
    client.post(url("close", log.pk), {"reason": CloseReason.GOAL_REACHED})
    receipt = client.get(url("close", log.pk))
    summary = client.get(url("summary_pdf", log.pk))

    assert empty.status_code == 422
    assert "Stafettloggen er avsluttet" in markup(receipt)
    assert summary.content[:5] == b"%PDF-"
    assert summary["Content-Disposition"] == 'attachment; filename="sammendrag.pdf"'
    assert ReadEvent.objects.filter(action=ReadAction.DOWNLOADED, what="summary-pdf").count() == 1


def test_closed_log_asks_for_nothing_more(client, log):
    evaluate(log)
    as_user(client, log.holder.user)
    open_page = markup(client.get(url("detail", log.pk)))
    client.post(url("close", log.pk), {"reason": CloseReason.GOAL_REACHED})

    closed_page = markup(client.get(url("detail", log.pk)))

    asks = (
        "Bli enige om mål og tiltak i det første møtet.",
        "Skriv det sammen med familien.",
        "Avtal hvem som snakker med barnet.",
        "Dere er her i veilederen",
    )
    assert [words in open_page for words in asks] == [True] * len(asks)
    assert [words in closed_page for words in asks] == [False] * len(asks)


def test_closed_log_shares_nothing_and_waits_for_nothing(client, log):
    evaluate(log)
    as_user(client, log.holder.user)
    open_table = client.get(url("consents", log.pk)).context["table"]
    client.post(url("close", log.pk), {"reason": CloseReason.GOAL_REACHED})

    closed_table = client.get(url("consents", log.pk)).context["table"]

    assert all(row.sharing.startswith("Åpen til") for row in open_table.rows)
    assert {row.sharing for row in closed_table.rows} == {"Avsluttet"}


def test_closed_log_tells_the_parent_how_long_her_yes_stood(client, log):
    mother = log.guardians[0]
    as_user(client, mother.user)
    before = markup(client.get(url("own_consents", log.pk)))
    evaluate(log)
    as_user(client, log.holder.user).post(url("close", log.pk), {"reason": CloseReason.GOAL_REACHED})

    after = markup(as_user(client, mother.user).get(url("own_consents", log.pk)))
    follow_up = markup(as_user(client, log.holder.user).get(url("consents", log.pk)))

    assert "Du kan trekke et samtykke når du vil" in before
    assert "Ja, til stafettloggen ble avsluttet" in after
    assert "Du kan trekke" not in after
    assert "Følg opp hver enkelt" not in follow_up


def test_summary_is_for_those_who_work_in_the_log(client, log, ppt):
    answers = {
        who: as_user(client, user).get(url("summary_pdf", log.pk)).status_code
        for who, user in [
            ("participant", make_participant(log, ppt)),
            ("guardian", log.guardians[0].user),
            ("leader", make_participant(log, log.unit, user=make_leader(log.unit), kind=AccessKind.LEADER)),
            ("stranger", make_employee()),
        ]
    }

    assert answers == {"participant": 200, "guardian": 404, "leader": 403, "stranger": 404}


def test_request_is_not_closed_but_withdrawn(client):
    log = make_log(status=LogStatus.REQUESTED)

    assert as_user(client, log.holder.user).get(url("close", log.pk)).status_code == 403


def test_quiet_closing_is_offered_before_birth_only(client, log):
    child = make_child("", "", birth_date=None, expected_day=timezone.localdate() + timedelta(days=90))
    expected = make_log(child=child, guardians=[make_guardian(child, relation=Relation.PREGNANT)])
    as_user(client, expected.holder.user)

    assert url("close_quietly", expected.pk) in markup(client.get(url("close", expected.pk)))
    assert client.get(url("close_quietly", expected.pk)).status_code == 200
    client.post(url("close_quietly", expected.pk), {"form_key": key()})

    assert Log.objects.get(pk=expected.pk).close_reason == CloseReason.QUIET
    born = as_user(client, log.holder.user).get(url("close_quietly", log.pk))
    assert born["Location"] == url("close", log.pk)


def test_participant_cannot_close(client, log, ppt):
    assert as_user(client, make_participant(log, ppt)).get(url("close", log.pk)).status_code == 403
