"""A code for a guardian's place is over: another was made, or the guardian's address is changed (safety.md S29)."""

from datetime import datetime

from apps.stafettlogg.models import Guardian, PlaceCode


def end_codes(guardian: Guardian, *, now: datetime) -> None:
    """End every code for this place that nobody has confirmed. Safe to repeat."""
    for row in PlaceCode.objects.filter(guardian=guardian, confirmed_at=None, ends_at__gt=now):
        row.ends_at = now
        row.save(update_fields=["ends_at"])
