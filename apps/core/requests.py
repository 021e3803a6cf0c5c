"""The request as the portal's middleware hands it on. Names for the type checker: nobody makes one of these."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from apps.core.models import Draft

if TYPE_CHECKING:
    from django.contrib.auth.models import _User  # the model that settings.AUTH_USER_MODEL names

View = Callable[..., HttpResponse]


class PortalRequest(HttpRequest):
    """What `core.middleware` and `core.drafts` add to Django's request."""

    # The id that every log line of the request carries.
    request_id: str
    # True when this request came with a sign-in that had run out.
    sign_in_ended: bool
    # What was sent is kept as a draft, so the drafts of its forms are not removed.
    text_is_kept: bool
    # Ties what was rescued to the browser.
    rescue_token: str
    _kept_drafts: list[Draft]
    # Of accounts.Membership, kept by `accounts.selectors.places`.
    _places: list[Any]


class SignedInRequest(PortalRequest):
    """The request of every view but those with `login_not_required`: LoginRequiredMiddleware has let it through."""

    user: "_User"
