"""What several pages of the log do alike: the leader's reason page, and forms that create something."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import drafts, form_keys
from apps.core.errors import AccessDenied, RuleBroken
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action
from apps.stafettlogg.views.leaders import reason_page
from apps.stafettlogg.views.opening import Opened, ReasonNeeded, open_log


def log_page(view):
    """A view of one log: a leader without an open reason gets the reason page (200) instead of the content."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except ReasonNeeded as needed:
            return reason_page(request, needed.log_id)

    return wrapped


def open_content(request, pk, *, what: str, action: Action = Action.READ) -> Opened:
    """`open_log` for staff on a page of the log's content; `AccessDenied` before consent and in the shell (S5, S11)."""
    opened = open_log(request, pk, what=what, action=action, family=False)
    if not access.sees_content(opened.row):
        raise AccessDenied(_("Samtykket gjelder ikke nå, så innholdet i stafettloggen er lukket."))
    return opened


def create_once(request, form, purpose: str, create):
    """Run `create()`, which gives the address of the result, once for this form; a second press lands there too.

    Gives the redirect, or None when a rule said no: then the form says why.
    """
    try:
        url, _created = form_keys.once(form.cleaned_data["form_key"], purpose, request.user.pk, create)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return None
    return redirect(url)


def posted_unit(request, units):
    """The unit chosen in the first step, when it is one of these; also when a text for it was kept (core.drafts)."""
    if request.method == "POST":
        wanted = request.POST.get("unit")
    else:
        wanted = drafts.chosen_before("unit", now=timezone.now())
    return next((unit for unit in units if str(unit.pk) == wanted), None)


def attempt(request, do, done: str) -> bool:
    """Do it and say so, or say why not."""
    try:
        do()
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return False
    messages.success(request, done)
    return True
