"""Units and people from one spreadsheet: each row gets a verdict, and nothing is written unless every row can be.

The order within is that of safety.md S21: units, then new places, then what ends, so that a successor is there before
anyone leaves. The same file again changes nothing.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.enums import UserKind, Verdict
from apps.accounts.models import Membership, User
from apps.accounts.services.staff import NewPerson, add_membership, end_membership
from apps.core.dates import FAR_DAY, format_long
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.forms import DateField
from apps.core.spreadsheets import SheetRow
from apps.municipality.access import check_coordinator
from apps.municipality.enums import UnitKind
from apps.municipality.models import Role, Unit
from apps.municipality.services import add_unit

# What each column may be called, the first as we write it ourselves.
COLUMNS = {
    "unit": ("enhet", "eining", "arbeidssted", "unit"),
    "kind": ("type", "enhetstype", "kind"),
    "parent": ("ligger under", "ligg under", "overordnet enhet", "under"),
    "controller": ("behandlingsansvarlig", "behandlingsansvarleg", "controller"),
    "phone": ("telefon til enheten", "telefon", "phone"),
    "name": ("navn", "namn", "name"),
    "email": ("e-post", "epost", "e-postadresse", "email", "e-mail"),
    "role": ("rolle", "role"),
    "title": ("stilling", "tittel", "title"),
    "first": ("første dag", "fyrste dag", "startdato", "first day"),
    "last": ("siste dag", "sluttdato", "last day"),
}
_FIELDS = {heading: name for name, headings in COLUMNS.items() for heading in headings}


@dataclass
class RowReport:
    """What becomes of one row: the verdict, and why in words."""

    number: int
    who: str
    verdict: Verdict = Verdict.SAME
    lines: list[str] = field(default_factory=list)

    @property
    def is_error(self) -> bool:
        return self.verdict == Verdict.ERROR

    def say(self, verdict: Verdict, text: str) -> None:
        """The gravest verdict of the row counts."""
        self.verdict = max(self.verdict, verdict, key=list(Verdict).index)
        self.lines.append(text)


@dataclass(frozen=True)
class ImportReport:
    rows: list[RowReport]
    was_written: bool
    new_people: list[User]

    @property
    def errors(self) -> int:
        return sum(row.is_error for row in self.rows)

    @property
    def changes(self) -> int:
        return sum(row.verdict in (Verdict.NEW, Verdict.CHANGED) for row in self.rows)


def import_people(rows: list[SheetRow], *, actor: User, today: datetime.date, write: bool) -> ImportReport:
    """Try the rows as if written, and keep it when `write` is set and no row is wrong. Raises `AccessDenied`.

    Without `write` it is the dry run: the same work, taken back.
    """
    check_coordinator(actor, today)
    with transaction.atomic():
        run = _Run(actor, today)
        reports = run.through(rows)
        was_written = write and not any(report.is_error for report in reports)
        if not was_written:
            transaction.set_rollback(True)
    return ImportReport(reports, was_written, run.new_people if was_written else [])


class _Run:
    """One way through the file. What a row changes is seen by the rows after it."""

    def __init__(self, actor: User, today: datetime.date):
        self.actor, self.today = actor, today
        self.roles = {name: role for role in Role.objects.all() for name in _names_of(role)}
        self.kinds = _kind_names()
        self.new_people: list[User] = []
        self.mentioned: dict[str, set] = {}

    def through(self, rows: list[SheetRow]) -> list[RowReport]:
        told = [{_FIELDS[h]: cell for h, cell in row.cells.items() if h in _FIELDS} for row in rows]
        reports = [
            RowReport(row.number, cells.get("name") or cells.get("email") or cells.get("unit") or "–")
            for row, cells in zip(rows, told, strict=True)
        ]
        pairs = list(zip(told, reports, strict=True))
        for step in (self._unit, self._place, self._move, self._end):
            for cells, report in pairs:
                self._safely(step, cells, report)
        return reports

    def _safely(self, step: Callable[[dict, RowReport], None], cells: dict, report: RowReport) -> None:
        if report.is_error:
            return
        try:
            with transaction.atomic():
                step(cells, report)
        except (RuleBroken, AccessDenied) as refused:
            report.say(Verdict.ERROR, str(refused))
        except ValidationError as refused:
            report.say(Verdict.ERROR, " ".join(refused.messages))

    # Units -----------------------------------------------------------------------------------------------------------

    def _unit(self, cells, report) -> None:
        name = cells.get("unit", "")
        if not name:
            raise RuleBroken("no_unit", _("Raden mangler enhet."))
        if self._find_unit(name, cells.get("parent", "")) is not None:
            return
        kind = self.kinds.get(cells.get("kind", "").casefold())
        if kind is None:
            raise RuleBroken(
                "unknown_unit", _("Enheten «%(unit)s» finnes ikke. Skriv hva slags enhet det er.") % {"unit": name}
            )
        parent = self._parent(cells)
        controller = cells.get("controller", "")
        fields = {
            "name": name,
            "kind": kind,
            "parent": parent,
            "is_external": bool(controller),
            "controller_name": controller,
            "contact_phone": cells.get("phone", ""),
        }
        add_unit(fields, actor=self.actor, today=self.today)
        report.say(Verdict.NEW, _("Ny enhet: %(unit)s. Den er ikke tatt i bruk.") % {"unit": name})

    def _parent(self, cells) -> Unit:
        name = cells.get("parent", "")
        if name:
            parent = self._find_unit(name, "")
            if parent is None:
                raise RuleBroken(
                    "unknown_parent",
                    _("«%(unit)s» finnes ikke. Sett den på en rad lenger opp.") % {"unit": name},
                )
            return parent
        root = Unit.objects.filter(kind=UnitKind.MUNICIPALITY).first()
        if root is None:
            raise RuleBroken("no_root", _("Legg inn kommunen selv først."))
        return root

    def _find_unit(self, name: str, parent: str) -> Unit | None:
        found = list(Unit.objects.filter(name__iexact=name, last_day__gte=self.today))
        if parent and len(found) > 1:
            found = [unit for unit in found if unit.parent and unit.parent.name.casefold() == parent.casefold()]
        if len(found) > 1:
            raise RuleBroken("unit_twice", _("Flere enheter heter «%(unit)s».") % {"unit": name})
        return found[0] if found else None

    # People ----------------------------------------------------------------------------------------------------------

    def _place(self, cells, report) -> None:
        """A new place, unless the person has it. One that is over already is left alone."""
        if not cells.get("email"):
            if cells.get("name") or cells.get("role"):
                raise RuleBroken("no_email", _("Raden mangler e-postadresse."))
            return
        email, unit, role = self._read(cells)
        self.mentioned.setdefault(email, set()).add((unit.pk, role.pk))
        first, last = self._days(cells)
        if self._current(email, unit, role) is not None or last < self.today:
            return
        if not cells.get("name"):
            raise RuleBroken("no_name", _("Raden mangler navn."))
        is_new = not User.objects.filter(email=email, kind=UserKind.EMPLOYEE).exists()
        place = add_membership(
            NewPerson(email, cells["name"]),
            unit_id=unit.pk,
            role_id=role.pk,
            first_day=first,
            last_day=last,
            title=cells.get("title", "")[:80],
            actor=self.actor,
            today=self.today,
        )
        if is_new:
            self.new_people.append(place.user)
            report.say(Verdict.NEW, _("Ny person, %(role)s i %(unit)s.") % {"role": role, "unit": unit})
        else:
            report.say(Verdict.CHANGED, _("Ny rolle: %(role)s i %(unit)s.") % {"role": role, "unit": unit})
        cells["moved"] = first

    def _move(self, cells, report) -> None:
        """Somebody who got the same role elsewhere leaves the old place, the day before the new one begins."""
        first = cells.get("moved")
        if first is None:
            return
        email, unit, role = self._read(cells)
        old = Membership.objects.filter(
            user__email=email, user__kind=UserKind.EMPLOYEE, role=role, last_day=FAR_DAY
        ).select_related("unit")
        for place in old:
            if place.unit_id != unit.pk and (place.unit_id, role.pk) not in self.mentioned[email]:
                day = max(first - datetime.timedelta(days=1), self.today)
                end_membership(place.pk, last_day=day, actor=self.actor, today=self.today)
                words = {"unit": place.unit, "day": format_long(day)}
                report.say(Verdict.CHANGED, _("Siste dag i %(unit)s blir %(day)s.") % words)

    def _end(self, cells, report) -> None:
        """The last day of a place that is there. One in the past becomes today: the person may have acted since."""
        if not cells.get("email") or not cells.get("last") or "moved" in cells:
            return
        email, unit, role = self._read(cells)
        place = self._current(email, unit, role)
        if place is None:
            return
        day = max(self._days(cells)[1], self.today)
        if place.last_day == day:
            return
        end_membership(place.pk, last_day=day, actor=self.actor, today=self.today)
        report.say(Verdict.CHANGED, _("Siste dag i %(unit)s blir %(day)s.") % {"unit": unit, "day": format_long(day)})

    def _read(self, cells) -> tuple[str, Unit, Role]:
        email = cells["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise RuleBroken("email", _("Skriv e-postadressen slik: navn@eksempel.no.")) from error
        unit = self._find_unit(cells["unit"], cells.get("parent", ""))
        if unit is None:
            raise RuleBroken("unknown_unit", _("Enheten finnes ikke."))
        role = self.roles.get(cells.get("role", "").casefold())
        if role is None:
            raise RuleBroken("unknown_role", _("Rollen «%(role)s» finnes ikke.") % {"role": cells.get("role", "")})
        if not rules.role_fits(role, unit):
            raise RuleBroken("role_elsewhere", _("Rollen %(role)s hører ikke til her.") % {"role": role})
        return email, unit, role

    def _days(self, cells) -> tuple[datetime.date, datetime.date]:
        first, last = (_day(cells.get(name, "")) for name in ("first", "last"))
        return first or self.today, last or FAR_DAY

    def _current(self, email: str, unit: Unit, role: Role) -> Membership | None:
        return Membership.objects.filter(
            user__email=email, user__kind=UserKind.EMPLOYEE, unit=unit, role=role, last_day__gte=self.today
        ).first()


def _day(text: str) -> datetime.date | None:
    if not text:
        return None
    try:
        return DateField().clean(text)
    except ValidationError as error:
        words = _("Datoen «%(day)s» kan vi ikke lese. Skriv den som 12.10.2026.") % {"day": text}
        raise RuleBroken("day", words) from error


def _names_of(role: Role) -> set[str]:
    return {text.casefold() for text in (role.key, *role.name.as_dict().values())}


def _kind_names() -> dict[str, UnitKind]:
    """Every name of a kind, in every language of the portal, folded; the municipality itself is never imported."""
    found: dict[str, UnitKind] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for kind in UnitKind:
                if kind != UnitKind.MUNICIPALITY:
                    found |= {str(kind.label).casefold(): kind, kind.value: kind}
    return found
