"""Answering a question about consent: an introduction and four steps, kept in the respondent's own encrypted draft."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.services import choose_language
from apps.core import form_keys
from apps.core.dates import local_day
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.core.text import joined
from apps.municipality.selectors import languages, settings_row
from apps.stafettlogg.enums import Action, Route
from apps.stafettlogg.forms.family import (
    HAS_INTERPRETER,
    NO,
    WANTS_INTERPRETER,
    YES,
    AnswerForm,
    ConfirmForm,
    LimitsForm,
    ServicesForm,
)
from apps.stafettlogg.rules.tongues import tongues
from apps.stafettlogg.selectors import consent_questions as selectors
from apps.stafettlogg.selectors.consents import as_choices
from apps.stafettlogg.selectors.interpreters import own_interpreter
from apps.stafettlogg.selectors.names import unit_name
from apps.stafettlogg.selectors.own_logs import NOBODY, about_readers
from apps.stafettlogg.selectors.own_words import answer_by, refusals_in
from apps.stafettlogg.selectors.papers import in_short
from apps.stafettlogg.services import consents, interpreters
from apps.stafettlogg.services.consent_drafts import ConsentDraft, draft_of, forget_draft, keep_draft
from apps.stafettlogg.views.family.pages import FamilyLog, family_page, open_family, posted

STEPS = 4


class _Sitting:
    """One respondent in front of one question: the log, the question, and what is chosen so far."""

    def __init__(self, request, opened: FamilyLog, question):
        self.request = request
        self.opened = opened
        self.question = question
        self.draft: ConsentDraft = draft_of(request.user, question.request.pk)
        with translation.override(self.language):
            self.services = selectors.services_of(question, opened.reading)

    @property
    def is_youth(self) -> bool:
        return self.question.guardian is None

    @property
    def name(self) -> str:
        """Whose name stands in what is signed."""
        guardian = self.question.guardian
        return guardian.name if guardian is not None else self.request.user.name

    @property
    def language(self) -> str:
        return translation.get_language()

    @property
    def chosen(self) -> dict:
        asked = {service.key for service in self.services}
        return {key: yes for key, yes in self.draft.choices.items() if key in asked}

    @property
    def first_open_step(self) -> int:
        """The first step that is not done: nobody signs what was not shown."""
        if not self.draft.has_read:
            return 1
        if len(self.chosen) < len(self.services):
            return 2
        return STEPS if self.draft.has_limits else 3

    def url(self, step: int) -> str:
        args = [self.opened.log.pk, self.question.request.pk]
        return (
            reverse("stafettlogg:answer_step", args=[*args, step]) if step else reverse("stafettlogg:answer", args=args)
        )

    def keep(self) -> None:
        keep_draft(self.request.user, self.question.request.pk, self.draft, now=self.opened.now)

    def page(self, template, step=0, **context):
        """The page in the language chosen for this question, whatever the respondent's language in the portal is."""
        with translation.override(self.language):
            self.services = selectors.services_of(self.question, self.opened.reading)
            names = [_("Hva vi vet og gjør"), _("Hvem"), _("Grenser"), _("Se over og svar")]
            base = self.opened.context(
                question=self.question,
                is_youth=self.is_youth,
                is_own=self.question.is_own,
                step=step,
                total=STEPS,
                step_title=names[step - 1] if step else "",
                steps=[_step(self, number, name, step) for number, name in enumerate(names, start=1)],
                previous_url=self.url(step - 1) if step else "",
                others=joined(list(dict.fromkeys(s.name for s in self.services if not s.is_asker))),
                municipality=settings_row(),
            )
            built = {name: value() if callable(value) else value for name, value in context.items()}
            response = form_page(self.request, f"stafettlogg/family/{template}.html", {**base, **built})
            response.headers["Content-Language"] = self.language
        return response


def _step(sitting: _Sitting, number: int, name: str, here: int) -> dict:
    done = number < sitting.first_open_step and number != here
    state = "here" if number == here else "done" if done else "next"
    return {"title": name, "url": sitting.url(number) if done else "", "state": state}


