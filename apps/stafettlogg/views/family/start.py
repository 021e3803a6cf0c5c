"""«Barna dine», the birth date that is asked for first, and the wish for a stafettlogg."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import units_led_by
from apps.core import form_keys
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.core.text import joined
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import WishState
from apps.stafettlogg.forms.family import BirthDateForm, WishForm
from apps.stafettlogg.rules.tongues import tongues
from apps.stafettlogg.selectors import birth_date as birth_date_selectors
from apps.stafettlogg.selectors import family_children as selectors
from apps.stafettlogg.selectors import wishes
from apps.stafettlogg.selectors.consent_questions import said_no_day
from apps.stafettlogg.selectors.names import child_name, unit_name
from apps.stafettlogg.selectors.own_words import answer_by
from apps.stafettlogg.services import birth_date as birth_date_services
from apps.stafettlogg.services import repeats
from apps.stafettlogg.services import wishes as wish_services
from apps.stafettlogg.views.family.pages import family_page, open_family, posted
from apps.stafettlogg.views.opening import record_list

# Where the drawing of a child may stand: never beside a no, what is taken back, or what has ended.
_GLAD = ("open", "asked", "waiting")


@require_safe
def children(request: SignedInRequest) -> HttpResponse:
    if not request.user.is_citizen:
        return redirect("stafettlogg:list")
    now = timezone.now()
    shut = birth_date_selectors.waiting_checks(request.user, now)
    if any(not check.is_locked for check in shut):
        return redirect("stafettlogg:birth_date")
    page = selectors.children_page(request.user, now)
    record_list(request, [(card.log, card.row) for card in page.cards], what="children")
    record_list(request, [(card.log, card.row) for card in page.fosters], what="children")
    asked = {question.log.pk for question in page.questions}
    is_youth = any(card.row.kind == "youth" for card in page.cards)
    born = [card for card in page.cards if not card.log.child.is_expected]
    context = {
        "other_tasks": page.tasks.now,
        "later": page.tasks.later,
        "today": timezone.localdate(now),
        "twice": page.twice,
        "cards": [_entry(card, is_asked=card.log.pk in asked) for card in page.cards],
        "tasks": [_task(question, page.readings[question.log.pk], page.refusals) for question in page.questions],
        "exceptions": [(child_name(one.log), one) for one in page.exceptions],
        "names": joined(list(dict.fromkeys(child_name(card.log) for card in born if card.names_child))),
        "is_own": is_youth or bool(page.cards and not born),
        "is_pregnant": not born and any(not card.log.is_closed for card in page.cards),
        "is_youth": is_youth,
        "has_drawing": bool(born) and not is_youth and all(card.state.code in _GLAD for card in page.cards),
        "locked": shut,
        "fosters": page.fosters,
        "wishes": page.wishes,
        "is_citizen": request.user.is_citizen,
        "municipality": settings_row(),
    }
    return render(request, "stafettlogg/family/children.html", context)


@require_POST
@family_page
def tell_of_both(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The family lets the holders know that the child has more than one open log; nobody else tells them (S6)."""
    opened = open_family(request, pk, what="two-logs")
    try:
        repeats.tell_holders_of_both(opened.log.pk, actor=request.user, now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, _("Vi har sagt fra til stafettholderne. De snakker med dere."))
    return redirect("stafettlogg:children")


def _entry(card, *, is_asked: bool) -> dict:
    """A card with its link; the status says whose turn it is."""
    is_request = card.log.is_request
    return {
        "card": card,
        "status": "handling" if is_request and is_asked else card.status,
        "url": reverse("stafettlogg:parent_log", args=[card.log.pk]),
        "label": _label(is_request, is_asked),
    }


def _label(is_request: bool, is_asked: bool) -> str:
    if not is_request:
        return _("Se stafettloggen")
    return _("Se spørsmålet") if is_asked else _("Se det du har svart")


def _task(question, reading, refusals) -> dict:
    log = question.log
    others = [reading.service(unit) for unit in question.units if unit.pk != log.unit_id]
    return {
        "child": child_name(log),
        "is_youth": question.guardian is None,
        "unit": unit_name(log, reading),
        "others": joined(others),
        "answer_by": answer_by(question.request, timezone.localdate()),
        "url": reverse("stafettlogg:answer", args=[log.pk, question.request.pk]),
        "tongues": tongues(),
        "said_no": said_no_day(question, refusals),
        "id": f"tolk-{question.request.pk}",
        "is_own": question.is_own,
        "services": joined([reading.service(unit) for unit in question.units]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def birth_date(request: SignedInRequest) -> HttpResponse:
    """The only page until the guardian has given the child's birth date (safety.md S8)."""
    now = timezone.now()
    shut = birth_date_selectors.waiting_checks(request.user, now)
    if not any(not check.is_locked for check in shut):
        return redirect("stafettlogg:children")
    form = BirthDateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["birth_date"]
        if birth_date_services.confirm_birth_date(actor=request.user, birth_date=day, now=now):
            return redirect("stafettlogg:children")
        shut = birth_date_selectors.waiting_checks(request.user, now)
        if all(check.is_locked for check in shut):
            return redirect("stafettlogg:children")
        form.add_error("birth_date", _("Datoen stemmer ikke med det vi har. Se etter, og prøv igjen."))
    units = list(dict.fromkeys((check.unit_name, check.unit_phone) for check in shut))
    context = {"form": form, "units": units, "tries_left": birth_date_selectors.tries_left(shut)}
    return form_page(request, "stafettlogg/family/birth_date.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: SignedInRequest) -> HttpResponse:
    if not request.user.is_citizen:
        raise AccessDenied(_("Bare foresatte og ungdommer kan sende et ønske."))
    now = timezone.now()
    form = WishForm(posted(request), today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():

        def create():
            sent = wish_services.send_wish(
                actor=request.user,
                unit_id=form.cleaned_data["unit"].pk,
                child_name=form.cleaned_data["child_name"],
                text=form.cleaned_data["text"],
                now=now,
            )
            return reverse("stafettlogg:wish_sent", args=[sent.pk])

        try:
            url, _new = form_keys.once(form.cleaned_data["form_key"], "wish", request.user.pk, create)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return redirect(url)
    return form_page(request, "stafettlogg/family/wish.html", {"form": form})


@require_safe
def wish_sent(request: SignedInRequest, wish_id: UUID) -> HttpResponse:
    sent = next((w for w in wishes.own_wishes(request.user) if w.pk == wish_id), None)
    if sent is None:
        raise Http404
    return render(request, "stafettlogg/family/wish_sent.html", {"wish": sent})


@require_safe
def wishes_to_unit(request: SignedInRequest) -> HttpResponse:
    """The leader's list of what families have asked for."""
    if not units_led_by(request.user).exists():
        raise AccessDenied(_("Bare ledere får ønsker fra familier."))
    rows = wishes.wishes_for_leader(request.user, timezone.localdate())
    new = [row for row in rows if row.state != WishState.ANSWERED]
    answered = [row for row in rows if row.state == WishState.ANSWERED][:20]
    return render(request, "stafettlogg/family/wishes_to_unit.html", {"new": new, "answered": answered})


@require_POST
def answer_wish(request: SignedInRequest, wish_id: UUID) -> HttpResponse:
    wish_services.answer_wish(wish_id, actor=request.user, now=timezone.now())
    messages.success(request, _("Du har merket at du har svart."))
    return redirect("stafettlogg:wishes")
