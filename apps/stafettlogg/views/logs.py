"""The list of logs, and the front page of one: the request, the shell, or the log itself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.selectors import places
from apps.core.errors import Conflict, RuleBroken
from apps.core.http import conflict_response, form_page, page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.core.templatetags.portal import localized
from apps.guides import selectors as guides
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action
from apps.stafettlogg.forms.logs import SearchForm
from apps.stafettlogg.forms.plan import ReasonForm
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors import logs as selectors
from apps.stafettlogg.selectors.changes import changes
from apps.stafettlogg.selectors.consent_table import consent_table
from apps.stafettlogg.selectors.history import timeline
from apps.stafettlogg.selectors.requests import days_left, places_to_ask_from, repeats_to_handle
from apps.stafettlogg.services import logs as services
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.opening import open_log, record_list
from apps.stafettlogg.views.pages import log_page, open_content


@require_http_methods(["GET", "HEAD", "POST"])
def log_list(request: SignedInRequest) -> HttpResponse:
    """The logs the person may open. A search is a POST, so that no address holds a name (S22)."""
    if request.user.is_citizen:
        return redirect("stafettlogg:children")
    form = SearchForm(request.POST or None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    wanted = request.GET.get("vis", "")
    which = wanted if wanted in selectors.FILTERS else selectors.MINE
    page = page_number(request)
    own = places(request)
    found = selectors.logs_for_list(request.user, which=which, query=query, page=page, now=timezone.now(), places=own)
    record_list(request, [(card.log, card.row) for card in found.cards], what="search" if query else "list")
    context = {
        "form": form,
        "query": query,
        "which": which,
        "filters": [
            {"label": label, "url": f"{reverse('stafettlogg:list')}?vis={key}", "is_here": key == which and not query}
            for key, label in _filters()
        ],
        "cards": found.cards,
        "may_ask": bool(places_to_ask_from(own, today=timezone.localdate())),
        "more": query and found.has_more,
        **page_urls(request, page, found.has_more and not query),
    }
    return render(request, "stafettlogg/list.html", context)


def _filters():
    return (
        (selectors.MINE, _("Dine")),
        (selectors.OTHERS, _("Der du deltar")),
        (selectors.CLOSED, _("Avsluttet")),
    )


@require_safe
@log_page
def log_detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_log(request, pk, what="overview", family=False)
    now = timezone.now()
    if opened.log.is_request:
        return render(request, "stafettlogg/request_state.html", _request_context(opened, now))
    if not access.sees_content(opened.row):
        return render(request, "stafettlogg/shell.html", _shell_context(opened, now))
    overview = selectors.log_overview(opened.log, opened.row, now=now)
    may = frame.may(opened)
    active = opened.log.is_active
    context = {
        "overview": overview,
        "table": consent_table(overview.consents, now) if overview.consents else None,
        "may_plan": active and Action.PLAN in may,
        "may_write": active and Action.WRITE in may,
        "voice_url": reverse("stafettlogg:voice", args=[pk]) if active and Action.VOICE in may else "",
        "may_evaluate": active and Action.EVALUATE in may,
        "baton_links": _baton_links(opened),
        "baton_text": _baton_text(opened, overview.holder),
        "guide_url": reverse("guides:step", args=[overview.guide_step]),
    }
    page = frame.frame_context(opened, frame.OVERVIEW, late=overview.is_late(timezone.localdate(now)), **context)
    page["band"]["glance"] = _glance(overview)
    page["guide_label"] = _step_label(overview.guide_step, page["guide_names"])
    return render(request, "stafettlogg/overview.html", page)


def _glance(overview) -> list[tuple[str, str, str]]:
    """Who holds the stafettpinne and what is next: a narrow screen must show it without scrolling."""
    holder = ("baton", _("Stafettholder"), overview.holder.name)
    return [holder, ("calendar", _("Neste"), overview.next)] if overview.next else [holder]


def _step_label(key: str, names: guides.Names):
    """«Nivå 1, steg 2: Bli enige om mål og tiltak»."""
    number = _("Nivå %(level)s, steg %(step)s") % {"level": key[1], "step": key[3]}
    title = names.steps.get(key)
    return format_html("{}: {}", number, localized(title)) if title else number


def _baton_links(opened) -> list[tuple[str, str]]:
    pk = opened.log.pk
    if not opened.log.is_active or not opened.is_holding:
        return []
    return [
        (reverse("stafettlogg:hand_over", args=[pk]), _("Gi stafettpinnen videre")),
        (reverse("stafettlogg:close", args=[pk]), _("Avslutt stafettloggen")),
    ]


def _baton_text(opened, holder) -> str:
    if holder.deputy:
        return _("Vikar nå: %(name)s") % {"name": holder.deputy}
    if opened.log.is_active and opened.is_holding:
        return _("Du har ansvaret til en annen har tatt imot. Foreldrene får beskjed når pinnen bytter hånd.")
    return ""


def _request_context(opened, now) -> dict:
    """Only what a request may hold (S5)."""
    log = opened.log
    status = consent_selectors.status_for_holder(log, now)
    return frame.frame_context(
        opened,
        frame.OVERVIEW,
        guardians=status.guardians,
        table=consent_table(status, now),
        unread_limits=status.unread_limits,
        repeats=repeats_to_handle(log),
        days_left=days_left(log, now),
        holder=selectors.holder_card(log, opened.row, now=now),
    )


def _shell_context(opened, now) -> dict:
    """Names, dates and consent status, to renew or close (S11)."""
    return frame.frame_context(
        opened,
        frame.OVERVIEW,
        table=consent_table(consent_selectors.status_for_holder(opened.log, now), now),
        shell_until=opened.row.window.shell_ends_at,
        holder=selectors.holder_card(opened.log, opened.row, now=now),
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
    happened = timeline(opened.log, opened.row, page=page)
    changed = changes(opened.log, opened.row, page=page)
    context = {
        "lines": happened.lines,
        "changes": changed.rows,
        **page_urls(request, page, happened.has_more or changed.has_more),
    }
    return render(request, "stafettlogg/history.html", frame.frame_context(opened, frame.HISTORY, **context))
