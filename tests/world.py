"""One log and everyone who stands to it in some way: the personas of the whole-project tests."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from apps.accounts.models import Membership
from apps.audit.enums import Ground
from apps.guides.services import load_start_content
from apps.municipality.enums import Right, UnitKind
from apps.stafettlogg.enums import (
    AccessKind,
    BlockGround,
    CareKind,
    ConsentScope,
    ExceptionSource,
    Relation,
    Responsibility,
    Route,
)
from apps.stafettlogg.models import CareDecision, Log, LogAccess
from apps.stafettlogg.rules.foster import Foster
from apps.stafettlogg.services import foster
from apps.stafettlogg.services.access import end_row, family_row, staff_row
from apps.stafettlogg.services.family_access import give_family_rows
from tests import factories
from tests.stafettlogg import factories as logs

MARK = "Kanarifugl"  # the child's name: where it shows, the log was shown
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@dataclass
class World:
    """`people` maps persona to user (None = not signed in); `log` is the one the personas relate to."""

    people: dict
    log: Log
    things: dict


def make_world() -> World:
    """Every persona beside one active log about a youth with two guardians; a real role and a real relation each."""
    now = timezone.now()
    load_start_content(now=now)
    municipality = factories.make_unit("Solvik", kind=UnitKind.MUNICIPALITY)
    own = factories.make_unit("Solbakken", parent=municipality)
    other = factories.make_unit("Tangen", parent=municipality)
    invited = factories.make_unit("PP-tjenesten", kind=UnitKind.PPT, parent=municipality)
    music = factories.make_unit("Kulturskolen", kind=UnitKind.CULTURE_SCHOOL, parent=municipality)
    expired = factories.make_unit("Fysio", kind=UnitKind.THERAPY, parent=municipality)
    flow = factories.make_role("flyt", name="Flyt", rights=(Right.EMPLOYEE, Right.FLOW))
    youth = factories.make_citizen("Ungdommen selv")
    child = logs.make_child(MARK, "Vik", birth_date=datetime.date(now.year - 17, 6, 1), user=youth)
    people = {
        "anonymous": None,
        "holder": factories.make_employee(own),
        "deputy": factories.make_employee(own),
        "deputy_later": factories.make_employee(own),
        "colleague": factories.make_employee(own),
        "left_the_log": factories.make_employee(invited),
        "left_the_job": factories.make_employee(invited),
        "sharing_ran_out": factories.make_employee(expired),
        "leader": factories.make_leader(own),
        "leader_opened": factories.make_leader(own),
        "leader_reason_ran_out": factories.make_leader(own),
        "leader_of_participant": factories.make_leader(invited),
        "leader_elsewhere": factories.make_leader(other),
        "stranger_employee": factories.make_employee(other),
        "coordinator": factories.make_coordinator(municipality),
        "flow": factories.make_employee(municipality, role=flow),
        "switched_off": factories.make_employee(own),
        "youth": youth,
        "stranger_citizen": factories.make_citizen("Har ingen sak"),
    }
    guardians = [logs.make_guardian(child), logs.make_guardian(child)]
    people |= {"guardian": guardians[0].user, "guardian_two": guardians[1].user}
    log = logs.make_log(holder=people["holder"], child=child, guardians=guardians)
    place = _give_foster_parent(log, people, now=now)
    people["participant"] = logs.make_participant(log, invited)
    people["own_measures"] = logs.make_participant(log, music)
    logs.open_window(log, music, scope=ConsentScope.MEASURES)
    _give_rows(log, people, now=now, expired=expired, invited=invited)
    _give_guardians(log, people, now=now)
    other_child = logs.make_child("Annet", "Barn")
    other_log = logs.make_log(holder=people["stranger_employee"], child=other_child)
    people["guardian_elsewhere"] = other_log.guardians[0].user
    goal = logs.make_goal(log, actor=people["holder"])
    measure = logs.make_measure(goal, actor=people["holder"])
    things = {"goal": goal, "measure": measure, "other_log": other_log, "own": own, "invited": invited}
    things["foster_place"] = place
    return World(people=people, log=log, things=things)


def _give_foster_parent(log, people, *, now):
    """By a care order: who answers for child welfare is on paper, and has said yes to all of the log."""
    today = timezone.localdate(now)
    named = logs.make_guardian(
        log.child, user=False, relation=Relation.CHILD_WELFARE, responsibility=Responsibility.NONE
    )
    CareDecision.objects.create(
        log=log,
        kind=CareKind.CARE_ORDER,
        guardian=named,
        source=ExceptionSource.TRIBUNAL,
        number="14/2026",
        day=today,
        last_day=today + 30 * DAY,
        recorded_by=people["holder"],
        recorded_at=now,
    )
    place = foster.record_foster(
        log.pk, Foster("Fosterforelder", scope=ConsentScope.LOG), actor=people["holder"], now=timezone.now()
    )
    foster.answer_foster(place.pk, says_yes=True, route=Route.PAPER, actor=people["holder"], now=timezone.now())
    guardian = place.guardian
    guardian.user, guardian.birth_date_confirmed_at = factories.make_citizen("Fosterforelder"), now
    guardian.save()
    people["foster"] = guardian.user
    give_family_rows(Log.objects.get(pk=log.pk), actor=people["holder"], now=timezone.now())
    return place


def _give_rows(log, people, *, now, expired, invited):
    holder_row = log.holder
    for name, start, end in [
        ("deputy", now - HOUR, now + DAY),
        ("deputy_later", now + DAY, now + 2 * DAY),
        ("switched_off", now - HOUR, now + DAY),
    ]:
        user = people[name]
        kind = AccessKind.DEPUTY
        row = staff_row(
            log=log, membership=user.membership, window=holder_row.window, kind=kind, actor=user, now=start, ends_at=end
        )
        assert row.pk
    people["switched_off"].is_active = False
    people["switched_off"].save()
    logs.make_participant(log, invited, user=people["left_the_log"], now=now - DAY)
    end_row(LogAccess.objects.get(user=people["left_the_log"]), actor=people["holder"], now=now - HOUR)
    logs.make_participant(log, invited, user=people["left_the_job"], now=now - DAY)
    place = Membership.objects.get(user=people["left_the_job"])
    place.last_day = timezone.localdate(now) - DAY
    place.save()
    logs.make_participant(log, expired, user=people["sharing_ran_out"], now=now - DAY)
    window = logs.open_window(log, expired)
    window.valid_from, window.valid_until = now - 2 * DAY, now - HOUR
    window.save()
    for name, end in [("leader_opened", now + HOUR), ("leader_reason_ran_out", now - HOUR)]:
        user = people[name]
        staff_row(
            log=log,
            membership=user.membership,
            window=holder_row.window,
            kind=AccessKind.LEADER,
            actor=user,
            now=now - 2 * HOUR,
            ends_at=end,
            ground=Ground.CONTROL,
        )


def _give_guardians(log, people, *, now):
    blocked = logs.make_guardian(
        log.child,
        blocked_ground=BlockGround.COURT,
        blocked_decision_number="12/2026",
        blocked_last_day=timezone.localdate(now) + 30 * DAY,
        blocked_signed_by=people["leader"],
    )
    people["guardian_blocked"] = blocked.user
    row = family_row(
        log=log, user=blocked.user, child=log.child, kind=AccessKind.GUARDIAN, actor=people["holder"], now=now - DAY
    )
    end_row(row, actor=people["leader"], now=now - HOUR)
    unchecked = logs.make_guardian(log.child, responsibility=Responsibility.UNCHECKED)
    without = logs.make_guardian(log.child, responsibility=Responsibility.NONE)
    people |= {"guardian_unchecked": unchecked.user, "guardian_without_responsibility": without.user}
