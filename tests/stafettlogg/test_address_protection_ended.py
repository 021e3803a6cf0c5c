"""S17: a protection that has ended is signed by the leader; what was hidden until then stays hidden."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from apps.core.errors import AccessDenied, RuleBroken
from apps.notifications.models import Notice
from apps.stafettlogg.enums import AddressProtection, Audience, LogStatus, ProtectionEndGround
from apps.stafettlogg.models import Child, Log, ProtectionEnd
from apps.stafettlogg.services import participants
from apps.stafettlogg.services.address_protection import end_protection, protect_address
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_employee, make_leader
from tests.stafettlogg.factories import make_child, request_as_typed
from tests.stafettlogg.family_pages import page_of, signed_in
from tests.stafettlogg.test_address_protection import NOW, everything, fill, found_in, leaks, protected_log, words_of

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=1)
REGISTER = ProtectionEndGround.REGISTER


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        load_start_texts(now=NOW - datetime.timedelta(days=1))
        yield


def led_log(**fields):
    log, school = protected_log(status=LogStatus.ACTIVE, **fields)
    return log, school, make_leader(log.unit, name="Lise Lund")


def sign(log, leader, *, became="none", ground="register"):
    page = page_of("end_protection", log.pk)
    with time_machine.travel(LATER, tick=False):
        return signed_in(leader).post(page, {"became": became, "ground": ground})


def history(user, log) -> str:
    return signed_in(user).get(page_of("family_history", log.pk)).content.decode()


def test_s17_leader_ends_the_protection_and_it_is_written_who_when_and_why():
    log, _school, leader = led_log()

    response = sign(log, leader)

    end = ProtectionEnd.objects.get()
    assert (response.status_code, log.child.history.first().address_protection) == (302, "none")
    assert (end.was, end.became, end.ground) == ("confidential", "none", "register")
    assert (end.signed_by, end.signed_at, end.log) == (leader, LATER, log)
    assert Notice.objects.filter(recipient=log.holder.user, kind="protection_ended").count() == 1
    page = signed_in(log.holder.user).get(page_of("guardians", log.pk)).content.decode()
    assert "signert av Lise Lund" in page


def test_s17_family_sees_services_again_in_what_is_from_then_on_only():
    log, school, leader = led_log()
    fill(log, school)
    mother, father = (guardian.user for guardian in log.guardians)
    assert leaks(everything(father, log, opened=True)) == {}

    sign(log, leader)

    with time_machine.travel(LATER, tick=False):
        log = Log.objects.get(pk=log.pk)
        words = everything(father, log, opened=True)
        assert {"parent_log", "own_consents", "family_people"} <= set(leaks(words))
        assert found_in(history(father, log).split("<main")[1]) == []
        write_message(log.pk, text="Etterpå", audience=Audience.ALL, actor=log.holder.user, now=LATER)
        messages = signed_in(mother).get(page_of("family_messages", log.pk)).context["written"]
        assert [(one.text, one.author) for one in messages] == [("Etterpå", "Ane Solheim"), ("Hei", "En ansatt")]


def test_s17_openings_from_before_stay_without_names():
    log, school, leader = led_log()
    fill(log, school)
    sign(log, leader)

    with time_machine.travel(LATER + datetime.timedelta(minutes=1), tick=False):
        assert signed_in(log.holder.user).get(page_of("plan", log.pk)).status_code == 200
        months = signed_in(log.guardians[0].user).get(page_of("family_seen", log.pk)).context["months"]

    names = [row.name for month in months for row in month.rows if not row.is_you]
    assert (names[0], set(names[1:])) == ("Ane Solheim", {"En ansatt"})


def test_s17_service_that_left_before_stays_hidden_on_paper():
    log, school, leader = led_log()
    fill(log, school)
    row = log.access_rows.get(kind="participant")
    participants.remove(row.pk, actor=log.holder.user, now=NOW + datetime.timedelta(minutes=1))
    sign(log, leader)

    with time_machine.travel(LATER, tick=False):
        words = words_of(signed_in(log.holder.user).get(page_of("summary_pdf", log.pk)))

    assert ("Ane Solheim" in words, "Siv Dahl" in words) == (True, False)


def test_s17_nothing_is_sent_again_when_a_protection_ends():
    log, school, leader = led_log()
    fill(log, school)
    family = [guardian.user for guardian in log.guardians]
    told, sent = Notice.objects.filter(recipient__in=family).count(), len(mail.outbox)

    sign(log, leader)

    assert (Notice.objects.filter(recipient__in=family).count(), len(mail.outbox)) == (told, sent)


def test_s17_holder_asks_and_the_protection_stands_until_the_leader_has_signed():
    log, _school, leader = led_log()

    response = signed_in(log.holder.user).post(page_of("ask_protection_end", log.pk))

    assert response.status_code == 302
    assert Child.objects.get(pk=log.child_id).address_protection == AddressProtection.CONFIDENTIAL
    asked = Notice.objects.get(recipient=leader, kind="protection_end_asked")
    assert signed_in(leader).post(f"/varsler/{asked.pk}/").headers["Location"] == page_of("end_protection", log.pk)


def test_s17_only_the_leader_signs_and_never_the_holder_or_family():
    log, _school, leader = led_log()
    mother = log.guardians[0].user

    for other in (log.holder.user, mother, make_leader(), make_employee(log.unit)):
        assert sign(log, other).status_code == 404
        with pytest.raises(AccessDenied):
            end_protection(log.pk, became="none", ground=REGISTER, actor=other, now=LATER)
    for guardian in log.guardians[:1]:
        guardian.national_id_index = leader.national_id_index = "a" * 64
        guardian.save()
        leader.save()
    assert sign(log, leader).status_code == 404


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"ground": ""}, "protection_end_ground_missing"),
        ({"became": "confidential"}, "protection_not_lower"),
        ({"became": "strict"}, "protection_not_lower"),
    ],
)
def test_s17_end_needs_a_ground_and_less_protection(answers, code):
    log, _school, leader = led_log()

    with pytest.raises(RuleBroken) as broken:
        end_protection(log.pk, actor=leader, now=LATER, **({"became": "none", "ground": REGISTER} | answers))

    assert (broken.value.code, sign(log, leader, **answers).status_code) == (code, 422)
    assert ProtectionEnd.objects.count() == 0


def test_s17_end_without_a_ground_is_refused_by_the_database():
    log, _school, leader = led_log()

    with pytest.raises(IntegrityError), transaction.atomic():
        ProtectionEnd.objects.create(
            child=log.child, log=log, was="strict", became="none", ground="", signed_by=leader, signed_at=NOW
        )


def test_s17_strict_protection_that_ended_lets_a_new_log_be_asked_for():
    """«Strengt fortrolig» closed the log, so its end is signed in the closed one."""
    log, _school, leader = led_log()
    protect_address(log.pk, protection=AddressProtection.STRICT, actor=log.holder.user, now=NOW)
    assert Log.objects.get(pk=log.pk).status == LogStatus.CLOSED

    assert sign(log, leader).status_code == 302

    asker = make_employee(make_leader().membership.unit)
    made = request_as_typed(asker, now=LATER)
    assert Log.objects.get(pk=made.id).status == LogStatus.REQUESTED


def test_s17_protection_in_another_record_still_hides():
    """The strictest one decides: an end signed here says nothing of what somebody else has been told (S6)."""
    log, school, leader = led_log()
    fill(log, school)
    make_child(address_protection=AddressProtection.CONFIDENTIAL)

    sign(log, leader)

    with time_machine.travel(LATER, tick=False):
        assert leaks(everything(log.guardians[1].user, Log.objects.get(pk=log.pk), opened=True)) == {}
