from django.conf import settings
from django.db import models

from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel
from apps.municipality.models import Unit
from apps.stafettlogg.enums import ThreadSide
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.logs import Log


class OwnThread(UUIDModel):
    """What one guardian, one service and the stafettholder write about the guardian herself (S3, docs/adr/0020).

    Outside the log: nothing in the log points to it. It is there from when she is asked; whether it is open follows
    from her own answers, instant by instant (`rules.own_threads`).
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="own_threads")
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="own_threads")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "guardian", "unit"], name="own_thread_once"),
        ]
        indexes = [models.Index(fields=["unit", "log"], name="own_thread_unit")]

    def __str__(self):
        return str(self.pk)


class OwnMessage(UUIDModel):
    """One message of a thread. Append only. `side`: which of the three wrote it; `author_line`: role and place."""

    thread = models.ForeignKey(OwnThread, models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    author_line = models.CharField(max_length=200, blank=True)
    side = models.CharField(max_length=10, choices=ThreadSide.choices)
    text = EncryptedTextField(context="stafettlogg.ownmessage.text")
    written_at = models.DateTimeField()

    objects = TrackedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["thread", "-written_at"], name="own_message_at")]

    def __str__(self):
        return str(self.pk)
