"""Out of the portal, and out of the provider: by one's own press, and when the provider says so.

When the provider says so, the session is found by what the provider calls it, never by a cookie: its call comes from
its own server, or from a frame on its own site, where the browser sends none.
"""

from typing import Any

import structlog
from allauth.account import views as allauth_views
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.accounts.selectors.providers import provider_by_key
from apps.core import onward, sessions
from apps.core.oidc import signed_in
from apps.core.oidc.provider import Provider, ProviderDown
from apps.core.oidc.tokens import TokenRefused, read_logout_token
from apps.core.requests import PortalRequest

log = structlog.get_logger("portal.sign_in")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: PortalRequest) -> HttpResponse:
    """GET asks, as django-allauth does. POST signs out here first, and then at the provider that signed in."""
    by = signed_in.signed_in_by(request.session)
    if request.method != "POST" or by is None:
        return allauth_views.logout(request)
    provider = provider_by_key(by.provider)
    end = onward.address_of("portal:signed_out")
    address = signed_in.sign_out_address(request, provider, return_to=end) if provider is not None else ""
    logout(request)
    if address:
        response = onward.onward(request, address, title=_("Vi logger deg ut"))
    else:
        response = redirect("portal:signed_out")
    signed_in.forget_hint(response)
    return response


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def signed_out_there(request: PortalRequest, key: str) -> HttpResponse:
    """The provider has ended a session of its own. POST: from its server, by a logout_token. GET: from a frame."""
    provider = provider_by_key(key)
    if provider is None:
        raise Http404
    answer = _by_token(request, provider) if request.method == "POST" else _by_frame(request, provider)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _by_token(request, provider: Provider) -> HttpResponse:
    try:
        sid = read_logout_token(request.POST.get("logout_token", ""), provider, now=timezone.now())
    except TokenRefused as refused:
        log.warning("sign_out_refused", code=refused.code)
        return HttpResponseBadRequest()
    except ProviderDown:
        return HttpResponse(status=503)
    sessions.end_of_provider(provider.issuer, sid)
    return HttpResponse()


def _by_frame(request, provider: Provider) -> HttpResponse:
    """Only a name that nobody can guess ends anything. The answer is the same whether anything was ended."""
    if request.GET.get("iss") == provider.issuer:
        sessions.end_of_provider(provider.issuer, request.GET.get("sid", "")[:500])
    answer: Any = HttpResponse()
    answer._csp_replace = {"frame-ancestors": [_origin(provider.issuer)]}
    answer.xframe_options_exempt = True
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3])
