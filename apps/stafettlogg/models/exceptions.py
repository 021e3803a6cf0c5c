from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.enums import ExceptionGround
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.logs import Log


class ConsentExceptionGrant(UUIDModel):
    """A guardian's yes is not needed in this log, on a ground from the list, signed by the leader (safety.md S7)."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="consent_exceptions")
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20, choices=ExceptionGround.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "guardian"], name="consent_exception_once_per_guardian"),
            models.CheckConstraint(
                name="consent_exception_signed_by_when",
                condition=(Q(signed_by=None, signed_at=None) | Q(signed_by__isnull=False, signed_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return str(self.pk)
