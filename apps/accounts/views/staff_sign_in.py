"""Employees sign in with the municipality's own provider: out, back, and the link that an employee makes herself."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import services
from apps.accounts.enums import Door
from apps.accounts.models import StaffProvider
from apps.accounts.selectors.providers import as_provider, staff_provider_row
from apps.accounts.services.providers import note_bad, note_good
from apps.core import onward, sessions
from apps.core.oidc import rounds, signed_in
from apps.core.oidc.provider import Provider, ProviderDown
from apps.core.oidc.tokens import TokenRefused
from apps.core.requests import PortalRequest, SignedInRequest

_IN, _LINK, _PROVE = "in", "link", "prove"


def _provider() -> tuple[StaffProvider, Provider]:
    row = staff_provider_row()
    if row is None or not row.is_on:
        raise Http404
    return row, as_provider(row)


def _out(request: PortalRequest, purpose: str, **asked: Any) -> HttpResponse:
    row, provider = _provider()
    now = timezone.now()
    try:
        address = rounds.start(
            request,
            provider,
            redirect_uri=onward.address_of("accounts:staff_back"),
            return_to=onward.safe_path(request.POST.get("next", "")),
            purpose=purpose,
            now=now,
            **asked,
        )
    except ProviderDown:
        note_bad(provider.key, "down", now=now)
        return onward.not_signed_in(request, "", again=_again(), is_down=True)
    return onward.onward(request, address, title=_("Du går videre til %(name)s") % {"name": row.name})


@require_POST
@login_not_required
def out(request: PortalRequest) -> HttpResponse:
    """To the provider, to sign in."""
    return _out(request, _IN)


@require_POST
def link(request: SignedInRequest) -> HttpResponse:
    """To the provider, to be known by it from now on. She signs in there anew: a machine may be another's."""
    if not request.user.is_employee:
        raise Http404
    return _out(request, _LINK, prompt="login", max_age=0)


@require_POST
def prove(request: SignedInRequest) -> HttpResponse:
    """To the provider, to show once more who she is before something that must not be done by another."""
    return _out(request, _PROVE, prompt="login", max_age=0)


@require_POST
def unlink(request: SignedInRequest) -> HttpResponse:
    """She signs in by password alone from now on; without one she would be shut out."""
    if not request.user.is_employee:
        raise Http404
    if not request.user.has_usable_password():
        messages.error(request, _("Lag et passord først. Ellers kommer du ikke inn."))
    else:
        services.unlink_staff(actor=request.user)
        messages.success(request, _("Du logger ikke lenger inn med kommunens konto."))
    return redirect("accounts:profile")


@require_safe
@login_not_required
def back(request: PortalRequest) -> HttpResponse:
    """From the provider. The code is used here, once."""
    row, provider = _provider()
    now = timezone.now()
    try:
        finished = rounds.finish(request, provider, now=now)
        response = _DONE[finished.round.purpose](request, row, finished, now)
    except ProviderDown:
        note_bad(provider.key, "down", now=now)
        return onward.not_signed_in(request, "", again=_again(), is_down=True)
    except TokenRefused as refused:
        if refused.code == "state" and request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        note_bad(provider.key, refused.code, now=now)
        return onward.not_signed_in(request, refused.code, again=_again())
    note_good(provider.key, now=now)
    signed_in.remember(request.session, provider, finished, now=now)
    signed_in.leave_hint(response, finished.id_token)
    return response


def _sign_in(request, row, finished, now) -> HttpResponse:
    user = services.staff_from(finished.claims, row, now=now)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(finished.round.return_to or settings.LOGIN_REDIRECT_URL)


def _link(request, row, finished, now) -> HttpResponse:
    if not request.user.is_authenticated:
        raise TokenRefused("state")
    services.link_staff(finished.claims, row, actor=request.user, now=now)
    messages.success(request, _("Fra nå kan du logge inn med %(name)s.") % {"name": row.name})
    return redirect("accounts:profile")


def _prove(request, row, finished, now) -> HttpResponse:
    """Only for the one who is signed in: another's sign-in proves nothing of her."""
    user = services.staff_from(finished.claims, row, now=now)
    if not request.user.is_authenticated or request.user.pk != user.pk:
        raise TokenRefused("taken")
    sessions.note_proved(request.session, now=now)
    sessions.rotate(request)
    return redirect(finished.round.return_to or settings.LOGIN_REDIRECT_URL)


_DONE = {_IN: _sign_in, _LINK: _link, _PROVE: _prove}


def _again() -> str:
    return f"{reverse('account_login')}?dor={Door.EMPLOYEE.value}"
