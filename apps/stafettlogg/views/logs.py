"""The front page of a log: the request, the shell, or the log itself; why it is open, and what has happened."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.errors import Conflict, RuleBroken
from apps.core.http import conflict_response, form_page, page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.stafettlogg import access
from apps.stafettlogg.enums import EVERY_SCOPE, WHOLE_LOG, Action
from apps.stafettlogg.forms.logs import ReasonForm
from apps.stafettlogg.selectors import consent_table, history, holders, plan, voices
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors import logs as selectors
from apps.stafettlogg.selectors.changes import changes
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.requests import days_left, repeats_to_handle
from apps.stafettlogg.selectors.tasks import drafts, in_log
from apps.stafettlogg.services import logs as services
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.opening import open_log
from apps.stafettlogg.views.pages import log_page, open_content
from apps.stafettlogg.views.sections import BELOW, MAIN, SIDE, Section, sections_of

# What the log's front page shows staff, in order.
LOG_SECTIONS = (
    Section(MAIN, EVERY_SCOPE, "stafettlogg/sections/drafts.html", drafts.log_section),
    Section(MAIN, WHOLE_LOG, "stafettlogg/sections/tasks.html", in_log.log_section),
    Section(MAIN, EVERY_SCOPE, "stafettlogg/sections/plan.html", plan.log_section),
    Section(MAIN, WHOLE_LOG, "stafettlogg/sections/reason.html", selectors.log_section),
    Section(SIDE, EVERY_SCOPE, "stafettlogg/sections/holder.html", holders.log_section),
    Section(SIDE, EVERY_SCOPE, "stafettlogg/sections/next.html", plan.next_section),
    Section(SIDE, WHOLE_LOG, "stafettlogg/sections/voice.html", voices.log_section),
    Section(SIDE, WHOLE_LOG, "stafettlogg/sections/history.html", history.log_section),
    Section(SIDE, WHOLE_LOG, "stafettlogg/sections/guide.html", plan.guide_section),
    Section(BELOW, WHOLE_LOG, "stafettlogg/sections/consents.html", consent_table.log_section),
    Section(BELOW, WHOLE_LOG, "stafettlogg/sections/sharing.html", consent_selectors.log_section),
)


@require_safe
@log_page
def log_detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_log(request, pk, what="overview", family=False, scopes=EVERY_SCOPE)
    now = timezone.now()
    if opened.log.is_request:
        return render(request, "stafettlogg/request_state.html", _request_context(opened, now))
    if not access.sees_content(opened.row):
        return render(request, "stafettlogg/shell.html", _shell_context(opened, now))
    page = LogPage(request.user, opened.log, opened.row, now=now, reach=opened.reach)
    sections = sections_of(page, LOG_SECTIONS)
    context = frame.frame_context(
        opened, frame.OVERVIEW, late=in_log.is_late(page), guide_names=page.guide_names, sections=sections
    )
    context["band"]["glance"] = _glance(page)
    return render(request, "stafettlogg/overview.html", context)


def _glance(page: LogPage) -> list[tuple[str, str, str]]:
    """Who holds the stafettpinne and what is next: a narrow screen must show it without scrolling."""
    holder, following = page.once(holders.holder_on), plan.next_in_log(page)
    glance = [("baton", _("Stafettholder"), holder.name)]
    return [*glance, ("calendar", _("Neste"), following)] if following else glance


def _request_context(opened, now) -> dict:
    """Only what a request may hold (S5)."""
    log = opened.log
    status = consent_selectors.status_for_holder(log, now)
    return frame.frame_context(
        opened,
        frame.OVERVIEW,
        guardians=status.guardians,
        table=consent_table.consent_table(status, now),
        unread_limits=status.unread_limits,
        repeats=repeats_to_handle(log),
        days_left=days_left(log, now),
        holder=holders.holder_card(log, opened.row, now=now),
    )


def _shell_context(opened, now) -> dict:
    """Names, dates and consent status, to renew or close (S11)."""
    return frame.frame_context(
        opened,
        frame.OVERVIEW,
        table=consent_table.consent_table(consent_selectors.status_for_holder(opened.log, now), now),
        shell_until=opened.row.window.shell_ends_at,
        holder=holders.holder_card(opened.log, opened.row, now=now),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def log_reason(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Why the log is open; written after opening, with the family."""
    opened = open_log(request, pk, what="reason", action=Action.PLAN, family=False)
    log = opened.log
    form = ReasonForm(
        request.POST or None, version=log.version, initial={"reason": log.reason, "background": log.background}
    )
    if request.method == "POST" and form.is_valid():
        written = {name: form.cleaned_data[name] for name in ("reason", "background", "version")}
        try:
            services.fill_in_reason(log.pk, actor=request.user, now=timezone.now(), **written)
        except Conflict as conflict:
            return conflict_response(request, form, conflict.current)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Begrunnelsen er lagret. Familien kan lese den."))
            return redirect("stafettlogg:detail", pk=log.pk)
    return form_page(request, "stafettlogg/reason.html", frame.frame_context(opened, "", form=form))


@require_safe
@log_page
def log_history(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What has happened, and who changed the plan."""
    opened = open_content(request, pk, what="history")
    page = page_number(request)
    happened = history.timeline(opened.log, opened.row, page=page)
    changed = changes(opened.log, opened.row, page=page)
    context = {
        "lines": happened.lines,
        "changes": changed.rows,
        **page_urls(request, page, happened.has_more or changed.has_more),
    }
    return render(request, "stafettlogg/history.html", frame.frame_context(opened, frame.HISTORY, **context))
