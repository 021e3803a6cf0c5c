"""safety.md, rule by rule, through HTTP: what no feature may break. Each rule is tested in depth beside its feature."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.core.dates import local_midnight
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.notifications.selectors import reminders_due
from apps.stafettlogg.enums import Audience, LogStatus, Relation
from apps.stafettlogg.models import Consent, Message
from apps.stafettlogg.services import closing, consent_questions
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.repeats import tell_of_repeats
from apps.stafettlogg.services.requests import ChildInput
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import newest_request, page_of, plain, signed_in, walk_to_summary
from tests.world import MARK, make_world

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _texts():
    load_start_texts(now=timezone.now() - DAY)


@pytest.fixture
def world():
    return make_world()


def two_guardians(**fields):
    child = logs.make_child(MARK, "Vik")
    mother, father = logs.make_guardian(child, name="Mari Vik"), logs.make_guardian(child, name="Ola Berg")
    log = logs.make_log(holder=logs.make_employee(logs.make_unit("Solbakken")), child=child, **fields)
    return log, mother, father


def get(user, name, *args):
    return signed_in(user).get(page_of(name, *args))


def post(user, name, *args, **data):
    return signed_in(user).post(page_of(name, *args), {"form_key": str(uuid.uuid4()), **data})


def text(response) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


def answer_yes(log, guardian, *, limits=""):
    """As she does it herself: four steps and one press."""
    units = {row.unit: True for row in Consent.objects.filter(log=log, guardian=guardian, state="waiting")}
    client = signed_in(guardian.user)
    last = walk_to_summary(client, log, units, limits=limits)
    response = client.post(last, {"svar": "ja", "form_key": str(uuid.uuid4())})
    assert "/kvittering/" in response.headers["Location"]


def is_nowhere(response):
    return (response.status_code, response.content) == (
        404,
        signed_in(logs.make_citizen()).get(page_of("parent_log", uuid.uuid4())).content,
    )


# One guardian never watches another -----------------------------------------------------------------------------------


def test_s01_answer_of_one_guardian_changes_nothing_for_the_other():
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)
    pages = [("children",), *((name, log.pk) for name in ("parent_log", "own_consents", "family_history"))]
    before = [plain(get(father.user, *page)) for page in pages]

    answer_yes(log, mother, limits="Ikke noe om bror.")

    assert [plain(get(father.user, *page)) for page in pages] == before
    assert "Mari Vik" in text(get(log.holder.user, "detail", log.pk))


def test_s02_guardians_message_goes_to_the_holder_alone_unless_she_chooses_all(world):
    log, people = world.log, world.people
    choices = text(get(people["guardian"], "family_messages", log.pk))
    assert re.search(r'<input[^>]*value="holder"[^>]*checked|<input[^>]*checked[^>]*value="holder"', choices)
    others = [("participant", "messages"), ("participant", "history"), ("participant", "detail")]
    others += [(who, page) for who in ("guardian_two", "youth") for page in ("family_messages", "family_history")]
    before = [plain(get(people[who], page, log.pk)) for who, page in others]
    assert {get(people[who], page, log.pk).status_code for who, page in others} == {200}
    told = Notice.objects.filter(recipient__in=[people[who] for who, _page in others])
    told_before = told.count()

    post(people["guardian"], "family_messages", log.pk, to="holder", text="Bare til deg: steinkobbe")

    (private,) = [message for message in Message.objects.all() if "steinkobbe" in message.text]
    assert private.audience == Audience.HOLDER
    for reader, sees in [("holder", True), ("guardian", True), ("participant", False)]:
        name = "family_messages" if reader == "guardian" else "messages"
        assert ("steinkobbe" in text(get(people[reader], name, log.pk))) is sees
    assert [plain(get(people[who], page, log.pk)) for who, page in others] == before
    assert told.count() == told_before


def test_s03_question_about_a_guardians_own_information_is_hers_alone():
    log, mother, father = two_guardians()
    nav = logs.make_unit("NAV", kind=UnitKind.NAV)
    consent_questions.ask_consent(
        log.pk, unit_ids=[nav.pk], own_guardian_ids={nav.pk: [mother.pk]}, actor=log.holder.user, now=timezone.now()
    )
    own = newest_request(log, about="own")

    got = [get(guardian.user, "answer", log.pk, own.pk).status_code for guardian in (mother, father)]
    assert got == [200, 404]
    assert "om deg selv" not in text(get(father.user, "own_consents", log.pk))


def test_s04_blocked_guardian_meets_what_a_stranger_meets(world):
    blocked, stranger = world.people["guardian_blocked"], world.people["stranger_citizen"]

    for name in ("parent_log", "own_consents", "family_messages", "family_seen"):
        assert is_nowhere(get(blocked, name, world.log.pk))
    assert _children_of(blocked) == _children_of(stranger)


def _children_of(user) -> str:
    """The page as it would be for someone of one and the same name."""
    user.name = "Kim Lund"
    user.save()
    page = text(get(user, "children"))
    assert "Du har ingenting å svare på her nå." in page
    return plain(get(user, "children"))


# Nothing before consent -----------------------------------------------------------------------------------------------


def test_s05_request_has_no_place_for_text():
    log, _mother, _father = two_guardians(status=LogStatus.REQUESTED)
    holder = log.holder.user

    assert "<textarea" not in text(get(holder, "request"))
    assert "<textarea" not in text(get(holder, "detail", log.pk))
    for name in ("plan", "messages", "reason", "history", "voice", "evaluate"):
        assert get(holder, name, log.pk).status_code == 403
    log.reason = "Noe om barnet"
    with pytest.raises(IntegrityError), transaction.atomic():
        log.save()


def test_s06_asking_about_a_child_with_a_log_gives_the_usual_receipt():
    """Through its whole life, for everyone in the unit that asks: tests/stafettlogg/test_requests_secret.py."""
    first, second = logs.make_employee(), logs.make_employee()
    existing = logs.request_as_typed(first)
    receipts = {
        "fresh": logs.request_as_typed(second, child=ChildInput(given_name="Ny", birth_date=logs.BORN)),
        "repeat": logs.request_as_typed(second),
    }

    pages = {}
    for kind, receipt in receipts.items():
        pages[kind] = plain(get(second, "request_receipt", receipt.id)).replace(str(receipt.id), "")
    assert pages["fresh"] == pages["repeat"]
    tell_of_repeats(now=timezone.now())
    assert Notice.objects.filter(recipient=first, kind="repeat_request", object_id=existing.id).count() == 1
    assert Notice.objects.filter(recipient=second).count() == 0
    assert is_nowhere(get(second, "detail", existing.id))
    assert ReadEvent.objects.filter(actor_id=second.pk, action="refused", log_id=existing.id).exists()


def test_s07_log_opens_when_every_guardian_has_said_yes():
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)
    statuses = []
    for guardian in (mother, father):
        answer_yes(log, guardian)
        statuses.append(get(log.holder.user, "plan", log.pk).status_code)

    assert statuses == [403, 200]


def test_s08_unchecked_guardian_has_no_access_and_the_birth_date_is_asked_for(world):
    unchecked = world.people["guardian_unchecked"]
    assert is_nowhere(get(unchecked, "parent_log", world.log.pk))
    assert Notice.objects.filter(recipient=unchecked).count() == 0

    guardian = world.log.child.guardians.get(user=world.people["guardian"])
    guardian.birth_date_confirmed_at = None
    guardian.save()
    assert get(guardian.user, "children").headers["Location"] == page_of("birth_date")
    shut = get(guardian.user, "parent_log", world.log.pk)
    assert (shut.status_code, shut.headers["Location"]) == (302, page_of("birth_date"))
    assert is_nowhere(get(guardian.user, "parent_log", logs.make_log().pk))


def test_s09_pregnant_woman_alone_sees_and_closing_quietly_stops_every_reminder():
    child = logs.make_child("", "", birth_date=None, expected_day=timezone.localdate() + 60 * DAY)
    mother = logs.make_guardian(child, relation=Relation.PREGNANT)
    father = logs.make_guardian(child, relation=Relation.FATHER)
    log = logs.make_log(child=child)

    assert get(mother.user, "parent_log", log.pk).status_code == 200
    assert is_nowhere(get(father.user, "parent_log", log.pk))

    closing.close_quietly(log.pk, actor=log.holder.user, now=timezone.now())
    later = timezone.now() + 300 * DAY
    assert [reminder for reminder in reminders_due(now=later) if reminder.object_id == log.pk] == []
    assert Notice.objects.filter(recipient=father.user).count() == 0


def test_s10_youths_no_stops_sharing_and_guardians_lose_access_at_eighteen(world):
    log, people = world.log, world.people
    eighteen = local_midnight(datetime.date(log.child.birth_date.year + 18, 6, 1))
    statuses = []
    for now in (eighteen - datetime.timedelta(seconds=1), eighteen):
        with time_machine.travel(now, tick=False):
            statuses.append(get(people["guardian"], "parent_log", log.pk).status_code)
    assert statuses == [200, 404]

    assert get(people["holder"], "plan", log.pk).status_code == 200
    post(people["youth"], "withdraw_all", log.pk)
    assert get(people["holder"], "plan", log.pk).status_code == 403


def test_s11_withdrawal_stops_services_in_the_next_request_and_families_keep_reading(world):
    log, people = world.log, world.people
    unit = people["participant"].membership.unit
    log, mother, father = two_guardians()
    consent_questions.ask_consent(log.pk, unit_ids=[unit.pk], actor=log.holder.user, now=timezone.now())
    logs.give_consents(log)
    logs.make_participant(log, user=people["participant"])
    assert get(people["participant"], "plan", log.pk).status_code == 200

    post(mother.user, "withdraw", log.pk, unit.pk)

    assert is_nowhere(get(people["participant"], "plan", log.pk))
    assert get(log.holder.user, "plan", log.pk).status_code == 200
    post(mother.user, "withdraw_all", log.pk)
    assert [get(log.holder.user, name, log.pk).status_code for name in ("detail", "plan")] == [200, 403]
    assert [get(guardian.user, "parent_log", log.pk).status_code for guardian in (mother, father)] == [200, 200]


def test_s11_holder_has_the_shell_from_the_very_instant_a_consent_runs_out():
    """No job runs here: `shell_until` was written with the window. Nothing of content opens by it."""
    ppt = logs.make_unit("PPT", kind=UnitKind.PPT)
    log = logs.make_log(holder=logs.make_employee(logs.make_unit("Solbakken")), unit_ids=[ppt.pk])
    participant = logs.make_participant(log, user=logs.make_employee(ppt))
    at = log.holder.window.valid_until

    for now, plan, participants in ((at - SECOND, 200, 200), (at, 403, 404), (at + DAY, 403, 404)):
        with time_machine.travel(now, tick=False):
            statuses = [get(log.holder.user, name, log.pk).status_code for name in ("detail", "consents", "plan")]
            assert (statuses, get(participant, "detail", log.pk).status_code) == ([200, 200, plan], participants)
            assert text(get(log.holder.user, "list")).count(page_of("detail", log.pk)) > 0
    assert Notice.objects.filter(recipient=log.holder.user, kind="sharing_stopped").count() == 0

    with time_machine.travel(at + 31 * DAY, tick=False):
        assert is_nowhere(get(log.holder.user, "detail", log.pk))


def test_s10_holder_has_the_shell_from_midnight_of_the_birthday_that_ends_the_consent():
    soon = timezone.localdate() + 60 * DAY
    holder = logs.make_employee(logs.make_unit("Solbakken", kind=UnitKind.SCHOOL))
    child = logs.make_child(birth_date=datetime.date(soon.year - 15, soon.month, min(soon.day, 28)))
    log = logs.make_log(holder=holder, child=child)
    birthday = local_midnight(child.birth_date.replace(year=child.birth_date.year + 15))

    for now, plan in ((birthday - SECOND, 200), (birthday, 403)):
        with time_machine.travel(now, tick=False):
            statuses = [get(log.holder.user, name, log.pk).status_code for name in ("detail", "plan")]
            assert statuses == [200, plan]


# Suspected violence or abuse ------------------------------------------------------------------------------------------


# Who looks ------------------------------------------------------------------------------------------------------------
