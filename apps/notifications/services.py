"""Telling people. `notify` writes rows in the caller's transaction; the sweeper sends. Nothing here starts a task."""

import time
import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.accounts.selectors import coordinators
from apps.accounts.services import password_link
from apps.core.dates import local_day
from apps.municipality.models import Municipality
from apps.municipality.selectors import settings_row
from apps.notifications import kinds, rules, selectors
from apps.notifications.enums import WITHOUT_EMAIL, DeliveryState, EmailPreference
from apps.notifications.models import Delivery, Notice, Preference

log = structlog.get_logger(__name__)
_SWEEPING = "notifications.sweeping"


def notify(
    *,
    recipient: User,
    kind: str,
    key: str,
    url_name: str,
    object_id: uuid.UUID | None = None,
    due_day: date | None = None,
    now: datetime | None = None,
) -> Notice:
    """Tell one person once. Safe to repeat: the same (recipient, kind, key) gives the same notice and one e-mail.

    `kind` must be registered (`KeyError` otherwise); `key` names the occasion and holds ids and dates only. The notice
    and its e-mail are rows in the caller's transaction, so they stand or fall with what happened.
    """
    if kinds.get(kind) is None:
        raise KeyError(f"The notice kind {kind} is not registered.")
    now = now or timezone.now()
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(
            recipient=recipient,
            kind=kind,
            key=key,
            defaults={"url_name": url_name, "object_id": object_id, "due_day": due_day, "created_at": now},
        )
        if is_new:
            _queue_email(notice, now=now)
        elif notice.done_at is not None:  # it is something to do again
            notice.done_at = None
            notice.save(update_fields=["done_at"])
    return notice


def tell_of_places(*, now: datetime) -> int:
    """Tell each employee who has been given a place, and the coordinators when it is one as leader, but not the giver.

    A person who is new gets the link to make a password in that e-mail. Safe to repeat; returns how many places.
    """
    given = selectors.places_to_tell_of(now)
    for new in given:
        key, person = selectors.key_of_place(new.place.pk), new.place.user
        for coordinator in coordinators(local_day(now)) if new.leads else []:
            if coordinator.pk not in (new.given_by, person.pk):
                kind = kinds.LEADER_ADDED
                notify(
                    recipient=coordinator,
                    kind=kind,
                    key=key,
                    url_name="accounts:person",
                    object_id=person.pk,
                    now=now,
                )
        notify(recipient=person, kind=kinds.PLACE_GIVEN, key=key, url_name="accounts:profile", now=now)
    return len(given)


def settle_done(*, now: datetime, limit: int = 1000) -> int:
    """Mark the unread notices of tasks that are done, or not this person's any more. Safe to repeat; returns how many.

    Done by the sweeper, so that the page of notices asks the database equally often whatever is on it. When more than
    `limit` wait, those asked about are noted, so that the next sweep goes on with the others.
    """
    answers: dict = {}
    done = []
    waiting = selectors.waiting_tasks(limit=limit + 1)
    batch = waiting[:limit]
    for notice in batch:
        what = (notice.recipient_id, notice.kind, notice.object_id)
        if what not in answers:
            answers[what] = notice.recipient.is_active and _may_still_get(notice, notice.recipient)
        if not answers[what]:
            done.append(notice.pk)
    if len(waiting) > limit:
        Notice.objects.filter(pk__in=[notice.pk for notice in batch]).update(checked_at=now)
    return _mark_done(done, now=now)


def remind(*, now: datetime) -> int:
    """Tell everyone what is due. Returns how many things are due; each person is told of each once. Safe to repeat.

    What an earlier reminder was about and is due no more leaves «Oppgaver».
    """
    found = selectors.reminders_due(now)
    for due in found:
        notify(
            recipient=due.recipient,
            kind=due.code,
            key=due.key,
            url_name=due.url_name,
            object_id=due.object_id,
            due_day=due.due_day,
            now=now,
        )
    _settle_reminders(current={(due.recipient.pk, due.code, due.key) for due in found}, now=now)
    return len(found)


