"""S1: what one guardian answers, limits, writes privately or reads never reaches another guardian.

Everything Berit gets from every family page is compared, byte for byte, before and after Arne has done something.
"""

import datetime
import io
import re

import pytest
import time_machine
from django.core import mail
from pypdf import PdfReader

from apps.core.dates import OSLO
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg.enums import Audience, ConsentState, LogStatus
from apps.stafettlogg.models import Consent
from apps.stafettlogg.services import consent_questions, consents, family_closing
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.guardians import link_waiting_guardians
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_citizen, make_unit
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import newest_request, page_of, plain, signed_in, walk_to_summary

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 12, tzinfo=OSLO)
PAGES = (
    *("parent_log", "own_consents", "family_messages", "family_people", "family_history", "family_seen"),
    *("family_close", "family_close_all", "family_undo_close", "withdraw_all", "withdrawn"),
)
# What the PDF says of who can read, at its own instant.
NOW_READS = re.compile(r"Slik var det .*?sant i dag\.", re.DOTALL)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        load_start_texts(now=NOW)
        yield


def family(*, status, units=(), **arne_fields):
    child = make_child()
    arne = make_guardian(child, name="Arne Aas", **arne_fields)
    berit = make_guardian(child, name="Berit Bø")
    log = make_log(child=child, guardians=[arne, berit], status=status, unit_ids=[u.pk for u in units], now=NOW)
    return log, arne, berit


def everything(user, log) -> dict:
    """All that this guardian can get: every page (but the hidden tokens), her notices and her e-mail."""
    client = signed_in(user)
    request = newest_request(log)
    addresses = {name: page_of(name, log.pk) for name in PAGES}
    addresses |= {"children": page_of("children"), "answer": page_of("answer", log.pk, request.pk)}
    addresses |= {f"step {n}": page_of("answer_step", log.pk, request.pk, n) for n in (1, 2, 3, 4)}
    addresses |= {f"receipt {a.pk}": page_of("consent_receipt", log.pk, a.pk) for a in own_answers(user, log)}
    found = {}
    for name, address in addresses.items():
        response = client.get(address)
        found[name] = (response.status_code, response.headers.get("Location", ""), plain(response))
    found["pdf"] = words_of(client.get(page_of("family_download", log.pk))) if log.is_opened else ""
    for answer in own_answers(user, log):
        found[f"receipt pdf {answer.pk}"] = words_of(client.get(page_of("consent_receipt_pdf", log.pk, answer.pk)))
    found["notices"] = list(Notice.objects.filter(recipient=user).values_list("kind", "key", "url_name").order_by("pk"))
    found["mail"] = [message.subject for message in mail.outbox if user.email in message.to]
    return found


def words_of(pdf) -> str:
    """What stands in the PDF: the bytes differ each time it is made."""
    assert pdf.status_code == 200
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)


def own_answers(user, log):
    return [row.answer for row in Consent.objects.filter(log=log, guardian__user=user, answer__isnull=False)]


def answers_yes(log, arne):
    give_consents(log, only=[arne], now=NOW)


def answers_no(log, arne):
    give_consents(log, only=[arne], yes=False, now=NOW)


def answers_on_screen_with_limits(log, arne):
    client = signed_in(arne.user)
    asked = [row.unit for row in Consent.objects.filter(log=log, guardian=arne, state=ConsentState.WAITING)]
    summary = walk_to_summary(
        client, log, dict.fromkeys(asked, True), limits="Ikke del noe om søsken", interpreter="har"
    )
    client.post(summary, {"svar": "ja"})


def asks_for_interpreter(log, arne):
    asked = [row.unit for row in Consent.objects.filter(log=log, guardian=arne, state=ConsentState.WAITING)]
    walk_to_summary(signed_in(arne.user), log, dict.fromkeys(asked, True), interpreter="vil")


def reads_everything(log, arne):
    everything(arne.user, log)


