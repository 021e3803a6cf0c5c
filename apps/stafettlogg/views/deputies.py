"""A deputy while the holder is away: the leader asks, the colleague answers. Nobody is asked why (safety.md S20)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.audit.enums import Ground
from apps.audit.services import record_refusal
from apps.core.dates import format_long
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg import access
from apps.stafettlogg.enums import DeputyState
from apps.stafettlogg.forms.consents import PlainForm
from apps.stafettlogg.forms.deputies import DeputyForm, deputy_line
from apps.stafettlogg.models import Deputy
from apps.stafettlogg.rules import deputies as rules
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.selectors import leaders as selectors
from apps.stafettlogg.selectors.participants import place_name
from apps.stafettlogg.services import deputies as services
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.opening import open_log, record_asked, record_led_list, refusals_written
from apps.stafettlogg.views.pages import attempt, create_once


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Who, from when, until when; then a page to check; then it is sent. `svar` says which button was pressed.

    For the leader of the holder's unit, and for the holder herself.
    """
    now = timezone.now()
    log = selectors.led_log(request.user, pk, now=now)
    holds = access.holds_now(request.user, pk, now)
    if holds:
        log = open_log(request, pk, what="deputy_new", family=False).log
    if log is None or not log.is_active:
        raise _refused(request, pk)
    today = timezone.localdate(now)
    if not holds:
        with refusals_written(request, log, what="deputy_new"):
            access.check_leads_holder(request.user, log, today)
        record_led_list(request, [log], what="deputy_new")
    holder = holders.effective_holder(log, now)
    absence = selectors.absence_of(holder.user, today=today)
    colleagues = selectors.deputy_choices(log, now=now)
    form = DeputyForm(
        request.POST or None, colleagues=colleagues, today=today, about=pk, initial=_initial(absence, colleagues, today)
    )
    context = {
        "form": form,
        "log": log,
        "child_name": selectors.child_in_sentence(log),
        "holder": place_name(holder.membership),
        "absence": absence,
        "has_colleagues": bool(colleagues),
        "is_own": holds,
    } | _back(log, holds)
    if request.method == "POST" and form.is_valid() and request.POST.get("svar") != "endre":
        if request.POST.get("svar") != "send":
            return render(request, "stafettlogg/deputy_check.html", context | _to_check(form.cleaned_data))
        sent = create_once(request, form, "deputy", lambda: _send(request, log, form.cleaned_data, now, holds))
        if sent is not None:
            messages.success(
                request, _("Spørsmålet er sendt til %(name)s.") % {"name": place_name(form.cleaned_data["person"])}
            )
            return sent
    return render(request, "stafettlogg/deputy_form.html", context, status=422 if form.errors else 200)


def _initial(absence, colleagues, today) -> dict:
    """The days of the absence that are left, and who is asked to stand in for the same in another log."""
    if absence is None:
        return {"first_day": today}
    asked = Deputy.objects.filter(absence=absence, state__in=rules.LIVE).order_by("appointed_at", "pk")
    known = asked.values_list("membership__user", flat=True).first()
    stand_in = next((str(place.pk) for place in colleagues if place.user_id == known), "")
    return {"person": stand_in, "first_day": max(absence.first_day, today), "last_day": absence.last_day}


def _to_check(data) -> dict:
    rows = [
        {"label": _("Vikar"), "value": deputy_line(data["person"])},
        {"label": _("Fra og med"), "value": format_long(data["first_day"])},
        {"label": _("Til og med"), "value": format_long(data["last_day"])},
    ]
    return {"rows": rows, "asked": place_name(data["person"])}


def _back(log, holds: bool) -> dict:
    """The page one came from, and its name."""
    if holds:
        return {"back_url": reverse("stafettlogg:detail", args=[log.pk]), "back_label": _("Stafettloggen")}
    return {"back_url": reverse("stafettlogg:leader"), "back_label": _("Enheten din")}


