"""The floor: the same sign-in, access filter, audit rows and fields of a log as the portal's pages, as plain HTML.

What it leaves out is what the benchmark weighs: rules, words in three languages, components, the page around them, and
what the portal does once more to be sure.
"""

from collections import defaultdict
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F, Max, Min
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from apps.audit.enums import ReadAction, Side
from apps.audit.services import record_reads
from apps.stafettlogg import access
from apps.stafettlogg.enums import HOLDING_KINDS, Audience, ConsentState, EventKind, LogStatus
from apps.stafettlogg.models import ChildVoice, Consent, ConsentWindow, LogEvent, Measure, MeasureReview, Message
from apps.stafettlogg.rules import due as due_rules
from apps.stafettlogg.selectors import due
from apps.stafettlogg.services.reads import read_of

ROWS, EVENTS, CARDS = 25, 5, 6


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """What waits for the user in the logs she holds, what she is asked, and the first logs."""
    today, now = timezone.localdate(), timezone.now()
    logs = list(_held(request.user))
    by_id = {log.pk: log for log in logs}
    rows = access.rows_for(request.user, list(by_id))
    soon = due.measures_to_follow(until=due_rules.measures_until(today)).filter(log__in=list(by_id))
    near = [
        log for log in logs if log.evaluation_due_day and log.evaluation_due_day <= due_rules.evaluations_until(today)
    ]
    heard = dict(ChildVoice.objects.filter(log__in=near).values_list("log").annotate(Max("written_at")))
    waiting = Consent.objects.filter(state=ConsentState.WAITING, request__cancelled_at=None, log__in=list(by_id))
    until = now + timedelta(days=31)
    ending = ConsentWindow.objects.filter(valid_until__gt=now, valid_until__lt=until, log__in=list(by_id))
    asked = [ask(request.user, now) for ask in (access.invitations_for, access.handovers_for, access.deputies_for)]
    tasks = [(by_id[measure.log_id], measure.due_day, measure.title) for measure in soon]
    tasks += [(log, log.evaluation_due_day, "evaluate") for log in near]
    tasks += [(log, log.evaluation_due_day, "hear the child") for log in near if log.pk not in heard]
    tasks += [(by_id[row.log_id], row.request.last_day, "ring") for row in waiting.select_related("request")]
    tasks += [(by_id[row.log_id], row.valid_until.date(), "ask anew") for row in ending]
    tasks += [(row.log, None, "answer") for rows_of_kind in asked for row in rows_of_kind.select_related("log__child")]
    shown = {log.pk: log for log, _day, _title in tasks} | {log.pk: log for log in logs[:CARDS]}
    reads = [read_of(log, rows[log.pk]) for log in shown.values()]
    record_reads(actor=request.user, reads=reads, action=ReadAction.LISTED, what="start", side=Side.STAFF)
    lines = format_html_join(
        "",
        '<li><a href="/logger/{}/">{} {}</a> {}</li>',
        ((log.pk, title, log.child.given_name, day) for log, day, title in tasks),
    )
    cards = format_html_join("", CARD, (_card(log, rows[log.pk], None) for log in logs[:CARDS]))
    return HttpResponse(format_html("<p>{}</p><ul>{}</ul><ul>{}</ul>", request.user.name, lines, cards))


def _held(user):
    return (
        access.visible_logs(user)
        .filter(pk__in=access.held_logs(user))
        .exclude(status=LogStatus.CLOSED)
        .select_related("child")
        .order_by(F("evaluation_due_day").asc(nulls_last=True), "child__search_name", "pk")
    )


CARD = '<li><a href="/logger/{}/">{}</a> {} {} {} {} {} {} {}</li>'


def _card(log, row, first_due):
    return (
        log.pk,
        log.child.given_name,
        log.child.birth_date,
        log.level,
        log.status,
        row.kind,
        log.evaluation_due_day,
        first_due,
        row.window.valid_until,
    )


@login_required
def log_list(request: HttpRequest) -> HttpResponse:
    logs = list(_held(request.user)[:ROWS])
    ids = [log.pk for log in logs]
    rows = access.rows_for(request.user, ids)
    measures = due.open_measures().filter(log__in=ids, due_day__isnull=False).order_by()
    first = dict(measures.values("log").annotate(first=Min("due_day")).values_list("log", "first"))
    reads = [read_of(log, rows[log.pk]) for log in logs]
    record_reads(actor=request.user, reads=reads, action=ReadAction.LISTED, what="list", side=Side.STAFF)
    cards = format_html_join("", CARD, (_card(log, rows[log.pk], first.get(log.pk)) for log in logs))
    return HttpResponse(format_html("<p>{}</p><ul>{}</ul>", request.user.name, cards))


