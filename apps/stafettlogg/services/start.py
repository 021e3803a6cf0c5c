"""What a municipality starts from: the texts about consent."""

from datetime import datetime

from apps.stafettlogg.services.consent_texts import load_start_texts


def load(*, now: datetime) -> int:
    """Load the texts that are not there yet; gives how many. Safe to run again."""
    return load_start_texts(now=now)
