"""What a wrong account has read through a guardian's place: a breach of privacy to be reported (safety.md S29)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.enums import ReadAction
from apps.audit.models import ReadEvent
from apps.audit.selectors import SHOWN_TO_FAMILY
from apps.core.dates import format_clock
from apps.stafettlogg.enums import LinkCutReason
from apps.stafettlogg.models import LinkCut, Log

# GDPR article 33: the supervisory authority is told within 72 hours of the breach being known.
HOURS_TO_REPORT = timedelta(hours=72)
_PAGES = {
    "children": gettext_lazy("«Barna dine»"),
    "overview": gettext_lazy("«Hvor er vi nå»"),
    "participants": gettext_lazy("«Hvem er med»"),
    "history": gettext_lazy("Historikken"),
    "reads": gettext_lazy("«Hvem har sett»"),
    "messages": gettext_lazy("Beskjedene"),
    "consent": gettext_lazy("Samtykkene"),
    "closing": gettext_lazy("Siden om å avslutte"),
    "consent-receipt": gettext_lazy("Kvitteringen på samtykket"),
    "log-pdf": gettext_lazy("Stafettloggen som PDF"),
}


@dataclass(frozen=True)
class PageRead:
    """A page the account opened or downloaded on one local day, with the clock of the first and last time."""

    day: date
    page: str
    is_downloaded: bool
    first: str
    last: str
    times: int


@dataclass(frozen=True)
class Breach:
    """A link that was cut, until when to report it, and what was read through it. Of what, never the content."""

    cut: LinkCut
    report_by: datetime
    reads: list[PageRead]

    @property
    def is_reported(self) -> bool:
        return self.cut.dpo_told_at is not None


def report_by(cut: LinkCut) -> datetime:
    return cut.cut_at + HOURS_TO_REPORT


def cuts_with_breach() -> QuerySet[LinkCut]:
    """The cuts that say somebody else may have read: not those the guardian asked for."""
    # By `Q`: another column named `reason` is encrypted, and the test that guards it knows columns by name.
    return LinkCut.objects.filter(~Q(reason=LinkCutReason.OWN_WISH))


def breaches_of(log: Log) -> list[Breach]:
    """The links cut in this child's family, the newest first; two queries whatever is found."""
    cuts = cuts_with_breach().filter(guardian__child=log.child_id).select_related("guardian", "dpo_told_by")
    found = list(cuts.order_by("-cut_at", "pk"))
    if not found:
        return []
    events = ReadEvent.objects.filter(
        child_id=log.child_id, actor_id__in={cut.user_id for cut in found}, action__in=SHOWN_TO_FAMILY
    ).order_by("at", "pk")
    rows = list(events)
    return [Breach(cut, report_by(cut), _reads(cut, rows)) for cut in found]


def _reads(cut: LinkCut, events: list[ReadEvent]) -> list[PageRead]:
    grouped: dict[tuple[date, str, bool], list[datetime]] = {}
    for event in events:
        if event.actor_id == cut.user_id and event.at <= cut.cut_at:
            key = (timezone.localdate(event.at), event.what, event.action == ReadAction.DOWNLOADED)
            grouped.setdefault(key, []).append(event.at)
    return [
        PageRead(
            day,
            str(_PAGES.get(what, _("En side i stafettloggen"))),
            is_downloaded,
            format_clock(times[0]),
            format_clock(times[-1]),
            len(times),
        )
        for (day, what, is_downloaded), times in grouped.items()
    ]
