from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.fields import EncryptedTextField
from apps.core.models import UUIDModel
from apps.stafettlogg.models.logs import Log


class ChildVoice(UUIDModel):
    """The child's own words, as the child wants the parents to read them. Append only (safety.md S15)."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="voices")
    text = EncryptedTextField(context="stafettlogg.childvoice.text")
    told_to = EncryptedTextField(context="stafettlogg.childvoice.told_to")
    told_day = models.DateField()
    child_knows_readers = models.BooleanField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="voice_child_knows_readers", condition=Q(child_knows_readers=True)),
        ]
        ordering = ["-written_at", "pk"]

    def __str__(self):
        return str(self.pk)
