"""The one true sentence about a log for one guardian or youth, from the same rows that let people in (safety.md S28).

The order of choice is S28's: closed, closing, own no, withdrawn, run out, runs out soon, waiting, open. What is said of
who can read comes from the windows that stand open at this instant; of the others' answers nothing is ever said (S1).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.dates import FAR_DAY, format_long, last_day_of, local_day
from apps.core.statements import statement
from apps.core.text import joined
from apps.municipality.models import Unit
from apps.stafettlogg.enums import About, ConsentState, WindowBasis
from apps.stafettlogg.models import ClosingWish, Consent, ConsentRequest, ConsentWindow, Log, LogAccess
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors import own_words
from apps.stafettlogg.selectors.closing_wishes import own_wishes_in
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.scopes import service_names

# A no to one service of several, or a yes taken back from it, is what the page opens with for so long.
NEWS_DAYS = 30
_CHANGES = ("no", "withdrawn", "run_out")


@dataclass(frozen=True)
class State:
    """`say` is the sentence, the same on every page; `more` what may follow it where there is room.

    `chip` is a status of the cards, or ''. `shares` is whether any service may read at this instant.
    `change` is the question whose no may still be changed.
    """

    code: str
    say: str
    more: str = ""
    chip: str = ""
    shares: bool = False
    change: UUID | None = None


def states_of(
    user_id: UUID, logs: Collection[Log], readings: Mapping[UUID, Reading], now: datetime
) -> dict[UUID, State]:
    """The state of each of these logs for this reader, by id. Three queries, however many logs."""
    ids = [log.pk for log in logs]
    words: dict[UUID, list[Consent]] = {}
    for consent in own_words.own_rows_in(user_id, ids):
        if consent.about == About.CHILD:  # what she says of herself opens and closes nothing here (S3)
            words.setdefault(consent.log_id, []).append(consent)
    sharing, wishes = _windows_by_log(ids, now), own_wishes_in(user_id, ids)
    return {
        log.pk: _Facts(
            log,
            own_words.known(words.get(log.pk, []), readings[log.pk]),
            sharing.get(log.pk, []),
            readings[log.pk],
            wishes.get(log.pk),
            now,
        ).state()
        for log in logs
    }


def state_of(log: Log, row: LogAccess, reading: Reading, now: datetime) -> State:
    """`states_of` one log, for the person behind this row."""
    return states_of(row.user_id, [log], {log.pk: reading}, now)[log.pk]


def state_on(page: LogPage) -> State:
    return state_of(page.log, page.row, page.reading, page.now)


def _windows_by_log(log_ids: list[UUID], now: datetime) -> dict[UUID, list[ConsentWindow]]:
    """Windows that stand open by consent at this instant, by log and in the order of the units' names."""
    found: dict[UUID, list[ConsentWindow]] = {}
    for window in sorted(_open_windows.rows(log_ids, now), key=lambda w: (w.unit.name, str(w.unit_id))):
        found.setdefault(window.log_id, []).append(window)
    return found


@statement
def _open_windows(log_ids: list[UUID], now: datetime) -> QuerySet[ConsentWindow]:
    return ConsentWindow.objects.filter(
        log__in=log_ids, basis=WindowBasis.CONSENT, valid_from__lte=now, valid_until__gt=now
    ).select_related("unit")


@dataclass(frozen=True)
class _Word:
    """What the reader's words for one service come to, the day it is so from (or lasts to), and if it is new."""

    unit: Unit
    kind: str
    day: date
    asked_again: bool = False
    request: ConsentRequest | None = None


