"""The child's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.dates import FAR_AT, format_long
from apps.core.statements import statement
from apps.stafettlogg.enums import AccessKind, Action
from apps.stafettlogg.models import ChildVoice, Log
from apps.stafettlogg.selectors.history import places_in
from apps.stafettlogg.selectors.log_page import LogPage


def recent_voices(log: Log, *, limit: int = 5, until: datetime | None = None) -> list[ChildVoice]:
    """The child's words, newest first; with `until` only those written by then."""
    return _newest.rows(log.pk, until or FAR_AT, limit)


@statement
def _newest(log_id: UUID, until: datetime, limit: int) -> QuerySet[ChildVoice]:
    return ChildVoice.objects.filter(log=log_id, written_at__lte=until).order_by("-written_at", "pk")[:limit]


def newest_voice(page: LogPage) -> ChildVoice | None:
    newest = next(iter(recent_voices(page.log, limit=1, until=page.reading.until)), None)
    return None if newest is None or page.reading.holds_back(newest.written_at) else newest


def voices_on(page: LogPage, *, limit: int) -> list[ChildVoice]:
    """`recent_voices` that this reader may read."""
    found = recent_voices(page.log, limit=limit, until=page.reading.until)
    return [voice for voice in found if not page.reading.holds_back(voice.written_at)]


def log_section(page: LogPage) -> dict[str, Any] | None:
    """What the child has said, as staff read it. Nobody has heard a child that is not born."""
    log, voice = page.log, page.once(newest_voice)
    if log.child.is_expected or (voice is None and log.is_closed):
        return None
    return {
        "voice": voice,
        "write_url": reverse("stafettlogg:voice", args=[log.pk]) if page.allows(Action.VOICE) else "",
    }


@dataclass(frozen=True)
class Quote:
    text: str
    source: str


def family_section(page: LogPage) -> dict[str, Any] | None:
    """What the child has said, as the family reads it."""
    voice = page.once(newest_voice)
    if voice is None and page.log.child.is_expected:
        return None
    return {"quote": None if voice is None else _quote(page, voice)}


def _quote(page: LogPage, voice: ChildVoice) -> Quote:
    user = voice.written_by
    who = page.reading.person(user, places_in(page.log).get(user.pk, ""))
    who = user.given_name if who == user.name else who
    if page.row.kind == AccessKind.YOUTH:
        words = _("Fortalt %(day)s, skrevet ned av %(name)s. Du vet hvem som leser det.")
    else:
        words = _("Fortalt %(day)s, skrevet ned av %(name)s. %(child)s vet hvem som leser det.")
    child = page.log.child.given_name or _("Barnet")
    return Quote(voice.text, words % {"name": who, "day": format_long(voice.told_day), "child": child})
