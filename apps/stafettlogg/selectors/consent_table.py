"""The holder's table of consents in finished words: per service what each respondent has answered, and the sharing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.dates import FAR_DAY, format_long, local_day
from apps.stafettlogg.enums import ConsentScope, ConsentState
from apps.stafettlogg.models import Consent
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.selectors.consents import Column, HolderStatus, UnitStatus, status_on
from apps.stafettlogg.selectors.log_page import LogPage

_WORDS = {
    ConsentState.WAITING: ("wait", gettext_lazy("Venter")),
    ConsentState.GIVEN: ("yes", gettext_lazy("Ja")),
    ConsentState.REFUSED: ("no", gettext_lazy("Nei")),
    ConsentState.WITHDRAWN: ("no", gettext_lazy("Trukket")),
    ConsentState.REPLACED: ("yes", gettext_lazy("Ja, erstattet")),
    ConsentState.CANCELLED: ("no", gettext_lazy("Spørsmålet er trukket")),
}


@dataclass(frozen=True)
class Answer:
    """`kind` is yes, no or wait (the tag `answer`), or '' when nobody is asked."""

    kind: str
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Row:
    unit: str
    note: str
    answers: list[tuple[str, Answer]]
    sharing: str


@dataclass(frozen=True)
class ConsentTable:
    heads: list[str]
    rows: list[Row]


def consent_table(status: HolderStatus, now: datetime) -> ConsentTable:
    """The table of answers, for the holder alone (S1); `answers` in a row are pairs of column heading and answer."""
    heads = [_head(column) for column in status.columns]
    rows = []
    for unit in status.units:
        rows.append(_row(status, heads, unit, now))
    return ConsentTable(heads, rows)


def _row(status: HolderStatus, heads: list[str], unit: UnitStatus, now: datetime) -> Row:
    note = _("Selve stafettloggen") if unit.is_own else ""
    if unit.sharing.asked_scope == ConsentScope.MEASURES:
        note = _("Bare egne tiltak")
    chosen = [consent for cell in unit.cells for consent in cell if consent.purpose]
    note = note or (chosen[0].get_purpose_display() if chosen else "")
    answers = [_answer(column, cell) for column, cell in zip(status.columns, unit.cells, strict=True)]
    sharing = _("Avsluttet") if status.is_closed else _sharing(unit, now)
    return Row(unit.unit.name, note, list(zip(heads, answers, strict=True)), sharing)


def _head(column: Column) -> str:
    if column.guardian is None:
        return _("Ungdommen")
    return f"{column.guardian.name}, {column.guardian.get_relation_display().lower()}"


def _answer(column: Column, cell: list) -> Answer:
    if column.is_exempt:
        return Answer("", _("Unntak, signert av leder"))
    if not cell:
        return Answer("", _("Ikke spurt"))
    return answer_of(cell[0])


def answer_of(consent: Consent) -> Answer:
    """What one question has come to, in the holder's words."""
    kind, text = _WORDS[consent.state]
    if consent.state == ConsentState.WAITING:
        return Answer(kind, str(text), _("Spurt %(day)s") % {"day": format_long(local_day(consent.request.asked_at))})
    at = consent.ended_at if consent.state == ConsentState.WITHDRAWN else consent.answered_at
    return Answer(kind, str(text), format_long(local_day(at)) if at else "")


def _sharing(unit: UnitStatus, now: datetime) -> str:
    window = unit.window
    if window is not None and unit.is_open(now):
        last_day = local_day(window.valid_until) - timedelta(days=1)
        return _("Åpen til %(day)s") % {"day": format_long(last_day)}
    asked, today = unit.sharing.asked, local_day(now)
    if unit.unit.last_day < FAR_DAY:
        return _("Tjenesten er lagt ned") if unit.unit.last_day < today else _("Tjenesten skal legges ned")
    if asked and consent_rules.ended_with_unit(unit.unit, asked[0].request.asked_at, today=today):
        return _("Spør familien på nytt. Tjenesten har vært lagt ned")
    return _("Deles ikke") if unit.sharing.was_refused else _("Ingenting deles ennå")


def log_section(page: LogPage) -> dict[str, Any] | None:
    """Where the answers stand; the overview may be projected, so it looks the same whatever they are (S33)."""
    return {} if page.once(status_on) is not None else None
