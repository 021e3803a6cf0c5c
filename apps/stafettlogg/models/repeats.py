from django.conf import settings
from django.db import models

from apps.core.models import UUIDModel
from apps.municipality.models import Unit
from apps.stafettlogg.models.logs import Log


class RepeatRequest(UUIDModel):
    """Someone asked for a log (`made`) on a child who has one (`log`): a task for the holder of that one (S6).

    `is_alike`: the name is not the same, but one has a given name more; the day of birth and a guardian are the same.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="repeat_requests")
    made = models.ForeignKey(Log, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_alike = models.BooleanField(default=False)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "made"], name="repeat_once_per_request")]

    def __str__(self):
        return str(self.pk)