@login_required
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    log, row = _opened(request, pk, what="detail")
    page = format_html(
        "<p>{}</p><h1>{}</h1><p>{} {} {} {} {}</p><p>{}</p><p>{}</p>{}{}{}{}{}",
        request.user.name,
        log.child.full_name,
        log.child.birth_date,
        log.holder.membership.unit.name,
        log.level,
        log.status,
        log.evaluation_due_day,
        log.reason,
        log.background,
        _plan(log),
        _holders(log),
        _voice(log),
        _events(log),
        _consents(log),
    )
    return HttpResponse(page)


@login_required
def post(request: HttpRequest, pk: UUID) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse(f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">')
    log, row = _opened(request, pk, what="messages")
    now = timezone.now()
    with transaction.atomic():
        message = Message.objects.create(
            log=log,
            author=request.user,
            author_line=f"{row.membership.title}, {row.membership.unit.name}",
            audience=Audience.ALL,
            text=request.POST["text"],
            written_at=now,
        )
        LogEvent.objects.create(log=log, kind=EventKind.MESSAGE, at=now, actor=request.user, object_id=message.pk)
    return HttpResponseRedirect(request.path)


def _opened(request, pk, *, what):
    visible = access.visible_logs(request.user).select_related("child", "holder__membership__unit")
    log = visible.filter(pk=pk).first()
    if log is None:
        raise Http404
    row = access.row_for(request.user, log)
    record_reads(actor=request.user, reads=[read_of(log, row)], action=ReadAction.OPENED, what=what, side=Side.STAFF)
    return log, row


def _plan(log):
    effects = dict(MeasureReview.objects.filter(measure__log=log).values_list("measure_id", "effect"))
    measures = Measure.objects.filter(log=log).select_related("goal", "responsible").order_by("goal__order", "order")
    goals = (
        (
            goal.title,
            goal.status,
            format_html_join(
                "",
                "<li>{} {} {} {} {} {} {}</li>",
                (
                    (
                        m.title,
                        m.status,
                        m.responsible and m.responsible.name,
                        m.place,
                        m.due_day,
                        m.note,
                        effects.get(m.pk),
                    )
                    for m in own
                ),
            ),
        )
        for goal, own in groupby(measures, key=lambda measure: measure.goal)
    )
    return format_html_join("", "<h2>{} {}</h2><ul>{}</ul>", goals)


def _holders(log):
    rows = access.current_rows_in([log.pk]).filter(kind__in=HOLDING_KINDS)
    places = ((r.user.name, r.membership.title, r.membership.unit.name, r.starts_at) for r in rows)
    return format_html_join("", "<p>{} {} {} {}</p>", places)


def _voice(log):
    voices = log.voices.order_by("-written_at")[:1]
    return format_html_join("", "<p>{} {} {}</p>", ((v.text, v.told_to, v.told_day) for v in voices))


def _events(log):
    events = list(LogEvent.objects.filter(log=log).select_related("actor").order_by("-at", "-pk")[:EVENTS])
    messages = Message.objects.filter(pk__in=[e.object_id for e in events]).only("pk", "text")
    texts = {message.pk: message.text for message in messages}
    told = ((e.kind, e.at, e.actor and e.actor.name, texts.get(e.object_id, "")) for e in events)
    return format_html_join("", "<p>{} {} {} {}</p>", told)


def _consents(log):
    windows = dict(ConsentWindow.objects.filter(log=log).values_list("unit_id", "valid_until"))
    answers = defaultdict(list)
    for row in Consent.objects.filter(log=log).select_related("unit", "guardian", "answer"):
        answers[row.unit].append(
            (row.guardian.name, row.guardian.relation, row.state, row.answered_at, row.answer.limits)
        )
    units = (
        (unit.name, windows.get(unit.pk), format_html_join("", "<td>{} {} {} {} {}</td>", given))
        for unit, given in answers.items()
    )
    return format_html("<table>{}</table>", format_html_join("", "<tr><td>{} {}</td>{}</tr>", units))


urlpatterns = [
    path("arbeidet-ditt/", start),
    path("logger/", log_list),
    path("logger/<uuid:pk>/", detail),
    path("logger/<uuid:pk>/beskjeder/", post),
]
