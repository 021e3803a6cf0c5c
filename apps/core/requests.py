"""The request as the portal's middleware hands it on. It is a name for the type checker: nobody makes one."""

from django.http import HttpRequest

from apps.core.models import Draft


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
