from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from apps.accounts.models import Membership
from apps.audit.enums import Ground
from apps.core.dates import FAR_AT
from apps.core.models import TrackedQuerySet
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models.logs import Log
from apps.stafettlogg.models.windows import ConsentWindow

# Rows that come from no workplace.
_OUTSIDE_WORK = [AccessKind.GUARDIAN, AccessKind.YOUTH, AccessKind.FOSTER]


class LogAccess(UserObjectPermissionBase):
    """One row is both grant and relation: who stands how to which log, from when until when (half-open).

    django-guardian's direct foreign key model and the only permission table. Open end = `FAR_AT`, never empty. A row
    is ended, never deleted. `rules.MAY[kind]` says what it allows; `access.visible_logs` is the only reader.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    _history_user: Any
    content_object = models.ForeignKey(Log, models.PROTECT, related_name="access_rows")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="log_access")
    permission = models.ForeignKey("auth.Permission", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=AccessKind.choices)
    # Typed as staff's rows have them, always (access_staff_has_place); whoever may meet a family's row asks for None.
    membership: models.ForeignKey[Membership | None, Membership] = models.ForeignKey(  # type: ignore[misc]  # as said above
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    window: models.ForeignKey[ConsentWindow | None, ConsentWindow] = models.ForeignKey(  # type: ignore[misc]  # as said above
        ConsentWindow, models.PROTECT, null=True, blank=True, related_name="access_rows"
    )
    ground = models.CharField(max_length=20, choices=Ground.choices, default=Ground.NONE)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(default=FAR_AT)

    # For the type checker: what the window is at the instant `access` reads the row.
    basis_now: str | None

    # guardian's own manager writes rows for its shortcuts, which are not used.
    objects = TrackedQuerySet.as_manager()  # type: ignore[misc, assignment]  # in its place
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_in_order", condition=Q(starts_at__lte=F("ends_at"))),
            models.CheckConstraint(
                name="access_staff_has_place",
                condition=(
                    Q(kind__in=_OUTSIDE_WORK, membership=None, window=None)
                    | (~Q(kind__in=_OUTSIDE_WORK) & Q(membership__isnull=False) & Q(window__isnull=False))
                ),
            ),
            models.UniqueConstraint(
                fields=["content_object"],
                condition=Q(kind=AccessKind.HOLDER, ends_at=FAR_AT),
                name="access_one_holder_per_log",
            ),
            models.UniqueConstraint(
                fields=["content_object", "user", "kind"],
                condition=Q(ends_at=FAR_AT, window=None),
                name="access_open_once_per_kind",
            ),
            # Through two windows one person may have two rows: what one may is never done in the reach of the other.
            models.UniqueConstraint(
                fields=["content_object", "user", "kind", "window"],
                condition=Q(ends_at=FAR_AT),
                name="access_open_once_per_window",
            ),
        ]
        indexes = [models.Index(fields=["user", "content_object"], name="access_user_log")]

    def __str__(self):
        return f"{self.user_id} {self.kind} {self.content_object_id}"
