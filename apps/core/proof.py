"""Before something that must not be done by whoever sits down at an open screen: the person shows again who it is.

Signing an exception, and taking a copy of a log out of the portal. A sign-in within ten minutes is enough; what was
written is kept. People of the demo have a password that everyone knows: they are not asked.
"""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apps.core import drafts, sessions
from apps.core.requests import SignedInRequest

SECONDS = 600


def asked_for(request: SignedInRequest) -> HttpResponse | None:
    """To the page that asks for it, which leads back here; None when it has been shown lately."""
    now = timezone.now()
    if getattr(request.user, "is_demo", False) or sessions.is_proved(request.session, now=now, seconds=SECONDS):
        return None
    if request.method == "POST":
        drafts.rescue(request, now=now)
    return redirect(f"{reverse('accounts:prove')}?{urlencode({'next': request.path})}")
