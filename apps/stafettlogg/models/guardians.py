from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel, Versioned
from apps.stafettlogg.enums import BlockGround, Channel, CheckedHow, LetIn, Relation, Responsibility
from apps.stafettlogg.models.children import Child


class Guardian(Versioned, UUIDModel):
    """A guardian of one child. No access and no notice until the responsibility is confirmed (safety.md S8).

    Blocked (S4) while `blocked_last_day` is set and not passed: then the guardian sees no more than a stranger.
    `let_in` is the youth's word about a log of her own; it means nothing in a shared one (S26). A foster parent stands
    here as one without responsibility, so that nobody asks her, and reads by `FosterPlace` alone (S36).
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
    # The last day of a place that comes with a decision (S36); empty for who is a guardian without one.
    place_last_day = models.DateField(null=True, blank=True)
    let_in = models.CharField(max_length=8, choices=LetIn.choices, default=LetIn.NO)
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
            models.CheckConstraint(
                name="guardian_foster_never_answers",
                condition=~Q(relation=Relation.FOSTER) | Q(responsibility=Responsibility.NONE),
            ),
            models.UniqueConstraint(
                fields=["child", "user"], condition=Q(user__isnull=False), name="guardian_once_per_child"
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def is_blocked(self, today: date) -> bool:
        return self.blocked_last_day is not None and today <= self.blocked_last_day

    def has_place(self, today: date) -> bool:
        """Whether the decision that gives the place still holds; always so for one whose place needs none (S36)."""
        return self.place_last_day is None or today <= self.place_last_day

    @property
    def is_foster(self) -> bool:
        return self.relation == Relation.FOSTER

    @property
    def given_name(self) -> str:
        return self.name.split(" ")[0]
