"""What several pages of the log do alike: the leader's reason page, and forms that create something."""

from collections.abc import Callable, Collection, Iterable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import drafts, form_keys
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.forms import PortalForm
from apps.core.requests import SignedInRequest, View
from apps.municipality.models import Unit
from apps.stafettlogg import access
from apps.stafettlogg.enums import WHOLE_LOG, Action
from apps.stafettlogg.views.leaders import reason_page
from apps.stafettlogg.views.opening import Opened, ReasonNeeded, open_log


def log_page(view: View) -> View:
    """A view of one log: a leader without an open reason gets the reason page (200) instead of the content."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except ReasonNeeded as needed:
            return reason_page(request, needed.log_id)

    return wrapped


def open_content(
    request: SignedInRequest,
    pk: UUID,
    *,
    what: str,
    action: Action = Action.READ,
    scopes: Collection[str] = WHOLE_LOG,
    check: Callable[[Opened], object] | None = None,
) -> Opened:
    """`open_log` for staff on a page of the log's content; `AccessDenied` before consent and in the shell (S5, S11)."""

    def check_content(opened: Opened) -> None:
        if not access.sees_content(opened.row):
            raise AccessDenied(_("Samtykket gjelder ikke nå, så innholdet i stafettloggen er lukket."))
        if check is not None:
            check(opened)

    return open_log(request, pk, what=what, action=action, family=False, scopes=scopes, check=check_content)


def create_once(
    request: SignedInRequest, form: PortalForm, purpose: str, create: Callable[[], str]
) -> HttpResponse | None:
    """Run `create()`, which gives the address of the result, once for this form; a second press lands there too.

    Gives the redirect, or None when a rule said no: then the form says why.
    """
    try:
        url, _created = form_keys.once(form.cleaned_data["form_key"], purpose, request.user.pk, create)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return None
    return redirect(url)


def posted_unit(request: SignedInRequest, units: Iterable[Unit]) -> Unit | None:
    """The unit chosen in the first step, when it is one of these; also when a text for it was kept (core.drafts)."""
    if request.method == "POST":
        wanted = request.POST.get("unit")
    else:
        wanted = drafts.chosen_before("unit", now=timezone.now())
    return next((unit for unit in units if str(unit.pk) == wanted), None)


def attempt(request: SignedInRequest, do: Callable[[], object], done: str) -> bool:
    """Do it and say so, or say why not."""
    try:
        do()
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return False
    messages.success(request, done)
    return True