@pytest.mark.parametrize(
    "act",
    [answers_yes, answers_no, answers_on_screen_with_limits, asks_for_interpreter, reads_everything],
    ids=lambda act: act.__name__,
)
def test_before_the_log_is_open(act):
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    log, arne, berit = family(status=LogStatus.REQUESTED, units=[ppt])
    everything(berit.user, log)
    before = everything(berit.user, log)

    act(log, arne)

    assert everything(berit.user, log) == before


def test_her_own_receipt_is_the_same_whatever_he_said():
    log, arne, berit = family(status=LogStatus.REQUESTED)
    give_consents(log, only=[berit], now=NOW)
    everything(berit.user, log)
    before = everything(berit.user, log)

    answers_no(log, arne)

    assert everything(berit.user, log) == before


def writes_privately(log, arne):
    write_message(log.pk, text="Dette er mellom oss", audience=Audience.HOLDER, actor=arne.user, now=NOW)


def answers_about_one_more(log, arne):
    give_consents(log, only=[arne], now=NOW)


def refuses_one_more(log, arne):
    give_consents(log, only=[arne], yes=False, now=NOW)


@pytest.mark.parametrize("hers", [True, False], ids=["she said yes", "she has not answered"])
def test_taking_back_for_one_service_looks_like_never_having_answered(hers):
    """The one line that stays tells that the service could read, as it did; that it no longer can is no line at all."""
    log, arne, berit = family(status=LogStatus.ACTIVE)
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW)
    if hers:
        give_consents(log, only=[berit], now=NOW)
    everything(berit.user, log)
    unanswered = everything(berit.user, log)
    give_consents(log, only=[arne], now=NOW)
    shared = everything(berit.user, log)

    consents.withdraw(log.pk, guardian_id=arne.pk, unit_ids=[ppt.pk], actor=arne.user, now=NOW)

    pdf = NOW_READS.sub(NOW_READS.search(unanswered["pdf"])[0].replace("\\", ""), shared["pdf"])
    lines = {"family_history": shared["family_history"], "pdf": pdf}
    assert everything(berit.user, log) == unanswered | lines


def test_asking_to_close_looks_like_taking_back_everything():
    """S30: the other guardian learns that it is closed on the day it is, and nothing before."""
    log, arne, berit = family(status=LogStatus.ACTIVE)
    consents.withdraw(log.pk, guardian_id=arne.pk, unit_ids=None, actor=arne.user, now=NOW)
    everything(berit.user, log)
    withdrawn = everything(berit.user, log)

    family_closing.ask_to_close(log.pk, actor=arne.user, now=NOW)
    closing = everything(berit.user, log)
    family_closing.undo_closing(log.pk, actor=arne.user, now=NOW)
    undone = everything(berit.user, log)

    assert closing == withdrawn
    assert undone == withdrawn


@pytest.mark.parametrize(
    "act",
    [writes_privately, answers_about_one_more, refuses_one_more, reads_everything],
    ids=lambda act: act.__name__,
)
def test_in_an_open_log(act):
    log, arne, berit = family(status=LogStatus.ACTIVE)
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW)
    everything(berit.user, log)
    before = everything(berit.user, log)

    act(log, arne)

    assert everything(berit.user, log) == before


def test_signing_in_for_the_first_time():
    log, arne, berit = family(status=LogStatus.REQUESTED, user=False, national_id_index="arne")
    everything(berit.user, log)
    before = everything(berit.user, log)

    make_citizen("Arne Aas", national_id_index="arne")
    linked = link_waiting_guardians(now=NOW)

    assert linked == 1
    assert everything(berit.user, log) == before


def test_a_private_message_is_there_for_the_writer_alone():
    log, arne, berit = family(status=LogStatus.ACTIVE)
    writes_privately(log, arne)

    assert "Dette er mellom oss" in everything(arne.user, log)["family_messages"][2]
    assert not any("mellom oss" in str(page) for page in everything(berit.user, log).values())
