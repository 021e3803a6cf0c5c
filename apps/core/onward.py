"""Sending a browser to a provider and away from it, and what is said when a round did not come back right.

The browser leaves by a page of its own, not by an answer to a form: the policy of the portal lets a form go nowhere
else. The page replaces itself, so that «back» does not come to it.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Why an employee whom the provider vouches for is not let in, and whom to ask.
_OF_STAFF = {
    "unknown": gettext_lazy(
        "Portalen kjenner ikke kontoen din ennå. Er du ny her, spør lederen din. Har du et passord i portalen, logger "
        "du inn med det og kobler til kontoen på profilen din."
    ),
    "email": gettext_lazy("E-postadressen din er ikke bekreftet der du logget inn. Spør dem som styrer kontoene."),
    "group": gettext_lazy("Kontoen din er ikke i gruppa som slipper inn. Spør lederen din."),
    "taken": gettext_lazy("Kontoen du logget inn med, hører til en annen i portalen. Spør koordinatoren."),
}


def onward(request: HttpRequest, address: str, *, title: str) -> HttpResponse:
    """A page that goes on to `address` at once; its link does the same."""
    response = render(request, "core/onward.html", {"address": address, "title": title})
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def address_of(name: str) -> str:
    """The public address of one of our own pages, made from settings, never from the request's Host header."""
    return f"{settings.BASE_URL}{reverse(name)}"


def safe_path(path: str) -> str:
    """The path when it is one of ours, else ''."""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else ""


def not_signed_in(request: HttpRequest, code: str, *, again: str, is_down: bool = False) -> HttpResponse:
    """Why the sign-in did not go through, in words for the person. 503 when the provider is away, else 403."""
    title, text = _words(code, is_down)
    context = {"title": title, "text": text, "again": again, "code": code}
    response = render(request, "core/not_signed_in.html", context, status=503 if is_down else 403)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _words(code: str, is_down: bool) -> tuple[str, str]:
    if is_down:
        return (
            _("Vi får ikke kontakt med innloggingen nå"),
            _("Prøv igjen om noen minutter. Haster det, kan du ringe oss."),
        )
    if code == "denied":
        return _("Du er ikke logget inn"), _("Du avbrøt innloggingen. Du kan prøve igjen når du vil.")
    if code == "acr":
        return (
            _("Du må logge inn på en sikrere måte"),
            _("Her leser og svarer du om barn. Velg BankID, Buypass eller Commfides når du logger inn."),
        )
    if code == "state":
        return (
            _("Innloggingen er brukt opp"),
            _("Den gjelder bare én gang, og i ti minutter. Logg inn en gang til."),
        )
    if code in _OF_STAFF:
        return _("Du er ikke logget inn"), str(_OF_STAFF[code])
    return (
        _("Vi kunne ikke ta imot innloggingen"),
        _("Noe i svaret vi fikk, stemte ikke. Prøv en gang til. Hjelper det ikke, kan du ringe oss."),
    )
