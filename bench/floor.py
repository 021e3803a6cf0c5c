"""The floor: the same sign-in, access filter, audit rows and fields as the portal's pages, as plain HTML."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from apps.audit.enums import ReadAction, Side
from apps.audit.services import record_reads
from apps.stafettlogg import access
from apps.stafettlogg.enums import Audience, EventKind
from apps.stafettlogg.models import LogEvent, Message
from apps.stafettlogg.services.reads import read_of

ROWS = 25


@login_required
def log_list(request):
    logs = list(
        access.visible_logs(request.user)
        .select_related("child", "holder__user")
        .order_by("evaluation_due_day", "child__search_name", "pk")[: ROWS + 1]
    )[:ROWS]
    rows = access.rows_for(request.user, [log.pk for log in logs])
    reads = [read_of(log, rows[log.pk]) for log in logs]
    record_reads(actor=request.user, reads=reads, action=ReadAction.LISTED, what="list", side=Side.STAFF)
    lines = format_html_join(
        "",
        "<li>{} {} {} {} {} {}</li>",
        (
            (
                log.child.given_name,
                log.child.birth_date,
                log.level,
                log.status,
                log.holder.user.name,
                log.evaluation_due_day,
            )
            for log in logs
        ),
    )
    return HttpResponse(format_html("<ul>{}</ul>", lines))


@login_required
def detail(request, pk):
    log = access.visible_logs(request.user).select_related("child", "unit", "holder__user").filter(pk=pk).first()
    if log is None:
        raise Http404
    row = access.row_for(request.user, log)
    record_reads(
        actor=request.user, reads=[read_of(log, row)], action=ReadAction.OPENED, what="detail", side=Side.STAFF
    )
    measures = log.measures.select_related("goal", "responsible")
    lines = format_html_join("", "<li>{} {} {}</li>", ((m.goal.title, m.title, m.due_day) for m in measures))
    events = log.events.select_related("actor")[:5]
    told = format_html_join("", "<li>{} {} {}</li>", ((e.kind, e.at, e.actor and e.actor.name) for e in events))
    page = format_html(
        "<h1>{}</h1><p>{} {} {}</p><p>{}</p><ul>{}</ul><ul>{}</ul>",
        log.child.full_name,
        log.unit.name,
        log.level,
        log.holder.user.name,
        log.reason,
        lines,
        told,
    )
    return HttpResponse(page)


@login_required
def post(request, pk):
    if request.method == "GET":
        return HttpResponse(f'<input name="csrfmiddlewaretoken" value="{get_token(request)}">')
    log = access.visible_logs(request.user).filter(pk=pk).first()
    if log is None:
        raise Http404
    row = access.row_for(request.user, log)
    record_reads(actor=request.user, reads=[read_of(log, row)], action=ReadAction.OPENED, what="post", side=Side.STAFF)
    now = timezone.now()
    message = Message.objects.create(
        log=log, author=request.user, audience=Audience.ALL, text=request.POST["text"], written_at=now
    )
    LogEvent.objects.create(log=log, kind=EventKind.MESSAGE, at=now, actor=request.user, object_id=message.pk)
    return HttpResponseRedirect("/")


urlpatterns = [path("logger/", log_list), path("logger/<uuid:pk>/", detail), path("logger/<uuid:pk>/beskjeder/", post)]
