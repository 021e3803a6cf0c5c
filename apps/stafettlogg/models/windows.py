from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from apps.core.models import TrackedQuerySet
from apps.stafettlogg.enums import ConsentScope, WindowBasis
from apps.stafettlogg.models.logs import Log


class ConsentWindow(models.Model):
    """From when until when one unit may see one log, and on what basis. One row per log and unit.

    Half-open instants. `valid_until` is the earliest of expiries and birthdays that change who must answer; «now» at a
    withdrawal. Rights end by comparing instants, so no job is needed; nor for the shell a consent that runs out leaves
    the holder (safety.md S11): `shell_until` is written with it. In a unit the holder is not of, it opens nothing.
    `scope`: how much of the log the unit reads, by the narrowest of the yeses that opened it (docs/adr/0016).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    _history_user: Any
    log = models.ForeignKey(Log, models.PROTECT, related_name="windows")
    unit = models.ForeignKey("municipality.Unit", models.PROTECT, related_name="+")
    basis = models.CharField(max_length=10, choices=WindowBasis.choices)
    scope = models.CharField(max_length=8, choices=ConsentScope.choices, default=ConsentScope.LOG)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    shell_until = models.DateTimeField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "unit"], name="window_one_per_log_and_unit"),
            models.CheckConstraint(name="window_in_order", condition=Q(valid_from__lte=F("valid_until"))),
            models.CheckConstraint(
                name="window_shell_after_consent",
                condition=Q(shell_until=None) | Q(basis=WindowBasis.CONSENT, shell_until__gte=F("valid_until")),
            ),
        ]
        indexes = [models.Index(fields=["valid_until"], name="window_until")]

    def __str__(self):
        return f"{self.log_id} {self.basis}"

    def is_open(self, now: datetime) -> bool:
        return self.valid_from <= now < self.valid_until

    @property
    def shell_ends_at(self) -> datetime:
        """Until when the holder keeps the request, or the shell that is there or comes."""
        return self.shell_until or self.valid_until
