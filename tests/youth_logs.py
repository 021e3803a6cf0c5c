"""A youth, her school nurse and her parents, for the tests of S26."""

import datetime

from django.core import mail

from apps.core.crypto import blind_index
from apps.core.dates import OSLO
from apps.notifications.models import Notice
from apps.notifications.services import sweep_outbox
from apps.stafettlogg.enums import LogStatus, Relation, Route
from apps.stafettlogg.models import Child, Consent, Guardian, Log, LogAccess
from apps.stafettlogg.rules.own_logs import Decision
from apps.stafettlogg.services import consents
from apps.stafettlogg.services.guardians import link_waiting_guardians
from apps.stafettlogg.services.messages import write_message
from apps.stafettlogg.services.requests import ChildInput
from tests.factories import make_citizen
from tests.stafettlogg.factories import (
    make_guardian_input,
    make_national_id,
    request_as_typed,
    said_to,
)
from tests.stafettlogg.family_pages import main_of, newest_request, page_of, plain, signed_in

NOW = datetime.datetime(2026, 10, 8, 12, tzinfo=OSLO)
TODAY = NOW.date()
SIXTEEN = datetime.date(2010, 5, 1)
FOURTEEN = datetime.date(2012, 5, 1)
SECRET = "sliter med angst og vil ikke at mor skal vite det"
YOUTH_ID = "01051012345"


def guardian_input(name="Aina Rust", relation=Relation.MOTHER):
    """A guardian who is found by her number."""
    return make_guardian_input(name, relation, national_id=make_national_id(name, datetime.date(1980, 1, 1)))


def make_parent(name="Aina Rust"):
    """The citizen whose number stands in the request."""
    return make_citizen(name, national_id_index=blind_index("person", name))


def make_youth():
    return make_citizen("Test Rust", national_id_index=blind_index("person", YOUTH_ID))


def own_log(nurse, *, born=SIXTEEN, guardians=None, units=(), alone=None, now=NOW):
    """The request of a health service about a youth, as the form makes it."""
    child = ChildInput(
        given_name="Test",
        family_name="Rust",
        birth_date=born,
        national_id=make_national_id(YOUTH_ID, born),
        alone=alone,
    )
    guardians = [guardian_input()] if guardians is None else guardians
    unit_ids = [unit.pk for unit in units]
    receipt = request_as_typed(nurse, child=child, guardians=guardians, unit_ids=unit_ids, now=now)
    return Log.objects.select_related("child", "holder__user").get(pk=receipt.id)


def says_yes(log, *, let_in=None, knows_readers=False, now=NOW):
    """The youth's answer, written down by the holder or given on the youth's own screen."""
    request = newest_request(log)
    rows = Consent.objects.filter(request=request, is_youth=True, state="waiting")
    user = Child.objects.get(pk=log.child_id).user
    return consents.answer(
        request.pk,
        guardian_id=None,
        **said_to(rows, True),
        route=Route.DIGITAL if user else Route.ORAL,
        witness_note="" if user else "Ungdommen og jeg",
        actor=user or log.holder.user,
        let_in=let_in,
        knows_readers=knows_readers,
        now=now,
    )


def the_guardian(log, name="Aina Rust"):
    return Guardian.objects.get(child=log.child_id, name=name)


def know_birth_date(log):
    for guardian in Guardian.objects.filter(child=log.child_id):
        guardian.birth_date_confirmed_at = NOW
        guardian.save()


def addresses_of(log, request=None):
    """Every address of the family's pages of this log."""
    names = ["parent_log", "own_consents", "own_readers", "family_messages", "family_people", "family_history"]
    names += ["family_seen", "family_download", "family_close", "family_close_all", "withdraw_all", "withdrawn"]
    found = [page_of(name, log.pk) for name in names]
    request = request or newest_request(log)
    return [*found, page_of("answer", log.pk, request.pk), page_of("answer_step", log.pk, request.pk, 1)]


