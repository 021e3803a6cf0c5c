"""«Forelderen svarer her»: the employee hands over the screen, is signed out, and only the answer is reachable.

The sitting lives in the browser's session: one question, one respondent, half an hour. After the answer the screen is
locked until someone signs in. The address holds no id.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.audit.enums import Ground, ReadAction, Side
from apps.audit.services import Read, record_reads
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.http import form_page
from apps.core.requests import PortalRequest, SignedInRequest
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, Route
from apps.stafettlogg.forms.consents import PlainForm, ScreenForm
from apps.stafettlogg.forms.family import NO, YES
from apps.stafettlogg.models import Log
from apps.stafettlogg.selectors import consent_questions
from apps.stafettlogg.selectors import respondents as people
from apps.stafettlogg.selectors.consents import OpenQuestion, as_choices
from apps.stafettlogg.selectors.contact import contact_of
from apps.stafettlogg.selectors.names import child_name, family_reading, unit_name
from apps.stafettlogg.selectors.own_logs import NOBODY, AboutReaders, about_readers
from apps.stafettlogg.services import consents as services
from apps.stafettlogg.views.consents import open_consents, waiting_or_404
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.pages import log_page

SITTING, THANKS = "svar_her", "svar_her_takk"
LASTS = timedelta(minutes=30)
LOOK_OVER, CHANGE = "se", "endre"


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def hand_screen(request: SignedInRequest, pk: UUID, request_id: UUID, who: str) -> HttpResponse:
    """Ask once, then sign the employee out and begin the sitting."""
    opened = open_consents(request, pk, what="hand-screen")
    respondent, waiting = waiting_or_404(opened, request_id, who)
    form = PlainForm(posted(request))
    if request.method == "POST" and form.is_valid():
        sitting = {
            "log": str(opened.log.pk),
            "request": str(waiting.request.pk),
            "who": respondent.who,
            "staff": str(request.user.pk),
            "began": int(timezone.now().timestamp()),
        }
        logout(request)
        request.session[SITTING] = sitting
        return redirect("stafettlogg:tablet")
    context = {
        "title": _("Gi skjermen til %(name)s") % {"name": respondent.name},
        "lead": _("Bruk dette når dere sitter sammen. Ingen andre sider kan åpnes mens %(name)s svarer.")
        % {"name": respondent.name},
        "form": form,
        "stops": [
            _("Du blir logget ut, så ingen ser det du har åpnet."),
            _("Skjermen viser bare spørsmålet, i en halv time."),
            _("Etter svaret låser skjermen seg. Da logger du inn igjen."),
        ],
        "submit": _("Logg meg ut og vis spørsmålet"),
        "back_url": reverse("stafettlogg:consents", args=[pk]),
        "back_label": _("Samtykke"),
    }
    return form_page(request, "core/confirm.html", context)


@dataclass(frozen=True)
class Sitting:
    """One respondent in front of the employee's screen."""

    log: Log
    respondent: people.Respondent
    waiting: people.Waiting
    staff: User
    now: datetime

    @property
    def question(self) -> OpenQuestion:
        rows = self.waiting.request.consents.filter(guardian=self.respondent.guardian, state="waiting")
        self.waiting.request.log = self.log
        return OpenQuestion(self.waiting.request, self.respondent.guardian, list(rows.select_related("unit")))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def tablet(request: PortalRequest) -> HttpResponse:
    """The question, then a look-over, then the answer: three presses on one address."""
    if request.user.is_authenticated:
        return redirect("portal:start")
    sitting = _sitting(request)
    if sitting is None:
        return _locked(request)
    _record(sitting)
    reading = family_reading(sitting.log)
    offered = consent_questions.services_of(sitting.question, reading)
    form = ScreenForm(posted(request), services=offered, chosen={}, about=_about(sitting))
    press = request.POST.get("svar")
    if request.method == "POST" and press != CHANGE and form.is_valid():
        if press in (YES, NO):
            return _answer(request, sitting, form, refuses=press == NO)
        return _look_over(request, sitting, form, offered, reading)
    form = _unjudged(form, press, offered, about=_about(sitting))
    return _page(request, sitting, "tablet_question", reading, form=form, cards=form.cards())


def _about(sitting: Sitting) -> AboutReaders:
    """A youth is asked who at home may read (S26)."""
    if sitting.respondent.guardian is not None:
        return NOBODY
    return about_readers(sitting.log, sitting.waiting.units, sitting.now)


def _unjudged(form, press, offered, *, about):
    """After «Endre svar» the form comes back filled in, without a word about what is missing."""
    if press != CHANGE:
        return form
    kept = {name: form.data.get(name) for name in form.fields if name in form.data}
    chosen = {service.key: kept.get(service.key) == YES for service in offered if service.key in kept}
    return ScreenForm(services=offered, chosen=chosen, about=about, initial=kept)


