"""What waits for someone who is asked: invitations, the stafettpinne, being deputy, consent."""

from datetime import timedelta

from django.db.models import Q

from apps.core.dates import local_day, local_midnight
from apps.stafettlogg import access
from apps.stafettlogg.enums import ConsentState, DeputyState, HandoverState, InvitationState, LogStatus, WindowBasis
from apps.stafettlogg.models import Consent, ConsentWindow, Deputy, Handover, Invitation
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import reminders as rules
from apps.stafettlogg.selectors.reminders.held import last_day_of, waiting_questions
from apps.stafettlogg.selectors.reminders.scope import Due, Scope


def invitations(scope: Scope) -> list[Due]:
    """Invitations nobody has answered: to the person named, else to the unit's leaders; after 3 and 7 days."""
    rows = Invitation.objects.filter(state=InvitationState.INVITED, log__status=LogStatus.ACTIVE)
    rows = _shared(_for(rows, scope, "unit"), scope, "unit")
    found = []
    for invitation, user in _asked(rows, scope, "unit"):
        since = local_day(invitation.invited_at)
        days = rules.reached_after(since, rules.INVITATION_DAYS, today=scope.today)
        found.append(
            Due(
                code="invitation_waiting",
                recipient=user,
                log=invitation.log,
                key=f"invitation {invitation.pk} {days}",
                url_name="stafettlogg:invitation",
                object_id=invitation.pk,
                due_day=since,
                detail=invitation.unit.name,
                unit=invitation.unit,
                remind=days is not None,
            )
        )
    return found


def handovers(scope: Scope) -> list[Due]:
    """Offers of the stafettpinne nobody has answered: to who is asked, after 3 and 7 days."""
    found = []
    for handover, user in _asked(_waiting_handovers(scope), scope, "to_unit"):
        days = _days_waited(handover, scope)
        found.append(
            Due(
                code="handover_waiting",
                recipient=user,
                log=handover.log,
                key=f"handover {handover.pk} {days}",
                url_name="stafettlogg:handover",
                object_id=handover.pk,
                due_day=handover_rules.last_day(handover),
                detail=handover.to_unit.name,
                unit=handover.to_unit,
                remind=days is not None,
            )
        )
    return found


def handovers_unanswered(scope: Scope) -> list[Due]:
    """The holder learns after 7 days that an offer is not answered."""
    rows = Handover.objects.filter(
        state=HandoverState.OFFERED, expires_at__gt=scope.now, log__status=LogStatus.ACTIVE
    ).select_related("log__child", "to_unit")
    rows = [row for row in scope.of_holder(rows) if _days_waited(row, scope) == max(handover_rules.REMINDER_DAYS)]
    holders = scope.holders({row.log_id for row in rows})
    return [
        Due(
            code="handover_unanswered",
            recipient=row.user,
            log=handover.log,
            key=f"handover {handover.pk}",
            url_name="stafettlogg:hand_over",
            object_id=handover.log_id,
            due_day=handover_rules.last_day(handover),
            row=row,
        )
        for handover in rows
        for row in holders.get(handover.log_id, [])
    ]


def deputies(scope: Scope) -> list[Due]:
    """Appointments as deputy nobody has answered; reminded on the first day."""
    rows = Deputy.objects.filter(
        state=DeputyState.OFFERED,
        last_day__gte=scope.today,
        log__status=LogStatus.ACTIVE,
        membership__user__is_active=True,
        membership__first_day__lte=scope.today,
        membership__last_day__gte=scope.today,
    )
    if scope.user is not None:
        rows = rows.filter(membership__user=scope.user)
    rows = rows.select_related("log__child", "membership__user", "membership__unit").order_by("first_day", "pk")
    return [
        Due(
            code="deputy_waiting",
            recipient=deputy.membership.user,
            log=deputy.log,
            key=f"deputy {deputy.pk}",
            url_name="stafettlogg:deputy_answer",
            object_id=deputy.pk,
            due_day=deputy.first_day,
            unit=deputy.membership.unit,
            remind=deputy.first_day <= scope.today,
        )
        for deputy in rows
    ]


