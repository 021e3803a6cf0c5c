"""Families sign in with ID-porten: out and back, and once more where a page asks for a higher level (safety.md S29)."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.enums import Door
from apps.accounts.selectors.providers import families_provider
from apps.accounts.services.providers import note_bad, note_good
from apps.core import national_id, onward
from apps.core.national_id import NationalId
from apps.core.oidc import rounds, signed_in
from apps.core.oidc.provider import Provider, ProviderDown
from apps.core.oidc.tokens import TokenRefused
from apps.core.requests import PortalRequest, SignedInRequest
from apps.stafettlogg.services import family_sign_in as services
from apps.stafettlogg.views.family import without_account


def _provider() -> Provider:
    provider = families_provider()
    if provider is None:
        raise Http404
    return provider


@require_POST
@login_not_required
def out(request: PortalRequest) -> HttpResponse:
    """To ID-porten. `dor=ung` asks for what a youth's own answer needs; `next` is where to go after."""
    provider, now = _provider(), timezone.now()
    given = settings.ID_PORTEN or {}
    try:
        address = rounds.start(
            request,
            provider,
            redirect_uri=onward.address_of("stafettlogg:family_back"),
            return_to=onward.safe_path(request.POST.get("next", "")),
            acr=given["acr_youth"] if request.POST.get("dor") == Door.YOUTH else given["acr"],
            now=now,
        )
    except ProviderDown:
        note_bad(provider.key, "down", now=now)
        return onward.not_signed_in(request, "", again=_again(), is_down=True)
    return onward.onward(request, address, title=_("Du går videre til ID-porten"))


@require_safe
@login_not_required
def back(request: PortalRequest) -> HttpResponse:
    """From ID-porten. The code is used here, once: what comes again, by «back» or a second time, changes nothing."""
    provider, now = _provider(), timezone.now()
    try:
        finished = rounds.finish(request, provider, now=now)
        number = _number_in(finished)
    except ProviderDown:
        note_bad(provider.key, "down", now=now)
        return onward.not_signed_in(request, "", again=_again(), is_down=True)
    except TokenRefused as refused:
        if refused.code == "state" and request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        note_bad(provider.key, refused.code, now=now)
        return onward.not_signed_in(request, refused.code, again=_again())
    note_good(provider.key, now=now)
    response = _let_in(request, services.Trusted.of(number), finished.round.return_to)
    signed_in.remember(request.session, provider, finished, now=now)
    signed_in.leave_hint(response, finished.id_token)
    return response


def _let_in(request, trusted, return_to: str) -> HttpResponse:
    now = timezone.now()
    user = services.account_of(trusted, now=now)
    if user is None:
        logout(request)  # whoever was signed in here before
        without_account.remember(request, trusted, now=now)
        return redirect("stafettlogg:no_case")
    is_first = user.last_login is None
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    without_account.forget(request)
    if is_first and not user.email:
        messages.info(request, _("Vil du ha e-post når det er noe nytt? Skriv adressen din på profilen."))
    return redirect(return_to or "stafettlogg:children")


def _number_in(finished: rounds.Finished) -> NationalId:
    try:
        return national_id.parse(str(finished.claims.get("pid") or ""), synthetic_ok=settings.SYNTHETIC_IDS)
    except ValueError:
        raise TokenRefused("pid") from None


def _again() -> str:
    return f"{reverse('account_login')}?dor={Door.PARENT.value}"


@require_safe
def more(request: SignedInRequest) -> HttpResponse:
    """A page asked for a higher level than the one the person signed in at. What was written there is kept."""
    _provider()
    return render(request, "stafettlogg/family/more.html", {"next": onward.safe_path(request.GET.get("next", ""))})