def _sit(request, pk, request_id):
    """The sitting, or a response: the receipt when it is answered; 404 for somebody else's question."""
    opened = open_family(request, pk, what="consent", action=Action.CONSENT)
    question = selectors.question_in(request.user, opened.log, request_id, opened.now)
    if question is None and draft_of(request.user, request_id).changes:
        question = selectors.question_to_change(request.user, opened.log, request_id, opened.now)
    if question is not None:
        return _Sitting(request, opened, question), None
    answer = selectors.answer_to(request.user, opened.log, request_id)
    if answer is None:
        raise Http404
    return None, redirect("stafettlogg:consent_receipt", pk=pk, answer_id=answer.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def answer(request: SignedInRequest, pk: UUID, request_id: UUID) -> HttpResponse:
    """The introduction: who asks, what it is, and that no is an answer. A POST chooses the language of these pages."""
    sitting, response = _sit(request, pk, request_id)
    if response is not None:
        return response
    if request.method == "POST":
        return _choose_language(sitting, request.POST)
    asked, today = sitting.question.request, local_day(sitting.opened.now)
    return sitting.page(
        "answer_own_intro" if sitting.question.is_own else "answer_intro",
        answer_by=answer_by(asked, today),
        may_be_late=today <= asked.answer_day < asked.last_day,
        start_url=sitting.url(1),
        languages=[(code, _native(code), code == sitting.language) for code in languages()],
        tongues=tongues(),
        asked=lambda: in_short(sitting.services, sitting.opened.log),
        said_no=selectors.said_no_day(sitting.question, refusals_in(request.user.pk, [sitting.opened.log.pk])),
        interpreter=own_interpreter(sitting.opened.log, request.user),
        sharing=lambda: selectors.shown(
            selectors.sharing_text(sitting.question.request, is_youth=sitting.is_youth, now=sitting.opened.now)
        ),
    )


def _choose_language(sitting, post) -> HttpResponse:
    """One press is the whole answer: the portal in that language where it has it, and an interpreter (`tolk`), or not
    after all. The newest choice counts, here and everywhere."""
    request, log, now = sitting.request, sitting.opened.log, sitting.opened.now
    language = post.get("language") or post.get("tolk", "")
    try:
        if "angre" in post:
            interpreters.take_back(log.pk, actor=request.user, now=now)
        if language in languages():
            choose_language(request.user.pk, actor=request.user, language=language)
        if "tolk" in post:
            interpreters.ask_for_interpreter(log.pk, actor=request.user, language=post["tolk"], now=now)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    return redirect(sitting.url(0))


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def answer_change(request: SignedInRequest, pk: UUID, request_id: UUID) -> HttpResponse:
    """A no may be changed while the question is open; until the new answer is sent the no stands."""
    opened = open_family(request, pk, what="consent", action=Action.CONSENT)
    question = selectors.question_to_change(request.user, opened.log, request_id, opened.now)
    if question is None:
        if selectors.answer_to(request.user, opened.log, request_id) is None:
            raise Http404
        return redirect("stafettlogg:answer", pk=pk, request_id=request_id)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        keep_draft(request.user, request_id, ConsentDraft(changes=True), now=opened.now)
        return redirect("stafettlogg:answer", pk=pk, request_id=request_id)
    names = joined([opened.reading.service(unit) for unit in question.units])
    context = opened.context(
        title=_("Endre svaret"),
        form=form,
        lead=_("Du sa nei til %(services)s. Nå kan du svare på nytt.") % {"services": names},
        stays=[_("Svaret du ga, gjelder til du har sendt et nytt.")],
        submit=_("Svar på nytt"),
        back_url=reverse("stafettlogg:parent_log", args=[pk]),
    )
    return form_page(request, "stafettlogg/family/withdraw.html", context)


def _native(code: str) -> str:
    return translation.get_language_info(code)["name_local"].capitalize()


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def answer_step(request: SignedInRequest, pk: UUID, request_id: UUID, step: int) -> HttpResponse:
    sitting, response = _sit(request, pk, request_id)
    if response is not None:
        return response
    if not 1 <= step <= STEPS:
        raise Http404
    if step > sitting.first_open_step:
        return redirect(sitting.url(sitting.first_open_step))
    with translation.override(sitting.language):
        return (_information, _services, _limits, _summary)[step - 1](sitting)


def _information(sitting):
    if sitting.request.method == "POST":
        sitting.draft.has_read = True
        sitting.keep()
        return redirect(sitting.url(2))
    return sitting.page("answer_information", 1, text=lambda: selectors.information(sitting.opened.now))


def _services(sitting):
    form = ServicesForm(posted(sitting.request), services=sitting.services, chosen=sitting.chosen)
    if sitting.request.method == "POST" and form.is_valid():
        sitting.draft.choices = form.choices()
        sitting.keep()
        return redirect(sitting.url(max(3, sitting.first_open_step)))
    own = sitting.question.is_own
    text = selectors.shown(sitting.question.request.text) if own else None
    return sitting.page(
        "answer_own_services" if own else "answer_services", 2, form=form, cards=form.cards(), own_text=text
    )


def _limits(sitting):
    kept = {"limits": sitting.draft.limits, "interpreter": sitting.draft.interpreter}
    form = LimitsForm(posted(sitting.request), initial=kept)
    if sitting.request.method == "POST" and form.is_valid():
        sitting.draft.limits = form.cleaned_data["limits"]
        sitting.draft.interpreter = form.cleaned_data["interpreter"]
        sitting.draft.has_limits = sitting.draft.interpreter != WANTS_INTERPRETER
        sitting.keep()
        if sitting.draft.has_limits:
            return redirect(sitting.url(4))
        interpreters.ask_for_interpreter(sitting.opened.log.pk, actor=sitting.request.user, now=sitting.opened.now)
        words = _("Vi har tatt vare på det du har valgt. %(name)s tar kontakt med deg og ordner tolk.")
        messages.success(sitting.request, words % {"name": sitting.opened.contact.name})
        return redirect("stafettlogg:children")
    return sitting.page("answer_limits", 3, form=form)


def _summary(sitting):
    form = _answer_form(sitting)
    if sitting.request.POST.get("svar") in (YES, NO) and form.is_valid():
        try:
            return redirect(_send(sitting, form))
        except RuleBroken as broken:
            messages.error(sitting.request, str(broken))
            return redirect("stafettlogg:parent_log", pk=sitting.opened.log.pk)
    opened, chosen = sitting.opened, sitting.chosen
    yes = selectors.signed_for(sitting.services, chosen)
    asker = [service for service in sitting.services if service.is_asker]
    last_day = selectors.last_day_of_yes(sitting.question, opened.today)
    return sitting.page(
        "answer_summary",
        4,
        form=form,
        rows=lambda: _rows(sitting),
        said=lambda: selectors.statements(
            sitting.question.request,
            yes,
            name=sitting.name,
            unit=unit_name(opened.log, opened.reading),
            is_youth=sitting.is_youth,
            last_day=last_day,
            now=opened.now,
        ),
        last_day=last_day,
        stops_all=not sitting.question.is_own and bool(yes) and any(not chosen[service.key] for service in asker),
        is_mixed=lambda: selectors.sending(sitting.services, chosen)["is_mixed"],
        also_no=lambda: selectors.sending(sitting.services, chosen)["also_no"],
    )


def _answer_form(sitting) -> AnswerForm:
    """A youth who says yes also says who at home may read; a full no says nothing of it (S26)."""
    press = sitting.request.POST.get("svar")
    if not sitting.is_youth or press == NO:
        return AnswerForm(posted(sitting.request))
    yes = {service.asked.unit.pk for service in sitting.services if sitting.chosen[service.key]}
    asked = about_readers(sitting.opened.log, [service.asked.unit for service in sitting.services], sitting.opened.now)
    return AnswerForm(posted(sitting.request), about=asked if yes else NOBODY, yes=yes)


def _rows(sitting) -> list[dict]:
    change = _("Endre svar")
    rows = []
    for service in sitting.services:
        yes = sitting.chosen[service.key]
        words = service.yes_words if yes else service.no_words
        rows.append(_row(service.label, words, sitting.url(2), change) | {"answer": "yes" if yes else "no"})
    limits = sitting.draft.limits or _("Du har ikke skrevet noe")
    rows.append(_row(_("Skal ikke deles"), limits, sitting.url(3), change))
    has = sitting.draft.interpreter == HAS_INTERPRETER
    rows.append(_row(_("Tolk"), _("Ja") if has else _("Nei"), sitting.url(3), change))
    return rows


def _row(label, value, url, action) -> dict:
    return {"label": label, "value": value, "url": url, "action": action, "answer": ""}


def _send(sitting, form) -> str:
    """Record the answer once, and give the address of its receipt."""
    log, question, draft = sitting.opened.log, sitting.question, sitting.draft
    refuses = sitting.request.POST.get("svar") == NO

    def create():
        given = consents.answer(
            question.request.pk,
            guardian_id=question.guardian.pk if question.guardian else None,
            **as_choices(question.asked, sitting.chosen, refuses=refuses),
            **form.about_who_reads(),
            limits=draft.limits,
            changes=draft.changes,
            used_interpreter=draft.interpreter == HAS_INTERPRETER,
            language=sitting.language,
            route=Route.DIGITAL,
            actor=sitting.request.user,
            now=sitting.opened.now,
        )
        forget_draft(sitting.request.user, question.request.pk)
        return reverse("stafettlogg:consent_receipt", args=[log.pk, given.pk])

    key = form.cleaned_data["form_key"]
    url, _new = form_keys.once(key, "consent-answer", sitting.request.user.pk, create)
    return url
