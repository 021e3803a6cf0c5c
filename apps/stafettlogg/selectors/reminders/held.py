"""What is due for those who hold a log, or are responsible for a measure in it."""

from datetime import timedelta

from django.db.models import Q

from apps.audit.enums import Ground
from apps.core.dates import FAR_DAY, local_day, local_midnight
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, ConsentState, LogStatus, WindowBasis
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentWindow, Log, LogAccess, Measure, RepeatRequest
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import due as due_rules
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import reminders as rules
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.reminders.scope import Due, Scope

_OPEN = (LogStatus.REQUESTED, LogStatus.ACTIVE)


def measures(scope: Scope) -> list[Due]:
    """Measures due within three days or overdue: to the responsible who is in the log, else to the holder.

    The holder's start page has them all, since the holder follows the plan, whoever does the work.
    """
    rows = due.measures_to_follow(until=due_rules.measures_until(scope.today)).select_related(
        "log__child", "responsible"
    )
    if scope.user is not None:
        rows = rows.filter(Q(responsible=scope.user) | Q(log__in=list(scope.holders(()))))
    rows = list(rows)
    log_ids = {measure.log_id for measure in rows}
    readers, holders = scope.readers(log_ids), scope.holders(log_ids)
    shared = {row.content_object_id for row in readers.values() if access.is_holding(row) and access.sees_content(row)}
    return [
        _measure(measure, row, scope)
        for measure in rows
        if measure.log_id in shared
        for row in _to_tell(measure, readers, holders, scope)
    ]


def _to_tell(measure: Measure, readers, holders, scope: Scope) -> list[LogAccess]:
    responsible = readers.get((measure.log_id, measure.responsible_id))
    if responsible is not None and (scope.user is None or responsible.user_id == scope.user.pk):
        return [responsible]
    return holders.get(measure.log_id, [])


def _measure(measure: Measure, row: LogAccess, scope: Scope) -> Due:
    late = measure.due_day < scope.today
    return Due(
        code="measure_overdue" if late else "measure_due",
        recipient=row.user,
        log=measure.log,
        key=f"measure {measure.pk} due {measure.due_day}",
        url_name="stafettlogg:parent_log" if access.is_family(row) else "stafettlogg:plan",
        object_id=measure.log_id,
        due_day=measure.due_day,
        detail=measure.title,
        row=row,
    )


def evaluations(scope: Scope) -> list[Due]:
    """Evaluations due within a week or overdue, to holder and deputy."""
    until = due_rules.evaluations_until(scope.today)
    logs = list(scope.of_holder(due.evaluations_to_hold(until=until), "pk").select_related("child"))
    holders = scope.holders([log.pk for log in logs])
    return [
        Due(
            code="evaluation_overdue" if log.evaluation_due_day < scope.today else "evaluation_due",
            recipient=row.user,
            log=log,
            key=f"log {log.pk} evaluation {log.evaluation_due_day}",
            url_name="stafettlogg:evaluate",
            object_id=log.pk,
            due_day=log.evaluation_due_day,
            row=row,
        )
        for log in logs
        for row in holders.get(log.pk, [])
        if access.sees_content(row)
    ]


def to_close(scope: Scope) -> list[Due]:
    """Logs where the last evaluation decided to close. On the page only."""
    logs = list(scope.of_holder(due.logs_to_close(), "pk").select_related("child"))
    return _to_holders(scope, logs, "to_close", "stafettlogg:close", remind=False)


def unanswered(scope: Scope) -> list[Due]:
    """Questions about consent that nobody has answered for the municipality's number of days: ring the family."""
    asked_before = local_midnight(scope.today - timedelta(days=scope.settings.consent_reminder_days - 1))
    rows = waiting_questions(scope).filter(request__asked_at__lt=asked_before)
    requests = {row.request_id: row.request for row in scope.of_holder(rows)}
    logs = {request.log_id: request.log for request in requests.values()}
    holders = scope.holders(list(logs))
    return [
        Due(
            code="consent_unanswered",
            recipient=row.user,
            log=request.log,
            key=f"request {request.pk}",
            url_name="stafettlogg:consents",
            object_id=request.log_id,
            due_day=request.last_day,
            row=row,
        )
        for request in requests.values()
        for row in holders.get(request.log_id, [])
    ]


