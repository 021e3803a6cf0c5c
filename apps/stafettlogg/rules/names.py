"""Whose name a reader sees: the employee's, or only role and service (safety.md S16, S17, and a setting)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.municipality.models import Unit


@dataclass(frozen=True)
class Reading:
    """How staff are named for one reader of one log.

    `family`: a guardian or the youth reads. `names_for_family`: the municipality's setting. `shielded`: the child has a
    protected address, so no family reader sees names, units or services (S17); `shielded_until`: it had one until then,
    and what is older stays hidden. `hidden_users` and `hidden_units` (by name): employees and units new to one from
    whom the place is hidden (S34), and foster parents whom the decision hides (S36).
    `since`: what was written before is held back from one whom the youth has let into a log of her own (S26). `until`:
    what was written after is held back from one from whom the place is hidden (S34).
    """

    family: bool
    names_for_family: bool = True
    shielded: bool = False
    shielded_until: datetime | None = None
    hidden_users: frozenset[UUID] = frozenset()
    hidden_units: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def holds_back(self, written_at: datetime) -> bool:
        """Whether what was written then is older, or newer, than this reader may read."""
        is_older = self.since is not None and written_at < self.since
        return is_older or (self.until is not None and written_at > self.until)

    def holds_back_question(self, asked_at: datetime) -> bool:
        """Whether a question to the reader is newer than this reader may know of (S34)."""
        return self.until is not None and asked_at > self.until

    @property
    def hides_places(self) -> bool:
        return self.family and self.shielded

    def at(self, instant: datetime) -> "Reading":
        """How this reader reads what is from that instant."""
        if self.shielded or self.shielded_until is None or instant >= self.shielded_until:
            return self
        return replace(self, shielded=True)

    def hides(self, user_id: UUID | None) -> bool:
        """Whether this employee is neither listed nor named."""
        return user_id in self.hidden_users

    def person(self, user: User, line: str = "") -> str:
        """The name of a user as this reader sees it: a family member's own, an employee's by `staff`. Of a foster
        parent whom the decision hides only what she is, also to staff, whose page a parent may see (S33, S36)."""
        if not user.is_employee:
            return line if self.hides(user.pk) else user.name
        if self.hides(user.pk):
            return _("En ansatt")
        return self.staff(name=user.name, line=line, protected=user.protected_identity)

    def person_line(self, user: User, line: str) -> str:
        """What stands under that name: relation, or role and service; '' where it is hidden or is the name itself."""
        if user.is_employee and (self.hides(user.pk) or self.person(user, line) == line):
            return ""
        return self.line(line) if user.is_employee else line

    def staff(self, *, name: str, line: str, protected: bool) -> str:
        """An employee: the name, or role and service (`line`), or only «En ansatt» where places are hidden."""
        if self.hides_places:
            return _("En ansatt")
        if protected or (self.family and not self.names_for_family):
            return line or _("En ansatt")
        return name

    def services(self, units: Iterable[Unit]) -> list[str]:
        """Names of these services, without those the reader knows nothing of (S34)."""
        return [self.service(unit) for unit in units if unit.name not in self.hidden_units]

    def service(self, unit: Unit) -> str:
        """A service: the name, or only its kind where places are hidden (S17); said when it stands outside."""
        name = unit.get_kind_display() if self.hides_places else unit.name
        return _("%(unit)s (utenfor kommunen)") % {"unit": name} if unit.is_external else name

    def line(self, line: str) -> str:
        """Role and service under a name; empty where places are hidden."""
        return "" if self.hides_places else line
