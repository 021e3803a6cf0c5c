"""The front page, the employee's start page and the pages about the portal itself."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.selectors import active_membership, places
from apps.audit.enums import ReadAction, Side
from apps.audit.services import record_reads
from apps.core import style_samples
from apps.core.requests import PortalRequest, SignedInRequest
from apps.guides.selectors import levels_of, newest_version
from apps.municipality.selectors import gate_phones
from apps.portal import selectors

# The numbers on the children's page: its name for each, and the municipality's key.
YOUNG_PHONES = {
    "helpline": "alarmtelefonen",
    "ambulance": "ambulanse",
    "police": "nod",
    "mental": "mental-helse",
    "watch": "barnevernvakt",
}


@login_not_required
@require_safe
def front(request: PortalRequest) -> HttpResponse:
    """Three doors, families first, the guide for everyone, and the numbers to call."""
    version = newest_version()
    context = {
        "version": version,
        "levels": levels_of(version) if version else [],
        "doors": _doors(request),
    }
    return render(request, "portal/front.html", context)


def _doors(request: PortalRequest) -> list[dict[str, str]]:
    """One way in for each who comes; who is signed in goes straight on."""
    login = reverse("account_login")
    user = request.user
    is_employee = user.is_authenticated and not user.is_citizen
    is_parent = user.is_authenticated and user.is_citizen
    return [
        {
            "title": _("Foreldre"),
            "text": _("Svar på spørsmålet om samtykke, og se hva som er avtalt for barnet ditt."),
            "url": reverse("stafettlogg:children") if is_parent else f"{login}?dor=foreldre",
            "go": _("Gå til barna dine") if is_parent else _("Logg inn som forelder"),
            "mark": "people",
            "tone": "lyng",
        },
        {
            "title": _("Barn og unge"),
            "text": _("Hvem kan du snakke med? Du trenger ikke logge inn."),
            "url": reverse("portal:young"),
            "go": _("Finn noen å snakke med"),
            "mark": "child",
            "tone": "fjord",
        },
        {
            "title": _("Ansatt"),
            "text": _("Handlingsveileder, stafettlogger og oppgavene dine."),
            "url": reverse("portal:start") if is_employee else f"{login}?dor=ansatt",
            "go": _("Gå til arbeidet ditt") if is_employee else _("Logg inn som ansatt"),
            "mark": "buildings",
            "tone": "",
        },
    ]


@require_safe
def start(request: SignedInRequest) -> HttpResponse:
    """«Dette må du gjøre nå», from the same selectors as the reminders, then the logs."""
    if request.user.is_citizen:
        return redirect("stafettlogg:children")
    now = timezone.now()
    own_places = places(request)
    place = active_membership(request) if len(own_places) > 1 else None
    page = selectors.start_page(request.user, now=now, place=place, places=own_places)
    record_reads(actor=request.user, reads=page.reads, action=ReadAction.LISTED, what="start", side=Side.STAFF, now=now)
    context = {
        "today": timezone.localdate(now),
        "given_name": request.user.given_name,
        "tasks": page.tasks.now,
        "later": page.tasks.later,
        "more_later": page.tasks.more,
        "logs": page.logs,
        "elsewhere": page.tasks.elsewhere,
        "has_place": place is not None,
    }
    return render(request, "portal/start.html", context)


@login_not_required
@require_safe
def signed_out(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/signed_out.html")


@login_not_required
@require_safe
def young(request: PortalRequest) -> HttpResponse:
    """Someone to talk to, for a child who signs in to nothing. A number that is not shown is None."""
    phones = {phone.key: phone for phone in gate_phones()}
    login = {"young_login_url": f"{reverse('account_login')}?dor=ung"}
    context = login | {name: phones.get(key) for name, key in YOUNG_PHONES.items()}
    return render(request, "portal/young.html", context)


@login_not_required
@require_safe
def privacy(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@login_not_required
@require_safe
def accessibility(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@login_not_required
@require_safe
def help_page(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@login_not_required
@require_safe
def cookies(request: PortalRequest) -> HttpResponse:
    """Every cookie the portal sets; a test compares this list with what the pages set."""
    rows = [
        (settings.SESSION_COOKIE_NAME, _("Holder deg logget inn."), _("Til du logger ut eller lukker nettleseren")),
        (settings.CSRF_COOKIE_NAME, _("Hindrer at andre sender skjemaer i ditt navn."), _("Ett år")),
        (settings.LANGUAGE_COOKIE_NAME, _("Husker språket du valgte."), _("Ett år")),
        ("veileder_for", _("Husker hvilken tjeneste veilederen vises for."), _("Ett år")),
        ("kjent", _("Husker at noen har logget inn her før, så ingen andre kan stenge dem ute."), _("Ett år")),
        ("messages", _("Viser deg på neste side hva du nettopp gjorde."), _("Til neste side")),
        ("utlogging", _("Logger deg ut av ID-porten også når du logger ut her."), _("Til du lukker nettleseren")),
        ("utkast", _("Gir deg tilbake det du skrev hvis du ble logget ut."), _("Ett døgn")),
    ]
    context = {"cookies": [{"name": name, "what": what, "how_long": how_long} for name, what, how_long in rows]}
    return render(request, "portal/cookies.html", context)


@login_not_required
@require_safe
def robots(request: PortalRequest) -> HttpResponse:
    """Search engines may show the front page and the guide; the rest is for those who sign in."""
    return render(request, "portal/robots.txt", content_type="text/plain")


@login_not_required
@require_safe
def security(request: PortalRequest) -> HttpResponse:
    """Whom to tell about a hole in the portal (RFC 9116)."""
    expires = timezone.now() + timedelta(days=365)
    context = {"base_url": settings.BASE_URL, "expires": f"{expires:%Y-%m-%dT00:00:00Z}"}
    return render(request, "portal/security.txt", context, content_type="text/plain")


@login_not_required
@require_safe
def health(request: PortalRequest) -> HttpResponse:
    """Whether the portal works, for those who run it: 503 when pages cannot be answered. Holds no data about people."""
    try:
        found = selectors.health(timezone.now())
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    told: dict[str, Any] = {"database": "ok", "migrations": "ok" if found.is_migrated else "missing"}
    told |= {"jobs": found.ages, "late": found.late, "mail": {"waiting": found.mail_waiting, "late": found.mail_late}}
    return JsonResponse(told, status=200 if found.is_migrated else 503)


@login_not_required
@require_safe
def style(request: PortalRequest) -> HttpResponse:
    """Every component with invented data, for those who build pages."""
    return render(request, "style.html", style_samples.context())
