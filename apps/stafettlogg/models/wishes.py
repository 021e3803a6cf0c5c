from django.conf import settings
from django.db import models

from apps.core.fields import EncryptedTextField
from apps.core.models import UUIDModel
from apps.municipality.models import Unit
from apps.stafettlogg.enums import WishState


class LogWish(UUIDModel):
    """A guardian asks a unit to consider a log. Seen by that unit's leader only, until answered."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    child_name = EncryptedTextField(context="stafettlogg.logwish.child_name", blank=True)
    text = EncryptedTextField(context="stafettlogg.logwish.text", blank=True)
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=WishState.choices, default=WishState.NEW)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return str(self.pk)
