"""The stafettholder's page about consent: who has answered what, what waits, and what can be done about it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.dates import format_long, local_day
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.models import Unit
from apps.municipality.selectors import services_switched_on, settings_row
from apps.stafettlogg.enums import Action, ConsentScope, LogStatus, RemovedReason
from apps.stafettlogg.forms.consents import AskForm, AskOwnForm, PlainForm, RecordForm, WithdrawalForm
from apps.stafettlogg.models import ConsentAnswer, InterpreterWish, Log, RepeatRequest
from apps.stafettlogg.rules.own_threads import may_be_asked
from apps.stafettlogg.rules.scopes import scope_words
from apps.stafettlogg.selectors import consents as selectors
from apps.stafettlogg.selectors import respondents as people
from apps.stafettlogg.selectors.consent_table import consent_table
from apps.stafettlogg.selectors.letters import letters_due
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.own_logs import NOBODY, about_readers, decision_in_words, guardians_to_choose
from apps.stafettlogg.selectors.own_threads import own_rows_of
from apps.stafettlogg.selectors.participants import unreached_services
from apps.stafettlogg.selectors.requests import repeats_to_handle
from apps.stafettlogg.selectors.scopes import scopes_to_ask
from apps.stafettlogg.selectors.tasks import in_log
from apps.stafettlogg.services import consent_questions, interpreters, own_questions, repeats
from apps.stafettlogg.services import consents as services
from apps.stafettlogg.services import requests as request_services
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.opening import Opened, open_log
from apps.stafettlogg.views.pages import create_once, log_page


def open_consents(request: SignedInRequest, pk: UUID, *, what: str = "consents", **options) -> Opened:
    """The log, for holder and deputy alone: nobody else sees each answer (S1)."""
    return open_log(request, pk, what=what, action=Action.SEE_ANSWERS, family=False, **options)


def respondent_or_404(opened: Opened, who: str) -> people.Respondent:
    respondent = people.respondent_of(opened.log, who, timezone.now())
    if respondent is None:
        raise Http404
    return respondent


def waiting_or_404(opened: Opened, request_id: UUID, who: str) -> tuple[people.Respondent, people.Waiting]:
    respondent = respondent_or_404(opened, who)
    waiting = people.waiting_in(respondent, request_id)
    if waiting is None:
        raise Http404
    return respondent, waiting


@require_safe
@log_page
def consents(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_consents(request, pk)
    log, now = opened.log, timezone.now()
    page = LogPage(request.user, log, opened.row, now=now)
    status = page.once(selectors.status_on) or selectors.status_for_holder(log, now)
    context: dict[str, Any] = {
        "tasks": in_log.tasks_about_answers(page),
        "table": consent_table(status, now),
        "own_rows": own_rows_of(log, now),
        "may_ask_own": not log.is_closed and bool(may_be_asked(log.child, status.guardians, today=local_day(now))),
        "unread_limits": [*status.unread_limits, *selectors.unread_own_limits(log)],
        "respondents": people.respondents_of(log, now),
        "repeats": repeats_to_handle(log),
        "letters": letters_due([log.pk], now),
        "unchecked": []
        if log.child.answers_alone
        else [g for g in status.guardians if g.responsibility == "unchecked"],
        "form": PlainForm(),
        "may_ask": not log.is_closed,
        "decision": decision_in_words(log.child),
        "chooses_readers": bool(guardians_to_choose(log, timezone.localdate(now))),
        "log_was_refused": log.is_request and status.log_was_refused,
    }
    return render(request, "stafettlogg/consents.html", frame.frame_context(opened, frame.CONSENTS, **context))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def consents_ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask about more services, or ask again before a consent runs out."""
    opened = open_consents(request, pk)
    log, now = opened.log, timezone.now()
    status = selectors.status_for_holder(log, now)
    units = list(services_switched_on(timezone.localdate(now)))
    form = AskForm(
        posted(request),
        units=units,
        asks_why=[] if log.is_request else [unit for unit in units if unit.pk != log.unit_id],
        hints=_hints(log, units, status, now),
        unreached=unreached_services(timezone.localdate(now)),
        guardians=[g for g in status.guardians if g.responsibility == "confirmed"],
    )
    if request.method == "POST" and form.is_valid():

        def create():
            consent_questions.ask_consent(
                log.pk,
                unit_ids=form.unit_ids(),
                own_guardian_ids=form.own_guardian_ids(),
                scopes=form.scopes(),
                purposes=form.purposes(),
                family_asked=form.cleaned_data["family_asked"],
                actor=request.user,
                now=now,
            )
            return reverse("stafettlogg:consents", args=[pk])

        response = create_once(request, form, "ask-consent", create)
        if response is not None:
            messages.success(request, _("Familien er spurt. De som bruker portalen, har fått beskjed."))
            return response
    context = frame.frame_context(opened, frame.CONSENTS, form=form, months=settings_row().consent_months)
    return form_page(request, "stafettlogg/consents_ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def consents_ask_own(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask a guardian about herself, in a request of her own (S3): also about a service that the child's information is
    not shared with."""
    opened = open_consents(request, pk)
    log, now = opened.log, timezone.now()
    today = timezone.localdate(now)
    family = selectors.status_for_holder(log, now).guardians
    form = AskOwnForm(
        posted(request),
        units=[unit for unit in services_switched_on(today) if unit.concerns_guardian],
        guardians=may_be_asked(log.child, family, today=today),
    )
    if request.method == "POST" and form.is_valid():

        def create():
            own_questions.ask_own(
                log.pk,
                unit_id=form.unit_id(),
                guardian_ids=form.cleaned_data["guardians"],
                family_asked=form.cleaned_data["family_asked"],
                actor=request.user,
                now=now,
            )
            return reverse("stafettlogg:consents", args=[pk])

        response = create_once(request, form, "ask-own", create)
        if response is not None:
            messages.success(request, _("Spørsmålet er sendt. Bare den du spurte, får vite om det."))
            return response
    context = frame.frame_context(opened, frame.CONSENTS, form=form, months=settings_row().consent_months)
    return form_page(request, "stafettlogg/consents_ask_own.html", context)


def _hints(log: Log, units: list[Unit], status: selectors.HolderStatus, now) -> dict:
    """By unit id how it stands now, and where it is usually asked for its own measures alone."""
    standing = {unit.unit.pk: _standing(unit, now) for unit in status.units}
    usual = scopes_to_ask(log, units, now, chosen={})
    reads = {pk: capfirst(scope_words(scope)) for pk, scope in usual.items() if scope == ConsentScope.MEASURES}
    return {
        unit.pk: ". ".join(words for words in (standing.get(unit.pk), reads.get(unit.pk)) if words) for unit in units
    }


def _standing(unit: selectors.UnitStatus, now) -> str:
    if unit.sharing.is_waiting:
        return _("Spurt, venter på svar. Spør du på nytt, gjelder det nye spørsmålet i stedet")
    window = unit.window
    if window is not None and unit.is_open(now):
        day = format_long(local_day(window.valid_until) - timedelta(days=1))
        return _("Har samtykke til %(day)s. Velg for å fornye") % {"day": day}
    return _("Spurt før. Deles ikke nå")


@require_POST
@log_page
def consents_follow_limits(request: SignedInRequest, pk: UUID, answer_id: UUID) -> HttpResponse:
    opened = open_consents(request, pk)
    answer = answer_or_404(opened, answer_id)
    services.follow_limits(answer.pk, actor=request.user, now=timezone.now())
    if opened.log.is_request and Log.objects.filter(pk=pk, status=LogStatus.ACTIVE).exists():
        messages.success(request, _("Stafettloggen er åpnet. Delingen følger det de har skrevet."))
        return redirect("stafettlogg:detail", pk=pk)
    messages.success(request, _("Notert. Delingen følger det de har skrevet."))
    return redirect("stafettlogg:consents", pk=pk)


@require_POST
@log_page
def interpreter_arranged(request: SignedInRequest, pk: UUID, wish_id: UUID) -> HttpResponse:
    """The holder ticks that an interpreter is arranged."""
    opened = open_consents(request, pk)
    if not InterpreterWish.objects.filter(pk=wish_id, log=opened.log).exists():
        raise Http404
    interpreters.arrange(wish_id, actor=request.user, now=timezone.now())
    messages.success(request, _("Notert. Tolken er avtalt."))
    return redirect("stafettlogg:consents", pk=pk)


def answer_or_404(opened: Opened, answer_id: UUID) -> ConsentAnswer:
    answer = ConsentAnswer.objects.select_related("guardian", "request__text").filter(
        pk=answer_id, request__log=opened.log
    )
    found = answer.first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def consents_record(request: SignedInRequest, pk: UUID, request_id: UUID, who: str) -> HttpResponse:
    """Write down an answer given on paper or aloud. The guardian gets a receipt and may deny it (S12)."""
    opened = open_consents(request, pk)
    respondent, waiting = waiting_or_404(opened, request_id, who)
    language = respondent.guardian.language if respondent.guardian else "nb"
    is_youth = respondent.guardian is None
    form = RecordForm(
        posted(request),
        request.FILES or None,
        asked=waiting.asked,
        is_youth=is_youth,
        about=about_readers(opened.log, waiting.units, timezone.now()) if is_youth else NOBODY,
        initial={"language": language},
    )
    if request.method == "POST" and form.is_valid():
        response = create_once(
            request, form, "record-answer", lambda: _record(request, opened, respondent, form, waiting)
        )
        if response is not None:
            return response
    context = frame.frame_context(
        opened, frame.CONSENTS, form=form, respondent=respondent, waiting=waiting, text=waiting.request.text
    )
    return form_page(request, "stafettlogg/consents_record.html", context)


def _record(request, opened, respondent, form, waiting) -> str:
    answers = form.cleaned_data
    given = services.answer(
        waiting.request.pk,
        guardian_id=respondent.guardian_id,
        **selectors.as_choices(waiting.asked, form.choices()),
        **form.about_who_reads(),
        route=answers["route"],
        limits=answers["limits"],
        language=answers["language"],
        used_interpreter=answers["used_interpreter"],
        witness_note=answers["witness_note"],
        scan=answers["scan"],
        actor=request.user,
        now=timezone.now(),
    )
    return reverse("stafettlogg:consents_recorded", args=[opened.log.pk, given.pk])


# What the holder of an open log does next. Nothing of what the others in the family have answered: the one whose answer
# this is may sit beside her (S1).
_AFTER_AN_ANSWER = frozenset({"reason_missing", "service_to_invite", "plan_missing"})


@require_safe
@log_page
def consents_recorded(request: SignedInRequest, pk: UUID, answer_id: UUID) -> HttpResponse:
    """After writing down an answer: the copy on paper for those who do not use the portal, and what happens next."""
    opened = open_consents(request, pk)
    answer = answer_or_404(opened, answer_id)
    name = answer.guardian.name if answer.guardian else opened.log.child.full_name
    user = answer.guardian.user_id if answer.guardian else opened.log.child.user_id
    page = LogPage(request.user, opened.log, opened.row, now=timezone.now())
    context = frame.frame_context(
        opened,
        frame.CONSENTS,
        answer=answer,
        name=name,
        has_user=user is not None,
        said_no=opened.log.is_request and selectors.is_no_to_log(answer, opened.log),
        tasks=[task for task in page.once(in_log.tasks_on) if task.code in _AFTER_AN_ANSWER],
    )
    return render(request, "stafettlogg/consents_recorded.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def consents_withdrawal(request: SignedInRequest, pk: UUID, who: str) -> HttpResponse:
    """Write down that someone has taken a yes back, in words or in writing."""
    opened = open_consents(request, pk)
    respondent = respondent_or_404(opened, who)
    if not respondent.given:
        return redirect("stafettlogg:consents", pk=pk)
    form = WithdrawalForm(posted(request), given=respondent.given)
    if request.method == "POST" and form.is_valid():
        for about, unit_ids in form.taken_back().items():
            services.withdraw(
                opened.log.pk,
                guardian_id=respondent.guardian_id,
                unit_ids=unit_ids,
                about=about,
                actor=request.user,
                now=timezone.now(),
            )
        messages.success(request, _("Notert. Delingen er stoppet."))
        return redirect("stafettlogg:consents", pk=pk)
    context = frame.frame_context(
        opened,
        frame.CONSENTS,
        form=form,
        title=_("%(name)s har trukket et samtykke") % {"name": respondent.name},
        lead=_("Delingen stopper med en gang. Den som har trukket, trenger ikke å si hvorfor."),
        submit=_("Lagre at samtykket er trukket"),
    )
    return form_page(request, "stafettlogg/consents_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def consents_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take the request back: everything about the child is removed at once."""
    opened = open_consents(request, pk)
    if not opened.log.is_request:
        return redirect("stafettlogg:consents", pk=pk)
    form = PlainForm(posted(request))
    if request.method == "POST" and form.is_valid():
        refused = selectors.status_for_holder(opened.log, timezone.now()).log_was_refused
        reason = RemovedReason.REFUSED if refused else RemovedReason.CANCELLED
        request_services.cancel_request(opened.log.pk, actor=request.user, now=timezone.now(), reason=reason)
        messages.success(request, _("Forespørselen er trukket. Det som stod om barnet, er fjernet."))
        return redirect("stafettlogg:list")
    context = {
        "title": _("Trekk forespørselen"),
        "lead": _("Gjør dette når familien har sagt nei, eller når det ikke trengs en stafettlogg."),
        "form": form,
        "stops": [
            _("Foresatte kan ikke svare lenger."),
            _("Vi fjerner barnets navn og fødselsdato og de foresattes kontaktopplysninger med en gang."),
        ],
        "stays": [_("Hvem som svarte hva, og når, blir stående. Hjelpen barnet har fra før, fortsetter.")],
        "submit": _("Trekk forespørselen"),
        "back_url": reverse("stafettlogg:consents", args=[pk]),
        "back_label": _("Samtykke"),
    }
    return form_page(request, "core/confirm.html", context)


@require_POST
@log_page
def consents_repeat(request: SignedInRequest, pk: UUID, repeat_id: UUID) -> HttpResponse:
    """The stafettholder has followed up that someone else asked about the child."""
    opened = open_consents(request, pk)
    if not RepeatRequest.objects.filter(pk=repeat_id, log=opened.log).exists():
        raise Http404
    repeats.handle_repeat(repeat_id, actor=request.user, now=timezone.now())
    messages.success(request, _("Notert at du har fulgt det opp."))
    return redirect("stafettlogg:consents", pk=pk)