def consents(scope: Scope) -> list[Due]:
    """Questions a guardian or the youth has not answered: to each alone, after the municipality's number of days."""
    asked_before = local_midnight(scope.today - timedelta(days=scope.settings.consent_reminder_days - 1))
    rows = _of_family(waiting_questions(scope), scope).select_related("log__child__user")
    readers = scope.readers({row.log_id for row in rows})
    found = {}
    for row in rows:
        user = row.guardian.user if row.guardian else row.log.child.user
        if not _may_be_told(user, row, scope) or (row.log_id, user.pk) not in readers:
            continue
        found[row.request_id, user.pk] = Due(
            code="consent_reminder",
            recipient=user,
            log=row.log,
            key=f"request {row.request_id}",
            url_name="stafettlogg:parent_log",
            object_id=row.log_id,
            due_day=row.request.last_day,
            remind=row.request.asked_at < asked_before,
        )
    return list(found.values())


def own_consents_expiring(scope: Scope) -> list[Due]:
    """A guardian's or youth's own yes that runs out within 30, 14 or 3 days."""
    thresholds = consent_rules.REMINDER_DAYS_BEFORE_EXPIRY
    before = local_midnight(scope.today + timedelta(days=max(thresholds) + 2))
    rows = Consent.objects.filter(
        state=ConsentState.GIVEN, expires_at__gt=scope.now, expires_at__lt=before, log__status=LogStatus.ACTIVE
    ).select_related("log__child__user", "guardian__user", "unit", "request")
    rows = [
        row
        for row in _of_family(rows, scope)
        if not consent_rules.ended_with_unit(row.unit, row.request.asked_at, today=scope.today)
    ]
    readers = scope.readers({row.log_id for row in rows})
    found = {}
    for row in rows:
        last_day = last_day_of(row.expires_at)
        days = rules.reached_before(last_day, thresholds, today=scope.today)
        user = row.guardian.user if row.guardian else row.log.child.user
        if days is None or not _may_be_told(user, row, scope) or (row.log_id, user.pk) not in readers:
            continue
        found[row.log_id, user.pk, last_day] = Due(
            code="consent_expiring",
            recipient=user,
            log=row.log,
            key=f"own {row.log_id} {last_day} {days}",
            url_name="stafettlogg:parent_log",
            object_id=row.log_id,
            due_day=last_day,
        )
    return list(found.values())


def _of_family(rows, scope: Scope):
    if scope.user is None:
        return rows
    return rows.filter(Q(guardian__user=scope.user) | Q(is_youth=True, log__child__user=scope.user))


def _may_be_told(user, row: Consent, scope: Scope) -> bool:
    """The family member behind the row has an account in use, and as a guardian still has access."""
    if user is None or not user.is_active:
        return False
    return row.guardian is None or guardian_rules.has_access(row.guardian, row.log.child, today=scope.today)


def _waiting_handovers(scope: Scope):
    rows = Handover.objects.filter(state=HandoverState.OFFERED, expires_at__gt=scope.now, log__status=LogStatus.ACTIVE)
    return _shared(_for(rows, scope, "to_unit"), scope, "to_unit", any_basis=True)


def _days_waited(handover: Handover, scope: Scope) -> int | None:
    return rules.reached_after(local_day(handover.offered_at), handover_rules.REMINDER_DAYS, today=scope.today)


def _for(rows, scope: Scope, unit: str):
    rows = rows.select_related("log__child", unit, "to_membership__user").order_by("pk")
    if scope.user is None:
        return rows
    by_unit = Q(to_membership=None) & Q(**{f"{unit}__in": scope.led_unit_ids})
    return rows.filter(Q(to_membership__user=scope.user) | by_unit)


def _shared(rows, scope: Scope, unit: str, *, any_basis: bool = False) -> list:
    """Those whose unit still may see the log."""
    rows = list(rows)
    windows = ConsentWindow.objects.filter(access.stands_at(scope.now), log__in={row.log_id for row in rows})
    if not any_basis:
        windows = windows.filter(basis=WindowBasis.CONSENT, valid_until__gt=scope.now)
    shared = set(windows.values_list("log_id", "unit_id")) if rows else set()
    return [row for row in rows if (row.log_id, getattr(row, f"{unit}_id")) in shared]


def _asked(rows, scope: Scope, unit: str) -> list[tuple]:
    """(thing, person) for the person named, while working there, else for each leader of the unit."""
    named = [row for row in rows if row.to_membership is not None]
    pairs = [
        (row, row.to_membership.user)
        for row in named
        if row.to_membership.user.is_active and row.to_membership.first_day <= scope.today <= row.to_membership.last_day
    ]
    return pairs + scope.leaders((row, row.log, getattr(row, unit), ()) for row in rows if row.to_membership is None)