def told(user):
    return list(Notice.objects.filter(recipient=user).values_list("kind", flat=True))


def meets_nothing(user, log):
    """He has no row, door, notice or mail, and every address answers as an address that does not exist."""
    sweep_outbox(now=NOW)
    link_waiting_guardians(now=NOW)
    client, stranger = signed_in(user), signed_in(make_citizen(user.name))
    assert main_of(client.get(page_of("children"))) == main_of(stranger.get(page_of("children")))
    assert client.get(page_of("birth_date")).url == page_of("children")
    nowhere = client.get("/barna-dine/00000000-0000-4000-8000-000000000000/")
    for address in addresses_of(log):
        for answer in (client.get(address), client.post(address)):
            if answer.status_code == 405:
                continue
            assert answer.status_code == 404, address
            assert plain(answer) == plain(nowhere)
    assert not LogAccess.objects.filter(user=user).exists()
    assert told(user) == []
    assert not [message for message in mail.outbox if user.email in message.to]
    assert Log.objects.get(pk=log.pk).status != LogStatus.CLOSED


def two_parents(nurse):
    aina, erik = make_parent(), make_parent("Erik Rust")
    log = own_log(nurse, guardians=[guardian_input(), guardian_input("Erik Rust", Relation.FATHER)])
    know_birth_date(log)
    return log, aina, erik


def write_everything(log, nurse, word, *, now):
    """One of everything that is written in a log, with this word in each."""
    from apps.stafettlogg.services import evaluations, logs, plan, voices
    from apps.stafettlogg.services.evaluations import EvaluationInput
    from tests.stafettlogg.factories import make_goal, make_measure

    log = Log.objects.get(pk=log.pk)
    if not log.reason:
        logs.fill_in_reason(
            log.pk, reason=f"{word} grunn", background=f"{word} bakgrunn", version=log.version, actor=nurse, now=now
        )
    goal = make_goal(log, f"{word} mål", actor=nurse, now=now)
    measure = make_measure(goal, f"{word} tiltak", actor=nurse, now=now)
    plan.set_measure_status(measure.pk, status="ongoing", actor=nurse, now=now)
    write_message(log.pk, text=f"{word} beskjed", actor=nurse, now=now)
    voices.add_voice(
        log.pk,
        text=f"{word} stemme",
        told_to="Nora",
        told_day=now.date(),
        child_knows_readers=True,
        actor=nurse,
        now=now,
    )
    evaluations.evaluate(
        log.pk,
        evaluation=EvaluationInput(
            held_day=now.date(),
            decision="continue",
            effects={row.pk: "works" for row in evaluations_to_review(log)},
            next_day=now.date() + datetime.timedelta(days=30),
            no_voice_reason=f"{word} fravær",
            family_view=f"{word} syn",
            summary=f"{word} oppsummering",
        ),
        actor=nurse,
        now=now,
    )


def evaluations_to_review(log):
    from apps.stafettlogg.selectors.evaluations import measures_to_review

    return measures_to_review(log)


def everything_read(user, log):
    from io import BytesIO

    from pypdf import PdfReader

    client, read = signed_in(user), {}
    for name in ("parent_log", "own_consents", "family_messages", "family_people", "family_history", "family_seen"):
        response = client.get(page_of(name, log.pk))
        assert response.status_code == 200, name
        read[name] = response.content.decode()
    pdf = client.get(page_of("family_download", log.pk))
    read["family_download"] = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
    return read


def cleaned(text):
    from tests.stafettlogg.family_pages import _CHANGING, _OWN_ROW

    return _OWN_ROW.sub("", _CHANGING.sub(lambda match: next(g for g in match.groups() if g), text))


def decision(nurse, **changes):
    given = {"decided_day": TODAY, "last_day": datetime.date(2027, 4, 8), "paragraph": "3-4-2"}
    return Decision(nurse, **(given | changes))
