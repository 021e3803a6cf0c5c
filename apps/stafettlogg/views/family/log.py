"""The family's own pages of a log: where we are, who is in it, what has happened, who has looked, and it all as PDF."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.enums import ReadAction
from apps.core import pdf
from apps.core.dates import local_day
from apps.core.http import page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import WHOLE_LOG, AccessKind, Action
from apps.stafettlogg.rules.closing import may_close_as_family
from apps.stafettlogg.rules.scopes import scope_words
from apps.stafettlogg.selectors import (
    closing,
    consents,
    contact,
    evaluations,
    family_reads,
    foster,
    history,
    holders,
    plan,
    requests,
    scopes,
    voices,
)
from apps.stafettlogg.selectors import family_own as selectors
from apps.stafettlogg.selectors.consent_questions import questions_in
from apps.stafettlogg.selectors.family_state import State, state_of, state_on
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.messages import messages_for
from apps.stafettlogg.selectors.own_words import answer_by
from apps.stafettlogg.selectors.tasks import drafts
from apps.stafettlogg.selectors.where_we_are import Way, WhereWeAre, where_we_are
from apps.stafettlogg.views.family.foster import open_foster
from apps.stafettlogg.views.family.pages import family_page, open_family, what_to_do
from apps.stafettlogg.views.opening import hand_out
from apps.stafettlogg.views.sections import MAIN, SIDE, Section, sections_of

# More than any log holds in practice; a PDF must end somewhere.
MOST_IN_PDF = 500


def _where(page: LogPage) -> WhereWeAre:
    return where_we_are(page, WAY)


def _said(page: LogPage) -> State:
    """The sentence that is true now; while services read, what goes on stands under it."""
    state = page.once(state_on)
    return replace(state, more=page.once(_where).lead) if state.shares and not state.more else state


def _way_section(page: LogPage) -> dict[str, Any]:
    return {"steps": page.once(_where).steps}


def _links_section(page: LogPage) -> dict[str, Any]:
    log = page.log
    pages = [
        ("family_messages", _("Beskjeder")),
        ("family_seen", _("Hvem har sett på loggen")),
        ("own_consents", _("Samtykkene dine")),
        ("family_people", _("Hvem er med")),
        ("family_history", _("Alt som har skjedd")),
    ]
    links = [(reverse(f"stafettlogg:{name}", args=[log.pk]), label) for name, label in pages]
    named = _("Fosterforelder: %(name)s")
    links += [
        (reverse("stafettlogg:answer_foster", args=[place.pk]), named % {"name": place.guardian.name})
        for place in foster.places_to_answer(log, page.user.pk, page.today)
    ]
    links.append((reverse("stafettlogg:family_download", args=[log.pk]), _("Last ned alt (PDF)")))
    links.append((reverse("stafettlogg:family_correct", args=[log.pk]), _("Be om å få noe rettet")))
    if log.is_opened and may_close_as_family(log, page.row.kind):
        links.append((reverse("stafettlogg:family_close", args=[log.pk]), _("Avslutt stafettloggen")))
    if log.child.answers_alone and page.row.kind == AccessKind.GUARDIAN:
        links.append((reverse("stafettlogg:leave_own_log", args=[log.pk]), _("Gå ut av stafettloggen")))
    return {"links": links}


# The steps of the way, told by each topic.
WAY = Way(
    done=(
        requests.done_steps,
        plan.done_steps,
        evaluations.done_steps,
        history.done_steps,
        closing.done_steps,
    ),
    now=(closing.where_now, consents.where_now, plan.where_now),
    comes=(evaluations.next_steps,),
)
# What the family's page of an opened log shows, in order.
FAMILY_SECTIONS = (
    Section(MAIN, WHOLE_LOG, "stafettlogg/family/sections/drafts.html", drafts.log_section),
    Section(MAIN, WHOLE_LOG, "stafettlogg/family/sections/way.html", _way_section),
    Section(MAIN, WHOLE_LOG, "stafettlogg/family/sections/agreed.html", plan.family_section),
    Section(MAIN, WHOLE_LOG, "stafettlogg/family/sections/evaluations.html", evaluations.family_section),
    Section(SIDE, WHOLE_LOG, "stafettlogg/family/sections/contact.html", contact.family_section),
    Section(SIDE, WHOLE_LOG, "stafettlogg/family/sections/voice.html", voices.family_section),
    Section(SIDE, WHOLE_LOG, "stafettlogg/family/sections/links.html", _links_section),
)


@require_safe
@family_page
def parent_log(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """«Hvor er vi nå». Before the log is opened the family sees the question alone (safety.md S5)."""
    opened = open_family(request, pk, what="overview")
    log = opened.log
    if log.is_request:
        return render(request, "stafettlogg/family/request.html", _request_context(request, opened))
    page = opened.page_for(request.user)
    sections = sections_of(page, FAMILY_SECTIONS)
    state = page.once(_said)
    context = opened.context(state=state, act=what_to_do(log, state), sections=sections)
    return render(request, "stafettlogg/family/log.html", context)


def _request_context(request, opened) -> dict:
    questions = questions_in(request.user, opened.log, opened.now)
    state = state_of(opened.log, opened.row, opened.reading, opened.now)
    return opened.context(
        state=state,
        act=what_to_do(opened.log, state),
        questions=[
            {
                "answer_by": answer_by(q.request, local_day(opened.now)),
                "is_own": q.is_own,
                "url": reverse("stafettlogg:answer", args=[opened.log.pk, q.request.pk]),
            }
            for q in questions
        ],
        answers=selectors.own_answers(opened.log, opened.row),
        can_close=opened.log.child.is_expected,
    )


@require_safe
@family_page
def family_people(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_family(request, pk, what="participants", needs_opened=True)
    context = opened.context(
        staff=selectors.staff_in(opened.log, opened.reading, opened.now),
        family=[
            *holders.family_names(opened.log, opened.now, opened.row, opened.reading),
            *foster.names_for_family(opened.log, opened.today),
        ],
        units=_sharing(opened),
    )
    return render(request, "stafettlogg/family/people.html", context)


def _sharing(opened):
    """Each service with how much of the log it reads."""
    windows = scopes.open_windows(opened.log, opened.now) if opened.log.is_opened else []
    return [
        (opened.reading.service(window.unit), scope_words(window.scope))
        for window in windows
        if window.unit.name not in opened.reading.hidden_units
    ]


@require_safe
@family_page
def family_history(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_family(request, pk, what="history", needs_opened=True)
    number = page_number(request)
    found = history.timeline(opened.log, opened.row, limit=30, page=number, reading=opened.reading)
    context = opened.context(lines=history.by_day(found.lines), **page_urls(request, number, found.has_more))
    return render(request, "stafettlogg/family/history.html", context)


@require_safe
@family_page
def family_seen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_family(request, pk, what="reads", action=Action.SEE_READS, needs_opened=True)
    number, outside = page_number(request), request.GET.get("vis") == "andre"
    found = family_reads.reads_of_log(
        opened.log, opened.row, opened.reading, page=number, outside_team=outside, today=opened.today
    )
    here = request.path
    context = opened.context(
        months=found.months,
        outside=outside,
        filters=[
            {"label": _("Alle"), "url": here, "is_here": not outside},
            {"label": _("Andre enn dem som er med"), "url": f"{here}?vis=andre", "is_here": outside},
        ],
        **page_urls(request, number, found.has_more),
    )
    return render(request, "stafettlogg/family/seen.html", context)


@require_safe
@family_page
def family_download(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """All the reader may see in the log, as a PDF to keep."""
    what = "log-pdf"
    opened = open_family(request, pk, what=what, action=Action.PRINT, needs_opened=True, is_document=True)
    log, row, page = opened.log, opened.row, opened.page_for(request.user)
    context = opened.context(
        reads_all=page.reading.since is None,
        state=page.once(state_on),
        now=page.now,
        steps=page.once(_where).steps,
        agreed=plan.family_section(page)["measures"],
        evaluations=page.once(evaluations.evaluations_on),
        voices=voices.voices_on(page, limit=MOST_IN_PDF),
        written=messages_for(log, row, limit=MOST_IN_PDF).written,
        lines=history.timeline(log, row, limit=MOST_IN_PDF, reading=page.reading).lines,
        municipality=settings_row(),
    )
    content = pdf.render("pdf/family_log.html", context, title=_("Stafettlogg"), language=get_language())
    name = f"stafettlogg-{opened.today}.pdf"
    return hand_out(request, opened, content, what=what, action=ReadAction.DOWNLOADED, file_name=name)


@require_safe
@family_page
def foster_log(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What she may read, by whose yes, for how long, and who knows of her."""
    opened = open_foster(request, pk, what="overview")
    page = LogPage(request.user, opened.log, opened.row, now=opened.now, reading=opened.reading, reach=opened.reach)
    context = opened.context(
        measures=plan.family_section(page)["measures"],
        evaluations=evaluations.family_section(page) if opened.reach.is_whole else None,
        deputy=contact.deputy_name(opened.log, opened.reading, opened.now),
    )
    return render(request, "stafettlogg/family/foster_log.html", context)
