"""When someone in the family has asked to end the log: what the holder does, and the leader who closes it at once."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.audit.services import record_refusal
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import Action
from apps.stafettlogg.forms.consents import PlainForm
from apps.stafettlogg.selectors import closing_wishes as selectors
from apps.stafettlogg.selectors import signing
from apps.stafettlogg.services import family_closing as services
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.opening import Opened, open_log, record_led_list
from apps.stafettlogg.views.pages import attempt, log_page


def wishes_page(request: SignedInRequest, opened: Opened) -> HttpResponse:
    """Who has asked, whether and how to ring, and what the holder may do; for those who hold the log alone (S1)."""
    wishes = selectors.standing_wishes(opened.log)
    context = frame.frame_context(
        opened, "", wishes=wishes, has_asked=any(wish.hurry_asked_at is not None for wish in wishes)
    )
    return render(request, "stafettlogg/closing_waits.html", context)


@require_POST
@log_page
def closing_called(request: SignedInRequest, pk: UUID, wish_id: UUID) -> HttpResponse:
    """«Jeg har ringt»."""
    opened = open_log(request, pk, what="closing", action=Action.SEE_ANSWERS, family=False)
    if all(wish.pk != wish_id for wish in selectors.standing_wishes(opened.log)):
        raise Http404
    attempt(
        request,
        lambda: services.note_called(wish_id, actor=request.user, now=timezone.now()),
        _("Vi har notert at du har ringt."),
    )
    return redirect("stafettlogg:close", pk=pk)


@require_POST
@log_page
def closing_hurry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The holder asks the leader to close at once, on the word of the one who asked."""
    open_log(request, pk, what="closing", action=Action.SEE_ANSWERS, family=False)
    attempt(
        request,
        lambda: services.ask_leader_to_close(pk, actor=request.user, now=timezone.now()),
        _("Lederen er bedt om å lukke stafettloggen nå."),
    )
    return redirect("stafettlogg:close", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def leader_close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The leader closes the log at once. Whose wish it is, is not said; nor the content (S1)."""
    log = signing.log_to_sign(request.user, pk, timezone.now())
    if log is None or not any(wish.hurry_asked_at is not None for wish in selectors.standing_wishes(log)):
        record_refusal(actor=request.user, log_id=pk, what="signing")
        raise Http404
    record_led_list(request, [log], what="signing")
    form = PlainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_now(pk, actor=request.user, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return redirect("stafettlogg:leader")
    context = {
        "title": _("Lukk stafettloggen nå"),
        "lead": _("Familien har bedt om å avslutte. Stafettholderen ber om at den lukkes med en gang, etter ønske.")
        + " "
        + _("Du signerer med navnet ditt."),
        "form": form,
        "stops": [
            _("Stafettloggen lukkes for alle, og kan ikke åpnes igjen."),
            _("Alle i familien får én linje om at den er avsluttet."),
        ],
        "stays": [_("Familien kan fortsatt lese stafettloggen.")],
        "submit": _("Signer og lukk"),
        "back_url": reverse("stafettlogg:leader"),
        "back_label": _("Enheten din"),
    }
    return form_page(request, "core/confirm.html", context)
