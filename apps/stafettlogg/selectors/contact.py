"""Whom the family asks: the holder, and who stands in for the holder."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import Membership, User
from apps.municipality.models import Municipality
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models import Log
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.selectors.consents import is_read
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.names import place_line


@dataclass(frozen=True)
class Contact:
    """Who the family asks: the holder by name, or role and service. `given` is how to name the holder in a sentence."""

    name: str
    given: str
    line: str
    phone: str


def contact_of(log: Log, reading: Reading) -> Contact:
    """The holder, as named to the family. A protected address shows the municipality's own number only (S17)."""
    holder, unit = log.holder, log.holder.membership.unit
    line = place_line(holder)
    name = reading.staff(name=holder.user.name, line=line, protected=holder.user.protected_identity)
    is_named = name == holder.user.name
    phone = unit.contact_phone or settings_row().phone
    if reading.hides_places:
        phone = settings_row().phone
    elif is_named and holder.user.phone:
        phone = holder.user.phone
    return Contact(
        name=name,
        given=holder.user.given_name if is_named else _("stafettholderen"),
        line=reading.line(line) if is_named else "",
        phone=phone,
    )


@dataclass(frozen=True)
class Answering:
    """One who can answer when nobody reads what is written in the log; `email` and `phone` may be ''."""

    name: str
    line: str
    phone: str
    email: str


def who_answers(log: Log, reading: Reading, today: date) -> list[Answering]:
    """Who can answer the family while no service reads the log: the holder, the leader, the data protection officer.

    They are named as everywhere (S16, S17); an address with a name in it goes only with the name.
    """
    town, holder = settings_row(), log.holder
    found = [_answering(holder.user, holder.membership, _("Stafettholder"), reading, town)]
    for leader in holders.leaders_of_holder(log, today=today)[:1]:
        found.append(_answering(leader.user, leader, _("Leder"), reading, town))
    if town.dpo_email or town.dpo_phone:
        name, line = (town.dpo_name, _("Personvernombud")) if town.dpo_name else (_("Personvernombudet"), "")
        found.append(Answering(name, line, town.dpo_phone, town.dpo_email))
    return found


def _answering(user: User, place: Membership, line: str, reading: Reading, town: Municipality) -> Answering:
    title = f"{place.title or place.role}, {place.unit.name}"
    name = reading.staff(name=user.name, line=title, protected=user.protected_identity)
    is_named = name == user.name
    phone = town.phone if reading.hides_places else place.unit.contact_phone or town.phone
    return Answering(name, line, (is_named and user.phone) or phone, (is_named and user.email) or "")


def deputy_name(log: Log, reading: Reading, now: datetime) -> str:
    """Who stands in for the holder right now, never why (S20); '' when nobody does."""
    row = access.current_rows_in([log.pk], now).filter(kind=AccessKind.DEPUTY).order_by("starts_at", "pk").first()
    if row is None or (reading.until is not None and row.starts_at > reading.until):
        return ""
    return reading.staff(name=row.user.name, line=place_line(row), protected=row.user.protected_identity)


def family_section(page: LogPage) -> dict[str, Any]:
    """The page has the contact already (`views.family.pages`)."""
    return {"deputy": deputy_name(page.log, page.reading, page.now), "can_write": page.once(is_read)}
