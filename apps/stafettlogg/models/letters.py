from django.conf import settings
from django.db import models

from apps.core.models import UUIDModel
from apps.stafettlogg.models.logs import Log


class FamilyLetter(UUIDModel):
    """The holder has posted a letter to one of the family who has chosen letters: that there is something new, no more.

    Append only. What came after `sent_at` takes a new letter.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="letters")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["log", "recipient", "-sent_at"], name="letter_log_recipient")]

    def __str__(self):
        return str(self.pk)
