"""The person shows again who it is: by the password, or by a new round at the provider that signed in."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.forms import ProofForm
from apps.accounts.selectors.providers import STAFF, staff_provider_row
from apps.accounts.views.sign_in import too_many
from apps.core import onward, sessions
from apps.core.http import form_page
from apps.core.oidc.signed_in import signed_in_by
from apps.core.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: SignedInRequest) -> HttpResponse:
    """Asks for the password; who came by the municipality's provider is sent there, to sign in once more."""
    back = onward.safe_path(request.POST.get("next") or request.GET.get("next", "")) or settings.LOGIN_REDIRECT_URL
    by = signed_in_by(request.session)
    if by is not None and by.provider == STAFF:
        context = {"form": None, "next": back, "provider": staff_provider_row()}
        return form_page(request, "accounts/prove.html", context)
    form = ProofForm(request.POST or None, user=request.user)
    if request.method == "POST":
        if not ratelimit.consume(request, app="allauth.account", action="reauthenticate", user=request.user):
            return too_many(request)
        if form.is_valid():
            sessions.note_proved(request.session, now=timezone.now())
            sessions.rotate(request)
            return redirect(back)
    return form_page(request, "accounts/prove.html", {"form": form, "next": back, "provider": None})