def _settle_reminders(*, current: set, now: datetime) -> int:
    """Mark the unread reminders that are not among the `current` (recipient id, kind, key)."""
    gone = [
        notice.pk
        for notice in selectors.waiting_reminders()
        if (notice.recipient_id, notice.kind, notice.key) not in current
    ]
    return _mark_done(gone, now=now)


def settle(*, recipient: User, codes: Collection[str], key: str, now: datetime) -> int:
    """Mark the recipient's notices of these kinds about what `key` begins with as done, in the transaction that did it.

    Safe to repeat; returns how many.
    """
    rows = Notice.objects.filter(recipient=recipient, kind__in=codes, key__startswith=key)
    return _mark_done(rows.values_list("pk", flat=True), now=now)


def _mark_done(ids, *, now: datetime) -> int:
    return Notice.objects.filter(pk__in=ids, done_at=None).update(done_at=now)


def mark_read(*, actor: User, notice_ids: Collection[uuid.UUID] | None = None, now: datetime) -> int:
    """Mark the actor's own notices read (all when no ids are given). Safe to repeat."""
    rows = Notice.objects.filter(recipient=actor, read_at__isnull=True)
    if notice_ids is not None:
        rows = rows.filter(pk__in=notice_ids)
    return rows.update(read_at=now)


def open_notice(notice_id: uuid.UUID, *, actor: User, now: datetime) -> bool:
    """Mark the actor's own notice read; gives whether there still is something to follow. Safe to repeat.

    Raises `Notice.DoesNotExist` for somebody else's, and for one that was taken back.
    """
    notice = Notice.objects.get(pk=notice_id, recipient=actor, retracted_at=None)
    mark_read(actor=actor, notice_ids=[notice.pk], now=now)
    return _may_still_get(notice, actor)


def retract(
    *,
    recipient: User,
    object_ids: Iterable[uuid.UUID],
    keys: Collection[str] = (),
    since: datetime | None = None,
    now: datetime,
) -> int:
    """Take back what this person was told about these objects, or of the occasions in `keys`: not shown or counted
    again, and no e-mail is sent. With `since` only what was told after that instant, and all that waits to be sent.

    For someone who must not know of them any more (safety.md S4, S34). Safe to repeat.
    """
    about = Q(object_id__in=list(object_ids)) | Q(key__in=list(keys))
    rows = Notice.objects.filter(about, recipient=recipient, retracted_at=None)
    if since is not None:
        waiting = Delivery.objects.filter(notice__in=rows, state=DeliveryState.PENDING)
        waiting.update(state=DeliveryState.CANCELLED, error="retracted")
        rows = rows.filter(created_at__gt=since)
    Delivery.objects.filter(notice__in=rows, state=DeliveryState.PENDING).update(
        state=DeliveryState.CANCELLED, error="retracted"
    )
    return rows.update(retracted_at=now)


def set_email_preference(*, actor: User, choice: str) -> None:
    """Choose each e-mail at once, one a day, a letter, or none; e-mails already queued follow the new choice."""
    Preference.objects.update_or_create(user=actor, defaults={"email": EmailPreference(choice).value})


def sweep_outbox(*, now: datetime | None = None, limit: int = 200, seconds: float = rules.SWEEP_SECONDS) -> int:
    """Send what is due, one e-mail to each person, beginning none after `seconds`; returns how many were sent.

    Any number of sweepers may run at once and be killed at any point: each e-mail is claimed by one at a time, and one
    that was left behind is sent again with the same Message-ID.
    """
    now, until = now or timezone.now(), time.monotonic() + seconds
    ids = selectors.due_deliveries(now=now, limit=limit)
    if not ids:
        return 0
    connection, municipality = get_connection(), settings_row()
    sent = 0
    try:
        for pk in ids:
            if time.monotonic() >= until:
                log.warning("outbox_is_slow", count=len(ids))
                break
            # The lease counts from now, not from the start of a sweep that may have sent for minutes.
            lease = _claim(pk, now=max(now, timezone.now()))
            if lease is not None:
                sent += _send(pk, lease, municipality, connection=connection, now=now)
    finally:
        connection.close()
    return sent


