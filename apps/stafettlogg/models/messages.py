from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.enums import Audience
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.logs import Log


class Message(UUIDModel):
    """A message or note in the log. Append only.

    «Bare stafettholder» (audience HOLDER) belongs to one thread: that guardian's, or the youth's. Nobody else sees that
    it exists (safety.md S2). With the audience UNIT one service (`unit`) reads it, the holder, and the family.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    author_line = models.CharField(max_length=200, blank=True)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    thread_guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey("municipality.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    thread_youth = models.BooleanField(default=False)
    text = EncryptedTextField(context="stafettlogg.message.text")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_private_has_one_thread",
                condition=(
                    (Q(audience=Audience.HOLDER) & (Q(thread_guardian__isnull=False) | Q(thread_youth=True)))
                    | (~Q(audience=Audience.HOLDER) & Q(thread_guardian=None, thread_youth=False))
                ),
            ),
            models.CheckConstraint(
                name="message_unit_when_to_unit",
                condition=Q(audience=Audience.UNIT, unit__isnull=False) | (~Q(audience=Audience.UNIT) & Q(unit=None)),
            ),
        ]
        indexes = [models.Index(fields=["log", "-written_at"], name="message_log_at")]

    def __str__(self):
        return str(self.pk)


class Correction(UUIDModel):
    """A message that asks to have something in the log corrected: the holder answers by `due_day`, and ticks it off."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="corrections")
    message = models.OneToOneField(Message, models.PROTECT, related_name="correction")
    due_day = models.DateField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    # For the type checker: whose words they are, as the page that lists them says.
    author: str

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="correction_settled_by_when",
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.pk)
