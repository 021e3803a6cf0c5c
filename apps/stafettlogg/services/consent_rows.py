"""Rows of consent and the rounds they stand in: what every way of asking writes alike. Nobody is asked here."""

from datetime import date, datetime, timedelta

from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import ConsentState, LogStatus
from apps.stafettlogg.models import Consent, ConsentRequest, Log
from apps.stafettlogg.rules import consents as rules
from apps.stafettlogg.selectors import respondents
from apps.stafettlogg.services.notices import tell


def next_number(log: Log) -> int:
    """The place of the log's next round among its rounds."""
    newest = ConsentRequest.objects.filter(log=log).order_by("-number").first()
    return newest.number + 1 if newest is not None else 1


def question_days(log: Log, today: date) -> dict[str, date]:
    """The deadline the family is shown, and the last day an answer counts: that a request is removed is no deadline."""
    settings = settings_row()
    last_day = today + timedelta(days=settings.request_days)
    if log.status == LogStatus.REQUESTED:
        last_day = log.request_last_day
    return {"answer_day": min(today + timedelta(days=settings.answer_days), last_day), "last_day": last_day}


def tell_respondents(request: ConsentRequest, *, now: datetime) -> None:
    """Tell everyone who has a waiting question and may open it. Safe to repeat."""
    rows = Consent.objects.filter(request=request, state=ConsentState.WAITING)
    tell(
        respondents.users_asked(request.log, rows, now),
        "consent_waiting",
        key=f"request {request.pk}",
        page="stafettlogg:parent_log",
        object_id=request.log_id,
        due_day=request.answer_day,
        now=now,
    )


def ask_in_its_place(row: Consent, *, now: datetime) -> Consent:
    """A new question to the same respondent in the same round, where this row had a no or a yes that is taken back."""
    move_to(row, ConsentState.REPLACED, now=now)
    return Consent.objects.create(
        request=row.request,
        log_id=row.log_id,
        unit=row.unit,
        guardian=row.guardian,
        is_youth=row.is_youth,
        about=row.about,
        scope=row.scope,
        purpose=row.purpose,
    )


def move_to(row: Consent, state: str, *, now: datetime | None) -> None:
    """Give one consent its next state, with all that is set on it. Raises `RuleBroken` for a state it cannot take."""
    rules.check_can_become(row, state)
    row.state = state
    row.ended_at = now
    row.save(update_fields=["state", "answer", "withdrawal", "answered_at", "expires_at", "ended_at"])
