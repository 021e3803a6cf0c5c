from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.logs import Log


class InterpreterWish(UUIDModel):
    """A guardian or youth wants to talk with the holder through an interpreter, in this language ('' when not said).

    It stands until the holder has ticked «Avtalt» (`arranged_at`) or the one who asked has taken it back.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="interpreter_wishes")
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="+")
    is_youth = models.BooleanField(default=False)
    language = models.CharField(max_length=8, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    arranged_at = models.DateTimeField(null=True, blank=True)
    arranged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="interpreter_guardian_or_youth",
                condition=Q(guardian__isnull=False, is_youth=False) | Q(guardian=None, is_youth=True),
            ),
            models.CheckConstraint(
                name="interpreter_arranged_by_when",
                condition=Q(arranged_at=None, arranged_by=None)
                | Q(arranged_at__isnull=False, arranged_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["log", "asked_by"],
                condition=Q(taken_back_at=None, arranged_at=None),
                name="interpreter_one_standing",
            ),
        ]

    def __str__(self):
        return str(self.pk)