def _send(request, log, data, now, holds) -> str:
    services.appoint_deputy(
        log.pk,
        membership=data["person"],
        first_day=data["first_day"],
        last_day=data["last_day"],
        actor=request.user,
        now=now,
    )
    return _back(log, holds)["back_url"]


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The page of the one who is asked: what is taken over, from when until when. `svar`: ja or nei."""
    now = timezone.now()
    mine = Deputy.objects.filter(membership__user=request.user).select_related(
        "log__child", "log__holder__user", "membership__unit", "membership__role", "appointed_by"
    )
    waiting = access.deputies_for(request.user, now).filter(pk=pk).exists()
    ahead = mine.filter(pk=pk, state=DeputyState.ACCEPTED, first_day__gt=timezone.localdate(now)).first()
    if ahead is not None:
        return _answered_ahead(request, ahead, now)
    if not waiting and mine.filter(pk=pk).values("pk").exists():
        messages.info(request, _("Du trenger ikke å svare på dette spørsmålet lenger."))
        return redirect("portal:start")
    deputy = mine.get(pk=pk) if waiting else None
    if deputy is None or access.is_disqualified(request.user, deputy.log.child):
        raise _refused(request, None)
    record_asked(request, [deputy.log], ground=Ground.OFFERED, what="deputy", unit=deputy.membership.unit)
    if request.method == "POST" and request.POST.get("svar") in ("ja", "nei"):
        return _answered(request, deputy, now)
    context = {
        "deputy": deputy,
        "child_name": selectors.child_in_sentence(deputy.log),
        "holder": place_name(holders.effective_holder(deputy.log, now).membership),
        "asked_by": _("Lederen") if deputy.appointed_by.protected_identity else deputy.appointed_by.name,
        "form": PlainForm(posted(request)),
    }
    return form_page(request, "stafettlogg/deputy_answer.html", context)


def _answered_ahead(request, deputy, now) -> HttpResponse:
    """Who has said yes reads which days, until they begin."""
    if access.is_disqualified(request.user, deputy.log.child):
        raise _refused(request, None)
    record_asked(request, [deputy.log], ground=Ground.OFFERED, what="deputy", unit=deputy.membership.unit)
    context = {
        "deputy": deputy,
        "child_name": selectors.child_in_sentence(deputy.log),
        "holder": place_name(holders.effective_holder(deputy.log, now).membership),
        "asked_by": _("Lederen") if deputy.appointed_by.protected_identity else deputy.appointed_by.name,
    }
    return render(request, "stafettlogg/deputy_ahead.html", context)


def _answered(request, deputy, now):
    if request.POST["svar"] == "nei":
        attempt(
            request,
            lambda: services.decline_deputy(deputy.pk, actor=request.user, now=now),
            _("Du har takket nei. Lederen har fått beskjed."),
        )
        return redirect("portal:start")
    accepted = attempt(
        request,
        lambda: services.accept_deputy(deputy.pk, actor=request.user, now=now),
        _("Du er vikar fra og med %(day)s. Stafettholderen, lederen og familien har fått beskjed.")
        % {"day": format_long(max(deputy.first_day, timezone.localdate(now)))},
    )
    if accepted and access.visible_logs(request.user).filter(pk=deputy.log_id).exists():
        return redirect("stafettlogg:detail", pk=deputy.log_id)
    return redirect("portal:start")


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The leader takes the question or the appointment back, or the holder is here again."""
    now = timezone.now()
    found = Deputy.objects.filter(pk=pk, state__in=rules.LIVE).values_list("log_id", flat=True).first()
    # Asked also when there is none: the time it takes tells nobody what exists.
    led = selectors.led_log(request.user, found or pk, now=now)
    holds = access.holds_now(request.user, found or pk, now)
    if led is None and not holds:
        raise _refused(request, found)
    deputy = Deputy.objects.select_related("log__child", "membership__user", "membership__role").get(pk=pk)
    if not holds:
        with refusals_written(request, deputy.log, what="deputy_end"):
            access.check_leads_holder(request.user, deputy.log, timezone.localdate(now))
    record_asked(request, [deputy.log], ground=Ground.HOLDER if holds else Ground.LED, what="deputy_end")
    back = reverse("stafettlogg:detail", args=[found]) if holds else reverse("stafettlogg:leader")
    name = place_name(deputy.membership)
    if request.method == "POST":
        done = (
            _("%(name)s er ikke vikar lenger.")
            if deputy.state == DeputyState.ACCEPTED
            else _("Spørsmålet til %(name)s er trukket.")
        )
        attempt(request, lambda: services.end_deputy(pk, actor=request.user, now=now), done % {"name": name})
        return redirect(back)
    context = _end_context(deputy, name)
    context |= {"back_url": back, "back_label": _("Stafettloggen") if holds else _("Enheten din")}
    return render(request, "core/confirm.html", context)


def _end_context(deputy, name) -> dict:
    child = selectors.child_in_sentence(deputy.log)
    if deputy.state == DeputyState.OFFERED:
        return {
            "title": _("Trekk spørsmålet til %(name)s") % {"name": name},
            "lead": _("Det gjelder å være vikar for stafettholderen til %(child)s.") % {"child": child},
            "stops": [_("%(name)s kan ikke lenger svare ja.") % {"name": name}, _("Du kan spørre en annen.")],
            "form": PlainForm(),
            "submit": _("Trekk spørsmålet"),
        }
    return {
        "title": _("Avslutt vikartida til %(name)s") % {"name": name},
        "lead": _("%(name)s er vikar for stafettholderen til %(child)s.") % {"name": name, "child": child},
        "stops": [
            _("%(name)s mister tilgangen til stafettloggen med en gang.") % {"name": name},
            _("Stafettholderen har ansvaret alene igjen."),
        ],
        "form": PlainForm(),
        "submit": _("Avslutt vikartida"),
    }


def _refused(request, log_id) -> Http404:
    record_refusal(actor=request.user, log_id=log_id, what="deputy")
    return Http404()