def waiting_questions(scope: Scope):
    """Consents that wait for an answer and can still be answered, in open logs."""
    return (
        Consent.objects.filter(
            state=ConsentState.WAITING,
            request__cancelled_at=None,
            request__last_day__gte=scope.today,
            log__status__in=_OPEN,
        )
        .select_related("request__log__child", "guardian__user")
        .order_by("request__asked_at", "pk")
    )


def expiring(scope: Scope) -> list[Due]:
    """Sharing that ends within 30, 14 or 3 days and has not been asked about anew, once per threshold.

    Not of a service that closes: there is nothing to ask about.
    """
    thresholds = consent_rules.REMINDER_DAYS_BEFORE_EXPIRY
    before = local_midnight(scope.today + timedelta(days=max(thresholds) + 2))
    windows = ConsentWindow.objects.filter(
        basis=WindowBasis.CONSENT,
        valid_until__gt=scope.now,
        valid_until__lt=before,
        log__status=LogStatus.ACTIVE,
        unit__last_day=FAR_DAY,
    )
    windows = list(scope.of_holder(windows).select_related("log__child", "unit").order_by("valid_until", "pk"))
    log_ids = {window.log_id for window in windows}
    asked = set(waiting_questions(scope).filter(log__in=log_ids).values_list("log_id", "unit_id")) if log_ids else ()
    holders = scope.holders(log_ids)
    found = []
    for window in windows:
        last_day = last_day_of(window.valid_until)
        days = rules.reached_before(last_day, thresholds, today=scope.today)
        if days is None or (window.log_id, window.unit_id) in asked:
            continue
        found += [
            Due(
                code="consent_expiring",
                recipient=row.user,
                log=window.log,
                key=f"window {window.pk} {last_day} {days}",
                url_name="stafettlogg:consents",
                object_id=window.log_id,
                due_day=last_day,
                detail=window.unit.name,
                row=row,
            )
            for row in holders.get(window.log_id, [])
        ]
    return found


def last_day_of(until):
    """The last local day before a half-open end."""
    return local_day(until - timedelta(microseconds=1))


def expired(scope: Scope) -> list[Due]:
    """A service's consent ran out by itself (never a withdrawal, which is told at once). For the holder, from day 0."""
    holders_due = [window for window in expired_windows(scope) if window.log.holder.window_id != window.pk]
    holders = scope.holders({window.log_id for window in holders_due})
    return [
        Due(
            code="consent_expired",
            recipient=row.user,
            log=window.log,
            key=expired_key(window),
            url_name="stafettlogg:consents",
            object_id=window.log_id,
            due_day=last_day_of(window.valid_until),
            detail=window.unit.name,
            row=row,
        )
        for window in holders_due
        for row in holders.get(window.log_id, [])
    ]


def expired_windows(scope: Scope, *, led: bool = False) -> list[ConsentWindow]:
    """Windows that ran out in the last 30 days at a local midnight, and are not asked about anew."""
    since = scope.now - timedelta(days=rules.EXPIRED_SHOWN_DAYS)
    rows = ConsentWindow.objects.filter(
        basis=WindowBasis.CONSENT,
        valid_until__lte=scope.now,
        valid_until__gt=since,
        log__status=LogStatus.ACTIVE,
        unit__last_day=FAR_DAY,
    ).select_related("log__child", "log__holder__window__unit", "unit")
    rows = scope.of_leader(rows, "log__holder__window__unit") if led else scope.of_holder(rows)
    return [row for row in rows if row.valid_until == local_midnight(local_day(row.valid_until)) and not _left(row)]


def _left(window: ConsentWindow) -> bool:
    """The window ended because the unit closed, and not by itself."""
    reopened = window.unit.reopened_day
    return reopened is not None and local_day(window.valid_until) <= reopened


def expired_key(window: ConsentWindow) -> str:
    return f"window {window.pk} until {local_day(window.valid_until)}"


