"""The reader's own receipts for consents taken back: what was said then, in the words of then (S1, S28)."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.dates import format_long, local_day
from apps.stafettlogg.enums import About, AccessKind
from apps.stafettlogg.models import ConsentWithdrawal, Log, LogAccess
from apps.stafettlogg.rules.names import Reading


@dataclass(frozen=True)
class WithdrawalReceipt:
    """`rows` are as templates/components/kv.html shows them."""

    withdrawal: ConsentWithdrawal
    rows: list[dict[str, str]]


def own_withdrawals(log: Log, row: LogAccess) -> list[ConsentWithdrawal]:
    """The reader's own, newest first."""
    own = {"is_youth": True} if row.kind == AccessKind.YOUTH else {"guardian__user": row.user_id}
    return list(ConsentWithdrawal.objects.filter(log=log, **own).order_by("-withdrawn_at", "pk"))


def own_withdrawal(log: Log, row: LogAccess, withdrawal_id: UUID) -> ConsentWithdrawal | None:
    return next((found for found in own_withdrawals(log, row) if found.pk == withdrawal_id), None)


def withdrawal_receipt(withdrawal: ConsentWithdrawal, reading: Reading) -> WithdrawalReceipt:
    """What it took back, also when the reader has said yes again since."""
    words = _("Trukket %(day)s") % {"day": format_long(local_day(withdrawal.withdrawn_at))}
    rows = []
    for consent in withdrawal.consents.select_related("unit").order_by("unit__name", "unit_id", "about"):
        name = reading.service(consent.unit)
        label = _("%(service)s, om deg selv") % {"service": name} if consent.about == About.OWN else name
        rows.append({"label": label, "value": words, "answer": "no"})
    return WithdrawalReceipt(withdrawal, rows)
