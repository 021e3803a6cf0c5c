from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.audit import loaded
from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel, Versioned
from apps.municipality.models import Unit
from apps.stafettlogg.enums import (
    AddressProtection,
    BlockGround,
    Channel,
    CheckedHow,
    CloseReason,
    LogStatus,
    ProtectionEndGround,
    Relation,
    RemovedReason,
    Responsibility,
    WishState,
)


class Child(Versioned, UUIDModel):
    """A child, a youth or an expected child (no birth date yet, `expected_day` instead).

    Each request writes a record of its own, so that nothing known from another log shows in it (S6, docs/adr/0008);
    `selectors.same_child` finds the records of one child.
    """

    given_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    search_name = models.CharField(max_length=170, blank=True, db_index=True)
    birth_date = models.DateField(null=True, blank=True)
    expected_day = models.DateField(null=True, blank=True)
    national_id = EncryptedTextField(context="stafettlogg.child.national_id", blank=True)
    national_id_index = models.CharField(max_length=64, blank=True, db_index=True)
    address_protection = models.CharField(
        max_length=12, choices=AddressProtection.choices, default=AddressProtection.NONE
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="as_youth")

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="child_born_or_expected",
                condition=Q(birth_date__isnull=False) | Q(expected_day__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def from_db(cls, db, field_names, values):
        child = super().from_db(db, field_names, values)
        loaded.note(child.pk)
        return child

    @property
    def is_expected(self) -> bool:
        return self.birth_date is None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class ProtectionEnd(UUIDModel):
    """The leader has signed that a child's address is less protected from an instant on, and why (S17). Append only.

    What is older than that instant stays hidden from the family.
    """

    child = models.ForeignKey(Child, models.PROTECT, related_name="protection_ends")
    log = models.ForeignKey("stafettlogg.Log", models.PROTECT, related_name="+")
    was = models.CharField(max_length=12, choices=AddressProtection.choices)
    became = models.CharField(max_length=12, choices=AddressProtection.choices)
    ground = models.CharField(max_length=12, choices=ProtectionEndGround.choices)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="protection_end_has_ground", condition=~Q(ground="")),
            models.CheckConstraint(
                name="protection_end_is_lower",
                condition=Q(was=AddressProtection.STRICT) & ~Q(became=AddressProtection.STRICT)
                | Q(was=AddressProtection.CONFIDENTIAL, became=AddressProtection.NONE),
            ),
        ]

    def __str__(self):
        return str(self.pk)


class Guardian(Versioned, UUIDModel):
    """A guardian of one child. No access and no notice until the responsibility is confirmed (safety.md S8).

    Blocked (S4) when `blocked_last_day` is set and not passed: she meets what a stranger meets.
    """

    child = models.ForeignKey(Child, models.PROTECT, related_name="guardians")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="as_guardian"
    )
    name = models.CharField(max_length=150)
    relation = models.CharField(max_length=16, choices=Relation.choices)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    national_id = EncryptedTextField(context="stafettlogg.guardian.national_id", blank=True)
    national_id_index = models.CharField(max_length=64, blank=True, db_index=True)
    language = models.CharField(max_length=8, default="nb")
    needs_interpreter = models.BooleanField(default=False)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    responsibility = models.CharField(max_length=10, choices=Responsibility.choices, default=Responsibility.UNCHECKED)
    checked_how = models.CharField(max_length=12, choices=CheckedHow.choices, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    birth_date_confirmed_at = models.DateTimeField(null=True, blank=True)
    birth_date_attempts = models.PositiveSmallIntegerField(default=0)
    blocked_ground = models.CharField(max_length=20, choices=BlockGround.choices, blank=True)
    blocked_decision_number = models.CharField(max_length=60, blank=True)
    blocked_last_day = models.DateField(null=True, blank=True)
    blocked_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="guardian_checked_how_by_when",
                condition=(
                    Q(responsibility=Responsibility.UNCHECKED)
                    | (~Q(checked_how="") & Q(checked_by__isnull=False) & Q(checked_at__isnull=False))
                ),
            ),
            models.CheckConstraint(
                name="guardian_block_complete",
                condition=(
                    Q(blocked_ground="", blocked_decision_number="", blocked_last_day=None, blocked_signed_by=None)
                    | (
                        ~Q(blocked_ground="")
                        & ~Q(blocked_decision_number="")
                        & Q(blocked_last_day__isnull=False)
                        & Q(blocked_signed_by__isnull=False)
                    )
                ),
            ),
            models.UniqueConstraint(
                fields=["child", "user"], condition=Q(user__isnull=False), name="guardian_once_per_child"
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def is_blocked(self, today) -> bool:
        return self.blocked_last_day is not None and today <= self.blocked_last_day

    @property
    def given_name(self) -> str:
        return self.name.split(" ")[0]


class Log(Versioned, UUIDModel):
    """A stafettlogg. Until consent it is only a request (safety.md S5): no reason, no free text, no plan.

    `holder` is never empty and never two: NOT NULL, PROTECT, deferred, plus a partial unique on `LogAccess`.
    `request_last_day` includes the last day; on the next day the request is removed.
    """

    child = models.ForeignKey(Child, models.PROTECT, related_name="logs")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="opened_logs")
    status = models.CharField(max_length=10, choices=LogStatus.choices, default=LogStatus.REQUESTED)
    holder = models.OneToOneField("stafettlogg.LogAccess", models.PROTECT, related_name="holds")
    level = models.PositiveSmallIntegerField(default=1)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    request_last_day = models.DateField()
    reason = models.TextField(blank=True)
    background = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    evaluation_due_day = models.DateField(null=True, blank=True)
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
                condition=~Q(status__in=["active", "closed"]) | Q(opened_at__isnull=False),
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
                fields=["child"], condition=Q(status__in=["requested", "active"]), name="log_one_open_per_child"
            ),
        ]
        indexes = [models.Index(fields=["status", "request_last_day"], name="log_request_days")]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def from_db(cls, db, field_names, values):
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
    def is_closed(self) -> bool:
        return self.status == LogStatus.CLOSED


class RepeatRequest(UUIDModel):
    """Someone asked for a log (`made`) on a child who has one (`log`): a task for the holder of that one (S6)."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="repeat_requests")
    made = models.ForeignKey(Log, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "made"], name="repeat_once_per_request")]

    def __str__(self):
        return str(self.pk)


class LogWish(UUIDModel):
    """A guardian asks a unit to consider a log. Seen by that unit's leader only, until answered (SL3)."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    child_name = models.CharField(max_length=80, blank=True)
    text = EncryptedTextField(context="stafettlogg.logwish.text", blank=True)
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=WishState.choices, default=WishState.NEW)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return str(self.pk)
