"""Whose name a reader sees: the employee's, or only role and service (safety.md S16, S17, and a setting)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Reading:
    """How staff are named for one reader of one log.

    `family`: a guardian or the youth reads. `names_for_family`: the municipality's setting. `shielded`: the child has a
    protected address, so no family reader sees names, units or services (S17).
    """

    family: bool
    names_for_family: bool = True
    shielded: bool = False

    @property
    def hides_places(self) -> bool:
        return self.family and self.shielded

    def staff(self, *, name: str, line: str, protected: bool) -> str:
        """An employee: the name, or role and service (`line`), or only «En ansatt» where places are hidden."""
        if self.hides_places:
            return _("En ansatt")
        if protected or (self.family and not self.names_for_family):
            return line or _("En ansatt")
        return name

    def line(self, line: str) -> str:
        """Role and service under a name; empty where places are hidden."""
        return "" if self.hides_places else line
