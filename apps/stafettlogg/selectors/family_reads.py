"""«Hvem har sett»: openings, prints and downloads by staff, and the reader's own; one row per person and day (S16)."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.audit.enums import Ground, ReadAction
from apps.audit.models import ReadEvent
from apps.audit.selectors import reads_for_family
from apps.core.dates import format_clock, format_long
from apps.stafettlogg.access import is_family
from apps.stafettlogg.enums import AccessKind, ConsentDocument
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.own_threads import READING

PAGE_SIZE = 100
TEAM_GROUNDS = (Ground.HOLDER, Ground.DEPUTY, Ground.PARTICIPANT, Ground.OWN)
_DID = {
    ReadAction.OPENED: gettext_lazy("Leste i stafettloggen"),
    ReadAction.PRINTED: gettext_lazy("Skrev ut"),
    ReadAction.DOWNLOADED: gettext_lazy("Lastet ned"),
    ReadAction.EXPORTED: gettext_lazy("Hentet ut opplysninger"),
}


@dataclass
class Seen:
    """One person's openings of one day, in the words of templates/components/seen.html."""

    name: str
    line: str
    when: str
    what: str
    why: str
    is_you: bool
    ask_url: str


@dataclass
class Month:
    title: str
    rows: list[Seen] = field(default_factory=list)


@dataclass(frozen=True)
class Reads:
    months: list[Month]
    has_more: bool


def reads_of_log(
    log: Log, row: LogAccess, reading: Reading, *, page: int, outside_team: bool = False, today: date
) -> Reads:
    """One page of the openings this reader may know of, newest first. `outside_team`: only those who are not in it."""
    events = _events(log, row, reading)
    if outside_team:
        events = events.exclude(ground__in=TEAM_GROUNDS)
    start = (page - 1) * PAGE_SIZE
    found = list(events[start : start + PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    protected = set(
        User.objects.filter(pk__in={e.actor_id for e in shown}, protected_identity=True).values_list("pk", flat=True)
    )
    grouped: dict = {}
    for event in shown:
        grouped.setdefault((timezone.localdate(event.at), event.actor_id, event.ground, event.role_name), []).append(
            event
        )
    months: dict = {}
    for (day, actor_id, _ground, _role), same in grouped.items():
        month = months.setdefault((day.year, day.month), Month(_capital(date_format(day, "F Y"))))
        hidden = same[0].actor_protected or actor_id in protected
        month.rows.append(_seen(log, row, reading, same, hidden, day=day, today=today))
    return Reads(list(months.values()), has_more=len(found) > PAGE_SIZE)


def _events(log: Log, row: LogAccess, reading: Reading) -> QuerySet[ReadEvent]:
    """Those the reader may know of; the own ones whatever is held back."""
    events = reads_for_family(log.pk, own_id=row.user_id)
    if reading.since is not None:
        events = events.filter(at__gte=reading.since)
    if reading.until is not None:
        events = events.filter(Q(at__lte=reading.until) | Q(actor_id=row.user_id))
    return events


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _seen(log, row, reading, events, is_protected, *, day, today) -> Seen:
    newest = events[0]
    reading = reading.at(newest.at)
    is_you = newest.actor_id == row.user_id
    role = _(newest.role_name) if newest.role_name else ""
    line = ", ".join(part for part in (role, newest.unit_name) if part)
    name = newest.actor_name
    if is_you:
        line = role
    else:
        name = looker(newest, reading, line, is_protected=is_protected)
        line = "" if name == line or reading.hides(newest.actor_id) else reading.line(line)
    return Seen(
        name=name,
        line=line,
        when=_when(events, day=day, today=today),
        what=", ".join(dict.fromkeys(_did(event, row, is_you=is_you) for event in events)),
        why=_own_ground(row) if is_you else _ground(newest),
        is_you=is_you,
        ask_url="" if is_you else f"{reverse('stafettlogg:family_messages', args=[log.pk])}?oppslag={_key(newest.pk)}",
    )


def _did(event: ReadEvent, row: LogAccess, *, is_you: bool) -> str:
    """What was done, as this reader may know it. That a form was printed tells the other who answers on paper (S1)."""
    if event.what == READING:
        return _("Leste i en samtale om deg")
    if event.about_id is not None:
        return _("Så hva du har svart")
    is_of_one = event.what in ConsentDocument and is_family(row) and not is_you
    return str(_DID[ReadAction.OPENED if is_of_one else event.action])


def _key(event_id: int) -> str:
    """Names an opening in an address. The number itself counts the openings of the whole portal, also of the other
    guardian's (safety.md S1).
    """
    return salted_hmac("stafettlogg.read", str(event_id), algorithm="sha256").hexdigest()[:32]


def is_protected(event: ReadEvent) -> bool:
    """Whether the identity of the one who looked was protected then, or is now."""
    if event.actor_protected or event.actor_id is None:
        return event.actor_protected
    return User.objects.filter(pk=event.actor_id, protected_identity=True).exists()


def looker(event: ReadEvent, reading: Reading, line: str, *, is_protected: bool) -> str:
    """Who looked, as the reader may know it; `reading` is as it was then."""
    if reading.hides(event.actor_id):
        return _("En ansatt")
    return reading.staff(name=event.actor_name, line=line, protected=is_protected)


def _ground(event: ReadEvent) -> str:
    """Why an employee looked, in the family's words."""
    return _("Lederen ser over alle loggene") if event.ground == Ground.CONTROL else event.get_ground_display()


def _own_ground(row) -> str:
    """Why the reader may open the log."""
    return {AccessKind.GUARDIAN: _("Du er foresatt"), AccessKind.YOUTH: _("Loggen er om deg")}.get(
        row.kind, row.get_kind_display()
    )


def _when(events, *, day, today) -> str:
    first, last = format_clock(events[-1].at), format_clock(events[0].at)
    shown = _("I dag") if day == today else format_long(day)
    words = {"day": shown, "first": first, "last": last, "times": len(events)}
    if len(events) == 1:
        return _("%(day)s klokka %(first)s") % words
    if first == last:
        return _("%(day)s, %(times)s ganger klokka %(first)s") % words
    return _("%(day)s, %(times)s ganger mellom %(first)s og %(last)s") % words


def read_for_question(log: Log, row: LogAccess, reading: Reading, key: str) -> ReadEvent | None:
    """Somebody else's opening that a reader asks about, by its `ask_url`; None for one the reader may not know of."""
    if not key:
        return None
    others = _events(log, row, reading).exclude(actor_id=row.user_id)
    found = next((pk for pk in others.values_list("pk", flat=True) if constant_time_compare(_key(pk), key)), None)
    return None if found is None else others.get(pk=found)
