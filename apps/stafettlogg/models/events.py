from django.conf import settings
from django.db import models

from apps.stafettlogg.enums import Audience, EventKind
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.logs import Log


class LogEvent(models.Model):
    """One line of the timeline. Append only; holds no free text, only kind, names of units and bare ids.

    `audience` says who sees it; a line about one guardian (`guardian`) is seen by that guardian and the holder alone
    (S1).
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.ALL)
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="+")
    about_youth = models.BooleanField(default=False)
    unit_name = models.CharField(max_length=150, blank=True)
    object_id = models.UUIDField(null=True, blank=True)
    number = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["log", "-at"], name="event_log_at")]
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.log_id} {self.kind}"
