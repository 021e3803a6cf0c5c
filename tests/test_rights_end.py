"""Rights end at their second and in the next request, whatever ended them (A8, A9, A16, A17, B5, B6)."""

import datetime
from dataclasses import dataclass

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.access import current_memberships, leaders_of, staffed_by, units_led_by
from apps.accounts.services import people as account_services
from apps.core.dates import FAR_AT, OSLO
from apps.municipality.enums import UnitKind
from apps.notifications.selectors import reminders_due, tasks_for
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, BlockGround, CheckedHow, Responsibility
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors import family_children, holders, leaders, participants
from apps.stafettlogg.services import consent_questions, consents, deputies, exceptions, guardians, handovers
from apps.stafettlogg.services import participants as participant_services
from apps.stafettlogg.services.access import staff_row
from tests import factories
from tests.stafettlogg.factories import (
    close_for_family,
    give_consents,
    make_child,
    make_employee,
    make_goal,
    make_guardian,
    make_log,
    make_participant,
    make_unit,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@dataclass
class Case:
    """One shared log: its holder, a participant of another unit, a deputy, a guardian, both units' leaders."""

    log: Log
    holder: object
    participant: object
    deputy: object
    guardian: object
    leader: object
    leader_of_ppt: object
    ppt: object

    @property
    def mother(self):
        return self.log.guardians[0]


def make_case() -> Case:
    own, ppt = make_unit("Solbakken"), make_unit("PP-tjenesten", kind=UnitKind.PPT)
    leader, leader_of_ppt = factories.make_leader(own), factories.make_leader(ppt)
    log = make_log(holder=make_employee(own), unit_ids=[ppt.pk])
    make_goal(log)
    colleague = make_employee(own)
    today, now = timezone.localdate(), timezone.now()
    asked = deputies.appoint_deputy(
        log.pk, membership=colleague.membership, first_day=today, last_day=today + DAY, actor=leader, now=now
    )
    deputies.accept_deputy(asked.pk, actor=colleague, now=now)
    participant = make_participant(log, ppt)
    return Case(log, log.holder.user, participant, colleague, log.guardians[0].user, leader, leader_of_ppt, ppt)


def _account_off(user):
    user.is_active = False
    user.save()


def _place_ends(user):
    user.membership.last_day = timezone.localdate() - DAY
    user.membership.save()


def _moves(user):
    _place_ends(user)
    factories.make_membership(user, make_unit("Tangen"))


def _hands_over(case):
    taker = make_employee(case.log.holder.membership.unit)
    now = timezone.now()
    offer = handovers.offer_handover(case.log.pk, to_membership=taker.membership, actor=case.holder, now=now)
    handovers.accept_handover(offer.pk, actor=taker, now=timezone.now())


def _block(case):
    exceptions.block_guardian(
        case.log.pk,
        case.mother.pk,
        ground=BlockGround.COURT,
        decision_number="12/2026",
        last_day=timezone.localdate() + 30 * DAY,
        actor=case.leader,
        now=timezone.now(),
    )


def _remove_participant(case):
    row = LogAccess.objects.get(user=case.participant, ends_at=FAR_AT)
    participant_services.remove(row.pk, actor=case.holder, now=timezone.now())


def _end_deputy(case):
    deputies.end_deputy(case.log.deputies.get().pk, actor=case.leader, now=timezone.now())


def _withdraw(case, unit_ids):
    consents.withdraw(
        case.log.pk, guardian_id=case.mother.pk, unit_ids=unit_ids, actor=case.guardian, now=timezone.now()
    )


def _lose(case):
    guardians.lose_responsibility(
        case.log.pk, case.mother.pk, how=CheckedHow.DECISION, actor=case.holder, now=timezone.now()
    )


# What happens -> (who is signed in, what is done). The next request of her page is refused.
ENDINGS = {
    "account of the holder is closed": ("holder", lambda case: _account_off(case.holder)),
    "holder is signed out everywhere": (
        "holder",
        lambda case: account_services.sign_out_everywhere(case.holder.pk, actor=case.holder),
    ),
    "participant's place ends": ("participant", lambda case: _place_ends(case.participant)),
    "participant moves to another unit": ("participant", lambda case: _moves(case.participant)),
    "participant is removed": ("participant", _remove_participant),
    "consent to her unit is withdrawn": ("participant", lambda case: _withdraw(case, [case.ppt.pk])),
    "every consent is withdrawn": ("participant", lambda case: _withdraw(case, None)),
    "stafettpinne is handed over": ("holder", _hands_over),
    "deputy is not needed any more": ("deputy", _end_deputy),
    "deputy's place ends": ("deputy", lambda case: _place_ends(case.deputy)),
    "guardian loses responsibility": ("guardian", _lose),
    "guardian is blocked": ("guardian", _block),
    "account of the guardian is closed": ("guardian", lambda case: _account_off(case.guardian)),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_right_that_ends_is_refused_in_the_next_request(ending):
    case = make_case()
    who, end = ENDINGS[ending]
    user = getattr(case, who)
    client = Client()
    client.force_login(user, backend="apps.accounts.adapters.PortalBackend")
    names = ("parent_log", "family_messages") if user.is_citizen else ("plan", "messages")
    read, write = (reverse(f"stafettlogg:{name}", args=[case.log.pk]) for name in names)
    before = client.get(read)

    end(case)
    after = [client.get(read), client.get(read, headers={"HX-Request": "true"}), client.post(write, {"text": "Hei"})]

    assert before.status_code == 200
    assert [_is_refused(response) for response in after] == [True] * 3
    assert not case.log.messages.exists()


def _is_refused(response) -> bool:
    to_sign_in = response.status_code == 302 and "/konto/logg-inn/" in response.headers["Location"]
    return response.status_code == 404 or to_sign_in or "HX-Redirect" in response.headers


# A9: at the exact second ----------------------------------------------------------------------------------------------

AT = datetime.datetime(2027, 3, 1, 10, 0, tzinfo=OSLO)
MIDNIGHT = datetime.datetime(2027, 3, 1, tzinfo=OSLO)
SECOND = datetime.timedelta(seconds=1)


def _participant_until(log):
    user = make_participant(log, now=AT - 10 * DAY)
    return user, LogAccess.objects.get(user=user)


def _row_ends(log):
    user, row = _participant_until(log)
    row.ends_at = AT
    row.save()
    return user, AT


def _window_shuts(log):
    user, row = _participant_until(log)
    row.window.valid_until = AT
    row.window.save()
    return user, AT


def _last_day_is_over(log):
    user, row = _participant_until(log)
    row.membership.last_day = datetime.date(2027, 2, 28)
    row.membership.save()
    return user, MIDNIGHT


def _child_turns_18(log):
    """Born on 29 February: in a year without that day she is 18 on 1 March, at midnight in Oslo."""
    child = make_child("Ung", birth_date=datetime.date(2009, 3, 1))
    other = make_log(child=child, now=AT - 10 * DAY)
    log.pk = other.pk
    return other.guardians[0].user, MIDNIGHT


def _child_born_on_leap_day_turns_18(log):
    child = make_child("Skudd", birth_date=datetime.date(2008, 2, 29))
    other = make_log(child=child, now=datetime.datetime(2026, 2, 1, tzinfo=OSLO))
    log.pk = other.pk
    return other.guardians[0].user, datetime.datetime(2026, 3, 1, tzinfo=OSLO)


@pytest.mark.parametrize(
    "ends", [_row_ends, _window_shuts, _last_day_is_over, _child_turns_18, _child_born_on_leap_day_turns_18]
)
def test_right_holds_until_the_second_before_and_not_at_its_end(ends):
    log = make_log(now=AT - 20 * DAY)
    user, end = ends(log)
    seen = []

    for at in (end - SECOND, end):
        with time_machine.travel(at, tick=False):
            seen.append(access.visible_logs(user).filter(pk=log.pk).exists())

    assert seen == [True, False]


def test_right_begins_at_its_second():
    log = make_log(now=AT - 20 * DAY)
    user = make_employee(log.unit)
    staff_row(
        log=log,
        membership=user.membership,
        window=log.holder.window,
        kind=AccessKind.DEPUTY,
        actor=user,
        now=AT,
        ends_at=AT + DAY,
    )
    seen = []

    for at in (AT - SECOND, AT):
        with time_machine.travel(at, tick=False):
            seen.append(access.visible_logs(user).exists())

    assert seen == [False, True]


# A16: someone who is not here any more is in no list, and gets none ---------------------------------------------------


def _lists_of(user, now) -> dict:
    """Every list that is made for one person."""
    today = timezone.localdate(now)
    return {
        "visible": access.visible_logs(user, now),
        "held": access.held_logs(user, now),
        "led": access.logs_led_by(user, now),
        "led rows": access.led_rows(user, now),
        "invitations": access.invitations_for(user, now),
        "handovers": access.handovers_for(user, now),
        "deputies": access.deputies_for(user, now),
        "asked to join": participants.invitations_to(user, now),
        "tasks": tasks_for(user, now),
        "questions": consent_selectors.open_questions(user, now),
        "cards": family_children.cards_for(user, now),
        "unit page": [*leaders.unit_page(user, now=now).held, *leaders.unit_page(user, now=now).joined],
        "units led": units_led_by(user, today),
        "places": current_memberships(user, today),
        "staff lists": staffed_by(user, today),
    }


def _full_case():
    """Everyone in it has something in her lists."""
    case = make_case()
    now = timezone.now()
    fysio = make_unit("Fysio", kind=UnitKind.THERAPY)
    consent_questions.ask_consent(case.log.pk, unit_ids=[fysio.pk], actor=case.holder, now=now)
    colleague = make_employee(case.log.unit)
    handovers.offer_handover(case.log.pk, to_membership=colleague.membership, actor=case.holder, now=now)
    invited = make_employee(case.ppt)
    participant_services.invite_unit(
        case.log.pk, unit=case.ppt, to_membership=invited.membership, actor=case.holder, now=now
    )
    case.colleague, case.invited = colleague, invited
    return case


@pytest.mark.parametrize(
    "who", ["holder", "participant", "deputy", "guardian", "leader", "leader_of_ppt", "colleague", "invited"]
)
def test_inactive_person_has_nothing_in_any_list(who):
    case = _full_case()
    user, now = getattr(case, who), timezone.now()
    before = {name for name, rows in _lists_of(user, now).items() if len(rows)}

    _account_off(user)
    after = {name for name, rows in _lists_of(user, now).items() if len(rows)}

    assert before != set()
    assert after == set()


@pytest.mark.parametrize("end", [_account_off, _place_ends])
@pytest.mark.parametrize("who", ["colleague", "invited", "leader"])
def test_person_who_left_is_not_offered_told_or_listed(who, end):
    case = _full_case()
    user, now = getattr(case, who), timezone.now()
    unit = user.membership.unit

    end(user)

    assert user not in [row.user for row in leaders_of(unit, timezone.localdate(now))]
    assert user.pk not in {due.recipient.pk for due in reminders_due(now + 8 * DAY)}
    assert user.pk not in {row.user_id for row in holders.colleagues(unit, today=timezone.localdate(now))}


def test_family_member_whose_account_is_closed_is_not_reminded():
    case = _full_case()
    later = timezone.now() + 8 * DAY
    before = {due.recipient.pk for due in reminders_due(later)}

    _account_off(case.guardian)

    assert case.guardian.pk in before
    assert case.guardian.pk not in {due.recipient.pk for due in reminders_due(later)}


# A17: nothing old applies to what is new ------------------------------------------------------------------------------


def test_log_and_rows_cannot_be_deleted_so_no_id_comes_back():
    log = make_log()

    for row in (log, log.child, log.holder.user, log.holder.membership, log.holder.window, log.guardians[0]):
        with pytest.raises(ProtectedError):
            row.delete()


def test_database_refuses_to_take_a_log_away_under_its_rows():
    log = make_log()

    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute("DELETE FROM stafettlogg_log WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE", [log.pk])


def test_new_log_about_the_same_child_has_none_of_the_old_rights():
    case = make_case()
    close_for_family(case.log, case.guardian)
    new = make_log(holder=make_employee(), child=case.log.child, guardians=[case.mother])
    give_consents(new)

    visible = {who: access.visible_logs(getattr(case, who)).filter(pk=new.pk).exists() for who in WHO_WAS_THERE}

    assert visible == dict.fromkeys(WHO_WAS_THERE, False) | {"guardian": True}


WHO_WAS_THERE = ("holder", "participant", "deputy", "guardian", "leader", "leader_of_ppt")


def test_person_who_comes_back_has_none_of_the_old_rights():
    case = make_case()
    _place_ends(case.participant)

    factories.make_membership(case.participant, case.ppt, first_day=timezone.localdate())

    assert not access.visible_logs(case.participant).exists()


def test_guardian_written_down_anew_has_no_access_until_checked():
    case = make_case()
    _lose(case)

    again = make_guardian(case.log.child, user=False, responsibility=Responsibility.UNCHECKED, name="Den samme")

    assert again.user is None
    assert not access.visible_logs(case.guardian).exists()
