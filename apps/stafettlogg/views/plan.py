"""Goals and measures: the plan, and the forms that change it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import AccessDenied, Conflict, RuleBroken
from apps.core.http import conflict_response, form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import EVERY_SCOPE, Action, GoalStatus, MeasureStatus
from apps.stafettlogg.forms.consents import PlainForm
from apps.stafettlogg.forms.plan import GoalForm, MeasureForm, as_typed
from apps.stafettlogg.models import Goal, Measure
from apps.stafettlogg.rules import plan as rules
from apps.stafettlogg.rules.language import Hint, hints
from apps.stafettlogg.rules.responsible import responsible_ids, who
from apps.stafettlogg.selectors import plan as selectors
from apps.stafettlogg.selectors.evaluations import evaluations_of
from apps.stafettlogg.selectors.names import reading_for
from apps.stafettlogg.selectors.responsible import responsible_choices
from apps.stafettlogg.services import plan as services
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.pages import attempt, create_once, log_page, open_content

GOAL_BUTTONS = {
    GoalStatus.REACHED: gettext_lazy("Merk målet som nådd"),
    GoalStatus.DROPPED: gettext_lazy("Merk som ikke lenger aktuelt"),
    GoalStatus.OPEN: gettext_lazy("Åpne målet igjen"),
}
MEASURE_BUTTONS = {
    MeasureStatus.ONGOING: gettext_lazy("Merk som i gang"),
    MeasureStatus.DONE: gettext_lazy("Merk som fullført"),
    MeasureStatus.STOPPED: gettext_lazy("Avslutt tiltaket"),
    MeasureStatus.NOT_STARTED: gettext_lazy("Sett tilbake til «Ikke startet»"),
}


@dataclass(frozen=True)
class Saved:
    """What was just saved, how its words could be plainer, and where it is taken back while it can be."""

    title: str
    url: str
    hints: list[Hint]
    take_back_url: str


@require_safe
@log_page
def plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The whole plan; right after a save (`?lagret=<id>`) with calm hints about its words."""
    opened = open_content(request, pk, what="plan", scopes=EVERY_SCOPE)
    log = opened.log
    goals = selectors.goals_with_measures(log, opened.reach)
    may_plan = log.is_active and Action.PLAN in frame.may(opened)
    context: dict[str, Any] = {
        "goals": selectors.goals_on_page(
            log,
            goals,
            reading=reading_for(log, opened.row),
            reach=opened.reach,
            today=timezone.localdate(),
            may_edit=may_plan,
            reporter=request.user if log.is_active and Action.WRITE in frame.may(opened) else None,
            present=responsible_choices(log, timezone.now()).people_ids if may_plan else None,
        ),
        "may_plan": may_plan,
        "may_evaluate": log.is_active and Action.EVALUATE in frame.may(opened),
        "evaluations": evaluations_of(log) if opened.reach.is_whole else [],
        "reads_all": opened.reach.is_whole,
        "saved": _saved(request.user, log, goals, request.GET.get("lagret", "")) if may_plan else None,
    }
    return render(request, "stafettlogg/plan.html", frame.frame_context(opened, frame.PLAN, **context))


def _saved(user, log, goals: list[Goal], saved_id: str) -> Saved | None:
    language = "nn" if get_language() == "nn" else "nb"
    for goal in goals:
        if str(goal.pk) == saved_id:
            found = hints(goal.title, language)
            url = reverse("stafettlogg:edit_goal", args=[log.pk, goal.pk])
            back = _take_back_url("take_back_goal", log, goal, user, depends=bool(goal.measures.all()))
            return Saved(goal.title, url, found, back) if found or back else None
        for measure in goal.measures.all():
            if str(measure.pk) == saved_id:
                someone = bool(who(measure))
                found = hints(measure.title, language, has_who=someone, has_when=measure.due_day is not None)
                url = reverse("stafettlogg:edit_measure", args=[log.pk, measure.pk])
                back = _take_back_url("take_back_measure", log, measure, user, depends=measure.reviewed_day is not None)
                return Saved(measure.title, url, found, back) if found or back else None
    return None


