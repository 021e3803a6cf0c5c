from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.accounts.models import Absence, Membership
from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.enums import DeputyState
from apps.stafettlogg.models.access import LogAccess
from apps.stafettlogg.models.logs import Log


class Deputy(UUIDModel):
    """A deputy for the holder from first through last local day, asked by the leader or by the holder, in force when
    accepted. `absence` is the one it was asked for, and ends with it; empty when there was none."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="deputies")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=10, choices=DeputyState.choices, default=DeputyState.OFFERED)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    absence = models.ForeignKey(Absence, models.SET_NULL, null=True, blank=True, related_name="deputies")
    access = models.ForeignKey(LogAccess, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="deputy_days_in_order", condition=Q(first_day__lte=F("last_day"))),
        ]

    def __str__(self):
        return f"{self.log_id} {self.first_day}–{self.last_day}"
