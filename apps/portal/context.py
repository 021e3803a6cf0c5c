"""What every page's frame needs: the municipality, who is signed in, the menu. Computed once per request, lazily."""

from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import active_membership, places
from apps.core.log import is_unlogged
from apps.core.requests import PortalRequest
from apps.core.templatetags.portal import initials
from apps.municipality.enums import Right
from apps.municipality.selectors import first_phones, languages, settings_row
from apps.municipality.selectors.readiness import READERS
from apps.notifications.selectors import unread_count
from apps.stafettlogg.access import is_youth


@dataclass(frozen=True)
class MenuItem:
    url: str
    label: str
    icon: str
    count: int = 0
    current: bool = False


@dataclass
class Frame:
    municipality_name: str = ""
    model_name: str = ""
    model_short: str = ""
    org_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    contact_name: str = ""
    practice_url: str = ""
    dpo_name: str = ""
    dpo_email: str = ""
    dpo_phone: str = ""
    unread_count: int = 0
    todo_count: int = 0
    user_name: str = ""
    user_role_line: str = ""
    initials: str = ""
    menu: list[MenuItem] = field(default_factory=list)
    has_roles_to_switch: bool = False
    is_citizen: bool = False
    is_demo: bool = False
    gate_url: str = ""
    # The door of the gate that someone signed in comes through; "" for a visitor.
    gate_reader: str = ""
    is_gate: bool = False
    languages: list[str] = field(default_factory=list)

    @property
    def phones(self) -> list[dict]:
        """The first numbers to call; read where a page shows them, which few do."""
        return [{"label": str(p.label), "number": p.number, "tel": p.tel} for p in first_phones()]


def frame(request: PortalRequest) -> dict[str, Any]:
    """Template context `frame`: the same attributes for everyone, empty where they do not apply."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request) -> Frame:
    try:
        return build_frame(request)
    except DatabaseError:
        # The error pages keep their frame when the database is what failed.
        return Frame(gate_url=reverse("guides:gate"))


def build_frame(request: PortalRequest) -> Frame:
    municipality = settings_row()
    frame = Frame(
        municipality_name=municipality.name,
        model_name=str(municipality.model_name),
        model_short=municipality.model_short,
        org_number=municipality.org_number,
        address=municipality.address,
        phone=municipality.phone,
        email=municipality.email,
        contact_name=municipality.contact_name,
        practice_url=municipality.practice_url,
        dpo_name=municipality.dpo_name,
        dpo_email=municipality.dpo_email,
        dpo_phone=municipality.dpo_phone,
        gate_url=reverse("guides:gate"),
        is_gate=is_unlogged(request.path),
        languages=languages(),
    )
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return frame
    frame.user_name = user.name
    frame.initials = initials(user.name)
    frame.is_citizen = user.is_citizen
    frame.is_demo = user.is_demo
    frame.unread_count = unread_count(user)
    if user.is_citizen:
        is_young = is_youth(user)
        frame.gate_reader = "barn" if is_young else "forelder"
        frame.menu = _menu(request, _YOUTH_MENU if is_young else _CITIZEN_MENU)
        return frame
    frame.gate_reader = "ansatt"
    place = active_membership(request)
    if place is not None:
        frame.user_role_line = f"{place.title or place.role}, {place.unit}"
    frame.has_roles_to_switch = len(places(request)) > 1
    rights = {right for membership in places(request) for right in membership.role.rights}
    items = list(_EMPLOYEE_MENU)
    if any(membership.unit.concerns_guardian for membership in places(request)):
        items += _OWN_THREADS_MENU
    if Right.LEADER in rights:
        items += _LEADER_MENU
    if Right.COORDINATOR in rights:
        items += _COORDINATOR_MENU
    elif rights & READERS:
        items += _READINESS_MENU
    if rights & {Right.DPO, Right.JURIST, Right.OWNER}:
        items += _TEXTS_MENU
    frame.menu = _menu(request, items)
    return frame


_CITIZEN_MENU = [
    ("stafettlogg:children", _("Barna dine"), "people"),
    ("guides:overview", _("Handlingsveileder"), "compass"),
]
_YOUTH_MENU = [("stafettlogg:children", _("Stafettloggen din"), "people"), *_CITIZEN_MENU[1:]]
_EMPLOYEE_MENU = [
    ("portal:start", _("Arbeidet ditt"), "house"),
    ("guides:overview", _("Handlingsveileder"), "compass"),
    ("stafettlogg:list", _("Stafettlogger"), "people"),
]
# For those who work in a service with guardians' own information: a thread may be with them (safety.md S3).
_OWN_THREADS_MENU = [("stafettlogg:own_threads", _("Samtaler med foreldre"), "chat")]
_LEADER_MENU = [("stafettlogg:leader", _("Enheten din"), "person-leader"), ("accounts:people", _("Ansatte"), "person")]
_COORDINATOR_MENU = [
    ("guides:editor", _("Rediger veilederen"), "pencil"),
    ("municipality:settings", _("Innstillinger"), "cog"),
]
# For those who make the portal ready beside the coordinator, who has it under «Innstillinger».
_READINESS_MENU = [("municipality:readiness", _("Klar til å åpne"), "tasks")]
_TEXTS_MENU = [("stafettlogg:texts", _("Tekster om samtykke"), "file")]


def _menu(request, items) -> list[MenuItem]:
    """The items, the one whose address is the longest beginning of this page's marked as current."""
    urls = [reverse(name) for name, _label, _icon in items]
    here = max((url for url in urls if request.path.startswith(url)), key=len, default="")
    return [
        MenuItem(url, str(label), icon, current=url == here)
        for url, (_name, label, icon) in zip(urls, items, strict=True)
    ]