def sweep_outbox_in_turn() -> int:
    """`sweep_outbox`, unless another sweep is at it: a mail server that answers slowly must not take the whole worker.

    One that is killed keeps the others out for as long as its e-mail is leased.
    """
    if not cache.add(_SWEEPING, 1, timeout=rules.LEASE.total_seconds()):
        return 0
    try:
        return sweep_outbox()
    finally:
        cache.delete(_SWEEPING)


def retry_failed(delivery_id: int, *, now: datetime) -> bool:
    """Put an e-mail that was given up back in the queue (the coordinator has mended the cause)."""
    return bool(
        Delivery.objects.filter(pk=delivery_id, state=DeliveryState.FAILED).update(
            state=DeliveryState.PENDING, attempts=0, next_at=now, error=""
        )
    )


def _queue_email(notice: Notice, *, now: datetime) -> None:
    preference = selectors.email_preference(notice.recipient)
    kind = kinds.get(notice.kind)
    if preference in WITHOUT_EMAIL or not notice.recipient.email:
        return
    if preference == EmailPreference.DAILY and not (kind and kind.urgent):
        at = rules.digest_at(now=now)
        Delivery.objects.get_or_create(
            recipient=notice.recipient,
            digest_day=local_day(at),
            defaults={"message_id": _message_id(), "next_at": at},
        )
        return
    Delivery.objects.create(recipient=notice.recipient, notice=notice, message_id=_message_id(), next_at=now)


def _message_id() -> str:
    return f"<{uuid.uuid4()}@{urlsplit(settings.BASE_URL).hostname}>"


def _claim(pk: int, *, now: datetime) -> uuid.UUID | None:
    lease = uuid.uuid4()
    due = Delivery.objects.filter(pk=pk, state=DeliveryState.PENDING, next_at__lte=now)
    left_behind = Delivery.objects.filter(pk=pk, state=DeliveryState.SENDING, lease_until__lt=now)
    values = {"state": DeliveryState.SENDING, "lease": lease, "lease_until": now + rules.LEASE}
    # The condition stands in the UPDATE: of two sweepers one changes the row. SQLite ignores `skip_locked` silently.
    return lease if due.update(**values) or left_behind.update(**values) else None


def _send(pk: int, lease: uuid.UUID, municipality: Municipality, *, connection, now: datetime) -> int:
    delivery = Delivery.objects.select_related("recipient", "notice").get(pk=pk)
    try:
        why_not = _why_not(delivery, now=now)
        if why_not:
            _settle(pk, lease, state=DeliveryState.CANCELLED, error=why_not)
            return 0
        together = _due_together(delivery, now=now)
        _email([delivery, *together], municipality, connection=connection, now=now).send()
    except SoftTimeLimitExceeded:  # the worker is about to end this process: nothing is wrong with the e-mail
        raise
    except Exception as error:  # whatever is wrong with one e-mail, an address for example, the others must go out
        connection.close()
        _failed(delivery, lease, error=error, now=now)
        return 0
    sent_at = timezone.now()
    _settle(pk, lease, state=DeliveryState.SENT, sent_at=sent_at, error="")
    # Only now: had this one been lost on the way, each of them would have gone out by itself.
    told = Delivery.objects.filter(pk__in=[other.pk for other in together], state=DeliveryState.PENDING)
    told.update(state=DeliveryState.SENT, sent_at=sent_at)
    return 1


