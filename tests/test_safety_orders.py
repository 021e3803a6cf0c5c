"""safety.md when things happen in another order: the person becomes a guardian afterwards, the log is closed first."""

import datetime

import pytest
from django.utils import timezone

from apps.audit.enums import Ground
from apps.core.crypto import blind_index
from apps.core.errors import AccessDenied
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    About,
    AccessKind,
    AddressProtection,
    BlockGround,
    ConsentState,
    EventKind,
    ExceptionGround,
    LogStatus,
    Responsibility,
)
from apps.stafettlogg.models import Consent, Log, LogAccess, LogEvent
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.services import (
    address_protection,
    consent_questions,
    consents,
    deputies,
    exceptions,
    guardians,
    holders_leaving,
)
from apps.stafettlogg.services.leaders import open_with_reason
from apps.stafettlogg.services.repeats import tell_of_repeats, tell_of_two_logs
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.exempt import ask_exception
from tests.stafettlogg.factories import close_for_family
from tests.stafettlogg.family_pages import page_of, signed_in
from tests.test_safety_same_child import TwoLogs

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
IDENTITY = logs.make_national_id("01819012345", datetime.date(1990, 1, 1))


def status(user, name, *args) -> int:
    return signed_in(user).get(page_of(name, *args)).status_code


def led_log(**fields):
    """A log in a unit with a leader, under another leader."""
    above = make_leader(make_unit("Oppvekst"))
    leader = make_leader(make_unit("Solbakken", parent=above.membership.unit))
    holder = make_employee(leader.membership.unit)
    child = logs.make_child()
    family = [logs.make_guardian(child, name="Mari Vik"), logs.make_guardian(child, name="Ola Berg")]
    log = logs.make_log(child=child, guardians=family, holder=holder, **fields)
    return log, leader, above


# S18: who turns out to be a guardian ----------------------------------------------------------------------------------


def write_down_as_guardian(log, user):
    """The stafettholder writes down a guardian who is the same human as this employee."""
    user.national_id_index = blind_index(PERSON, IDENTITY.digits)
    user.save()
    given = logs.make_guardian_input("Siv Moen", national_id=IDENTITY, responsibility=Responsibility.UNCHECKED)
    guardians.add_guardian(log.pk, given, actor=log.holder.user, now=timezone.now())


def participant(log, leader):
    return logs.make_participant(log, make_unit("PPT", kind=UnitKind.PPT))


def deputy(log, leader):
    user, today = make_employee(leader.membership.unit), timezone.localdate()
    asked = deputies.appoint_deputy(
        log.pk, membership=user.membership, first_day=today, last_day=today + DAY, actor=leader, now=timezone.now()
    )
    deputies.accept_deputy(asked.pk, actor=user, now=timezone.now())
    return user


def leader_who_has_opened(log, leader):
    open_with_reason(log.pk, ground=Ground.SUPPORT, actor=leader, now=timezone.now())
    return leader


@pytest.mark.parametrize("become", [participant, deputy, leader_who_has_opened])
def test_s18_who_is_written_down_as_a_guardian_has_no_role_from_the_next_request(become):
    log, leader, _above = led_log()
    user = become(log, leader)
    assert status(user, "plan", log.pk) == 200

    write_down_as_guardian(log, user)

    assert [status(user, name, log.pk) for name in ("plan", "detail", "messages")] == [404, 404, 404]
    assert user.pk not in {row.user_id for row in access.current_rows_in([log.pk])}
    assert not log.deputies.filter(state__in=("offered", "accepted")).exists()
    assert holders.effective_holder(log, timezone.now()).user == log.holder.user


def test_s18_stafettholder_who_is_written_down_as_a_guardian_hands_over_to_her_leader_at_once():
    log, leader, _above = led_log()
    holder = log.holder.user

    write_down_as_guardian(log, holder)

    log = Log.objects.get(pk=log.pk)
    assert (log.holder.user, log.holder.ground) == (leader, Ground.HANDOVER)
    assert (status(leader, "plan", log.pk), status(holder, "plan", log.pk)) == (200, 404)
    assert LogAccess.objects.filter(content_object=log, kind=AccessKind.HOLDER, ends_at__gt=timezone.now()).count() == 1
    assert Notice.objects.filter(recipient=leader, kind="must_appoint").count() == 1
    assert LogEvent.objects.filter(log=log, kind=EventKind.HANDED_OVER).count() == 1


