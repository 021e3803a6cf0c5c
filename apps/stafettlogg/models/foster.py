from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.enums import ConsentScope, Route
from apps.stafettlogg.models.care import CareDecision
from apps.stafettlogg.models.guardians import Guardian


class FosterPlace(UUIDModel):
    """A foster parent's place in one log, by a decision about the care and child welfare's yes to it (safety.md S36).

    `scope`: what that yes lets her read. `is_hidden`: the decision says that the parents may not know who she is or
    that she has a place. It holds from the yes until it ends or the decision does, whichever comes first.
    """

    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="foster_places")
    care = models.ForeignKey(CareDecision, models.PROTECT, related_name="foster_places")
    scope = models.CharField(max_length=8, choices=ConsentScope.choices, default=ConsentScope.MEASURES)
    is_hidden = models.BooleanField(default=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # Child welfare's yes: how it was given, and who wrote it down.
    yes_route = models.CharField(max_length=10, choices=Route.choices, blank=True)
    yes_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    yes_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guardian"], condition=Q(ended_at=None), name="foster_place_once_per_person"
            ),
            models.CheckConstraint(
                name="foster_place_yes_how_by_when",
                condition=Q(yes_route="", yes_by=None, yes_at=None)
                | ~Q(yes_route="") & Q(yes_by__isnull=False, yes_at__isnull=False),
            ),
            models.CheckConstraint(
                name="foster_place_ended_by_when",
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def holds(self, today: date) -> bool:
        """Whether she has the place today; `care` is read with it."""
        return self.yes_at is not None and self.stands(today)

    def stands(self, today: date) -> bool:
        """Whether it is neither over nor behind a decision that is, with a yes or without."""
        return self.ended_at is None and self.care.ended_at is None and not self.care.is_past(today)

    @property
    def reads_all(self) -> bool:
        return self.scope == ConsentScope.LOG
