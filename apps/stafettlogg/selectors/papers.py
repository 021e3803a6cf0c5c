"""The question about consent in short: lines for each service, the sheet of paper, and what stands on its back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.stafettlogg.models import Log
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors import consent_questions
from apps.stafettlogg.selectors.consent_questions import Service, Text
from apps.stafettlogg.selectors.consents import OpenQuestion
from apps.stafettlogg.selectors.names import child_name
from apps.stafettlogg.selectors.respondents import Respondent, Waiting

# With more lines than these on the cards there is room for two lines about what is not to be shared, instead of three.
FEW_LINES = 12


@dataclass(frozen=True)
class Card:
    """One service with its two boxes; `reads` says how much of the log, `lines` what it is and why it is asked for."""

    name: str
    reads: str
    lines: list[str]


@dataclass(frozen=True)
class Paper:
    """One respondent's sheet. `is_own`: it asks about the respondent, in a request of her own (S3).

    `says_no_reason`: the log is not open, so that no reason may stand there (S5). `address` leads to the sign-in and
    says nothing of whom it is about (S22).
    """

    name: str
    child: str
    is_youth: bool
    cards: list[Card]
    is_own: bool
    says_no_reason: bool
    limit_lines: range
    text: Text | None
    address: str


def paper_of(log: Log, respondent: Respondent, waiting: Waiting, reading: Reading, now: datetime) -> Paper:
    waiting.request.log = log
    question = OpenQuestion(waiting.request, respondent.guardian, waiting.rows)
    services, is_youth = consent_questions.services_of(question, reading), respondent.guardian is None
    cards = [_card(service, log) for service in services]
    text = consent_questions.sharing_text(waiting.request, is_youth=is_youth, now=now)
    return Paper(
        name=respondent.name,
        child=child_name(log),
        is_youth=is_youth,
        cards=cards,
        is_own=question.is_own,
        says_no_reason=log.is_request and len(cards) > 1 and not question.is_own,
        limit_lines=range(3 if sum(len(card.lines) + 1 for card in cards) <= FEW_LINES else 2),
        text=consent_questions.shown(text),
        address=urlsplit(settings.BASE_URL).netloc + reverse("stafettlogg:children"),
    )


def in_short(services: Iterable[Service], log: Log) -> list[Card]:
    """Each service once, in the same short lines, for the first page of the question on screen."""
    return [_card(service, log) for service in services]


def _card(service: Service, log: Log) -> Card:
    """What they get to know stands on the back, once; and before the log is open there is no reason to give (S5)."""
    left_out = {_("De får vite"), _("De får ikke vite"), _("Leser")}
    if log.is_request and not service.is_asker and not service.about_her:
        left_out.add(_("Hvorfor"))
    known = dict(service.facts)
    if _("Hva de gjør") in known:
        left_out.add(_("Type tjeneste"))
    said = {_("Hvorfor"), _("Hva de gjør")}
    facts = [(label, value) for label, value in service.facts if label not in left_out]
    reads = known.get(_("Leser"), "")
    return Card(service.label, reads, [value if label in said else f"{label}: {value}" for label, value in facts])
