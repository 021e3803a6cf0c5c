"""A family's page is shown at the level of sign-in that it asks for (safety.md S29)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors.providers import FAMILIES, families_provider
from apps.core import drafts
from apps.core.oidc.signed_in import signed_in_by
from apps.core.requests import PortalRequest
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind

_SHOWN_ANYWAY = {"stafettlogg:family_out", "stafettlogg:family_back", "stafettlogg:family_more"}


class SignInLevelMiddleware:
    """Whoever signed in too low for a page signs in once more, and comes back to it with what she had written.

    Asks the database nothing of those who signed in at the highest level, or not with ID-porten.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(
        self,
        request: PortalRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: Sequence[Any],
        view_kwargs: Mapping[str, Any],
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not name.startswith("stafettlogg:") or name in _SHOWN_ANYWAY or not request.user.is_authenticated:
            return None
        by = signed_in_by(request.session)
        provider = families_provider() if by is not None and by.provider == FAMILIES else None
        if by is None or provider is None or provider.reaches(by.acr, _needed(request, by.acr, provider)):
            return None
        page = request.path
        if request.method == "POST":
            page = drafts.rescue(request, now=timezone.now()) or reverse("stafettlogg:children")
        return redirect(f"{reverse('stafettlogg:family_more')}?{urlencode({'next': page})}")


def _needed(request, acr, provider) -> str:
    """What this person's pages ask for: less for a youth who reads as nothing else."""
    given = settings.ID_PORTEN or {}
    if provider.reaches(acr, given["acr"]):
        return given["acr"]
    kinds = {row.kind for row in access.own_rows(request.user)}
    return given["acr_youth"] if kinds == {AccessKind.YOUTH} else given["acr"]
