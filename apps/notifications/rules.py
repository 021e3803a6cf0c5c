"""When an e-mail is tried again, when it is given up, and when a digest goes out."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from apps.core.dates import local_day, local_instant
from apps.notifications.enums import DeliveryState

LEASE = timedelta(minutes=2)
# Less than the minute between two sweeps: with two children, one is always free for all else the worker does.
SWEEP_SECONDS = 40
# An e-mail that has waited this long is late, whoever was to send it.
LATE = timedelta(minutes=15)
BACK_OFF_MINUTES = (1, 5, 15, 60, 180, 720, 1440)
DIGEST_HOUR = 7

NEXT: dict[str, frozenset[str]] = {
    # Sent at once: told by the same e-mail as another of the person's notices.
    DeliveryState.PENDING: frozenset({DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.CANCELLED}),
    DeliveryState.SENDING: frozenset(
        {DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.CANCELLED}
    ),
    DeliveryState.SENT: frozenset(),
    DeliveryState.FAILED: frozenset({DeliveryState.PENDING}),
    DeliveryState.CANCELLED: frozenset(),
}

REFUSED = _("Mottakeren tok ikke imot. Se om adressen er riktig.")
NO_CONTACT = _("Vi fikk ikke kontakt med e-posttjenesten.")
NO_ADDRESS = _("E-postadressen kan ikke brukes.")
WHY = {
    "SMTPRecipientsRefused": REFUSED,
    **dict.fromkeys(("SMTPConnectError", "SMTPServerDisconnected", "SMTPHeloError"), NO_CONTACT),
    **dict.fromkeys(("ConnectionRefusedError", "ConnectionResetError", "TimeoutError", "gaierror"), NO_CONTACT),
    "UnicodeEncodeError": NO_ADDRESS,
}


def why_it_failed(code: str) -> str:
    """Why an e-mail failed, in words for the coordinator; the code itself when it is none of the usual ones."""
    return str(WHY.get(code, code))


def next_try(attempts: int, *, now: datetime) -> datetime | None:
    """When to try again after this many failed attempts; None when it is given up."""
    if attempts > len(BACK_OFF_MINUTES):
        return None
    return now + timedelta(minutes=BACK_OFF_MINUTES[attempts - 1])


def digest_at(*, now: datetime) -> datetime:
    """The next 07:00 in Oslo after `now`."""
    day = local_day(now)
    at = local_instant(day, DIGEST_HOUR)
    return at if at > now else local_instant(day + timedelta(days=1), DIGEST_HOUR)