def test_s18_leader_who_was_to_take_over_is_passed_over_when_she_turns_out_to_be_a_guardian():
    log, leader, above = led_log()
    place, today = log.holder.membership, timezone.localdate()
    place.last_day = today + DAY
    place.save()
    holders_leaving.plan_successions(now=timezone.now())
    assert LogAccess.objects.filter(content_object=log, user=leader, kind=AccessKind.HOLDER).exists()

    write_down_as_guardian(log, leader)

    later = timezone.now() + 3 * DAY
    assert holders.effective_holder(log, later).user == above
    assert holders.effective_holder(log, timezone.now()).user == log.holder.user


# S4: blocks -----------------------------------------------------------------------------------------------------------


def block(log, guardian, leader):
    return exceptions.block_guardian(
        log.pk,
        guardian.pk,
        ground=BlockGround.COURT,
        decision_number="17/2026",
        last_day=timezone.localdate() + 90 * DAY,
        actor=leader,
        now=timezone.now(),
    )


def test_s04_leader_blocks_a_guardian_in_a_log_that_is_closed():
    log, leader, _above = led_log()
    father = log.guardians[1]
    close_for_family(log, log.guardians[0].user)
    assert (status(father.user, "parent_log", log.pk), status(leader, "leader_decisions", log.pk)) == (200, 200)

    block(log, father, leader)

    assert status(father.user, "parent_log", log.pk) == 404
    assert status(log.guardians[0].user, "parent_log", log.pk) == 200
    exceptions.unblock_guardian(log.pk, father.pk, actor=leader, now=timezone.now())
    assert status(father.user, "parent_log", log.pk) == 404


def test_s04_leader_of_the_unit_finds_where_she_blocks():
    log, leader, _above = led_log()
    request, _leader, _above = led_log(status=LogStatus.REQUESTED)

    client = signed_in(leader)
    page = client.get(page_of("detail", log.pk)).content.decode()
    assert f'href="{page_of("leader_decisions", log.pk)}"' in page
    client = signed_in(_leader)
    assert page_of("leader_decisions", request.pk) in client.get(page_of("leader")).content.decode()
    assert client.get(page_of("leader_decisions", request.pk)).status_code == 200


def test_s04_blocked_guardian_keeps_no_notice_of_two_logs():
    child = TwoLogs(newer=LogStatus.ACTIVE)
    tell_of_repeats(now=timezone.now())
    tell_of_two_logs(now=timezone.now())
    assert "to stafettlogger" in signed_in(child.father).get("/varsler/").content.decode()

    child.block(child.older)

    pages = [signed_in(user).get("/varsler/").content.decode() for user in (child.father, child.mother)]
    assert ["to stafettlogger" in page for page in pages] == [False, True]


def test_s04_a_blocked_guardian_takes_nothing_back_and_what_he_said_of_himself_is_over():
    """S3: the block ends it with the rest, so that nothing comes back by itself."""
    log, leader, _above = led_log()
    father, nav = log.guardians[1], make_unit("NAV Solvik", kind=UnitKind.NAV)
    consent_questions.ask_consent(
        log.pk, unit_ids=[nav.pk], own_guardian_ids={nav.pk: [father.pk]}, actor=log.holder.user, now=timezone.now()
    )
    logs.give_consents(log)
    block(log, father, leader)

    own = Consent.objects.get(log=log, guardian=father, unit=nav, about=About.OWN)
    assert own.state == ConsentState.REPLACED
    with pytest.raises(AccessDenied):
        consents.withdraw(log.pk, guardian_id=father.pk, unit_ids=None, actor=father.user, now=timezone.now())


# S7: what the leader signs --------------------------------------------------------------------------------------------


