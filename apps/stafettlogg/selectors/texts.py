"""The texts about consent as those who answer for them see them: which holds, the draft, and who has said what."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.core.text import joined
from apps.municipality.enums import Right
from apps.municipality.selectors.readiness import Reading, Standing
from apps.stafettlogg.models import ConsentAnswer, ConsentText, TextApproval
from apps.stafettlogg.rules import texts as rules
from apps.stafettlogg.selectors import consents

# In the order a family meets them.
KEYS = (consents.PROCESSING, consents.SHARING_CHILD, consents.SHARING_OWN, consents.YOUTH)


@dataclass(frozen=True)
class Saying:
    """One of the three who say something of an edition: their role, and what they have said (None: not yet)."""

    role: Right
    title: str
    said: TextApproval | None
    decides: bool


@dataclass(frozen=True)
class Owned:
    """A text with its owner's eyes: `current` is what families meet now, `draft` the next version."""

    key: str
    current: ConsentText | None
    coming: ConsentText | None
    draft: ConsentText | None
    sayings: list[Saying]

    @property
    def shown(self) -> ConsentText | None:
        """What is up for approval: the draft, else the version that is to hold, else the one that holds."""
        return self.draft or self.coming or self.current

    @property
    def title(self) -> str:
        return str(self.shown.title) if self.shown else self.key

    @property
    def approved(self) -> set[str]:
        return {each.role.value for each in self.sayings if each.decides and each.said is not None}

    @property
    def is_approved(self) -> bool:
        return rules.is_approved(self.approved)

    @property
    def status(self) -> str:
        return "fullfort" if self.is_approved else "venter"

    @property
    def line(self) -> str:
        number = self.shown.number if self.shown else 0
        if self.draft is not None:
            return _("Versjon %(number)d er et utkast.") % {"number": number}
        if self.coming is not None:
            return _("Versjon %(number)d er godkjent og gjelder snart.") % {"number": number}
        if self.is_approved:
            return _("Versjon %(number)d gjelder.") % {"number": number}
        return _("Versjon %(number)d er ikke godkjent ennå.") % {"number": number}


def titles() -> dict[Right, str]:
    return {Right.DPO: _("Personvernombud"), Right.JURIST: _("Jurist"), Right.OWNER: _("Systemeier")}


def texts(now: datetime) -> list[Owned]:
    """Every text, with two queries however many versions there are."""
    rows = list(ConsentText.objects.filter(key__in=KEYS).select_related("drafted_by").order_by("number"))
    approvals = list(TextApproval.objects.filter(text__in=rows).select_related("by"))
    return [_owned(key, [row for row in rows if row.key == key], approvals, now) for key in KEYS]


def text_with(key: str, now: datetime) -> Owned | None:
    if key not in KEYS:
        return None
    return next(owned for owned in texts(now) if owned.key == key)


def _owned(key, rows, approvals, now) -> Owned:
    published = [row for row in rows if row.published_at is not None]
    current = next((row for row in reversed(published) if row.published_at <= now), None)
    coming = next((row for row in reversed(published) if row.published_at > now), None)
    draft = next((row for row in rows if row.is_draft), None)
    shown = draft or coming or current
    said = {
        each.role: each
        for each in approvals
        if shown is not None and each.text_id == shown.pk and each.edition == shown.edition
    }
    names = titles()
    sayings = [Saying(role, names[role], said.get(role.value), role in rules.APPROVERS) for role in names]
    return Owned(key, current, coming, draft, sayings)


@dataclass(frozen=True)
class Version:
    """One version in the text's story."""

    text: ConsentText
    approved_by: str
    answers: int


def versions(key: str) -> list[Version]:
    """Every published version, the newest first, with who approved it and how many answers keep its words."""
    rows = list(ConsentText.objects.filter(key=key, published_at__isnull=False).order_by("-number"))
    approvals = list(TextApproval.objects.filter(text__in=rows).order_by("said_at"))
    counts = dict.fromkeys((row.pk for row in rows), 0)
    for pk in ConsentAnswer.objects.filter(request__text__in=rows).values_list("request__text_id", flat=True):
        counts[pk] += 1
    return [Version(row, _approved_by(row, approvals), counts[row.pk]) for row in rows]


def _approved_by(row, approvals) -> str:
    own = [each for each in approvals if each.text_id == row.pk and each.edition == row.edition]
    return joined([each.name for each in own if each.role in rules.APPROVERS])


def readiness(reading: Reading) -> Standing:
    """Every text that families meet is approved by both."""
    every = texts(reading.now)
    missing = [owned for owned in every if not _holds_approved(owned)]
    if missing:
        text = _("%(ready)d av %(all)d er godkjent.") % {"ready": len(every) - len(missing), "all": len(every)}
        return Standing(False, text)
    said = [each.said for owned in every for each in owned.sayings if each.decides and each.said is not None]
    newest = max(said, key=lambda each: each.said_at, default=None)
    text = _("%(all)d tekster er godkjent.") % {"all": len(every)}
    return Standing(True, text, newest.name if newest else "")


def _holds_approved(owned: Owned) -> bool:
    """What holds now is approved: a draft or a coming version beside it takes nothing from that."""
    if owned.current is None:
        return False
    roles = TextApproval.objects.filter(text_id=owned.current.pk, edition=owned.current.edition).values_list(
        "role", flat=True
    )
    return owned.is_approved if owned.shown == owned.current else rules.is_approved(set(roles))
