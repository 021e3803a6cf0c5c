from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import UUIDModel
from apps.notifications.enums import DeliveryState, EmailPreference


class Notice(UUIDModel):
    """One thing to tell one person, in the portal: exactly once by the unique (recipient, kind, key).

    Holds no name and no text: the words belong to the kind, the page behind the link checks access itself.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    url_name = models.CharField(max_length=80)
    object_id = models.UUIDField(null=True, blank=True)
    due_day = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    # There is nothing left to do about it: shown among the earlier ones, read or not.
    done_at = models.DateTimeField(null=True, blank=True)
    # The person may no longer know of it: kept, never shown or counted again.
    retracted_at = models.DateTimeField(null=True, blank=True)
    # When the sweeper last asked whether it is done; empty until there are more to ask about than it takes at once.
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "kind", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["recipient", "read_at", "-created_at"], name="notice_unread"),
            models.Index(
                fields=["checked_at"],
                condition=Q(read_at=None, done_at=None, retracted_at=None),
                name="notice_waiting",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"


class Delivery(models.Model):
    """The outbox: one e-mail to send, for one notice or for one person's digest of a local day.

    Claimed by a conditional UPDATE with a lease; a worker that dies lets the lease run out and the next one sends again
    with the same Message-ID. `error` is a code, never an address or content.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, blank=True, related_name="delivery")
    digest_day = models.DateField(null=True, blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delivery_notice_or_digest",
                condition=Q(notice__isnull=False, digest_day=None) | Q(notice=None, digest_day__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["recipient", "digest_day"], condition=Q(digest_day__isnull=False), name="delivery_one_digest"
            ),
        ]
        indexes = [models.Index(fields=["state", "next_at"], name="delivery_due")]

    def __str__(self):
        return f"{self.message_id} {self.state}"


class Preference(models.Model):
    """How a person wants e-mail. No row: employees and citizens alike get each one at once."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notice_preference")
    email = models.CharField(max_length=6, choices=EmailPreference.choices, default=EmailPreference.EACH)

    def __str__(self):
        return self.email
