from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.enums import CareEnd, CareKind, ExceptionSource
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.logs import Log


class CareDecision(UUIDModel):
    """Child welfare has the care of a child, or a parent has lost the responsibility, by a decision (safety.md S36).

    `guardian` is who answers as the one with the care, or whose responsibility is taken away; none where the parents
    answer as before. Signed nowhere itself: that a parent's yes is not needed is, as an exception or a block.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="care_decisions")
    kind = models.CharField(max_length=14, choices=CareKind.choices)
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="care_decisions")
    source = models.CharField(max_length=20, choices=ExceptionSource.choices)
    number = models.CharField(max_length=60)
    day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    parents_read = models.BooleanField(default=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    end_reason = models.CharField(max_length=10, choices=CareEnd.choices, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["log"],
                condition=Q(ended_at=None) & ~Q(kind=CareKind.RESPONSIBILITY),
                name="care_one_at_a_time",
            ),
            models.CheckConstraint(name="care_has_number", condition=~Q(number="") & ~Q(source="")),
            models.CheckConstraint(
                name="care_has_last_day",
                condition=Q(kind=CareKind.RESPONSIBILITY, last_day=None) | Q(last_day__isnull=False),
            ),
            models.CheckConstraint(
                name="care_says_who",
                condition=Q(kind=CareKind.VOLUNTARY, guardian=None) | Q(guardian__isnull=False),
            ),
            models.CheckConstraint(
                name="care_ended_why",
                condition=Q(ended_by=None, ended_at=None, end_reason="")
                | Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(end_reason=""),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def lasts(self) -> bool:
        """Whether it is something that ends; a responsibility that is taken away is gone."""
        return self.kind != CareKind.RESPONSIBILITY

    def is_past(self, today: date) -> bool:
        return self.last_day is not None and self.last_day < today
