"""A creating form may be sent twice (double click, retry, back button); what it creates is created once."""

import datetime
from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.core.models import FormKey

KEPT = datetime.timedelta(days=30)


def once(
    key: UUID, purpose: str, actor_id: UUID | None, create: Callable[[], str], *, now: datetime.datetime | None = None
) -> tuple[str, bool]:
    """Run `create()` once for this key and give `(result_url, created)`.

    `create` does the work and returns the address of the result. Key and work are written in one transaction: when
    `create` raises, nothing is kept and the key is free again. A second call, also one at the same time, waits for the
    first and gets its address with `created` False. Raises `RuleBroken("form_key_foreign")` when the key was used by
    someone else or for something else.
    """
    with transaction.atomic():
        row = _claim(key, purpose, actor_id, now or timezone.now())
        if row is None:
            return _result_of(key, purpose, actor_id), False
        row.result_url = create()
        row.save(update_fields=["result_url"])
        return row.result_url, True


def forget_old(*, now: datetime.datetime) -> int:
    """Remove keys older than 30 days; gives the number. Safe to repeat."""
    return FormKey.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _claim(key, purpose, actor_id, now):
    """The new row, or None when the key is taken. Waits while another transaction holds the key."""
    try:
        with transaction.atomic():
            return FormKey.objects.create(key=key, purpose=purpose, actor_id=actor_id, created_at=now)
    except IntegrityError:
        return None


def _result_of(key, purpose, actor_id):
    row = FormKey.objects.get(key=key)
    if (row.purpose, row.actor_id) != (purpose, actor_id):
        raise RuleBroken("form_key_foreign", _("Skjemaet er brukt av en annen. Last siden på nytt og prøv igjen."))
    return row.result_url
