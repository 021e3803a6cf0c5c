"""What was written through a link that was cut: marked, and never the words of the one whose place it is (S29)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.stafettlogg.models import LinkCut, Log


@dataclass(frozen=True)
class Cuts:
    """The links to accounts that were cut from places about this child."""

    rows: tuple[LinkCut, ...] = ()

    def is_by_one(self, author_id: UUID | None, at: datetime) -> bool:
        """Whether somebody whose link was cut later has written it."""
        return any(cut.user_id == author_id and at <= cut.cut_at for cut in self.rows)

    def is_in_thread(self, guardian_id: UUID | None, at: datetime) -> bool:
        """Whether it stands in the private thread of a place as it was before the link was cut."""
        return any(cut.guardian_id == guardian_id and at <= cut.cut_at for cut in self.rows)

    def unread_by(self, user_id: UUID, *, guardian: str, at: str) -> Q:
        """The private rows of a place that are not for who has it now; `guardian` and `at` name the columns."""
        found = Q(pk__in=[])
        for cut in self.rows:
            if cut.user_id != user_id:
                found |= Q(**{guardian: cut.guardian_id, f"{at}__lte": cut.cut_at})
        return found


def cuts_of(log: Log) -> Cuts:
    """Asks nothing about a child where no link was ever cut."""
    if not log.child.has_cut_link:
        return Cuts()
    rows: Iterable[LinkCut] = LinkCut.objects.filter(guardian__child=log.child_id).order_by("cut_at", "pk")
    return Cuts(tuple(rows))


def someone_cut() -> str:
    """Who wrote through a link that was cut."""
    return _("En som ikke er koblet til lenger")