class _Facts:
    """What one reader may be told of one log, and the sentences it is told in."""

    def __init__(
        self,
        log: Log,
        rows: list[Consent],
        windows: list[ConsentWindow],
        reading: Reading,
        wish: ClosingWish | None,
        now: datetime,
    ):
        self.log, self.reading, self.wish, self.now = log, reading, wish, now
        self.today = local_day(now)
        self.root_id = log.holder.window.unit_id
        self.shares = bool(windows)
        self.readers = joined(service_names(reading, windows))
        asked = {row.unit_id for row in rows if own_words.can_be_answered(row, now)}
        self.words = [
            self._word(said, unit_id in asked) for (unit_id, _about), said in own_words.newest_words(rows, now).items()
        ]
        self.root = next((word for word in self.words if word.unit.pk == self.root_id), None)

    def _word(self, said: Consent, asked: bool) -> _Word:
        unit, answered = said.unit, local_day(said.answered_at or self.now)
        if said.state == ConsentState.REFUSED:
            return _Word(unit, "no", answered, request=said.request)
        if said.state == ConsentState.WITHDRAWN:
            return _Word(unit, "withdrawn", local_day(said.ended_at or self.now), request=said.request)
        if own_words.is_over(said, self.now):
            return _Word(unit, "over", self.today)
        if said.state == ConsentState.WAITING:
            kind = "asked" if own_words.can_be_answered(said, self.now) else "lapsed"
            return _Word(unit, kind, said.request.last_day)
        until = said.expires_at or self.now
        if until <= self.now:
            return _Word(unit, "run_out", local_day(until))
        return _Word(unit, "yes", last_day_of(until), asked_again=asked)

    def state(self) -> State:
        order: tuple[Callable[[], State | None], ...] = (
            self._closed,
            self._closing,
            *(partial(self._changed, kind, [word]) for word in self.words if self._is_root(word) for kind in _CHANGES),
            *(partial(self._changed, kind, self._news()) for kind in _CHANGES),
            self._runs_out,
            self._asked,
            self._waiting,
        )
        return next((found for choose in order if (found := choose()) is not None), None) or self._open()

    def _closed(self) -> State | None:
        if not self.log.is_closed or self.log.closed_at is None:
            return None
        say = _("Stafettloggen ble avsluttet %(day)s.") % {"day": format_long(local_day(self.log.closed_at))}
        reads = _("%(services)s kan fortsatt lese den.") % {"services": self.readers}
        rest = reads if self.readers else _("Ingen tjeneste leser den.")
        more = _("Du kan lese og laste ned alt.")
        return State("closed", f"{say} {rest}", more, chip="avsluttet", shares=self.shares)

    def _closing(self) -> State | None:
        """For the one who asked alone: to the others nothing is said before the day it is closed (S30)."""
        if self.wish is None:
            return None
        rest = self._who_reads(_("Ingen tjeneste leser den nå."))
        if self.log.closes_at is None or self.wish.closes_at is None:
            say = _("Du har bedt om å avslutte stafettloggen for alle.")
            more = _("Både foresatte og ungdommen svarer her. Den lukkes når begge har bedt om det.")
            return State("closing", f"{say} {rest}", more, shares=self.shares)
        say = _("Du har bedt om å avslutte stafettloggen. Den lukkes for alle etter %(day)s.")
        day = {"day": format_long(last_day_of(self.log.closes_at))}
        return State("closing", f"{say % day} {rest}", _("Du kan angre til og med %(day)s.") % day, shares=self.shares)

    def _news(self) -> list[_Word]:
        return [
            word
            for word in self.words
            if not self._is_root(word) and word.kind in _CHANGES and (self.today - word.day).days <= NEWS_DAYS
        ]

    def _changed(self, kind: str, among: list[_Word]) -> State | None:
        """A no, a yes taken back or one that ran out: of the log itself for as long as it is so, of another service
        while it is new."""
        found = [word for word in among if word.kind == kind]
        if not found:
            return None
        day = max(word.day for word in found)
        say = self._what_changed(kind, [word for word in self.words if (word.kind, word.day) == (kind, day)], day)
        more = "" if self.shares or kind == "no" else _("Du kan fortsatt lese alt.")
        rest = self._who_reads(_("Vi deler ingenting.") if kind == "no" else _("Ingen tjeneste leser stafettloggen."))
        open_question = next((word.request for word in found if self._may_change(word)), None)
        if open_question is not None:
            until = {"day": format_long(open_question.last_day)}
            more = _("Ombestemmer du deg, kan du endre svaret til og med %(day)s.") % until
        return State(
            kind,
            f"{say} {rest}",
            more,
            chip="pagar" if self.shares else "",
            shares=self.shares,
            change=open_question.pk if open_question is not None else None,
        )

    def _may_change(self, word: _Word) -> bool:
        """Whether a no may be changed: while its question is open."""
        return (
            word.kind == "no"
            and word.request is not None
            and word.request.cancelled_at is None
            and not consent_rules.is_lapsed(word.request, self.today)
        )

    def _what_changed(self, kind: str, changed: list[_Word], day: date) -> str:
        is_all = len(changed) == len(self.words) or any(self._is_root(word) for word in changed)
        values = {
            "day": format_long(day),
            "services": joined([self.reading.service(word.unit) for word in changed]),
        }
        if kind == "no":
            return (_("Du sa nei %(day)s.") if is_all else _("Du sa nei til %(services)s %(day)s.")) % values
        if kind == "withdrawn":
            return _("Du trakk samtykket for %(services)s %(day)s.") % values
        if is_all:
            return _("Samtykket ditt gikk ut %(day)s.") % values
        return _("Samtykket ditt for %(services)s gikk ut %(day)s.") % values

    def _who_reads(self, nobody: str) -> str:
        if self.readers:
            return _("%(services)s kan fortsatt lese stafettloggen.") % {"services": self.readers}
        if self.shares:  # by a service the reader does not know of (S34): it is not named, and not denied (S28)
            return _("En tjeneste kan fortsatt lese stafettloggen.")
        is_waiting = self.root is not None and self.root.kind == "yes"
        return self._missing_answers() if is_waiting else nobody

    def _missing_answers(self) -> str:
        """For one who has said yes: the only sentence of what the others have answered (S1)."""
        if self.log.is_request:
            return _("Vi har ikke fått alle svarene vi trenger. Vi deler ingenting ennå.")
        return _("Vi har ikke lenger alle svarene vi trenger. Vi deler ingenting nå.")

    def _runs_out(self) -> State | None:
        """Never of a service that closes: nobody asks about it again."""
        if not self.shares:
            return None
        last = self.today + timedelta(days=max(consent_rules.REMINDER_DAYS_BEFORE_EXPIRY))
        found = [
            word for word in self.words if word.kind == "yes" and word.day <= last and word.unit.last_day == FAR_DAY
        ]
        if not found:
            return None
        day = min(word.day for word in found)
        ending = [word for word in found if word.day == day]
        services = joined([self.reading.service(word.unit) for word in ending])
        values = {"day": format_long(day), "services": services}
        is_all = any(self._is_root(word) for word in ending)
        of_service = _("Samtykket ditt for %(services)s gjelder til %(day)s.")
        say = (_("Samtykket ditt gjelder til %(day)s.") if is_all else of_service) % values
        rest = _asked_again() if any(word.asked_again for word in ending) else _nothing_to_do()
        return State("runs_out", f"{say} {rest}", chip="pagar", shares=True)

    def _asked(self) -> State | None:
        if self.shares or self.root is None or self.root.kind not in ("asked", "lapsed"):
            return None
        if self.root.kind == "lapsed":
            say = _("Siste dag for å svare var %(day)s.") % {"day": format_long(self.root.day)}
            return State("lapsed", f"{say} " + _("Vi deler ingenting."))
        return State("asked", _("Vi har spurt deg om samtykke, og du har ikke svart. Vi deler ingenting."))

    def _waiting(self) -> State | None:
        if self.shares or self.root is None or self.root.kind != "yes":
            return None
        if self.log.is_request:
            say, chip = _("Du har sagt ja.") + f" {self._missing_answers()}", "venter"
            return State("waiting", say, _("Du trenger ikke gjøre noe. Vi sier fra når loggen åpner."), chip)
        return State("waiting", self._missing_answers(), _("Du kan fortsatt lese alt."))

    def _open(self) -> State:
        if self.readers:
            say = _("%(services)s kan lese stafettloggen.") % {"services": self.readers}
            return State("open", say, chip="pagar", shares=True)
        if self.shares:
            return State("open", _("En tjeneste kan lese stafettloggen."), chip="pagar", shares=True)
        if self.log.is_request:
            return State("shut", _("Stafettloggen er ikke åpnet. Vi deler ingenting."))
        return State("shut", _("Ingen tjeneste leser stafettloggen."), _("Du kan fortsatt lese alt."))

    def _is_root(self, word: _Word) -> bool:
        return word.unit.pk == self.root_id


def _nothing_to_do() -> str:
    return _(
        "Du trenger ikke gjøre noe. Stafettholderen spør deg igjen. Gjør ikke stafettholderen det, slutter vi å dele."
    )


def _asked_again() -> str:
    return _("Vi har spurt deg på nytt. Svarer du ikke, slutter vi å dele.")
