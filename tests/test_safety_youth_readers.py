"""S26: who at home reads a log of the youth's own, and from when."""

import datetime

import pytest
import time_machine

from apps.core.errors import RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Audience, LetIn
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.services import own_logs
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.exceptions import block_guardian
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.family_pages import newest_request, page_of, signed_in
from tests.youth_logs import (
    NOW,
    TODAY,
    cleaned,
    everything_read,
    make_parent,
    make_youth,
    meets_nothing,
    own_log,
    says_yes,
    the_guardian,
    told,
    two_parents,
    write_everything,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        make_municipality()
        load_start_texts(now=NOW)
        yield clock


@pytest.fixture
def nurse():
    return make_employee(make_unit("Skolehelsetjenesten", kind=UnitKind.SCHOOL_HEALTH), name="Nora Berge")


# Until she says yes to a guardian -------------------------------------------------------------------------------------


def test_s26_yes_to_one_lets_that_one_in_from_that_instant_and_nobody_else(nurse):
    log, aina, erik = two_parents(nurse)

    says_yes(log, let_in={the_guardian(log).pk: LetIn.SINCE, the_guardian(log, "Erik Rust").pk: LetIn.NO})

    row = access.row_for(aina, log, NOW)
    assert (row.kind, row.starts_at) == (AccessKind.GUARDIAN, NOW)
    assert signed_in(aina).get(page_of("parent_log", log.pk)).status_code == 200
    meets_nothing(erik, log)


def test_s26_she_changes_it_whenever_she_wants_on_her_own_page(nurse):
    sander = make_youth()
    log, aina, _erik = two_parents(nurse)
    says_yes(log)
    mother, father = the_guardian(log), the_guardian(log, "Erik Rust")
    client = signed_in(sander)

    def say(mothers):
        answers = {f"leser_{mother.pk}": mothers, f"leser_{father.pk}": "no"}
        assert client.post(page_of("own_readers", log.pk), answers).status_code == 302

    assert page_of("own_readers", log.pk) in client.get(page_of("own_consents", log.pk)).content.decode()
    say("since")
    assert access.row_for(aina, log, NOW) is not None
    say("no")
    assert access.row_for(aina, log, NOW) is None
    assert signed_in(aina).get(page_of("parent_log", log.pk)).status_code == 404
    assert told(aina) == []
    say("all")
    assert access.row_for(aina, log, NOW) is not None


def test_s26_on_the_screen_in_the_meeting_and_on_paper_she_is_asked_too(nurse):
    log, aina, _erik = two_parents(nurse)
    mother, father = the_guardian(log), the_guardian(log, "Erik Rust")
    request = newest_request(log)
    client = signed_in(nurse)
    address = page_of("consents_record", log.pk, request.pk, "ungdom")
    typed = {f"unit_{log.unit_id}": "ja", "route": "oral", "witness_note": "Ungdommen og jeg", "language": "nb"}

    assert client.post(address, typed).status_code == 422
    saved = client.post(address, typed | {f"leser_{mother.pk}": "since", f"leser_{father.pk}": "no"})

    assert saved.status_code == 302, saved.content.decode()
    assert access.row_for(aina, log, NOW) is not None
    assert the_guardian(log, "Erik Rust").let_in == LetIn.NO


def test_s26_on_her_own_screen_in_the_meeting(nurse):
    log, aina, erik = two_parents(nurse)
    mother, father = the_guardian(log), the_guardian(log, "Erik Rust")
    client = signed_in(nurse)
    client.post(page_of("hand_screen", log.pk, newest_request(log).pk, "ungdom"))
    answers = {str(log.unit_id): "ja", "limits": "", f"leser_{mother.pk}": "no", f"leser_{father.pk}": "since"}

    look_over = client.post(page_of("tablet"), answers | {"svar": "se"})
    assert f'name="leser_{father.pk}"' in look_over.content.decode()
    thanks = client.post(page_of("tablet"), answers | {"svar": "ja"})

    assert thanks.url == page_of("tablet_thanks")
    assert access.row_for(erik, log, NOW) is not None
    assert access.row_for(aina, log, NOW) is None


def test_s26_who_is_let_in_later_reads_from_that_day_on_unless_she_says_more(nurse, clock):
    log, aina, _erik = two_parents(nurse)
    says_yes(log)
    write_everything(log, nurse, "Gammelt", now=NOW)
    later = NOW + datetime.timedelta(days=3)
    clock.move_to(later)
    own_logs.choose_readers(log.pk, {the_guardian(log).pk: LetIn.SINCE}, actor=nurse, now=later)
    write_everything(log, nurse, "Nytt", now=later)

    read = everything_read(aina, log)
    assert {name for name, text in read.items() if "Gammelt" in text} == set()
    assert {name for name, text in read.items() if "Nytt" in text} == {
        *("parent_log", "family_history", "family_messages", "family_download")
    }

    own_logs.choose_readers(log.pk, {the_guardian(log).pk: LetIn.ALL}, actor=nurse, now=later)
    read = everything_read(aina, log)
    assert {name for name, text in read.items() if "Gammelt" in text} == {
        *("parent_log", "family_history", "family_messages", "family_download")
    }


def test_s26_a_yes_or_no_to_one_guardian_is_invisible_to_the_other(nurse):
    log, aina, erik = two_parents(nurse)
    father = the_guardian(log, "Erik Rust")
    says_yes(log, let_in={the_guardian(log).pk: LetIn.SINCE})
    everything_read(aina, log)
    before = {name: cleaned(text) for name, text in everything_read(aina, log).items()}

    own_logs.choose_readers(log.pk, {father.pk: LetIn.ALL}, actor=nurse, now=NOW)
    everything_read(erik, log)

    assert {name: cleaned(text) for name, text in everything_read(aina, log).items()} == before
    assert not any("Erik" in text for text in before.values())


def test_s26_one_who_is_let_in_writes_to_the_holder_alone_and_cannot_close(nurse):
    log, aina, _erik = two_parents(nurse)
    says_yes(log, let_in={the_guardian(log).pk: LetIn.SINCE})
    client = signed_in(aina)

    assert page_of("family_close", log.pk) not in client.get(page_of("parent_log", log.pk)).content.decode()
    for name in ("family_close", "family_close_all", "family_undo_close"):
        assert client.get(page_of(name, log.pk)).status_code == 403, name
        assert client.post(page_of(name, log.pk), {"call": "no", "understood": "on"}).status_code == 403, name
    assert Log.objects.get(pk=log.pk).is_active
    with pytest.raises(RuleBroken):
        write_message(log.pk, text="Til alle", audience=Audience.ALL, actor=aina, now=NOW)
    write_message(log.pk, text="Til Nora", audience=Audience.HOLDER, actor=aina, now=NOW)


def test_s26_the_youth_closes_it_alone(nurse):
    sander = make_youth()
    log, _aina, _erik = two_parents(nurse)
    says_yes(log)

    asked = signed_in(sander).post(page_of("family_close_all", log.pk), {"call": "no", "understood": "on"})

    assert asked.status_code == 302, asked.content.decode()
    assert Log.objects.get(pk=log.pk).is_closing


def test_s26_a_blocked_guardian_is_not_let_in(nurse):
    """Blocks follow from the other log of the youth, and nobody there is told why."""
    aina = make_parent()
    teacher = make_employee(make_unit("Fjordvik skole", kind=UnitKind.SCHOOL))
    shared = own_log(teacher)
    leader = make_leader(teacher.membership.unit)
    block_guardian(
        shared.pk,
        the_guardian(shared).pk,
        ground="court",
        decision_number="12/26",
        last_day=TODAY,
        actor=leader,
        now=NOW,
    )
    log = own_log(nurse)

    says_yes(log, let_in={the_guardian(log).pk: LetIn.SINCE})

    assert not LogAccess.objects.filter(content_object=log, user=aina).exists()


# One who was let in leaves by himself --------------------------------------------------------------------------------


def test_s26_a_guardian_who_was_let_in_leaves_and_only_the_youth_is_told_in_neutral_words(nurse):
    sander = make_youth()
    log, aina, erik = two_parents(nurse)
    says_yes(log, let_in={the_guardian(log).pk: LetIn.ALL, the_guardian(log, "Erik Rust").pk: LetIn.ALL})
    fathers = signed_in(erik)
    before, told_before = everything_read(erik, log), told(erik)
    page = page_of("leave_own_log", log.pk)
    assert page in signed_in(aina).get(page_of("parent_log", log.pk)).content.decode()

    assert signed_in(aina).post(page).status_code == 302

    assert access.row_for(aina, log, NOW) is None
    assert signed_in(aina).get(page_of("parent_log", log.pk)).status_code == 404
    after = everything_read(erik, log)
    assert {name: cleaned(page) for name, page in after.items()} == {n: cleaned(page) for n, page in before.items()}
    assert told(erik) == told_before
    assert "reader_left" in [notice.kind for notice in Notice.objects.filter(recipient=sander)]
    assert fathers.get(page_of("parent_log", log.pk)).status_code == 200


def test_s26_nobody_leaves_a_shared_log_that_way_nor_the_youth_her_own(nurse):
    sander = make_youth()
    log, _aina, _erik = two_parents(nurse)
    says_yes(log)

    assert signed_in(sander).get(page_of("leave_own_log", log.pk)).status_code == 404