def _sitting(request) -> Sitting | None:
    """What the session says, checked anew each time: in time, the employee still holds the log, the question waits."""
    kept, now = request.session.get(SITTING), timezone.now()
    if kept is None or now.timestamp() - kept["began"] > LASTS.total_seconds():
        return None
    staff = User.objects.filter(pk=kept["staff"], is_active=True).first()
    # Asked before anything about the child is loaded: what is not shown is not read either.
    if staff is None or not access.can(staff, Log(pk=UUID(kept["log"])), Action.INVITE, now):
        return None
    if not people.is_waiting(kept["request"], kept["who"], timezone.localdate(now)):
        return None
    log = Log.objects.select_related("child__user", "unit", "holder__user", "holder__membership__unit").get(
        pk=kept["log"]
    )
    respondent = people.respondent_of(log, kept["who"], now)
    waiting = people.waiting_in(respondent, UUID(kept["request"])) if respondent is not None else None
    # Answered elsewhere since it was asked above.
    if respondent is None or waiting is None:
        return None
    return Sitting(log, respondent, waiting, staff, now)


def _record(sitting: Sitting) -> None:
    """Write that the respondent read their own question; one without a user is not named."""
    guardian = sitting.respondent.guardian
    record_reads(
        actor=guardian.user if guardian else sitting.log.child.user,
        reads=[Read(log_id=sitting.log.pk, child_id=sitting.log.child_id, ground=Ground.OWN)],
        action=ReadAction.OPENED,
        what="tablet",
        side=Side.GUARDIAN if guardian else Side.YOUTH,
    )


def _page(request, sitting: Sitting, template: str, reading, **context):
    shared = {
        "name": sitting.respondent.name,
        "is_youth": sitting.respondent.guardian is None,
        "child": child_name(sitting.log),
        "unit_name": unit_name(sitting.log, reading),
        "contact": contact_of(sitting.log, reading),
        "text": consent_questions.shown(
            consent_questions.sharing_text(
                sitting.waiting.request, is_youth=sitting.respondent.guardian is None, now=sitting.now
            )
        ),
        "is_own": sitting.waiting.is_about_her,
        "information": consent_questions.information(sitting.now),
    }
    return form_page(request, f"stafettlogg/{template}.html", {**shared, **context})


def _look_over(request, sitting: Sitting, form, offered, reading):
    chosen = form.choices()
    yes = consent_questions.signed_for(offered, chosen)
    last_day = consent_questions.last_day_of_yes(sitting.question, timezone.localdate(sitting.now))
    said = consent_questions.statements(
        sitting.waiting.request,
        yes,
        name=sitting.respondent.name,
        unit=unit_name(sitting.log, reading),
        is_youth=sitting.respondent.guardian is None,
        last_day=last_day,
        now=sitting.now,
    )
    rows = [(service, chosen[service.key]) for service in offered]
    return _page(
        request,
        sitting,
        "tablet_look_over",
        reading,
        rows=rows,
        said=said,
        **consent_questions.sending(offered, chosen),
        limits=form.cleaned_data["limits"],
        hidden=[form[name].as_hidden() for name in form.fields],
    )


def _answer(request, sitting: Sitting, form, *, refuses: bool):
    try:
        given = services.answer(
            sitting.waiting.request.pk,
            guardian_id=sitting.respondent.guardian_id,
            **as_choices(sitting.waiting.asked, form.choices(), refuses=refuses),
            **({} if refuses else form.about_who_reads()),
            limits=form.cleaned_data["limits"],
            used_interpreter=form.cleaned_data["used_interpreter"],
            language=get_language(),
            route=Route.TABLET,
            actor=sitting.staff,
            now=sitting.now,
        )
    except (RuleBroken, AccessDenied):
        return _locked(request)
    request.session.flush()
    request.session[THANKS] = {"reference": given.reference, "yes": any(row.expires_at for row in given.consents.all())}
    return redirect("stafettlogg:tablet_thanks")


@login_not_required
@require_safe
def tablet_thanks(request: PortalRequest) -> HttpResponse:
    """«Takk. Gi skjermen tilbake.» Nothing else can be reached without signing in.

    While a sitting lasts the question is shown instead: a screen that is not locked must never say that it is.
    """
    if request.user.is_authenticated:
        return redirect("portal:start")
    if SITTING in request.session:
        return redirect("stafettlogg:tablet")
    thanks = request.session.get(THANKS)
    return _locked(request) if thanks is None else render(request, "stafettlogg/tablet_thanks.html", thanks)


@login_not_required
@require_POST
def tablet_stop(request: PortalRequest) -> HttpResponse:
    """The respondent does not want to answer here: the screen is locked."""
    request.session.flush()
    return redirect("stafettlogg:tablet_thanks")


def _locked(request):
    """A refused press ends the sitting; looking at the page (also by reload or prefetch) changes nothing."""
    refused = request.method == "POST"
    if refused:
        request.session.pop(SITTING, None)
    return render(request, "stafettlogg/tablet_locked.html", status=422 if refused else 200)