def shells(scope: Scope) -> list[Due]:
    """Logs where nothing is shared any more: renew the consent or close. A notice a week and a day before the end."""
    ran_out = Q(basis=WindowBasis.CONSENT, valid_until__lte=scope.now)
    rows = ConsentWindow.objects.filter(
        Q(basis=WindowBasis.CLOSING) | ran_out, access.stands_at(scope.now), log__status=LogStatus.ACTIVE
    ).select_related("log__child")
    rows = list(scope.of_holder(rows))
    holders = scope.holders({window.log_id for window in rows})
    found = []
    for window in rows:
        last_day = last_day_of(window.shell_ends_at)
        days = rules.reached_before(last_day, rules.SHELL_DAYS_BEFORE, today=scope.today)
        found += [
            Due(
                code="shell_ending",
                recipient=row.user,
                log=window.log,
                key=f"window {window.pk} {last_day} {days}",
                url_name="stafettlogg:consents",
                object_id=window.log_id,
                due_day=last_day,
                remind=days is not None,
                row=row,
            )
            for row in holders.get(window.log_id, [])
            if row.window_id == window.pk
        ]
    return found


def requests_ending(scope: Scope) -> list[Due]:
    """Requests that are removed within a week unless the family answers."""
    until = scope.today + timedelta(days=rules.REQUEST_DAYS_BEFORE_REMOVAL)
    logs = Log.objects.filter(
        status=LogStatus.REQUESTED, request_last_day__gte=scope.today, request_last_day__lte=until
    ).order_by("request_last_day", "pk")
    logs = list(scope.of_holder(logs, "pk").select_related("child"))
    return _to_holders(scope, logs, "request_ending", "stafettlogg:consents", due_day="request_last_day")


def limits_to_read(scope: Scope) -> list[Due]:
    """Written limits nobody has ticked «Lest og fulgt» (S12). Told at once when written; here for the page only."""
    answers = ConsentAnswer.objects.filter(
        limits_followed_at=None, request__log__status__in=_OPEN, consents__state=ConsentState.GIVEN
    ).exclude(limits="")
    answers = scope.of_holder(answers, "request__log").select_related("request__log__child").defer("scan", "limits")
    logs = {answer.request.log_id: answer.request.log for answer in answers}
    return _to_holders(scope, list(logs.values()), "limits_to_read", "stafettlogg:consents", remind=False)


def repeats(scope: Scope) -> list[Due]:
    """Someone else asked for a log on the same child (S6). Told at once; here for the page only."""
    rows = RepeatRequest.objects.filter(handled_at=None, log__status__in=_OPEN).select_related("log__child")
    logs = {row.log_id: row.log for row in scope.of_holder(rows)}
    return _to_holders(scope, list(logs.values()), "repeat_to_follow", "stafettlogg:consents", remind=False)


def to_appoint(scope: Scope) -> list[Due]:
    """A leader who came to hold a log (S21) and has offered it to nobody yet; reminded after 3 and 7 days."""
    rows = access.current_rows_in(_held_by_succession(scope), scope.now).filter(
        kind=AccessKind.HOLDER, ground=Ground.HANDOVER
    )
    rows = [row for row in rows.select_related("content_object__child") if scope.is_me(row.user)]
    found = []
    for row in rows:
        days = rules.reached_after(local_day(row.starts_at), handover_rules.REMINDER_DAYS, today=scope.today)
        found.append(
            Due(
                code="still_to_appoint",
                recipient=row.user,
                log=row.content_object,
                key=f"holder {row.pk} {days}",
                url_name="stafettlogg:hand_over",
                object_id=row.content_object_id,
                due_day=local_day(row.starts_at),
                remind=days is not None,
                row=row,
            )
        )
    return found


def _held_by_succession(scope: Scope):
    logs = Log.objects.filter(status=LogStatus.ACTIVE, access_rows__ground=Ground.HANDOVER).exclude(
        handovers__state__in=handover_rules.WAITING
    )
    return scope.of_holder(logs, "pk").values("pk")


def _to_holders(scope: Scope, logs, code: str, url_name: str, *, due_day: str = "", remind: bool = True) -> list[Due]:
    holders = scope.holders([log.pk for log in logs])
    return [
        Due(
            code=code,
            recipient=row.user,
            log=log,
            key=f"log {log.pk} {getattr(log, due_day) if due_day else ''}".strip(),
            url_name=url_name,
            object_id=log.pk,
            due_day=getattr(log, due_day) if due_day else None,
            remind=remind,
            row=row,
        )
        for log in logs
        for row in holders.get(log.pk, [])
    ]
