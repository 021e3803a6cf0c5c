from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.dates import last_day_of
from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.enums import ContactChannel, ExceptionGround, ExceptionSource, LetterRoute, UntoldReason
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.logs import Log


class ConsentExceptionGrant(UUIDModel):
    """A guardian's yes is not needed in this log for a time, on a ground from the list with its proof (S7, S27).

    `document_day` is the date of the proof, for one who is dead the date of death. `last_day` is asked for; `ends_at`
    is the instant it stops counting from, empty for one who is dead, and comes earlier at a sign of life.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="consent_exceptions")
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20, choices=ExceptionGround.choices)
    source = models.CharField(max_length=20, choices=ExceptionSource.choices, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    document_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    untold_reason = models.CharField(max_length=20, choices=UntoldReason.choices, blank=True)
    # Child welfare answers in the guardian's place: then the guardian is not asked (S36).
    care = models.ForeignKey(
        "stafettlogg.CareDecision", models.PROTECT, null=True, blank=True, related_name="exceptions"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    # Over a no, or when the guardian is not told, two sign; which it was is frozen with the first signature.
    needs_two = models.BooleanField(default=False)
    second_leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    second_signed_at = models.DateTimeField(null=True, blank=True)
    dpo_heard_day = models.DateField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    sign_of_life_at = models.DateTimeField(null=True, blank=True)
    letter_route = models.CharField(max_length=8, choices=LetterRoute.choices, blank=True)
    letter_sent_at = models.DateTimeField(null=True, blank=True)
    letter_sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["log", "guardian"], condition=Q(signed_at=None), name="consent_exception_waits_once"
            ),
            models.CheckConstraint(
                name="consent_exception_signed_by_when",
                condition=(Q(signed_by=None, signed_at=None) | Q(signed_by__isnull=False, signed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="consent_exception_second_leader",
                condition=Q(needs_two=False, second_signed_at=None) | Q(needs_two=True, second_leader__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_exception_letter_sent",
                condition=(
                    Q(letter_route="", letter_sent_at=None, letter_sent_by=None)
                    | (~Q(letter_route="") & Q(letter_sent_at__isnull=False, letter_sent_by__isnull=False))
                ),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_signed(self) -> bool:
        """Whether all who must have signed."""
        return self.signed_at is not None and (not self.needs_two or self.second_signed_at is not None)

    @property
    def waits_for_second(self) -> bool:
        return self.signed_at is not None and not self.is_signed

    def is_in_force(self, now: datetime) -> bool:
        """`selectors.exceptions.in_force`, of a row in hand."""
        return self.is_signed and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now

    @property
    def holds_until(self) -> date | None:
        """The last whole day it holds; None for one who is dead, and before it is signed."""
        return last_day_of(self.ends_at) if self.ends_at is not None else None

    @property
    def is_told(self) -> bool:
        """Whether the guardian gets a letter about it, and reads of it in the portal."""
        return self.ground != ExceptionGround.DECEASED and not self.untold_reason

    def care_answers(self, today: date) -> bool:
        """Whether child welfare answers in the guardian's place, by a decision that holds today (S36)."""
        return self.care is not None and self.care.ended_at is None and not self.care.is_past(today)

    def has_letter(self, now: datetime) -> bool:
        """Whether there is a letter about it to send, or that was sent."""
        return self.is_told and self.is_in_force(now)


class ContactAttempt(UUIDModel):
    """Someone tried to reach a guardian, or spoke with the guardian. Append only; never what was said (S27)."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="contact_attempts")
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="contact_attempts")
    day = models.DateField()
    channel = models.CharField(max_length=8, choices=ContactChannel.choices)
    was_reached = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = TrackedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["guardian", "-day"], name="contact_attempt_day")]

    def __str__(self):
        return str(self.pk)
