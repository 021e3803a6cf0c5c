from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.dates import last_day_of
from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.enums import WordFrom
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.logs import Log


class HiddenPlace(UUIDModel):
    """What is new in a child's log is hidden from one guardian, on the word of those who protect another (S34).

    In force until it is ended: nothing is shown because a day has passed. `read_until` is when the guardian last opened
    the log: what is newer is hidden. `ends_at` is when something else must have been decided. One row for each record
    of the child where the guardian stands; those written with the first have it as their `origin`, and end with it.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="hidden_places")
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="hidden_places")
    origin = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")
    word_from = models.CharField(max_length=16, choices=WordFrom.choices)
    read_until = models.DateTimeField()
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    hidden_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    prolonged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    prolonged_at = models.DateTimeField(null=True, blank=True)
    # Whoever ends it has ticked that the one who is protected knows of it.
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guardian"], condition=Q(ended_at=None), name="hidden_place_once"),
            models.CheckConstraint(name="hidden_place_in_order", condition=Q(hidden_at__lt=models.F("ends_at"))),
            models.CheckConstraint(name="hidden_place_read_before", condition=Q(read_until__lte=models.F("hidden_at"))),
            *(
                models.CheckConstraint(
                    name=f"hidden_place_{what}_by_when",
                    condition=(
                        Q(**{f"{what}_by": None, f"{what}_at": None})
                        | Q(**{f"{what}_by__isnull": False, f"{what}_at__isnull": False})
                    ),
                )
                for what in ("confirmed", "prolonged", "ended")
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def last_day(self) -> date:
        """The last whole day before something else must have been decided."""
        return last_day_of(self.ends_at)

    def is_late(self, now: datetime) -> bool:
        """The days are over, and nobody has decided what comes instead."""
        return self.ends_at <= now