def _failed(delivery: Delivery, lease: uuid.UUID, *, error: Exception, now: datetime) -> None:
    code = type(error).__name__
    again = rules.next_try(delivery.attempts + 1, now=now)
    state = DeliveryState.PENDING if again else DeliveryState.FAILED
    log.warning("email_not_sent", code=code, attempt=delivery.attempts + 1)
    _settle(delivery.pk, lease, state=state, error=code, next_at=again or delivery.next_at, attempts=F("attempts") + 1)


def _settle(pk: int, lease: uuid.UUID, **values) -> None:
    Delivery.objects.filter(pk=pk, lease=lease, state=DeliveryState.SENDING).update(
        lease=None, lease_until=None, **values
    )


def _due_together(delivery: Delivery, *, now: datetime) -> list[Delivery]:
    """The other e-mails this person is to get now: one says it all, since they cannot differ (safety.md S22)."""
    if delivery.notice is None:
        return []
    is_due = Q(next_at__lte=now) | Q(attempts__gt=0)  # one that waits to be tried again was due before
    others = Delivery.objects.filter(
        is_due, recipient=delivery.recipient, notice__isnull=False, state=DeliveryState.PENDING
    )
    found = others.exclude(pk=delivery.pk).select_related("recipient", "notice").order_by("next_at", "pk")
    return [other for other in found if other.notice and _may_still_get(other.notice, delivery.recipient)]


def _why_not(delivery: Delivery, *, now: datetime) -> str:
    """Why the e-mail is not sent after all; '' when it is. Asked at sending: is the recipient still a user, is e-mail
    wanted, and may the recipient still get it?
    """
    person = delivery.recipient
    if not person.is_active or person.last_day < local_day(now) or not person.email:
        return "no_address"
    if selectors.email_preference(person) in WITHOUT_EMAIL:
        return "not_wanted"
    notices = [delivery.notice] if delivery.notice else _digest_notices(delivery)
    if not any(_may_still_get(notice, person) for notice in notices):
        return "no_longer_theirs"
    return ""


def _digest_notices(delivery: Delivery) -> list[Notice]:
    return list(
        Notice.objects.filter(recipient=delivery.recipient, read_at=None, done_at=None, retracted_at=None).order_by(
            "-created_at"
        )[:50]
    )


def _may_still_get(notice: Notice, person) -> bool:
    kind = kinds.get(notice.kind)
    return kind is not None and kind.may_still_get(person, notice.object_id)


def _email(deliveries: list[Delivery], municipality: Municipality, *, connection, now: datetime) -> EmailMessage:
    """One neutral text for every kind and number: no child, no service, no subject matter, no id (safety.md S22).

    Who has been given a place reads how to sign in, and only in the e-mail itself whether that is new (S29).
    """
    delivery = deliveries[0]
    notices = [each.notice for each in deliveries if each.notice is not None]
    found = [kinds.get(notice.kind) for notice in notices]
    context = {
        "municipality": municipality.name or "Kommunen",
        "phone": municipality.phone,
        "address": settings.BASE_URL,
        "due_day": min((notice.due_day for notice in notices if notice.due_day), default=None),
        "is_reminder": bool(found) and all(kind is not None and kind.is_reminder for kind in found),
    }
    template = next((kind.email for kind in found if kind is not None and kind.email != "notice"), "notice")
    if template == "place" and not delivery.recipient.has_usable_password():
        until = now + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        context |= {"link": password_link(delivery.recipient), "until": until}
    wanted = delivery.recipient.language
    offered = (code for code in (wanted, municipality.language_form) if code in municipality.languages)
    with translation.override(next(offered, settings.LANGUAGE_CODE)):
        # One line, whatever stands in the municipality's name.
        subject = " ".join(render_to_string(f"emails/{template}_subject.txt", context).split())
        body = render_to_string(f"emails/{template}.txt", context)
    return EmailMessage(
        subject=subject,
        body=body,
        to=[delivery.recipient.email or ""],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