def _take_back_url(name: str, log, thing, user, *, depends: bool) -> str:
    """Where it is taken back; '' when it cannot be."""
    try:
        rules.check_can_take_back(
            thing, actor_id=user.pk, changed=thing.version > 1, depends=depends, now=timezone.now()
        )
    except RuleBroken:
        return ""
    return reverse(f"stafettlogg:{name}", args=[log.pk, thing.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def add_goal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_content(request, pk, what="goal", action=Action.PLAN)
    form = GoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def create():
            title = form.cleaned_data["title"]
            goal = services.add_goal(pk, title=title, actor=request.user, now=timezone.now())
            return _plan_url(pk, goal.pk)

        if response := create_once(request, form, "add_goal", create):
            messages.success(request, _("Målet er lagt til."))
            return response
    context: dict[str, Any] = {"form": form, "title": _("Legg til mål"), "submit": _("Lagre målet")}
    return form_page(request, "stafettlogg/plan_form.html", frame.frame_context(opened, frame.PLAN, **context))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def edit_goal(request: SignedInRequest, pk: UUID, goal_id: UUID) -> HttpResponse:
    opened = open_content(request, pk, what="goal", action=Action.PLAN)
    goal = _found(Goal, pk, goal_id)
    form = GoalForm(request.POST or None, version=goal.version, about=goal.pk, initial={"title": goal.title})
    if request.method == "POST" and form.is_valid():
        written = form.cleaned_data
        try:
            services.edit_goal(
                goal.pk, title=written["title"], version=written["version"], actor=request.user, now=timezone.now()
            )
        except Conflict as conflict:
            return conflict_response(request, form, conflict.current)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Målet er lagret."))
            return redirect(_plan_url(pk, goal.pk))
    context: dict[str, Any] = {
        "form": form,
        "title": _("Endre målet"),
        "submit": _("Lagre målet"),
        "status_url": reverse("stafettlogg:goal_status", args=[pk, goal.pk]),
        "buttons": [
            (status, GOAL_BUTTONS[status]) for status in GOAL_BUTTONS if status in rules.GOAL_NEXT[goal.status]
        ],
    }
    return form_page(request, "stafettlogg/plan_form.html", frame.frame_context(opened, frame.PLAN, **context))


@require_POST
@log_page
def goal_status(request: SignedInRequest, pk: UUID, goal_id: UUID) -> HttpResponse:
    open_content(request, pk, what="goal", action=Action.PLAN)
    goal = _found(Goal, pk, goal_id)
    return _set_status(request, pk, services.set_goal_status, goal, GoalStatus, _("Målet er oppdatert."))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def add_measure(request: SignedInRequest, pk: UUID, goal_id: UUID) -> HttpResponse:
    opened = open_content(request, pk, what="measure", action=Action.PLAN)
    goal = _found(Goal, pk, goal_id)
    choices = responsible_choices(opened.log, timezone.now())
    form = MeasureForm(request.POST or None, choices=choices, about=goal.pk)
    if request.method == "POST" and form.is_valid():

        def create():
            measure = services.add_measure(goal.pk, measure=form.measure(), actor=request.user, now=timezone.now())
            return _plan_url(pk, measure.pk)

        if response := create_once(request, form, "add_measure", create):
            messages.success(request, _("Tiltaket er lagt til."))
            return response
    context = {"form": form, "title": _("Legg til tiltak"), "lead": goal.title, "submit": _("Lagre tiltaket")}
    return form_page(request, "stafettlogg/plan_form.html", frame.frame_context(opened, frame.PLAN, **context))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def edit_measure(request: SignedInRequest, pk: UUID, measure_id: UUID) -> HttpResponse:
    opened = open_content(request, pk, what="measure", action=Action.PLAN)
    measure = _found(Measure, pk, measure_id)
    form = MeasureForm(
        request.POST or None,
        choices=responsible_choices(opened.log, timezone.now()),
        measure=measure,
        version=measure.version,
        about=measure.pk,
        initial=vars(as_typed(measure)),
    )
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.edit_measure(
                measure.pk, measure=form.measure(), version=version, actor=request.user, now=timezone.now()
            )
        except Conflict as conflict:
            return conflict_response(request, form, as_typed(conflict.current))
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Tiltaket er lagret."))
            return redirect(_plan_url(pk, measure.pk))
    context = {
        "form": form,
        "title": _("Oppdater tiltaket"),
        "submit": _("Lagre tiltaket"),
        "status_url": reverse("stafettlogg:measure_status", args=[pk, measure.pk]),
        "status_now": measure.get_status_display(),
        "buttons": _measure_buttons(measure),
    }
    return form_page(request, "stafettlogg/plan_form.html", frame.frame_context(opened, frame.PLAN, **context))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def measure_status(request: SignedInRequest, pk: UUID, measure_id: UUID) -> HttpResponse:
    """How it goes with a measure: told by who is responsible for it, and by who makes the plan."""

    def check_tells(opened) -> None:
        found = Measure.objects.filter(pk=measure_id, log=pk).first()
        is_own = found is not None and request.user.pk in responsible_ids(found)
        if not is_own and Action.PLAN not in frame.may(opened):
            raise AccessDenied(_("Bare den som er ansvarlig for tiltaket, kan si hvordan det går."))

    opened = open_content(request, pk, what="measure", action=Action.WRITE, scopes=EVERY_SCOPE, check=check_tells)
    measure = _found(Measure, pk, measure_id)
    if request.method == "POST":
        done = _("Takk. Tiltaket er oppdatert, og stafettholderen kan se det.")
        return _set_status(request, pk, services.set_measure_status, measure, MeasureStatus, done)
    context = {"measure": measure, "buttons": _measure_buttons(measure) if opened.log.is_active else []}
    return render(request, "stafettlogg/measure_status.html", frame.frame_context(opened, frame.PLAN, **context))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def take_back_goal(request: SignedInRequest, pk: UUID, goal_id: UUID) -> HttpResponse:
    """A goal that was just added by a slip."""
    return _take_back(request, pk, Goal, goal_id, services.take_back_goal, _("Ta bort målet"), _("Målet er tatt bort."))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def take_back_measure(request: SignedInRequest, pk: UUID, measure_id: UUID) -> HttpResponse:
    """A measure that was just added by a slip."""
    words = _("Ta bort tiltaket"), _("Tiltaket er tatt bort.")
    return _take_back(request, pk, Measure, measure_id, services.take_back_measure, *words)


def _take_back(request, pk, model, thing_id, service, title: str, done: str) -> HttpResponse:
    opened = open_content(request, pk, what="take_back", action=Action.PLAN)
    thing = _found(model, pk, thing_id)
    if request.method == "POST":
        attempt(request, lambda: service(thing.pk, actor=request.user, now=timezone.now()), done)
        return redirect("stafettlogg:plan", pk=pk)
    context = {
        "title": title,
        "lead": thing.title,
        "stops": [_("Det står ikke i planen lenger, og ingen får oppgaver eller påminnelser om det.")],
        "stays": [
            _(
                "Historikken viser at du la det til og tok det bort. Ansatte kan lese teksten der. Familien ser bare "
                "at det skjedde."
            ),
        ],
        "form": PlainForm(),
        "submit": title,
        "back_url": reverse("stafettlogg:plan", args=[opened.log.pk]),
        "back_label": _("Mål og tiltak"),
    }
    return render(request, "core/confirm.html", context)


def _measure_buttons(measure: Measure) -> list:
    following = rules.MEASURE_NEXT[measure.status]
    return [(status, label) for status, label in MEASURE_BUTTONS.items() if status in following]


def _set_status(request, pk, service, thing, statuses, done: str):
    status = request.POST.get("status", "")
    if status not in statuses.values:
        raise Http404
    try:
        service(thing.pk, status=status, actor=request.user, now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, done)
    return redirect("stafettlogg:plan", pk=pk)


def _found(model, log_id, pk):
    """The goal or measure of this log. Raises `Http404`."""
    found = model.objects.filter(log_id=log_id, pk=pk).first()
    if found is None:
        raise Http404
    return found


def _plan_url(log_id, saved_id) -> str:
    return f"{reverse('stafettlogg:plan', args=[log_id])}?lagret={saved_id}"