def test_s07_leader_signs_the_ground_she_read_and_no_other():
    log, leader, _above = led_log(status=LogStatus.REQUESTED)
    father, now = log.guardians[1], timezone.now()
    read = ask_exception(log, father, ExceptionGround.DECEASED, now=now)
    address = page_of("sign_exception", log.pk, read.pk)

    ask_exception(log, father, ExceptionGround.UNREACHABLE, now=now)

    response = signed_in(leader).post(address, {"svar": "ja"})
    assert response.status_code == 404
    waiting = log.consent_exceptions.get()
    assert (waiting.ground, waiting.signed_at) == (ExceptionGround.UNREACHABLE, None)


def test_s07_a_guardian_who_has_said_no_is_not_out_of_reach():
    log, leader, _above = led_log(status=LogStatus.REQUESTED)
    mother, father = log.guardians[:2]
    waiting = ask_exception(log, father, ExceptionGround.UNREACHABLE, now=timezone.now())
    logs.give_consents(log, only=[mother])
    logs.give_consents(log, only=[father], yes=False)

    signed = signed_in(leader).post(page_of("sign_exception", log.pk, waiting.pk), {"svar": "ja"})
    last_day = timezone.localdate() + 30 * DAY
    asked = signed_in(log.holder.user).post(
        page_of("guardian_exception", log.pk, father.pk),
        {"ground": ExceptionGround.UNREACHABLE, "step": "2", "last_day": str(last_day), "untold_reason": "brev"},
    )

    assert (signed.status_code, asked.status_code) == (404, 422)
    assert "Den foresatte har sagt nei, og da gjelder svaret." in asked.content.decode()
    assert Log.objects.get(pk=log.pk).status == LogStatus.REQUESTED
    other = ask_exception(log, father, ExceptionGround.AUTHORITY, now=timezone.now())
    assert other.ground == ExceptionGround.AUTHORITY


# S17: the address is protected afterwards -----------------------------------------------------------------------------


def test_s17_address_protected_after_the_log_was_closed_hides_it_there_too():
    log, _leader, _above = led_log()
    mother = log.guardians[0]
    close_for_family(log, mother.user)
    page = page_of("parent_log", log.pk)
    assert "Solbakken" in signed_in(mother.user).get(page_of("family_history", log.pk)).content.decode()
    assert (
        page_of("child_protection", log.pk)
        in signed_in(log.holder.user).get(page_of("guardians", log.pk)).content.decode()
    )

    signed_in(log.holder.user).post(page_of("child_protection", log.pk), {"protection": "confidential"})

    assert "Solbakken" not in signed_in(mother.user).get(page_of("family_history", log.pk)).content.decode()
    address_protection.protect_address(
        log.pk, protection=AddressProtection.STRICT, actor=log.holder.user, now=timezone.now()
    )
    assert signed_in(mother.user).get(page).status_code == 404


def test_s17_strictly_confidential_address_ends_the_familys_access_to_every_log_of_the_child():
    """The other stafettholder learns that the family does not read any more, and not why (S6)."""
    child = TwoLogs(newer=LogStatus.ACTIVE)
    holder = child.newer.holder.user
    assert child.statuses(child.father) == [200, 200]

    address_protection.protect_address(
        child.older.pk, protection=AddressProtection.STRICT, actor=child.older.holder.user, now=timezone.now()
    )

    assert (child.statuses(child.father), child.statuses(child.mother)) == ([404, 404], [404, 404])
    assert "Bruk papir" in signed_in(holder).get("/varsler/").content.decode()
    assert "fortrolig" not in signed_in(holder).get("/varsler/").content.decode().lower()
    assert not Notice.objects.filter(recipient=child.father, object_id__isnull=False, retracted_at=None).exists()
    consent_questions.ask_consent(child.newer.pk, unit_ids=[child.newer.unit_id], actor=holder, now=timezone.now())
    assert child.statuses(child.father) == [404, 404]


def test_s17_who_only_asks_about_the_child_ends_nobodys_access():
    """A request that is marked as strict is removed at once, with what it said of the child."""
    child = TwoLogs(newer=LogStatus.REQUESTED)

    address_protection.protect_address(
        child.newer.pk, protection=AddressProtection.STRICT, actor=child.newer.holder.user, now=timezone.now()
    )

    assert child.statuses(child.father) == [200, 404]
