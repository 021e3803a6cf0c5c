from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.audit import loaded
from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel, Versioned
from apps.municipality.models import Unit
from apps.stafettlogg.enums import OPENED_STATUSES, CloseReason, LogStatus, RemovedReason
from apps.stafettlogg.models.children import Child


class Log(Versioned, UUIDModel):
    """A stafettlogg. Until consent it is only a request (safety.md S5): no reason, no free text, no plan.

    `holder` is never empty and never two: NOT NULL, PROTECT, deferred, plus a partial unique on `LogAccess`.
    `closes_at` is when a closing that the family has asked for takes effect, and may be undone until (S30).
    `request_last_day` includes the last day; on the next day the request is removed. A field with a `verbose_name` is
    one people read the changes of (`selectors.changes`).
    """

    child = models.ForeignKey(Child, models.PROTECT, related_name="logs")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="opened_logs")
    status = models.CharField(max_length=10, choices=LogStatus.choices, default=LogStatus.REQUESTED)
    holder = models.OneToOneField("stafettlogg.LogAccess", models.PROTECT, related_name="holds")
    level = models.PositiveSmallIntegerField(default=1)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    request_last_day = models.DateField()
    # «Folkeregisteret viser ingen andre med foreldreansvar»: who looked, and the day (safety.md S29).
    no_others_day = models.DateField(null=True, blank=True)
    no_others_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = EncryptedTextField(_("Hvorfor loggen er åpnet"), context="stafettlogg.log.reason", blank=True)
    background = EncryptedTextField(_("Bakgrunn"), context="stafettlogg.log.background", blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    evaluation_due_day = models.DateField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    close_reason = models.CharField(max_length=12, choices=CloseReason.choices, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_reason = models.CharField(max_length=12, choices=RemovedReason.choices, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        permissions = [("see_log", "Can see this log through an access row")]
        constraints = [
            models.CheckConstraint(name="log_level_0_to_3", condition=Q(level__lte=3)),
            models.CheckConstraint(
                name="log_request_has_no_text",
                condition=~Q(status__in=["requested", "removed"]) | Q(reason="", background=""),
            ),
            models.CheckConstraint(
                name="log_opened_when_active",
                condition=~Q(status__in=["active", "closing", "closed"]) | Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="log_closes_when_closing",
                condition=Q(status="closing", closes_at__isnull=False) | (~Q(status="closing") & Q(closes_at=None)),
            ),
            models.CheckConstraint(
                name="log_closed_when_why",
                condition=(
                    (Q(status="closed") & Q(closed_at__isnull=False) & ~Q(close_reason=""))
                    | (~Q(status="closed") & Q(closed_at=None, closed_by=None, close_reason=""))
                ),
            ),
            models.CheckConstraint(
                name="log_removed_when_why",
                condition=(
                    (Q(status="removed") & Q(removed_at__isnull=False) & ~Q(removed_reason=""))
                    | (~Q(status="removed") & Q(removed_at=None, removed_reason=""))
                ),
            ),
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(status__in=["requested", "active", "closing"]),
                name="log_one_open_per_child",
            ),
        ]
        indexes = [models.Index(fields=["status", "request_last_day"], name="log_request_days")]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def from_db(  # type: ignore[override]  # the stubs are of a newer Django
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        log = super().from_db(db, field_names, values)
        if "child_id" in field_names:
            loaded.note(log.child_id)
        return log

    @property
    def is_request(self) -> bool:
        return self.status == LogStatus.REQUESTED

    @property
    def is_active(self) -> bool:
        return self.status == LogStatus.ACTIVE

    @property
    def is_closing(self) -> bool:
        return self.status == LogStatus.CLOSING

    @property
    def is_opened(self) -> bool:
        """Opened and not closed: active, or in the days when a closing may be undone (safety.md S30)."""
        return self.status in OPENED_STATUSES

    @property
    def is_closed(self) -> bool:
        return self.status == LogStatus.CLOSED
