"""«Enheten din» for leaders, and opening a log with a reason (safety.md S16, S19)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.access import current_memberships, has_right, units_led_by
from apps.audit.enums import ReadAction, Side
from apps.audit.services import record_reads, record_refusal
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.forms import PortalForm
from apps.core.http import form_page, page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.municipality.enums import Right
from apps.notifications.enums import Concerns
from apps.notifications.selectors import tasks_for
from apps.stafettlogg import access
from apps.stafettlogg.forms.leaders import OpeningForm
from apps.stafettlogg.selectors import leaders as selectors
from apps.stafettlogg.selectors import signing
from apps.stafettlogg.services import holders_leaving
from apps.stafettlogg.services import leaders as services
from apps.stafettlogg.views.opening import record_led_list


@require_safe
def unit_page(request: SignedInRequest) -> HttpResponse:
    """What needs the leader now, and the unit's logs as metadata; each of them is listed in the read audit."""
    if request.user.is_citizen:
        raise Http404
    if not has_right(request.user, Right.LEADER):
        raise AccessDenied(_("Denne siden er for ledere. Spør lederen din hvis du lurer på noe om enheten."))
    now, number = timezone.now(), page_number(request)
    holders_leaving.catch_up(units_led_by(request.user), now=now)
    page = selectors.unit_page(request.user, page=number, now=now)
    tasks = tasks_for(request.user, now, concerns=Concerns.LEADER)
    _record(request, page, tasks)
    context = {
        "page": page,
        "today": timezone.localdate(now),
        "places": [place.unit.name for place in current_memberships(request.user) if place.role.has(Right.LEADER)],
        "tasks": tasks,
        "facts": _facts(page),
        "wishes": sum(task.code == "wish" for task in tasks),
        **page_urls(request, number, page.has_more),
    }
    return render(request, "stafettlogg/leader.html", context)


def _record(request, page, tasks) -> None:
    shown = {log.pk for log in page.shown}
    record_led_list(request, page.shown, what="unit")
    others = {task.read.log_id: task.read for task in tasks if task.read is not None}
    reads = [read for log_id, read in others.items() if log_id not in shown]
    record_reads(actor=request.user, reads=reads, action=ReadAction.LISTED, what="unit", side=Side.STAFF)


def _facts(page) -> list[dict]:
    """The unit's own figures, exact for its own leader (S19)."""
    return [
        {"label": _("Stafettlogger"), "value": page.active},
        {"label": _("Evalueringer over fristen"), "value": page.evaluations_late},
        {"label": _("Stafettholdere borte nå"), "value": page.holders_away},
    ]


def reason_page(request: SignedInRequest, log_id: UUID, form: PortalForm | None = None) -> HttpResponse:
    """What a leader meets at any page of a log not opened yet: the child's first name, and a choice of reasons."""
    now = timezone.now()
    log = selectors.led_log(request.user, log_id, now=now)
    if log is None:
        record_refusal(actor=request.user, log_id=log_id, what="leader_reason")
        raise Http404
    record_led_list(request, [log], what="leader_reason")
    context = {
        "form": form or OpeningForm(about=log.pk),
        "log": log,
        "child_name": selectors.child_in_sentence(log),
        "can_open": access.led_window(request.user, log, now) is not None,
        "may_sign": signing.log_to_sign(request.user, log.pk, now) is not None,
    }
    return form_page(request, "stafettlogg/leader_reason.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_with_reason(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Choose a reason, and read the log for an hour. Whoever may read it already is led to the log itself."""
    if not request.user.is_citizen and access.visible_logs(request.user).filter(pk=pk).exists():
        return redirect("stafettlogg:detail", pk=pk)
    if request.method != "POST" or selectors.led_log(request.user, pk, now=timezone.now()) is None:
        return reason_page(request, pk)
    form = OpeningForm(request.POST, about=pk)
    if not form.is_valid():
        return reason_page(request, pk, form)
    try:
        services.open_with_reason(pk, ground=form.cleaned_data["ground"], actor=request.user, now=timezone.now())
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return reason_page(request, pk, form)
    messages.success(
        request, _("Du kan lese stafettloggen i en time. Familien kan se at du har åpnet den, og hvorfor.")
    )
    return redirect("stafettlogg:detail", pk=pk)
