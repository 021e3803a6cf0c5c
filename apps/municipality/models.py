from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.core.dates import FAR_DAY
from apps.core.fields import LocalizedTextField
from apps.core.models import TrackedQuerySet, UUIDModel, Versioned
from apps.municipality.enums import (
    GROUPING_KINDS,
    OWN_INFORMATION_KINDS,
    LanguageForm,
    Right,
    TermKey,
    UnitKind,
)


def day_count(default: int, *, most: int = 366) -> models.PositiveSmallIntegerField:
    """A whole number of days that the coordinator may change."""
    return models.PositiveSmallIntegerField(default=default, validators=[MinValueValidator(1), MaxValueValidator(most)])


class Municipality(Versioned, UUIDModel):
    """The municipality's own settings: exactly one row (`the_only` is unique and always True).

    Ages are years; `*_days` whole local days; `consent_months` calendar months. What nobody has answered is empty.
    `opened_at` is when «Klar til å åpne» was green and the coordinator opened; before it the public meets one sentence.
    """

    the_only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(max_length=100)
    org_number = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    contact_name = models.CharField(max_length=100, blank=True)
    dpo_name = models.CharField(max_length=100, blank=True)
    dpo_email = models.EmailField(blank=True)
    dpo_phone = models.CharField(max_length=30, blank=True)
    model_name = LocalizedTextField()
    model_short = models.CharField(max_length=20, default="BTI")
    languages = models.JSONField(default=list)
    language_form = models.CharField(max_length=2, choices=LanguageForm.choices, default=LanguageForm.BOKMAL)
    log_from_level = models.PositiveSmallIntegerField(default=1, validators=[MaxValueValidator(3)])
    consent_months = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(1), MaxValueValidator(36)]
    )
    answer_days = day_count(14, most=60)
    request_days = day_count(60)
    wish_days = day_count(90)
    consent_reminder_days = day_count(7, most=60)
    shell_days = day_count(30, most=90)
    sign_of_life_days = day_count(14, most=14)
    closing_days = day_count(3, most=14)
    first_meeting_days = day_count(14)
    evaluation_weeks = day_count(8, most=52)
    handover_days = day_count(14, most=60)
    show_staff_names = models.BooleanField(default=True)
    strictly_confidential_digital = models.BooleanField(default=False)
    # Nothing is stored at level 0 (safety.md S24), so there is no switch for it in the portal yet.
    store_level0_notes = models.BooleanField(default=False)
    practice_url = models.URLField(blank=True)
    coordinating_name = models.CharField(max_length=100, blank=True)
    coordinating_phone = models.CharField(max_length=30, blank=True)
    archive_name = models.CharField(max_length=150, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # A copy of the Term rows that differ from the defaults, so that texts need no query of their own:
    # word → language → forms, as `rules.own_words` makes it.
    own_words = models.JSONField(default=dict, blank=True, editable=False)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(name="municipality_only_one", condition=Q(the_only=True)),
            models.CheckConstraint(
                name="municipality_opened_by_someone", condition=Q(opened_by=None) | Q(opened_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.name


class Unit(Versioned, UUIDModel):
    """A place in the tree: the municipality, a sector, or a service of a kind.

    `path` holds the ids from the root, so «below» is a prefix. `switched_on_day` empty = not in the pilot yet.
    `last_day` includes the last day; `reopened_day` is when it was opened again after one, and what was asked before
    that day gives it nothing. An external unit is its own controller and is shown as such in every consent.
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=24, choices=UnitKind.choices)
    name = models.CharField(max_length=150)
    path = models.CharField(max_length=400, editable=False, db_index=True)
    is_external = models.BooleanField(default=False)
    controller_name = models.CharField(max_length=150, blank=True)
    agreement = models.CharField(max_length=300, blank=True)
    contact_name = models.CharField(max_length=100, blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    contact_email = models.EmailField(blank=True)
    switched_on_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(default=FAR_DAY)
    reopened_day = models.DateField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unit_external_has_controller",
                condition=Q(is_external=False) | ~Q(controller_name=""),
            ),
            models.UniqueConstraint(fields=["parent", "name"], name="unit_name_once_per_parent"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_service(self) -> bool:
        return self.kind not in GROUPING_KINDS

    @property
    def concerns_guardian(self) -> bool:
        """Its information is about a guardian, whose own yes is needed too (safety.md S3)."""
        return self.kind in OWN_INFORMATION_KINDS

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = (self.parent.path if self.parent else "") + f"{self.id.hex}/"
        super().save(*args, **kwargs)


class Role(Versioned, UUIDModel):
    """A role as the municipality names it, and the rights that follow."""

    key = models.SlugField(max_length=40, unique=True)
    name = LocalizedTextField()
    rights = models.JSONField(default=list)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    def __str__(self):
        return str(self.name)

    @property
    def right_labels(self) -> list[str]:
        return [str(Right(right).label) for right in self.rights]

    def has(self, right: Right) -> bool:
        return right in self.rights


class Term(UUIDModel):
    """One of the municipality's own words, in every form the texts need, per language."""

    key = models.CharField(max_length=20, choices=TermKey.choices)
    language = models.CharField(max_length=8)
    indefinite = models.CharField(max_length=60)
    definite = models.CharField(max_length=60)
    plural = models.CharField(max_length=60)
    plural_definite = models.CharField(max_length=60)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="term_once_per_language")]

    def __str__(self):
        return self.indefinite


class PhoneNumber(Versioned, UUIDModel):
    """A number people may need at once; those with `on_gate` stand on the page about suspected violence (S13)."""

    key = models.SlugField(max_length=30, unique=True)
    label = LocalizedTextField()
    help = LocalizedTextField(blank=True)
    # Empty until the municipality has typed it in.
    number = models.CharField(max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    on_gate = models.BooleanField(default=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "key"]

    def __str__(self):
        return f"{self.label} {self.number}"

    @property
    def tel(self) -> str:
        return "".join(c for c in self.number if c.isdigit() or c == "+")

    @property
    def is_placeholder(self) -> bool:
        """Not typed in yet, or stands in for it in the demo; nobody has a number that begins so."""
        return not self.tel or self.tel.startswith("0000")


class ConsentAgeRule(UUIDModel):
    """From which age the youth answers about services of a kind, and whether the guardians' yes is still needed.

    A setting, since the sources disagree (safety.md S10: health 16, others 15 or 16). To be confirmed by the
    municipality's jurist (docs/dpia.md).
    """

    kind = models.CharField(max_length=24, choices=UnitKind.choices, unique=True)
    age = models.PositiveSmallIntegerField(validators=[MinValueValidator(12), MaxValueValidator(18)])
    guardians_needed = models.BooleanField(default=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(name="consent_age_12_to_18", condition=Q(age__gte=12, age__lte=18))]

    def __str__(self):
        return f"{self.get_kind_display()} {self.age}"


class ReadinessTick(UUIDModel):
    """Somebody's word for a point of «Klar til å åpne»: who did it, which day. Append only, and the newest counts.

    `key` is the point's; `subject_id` the telephone number or unit it is about, when there are several; `about` what it
    was said of (the number that was rung, the edition of a text), so that the word falls when that changes. With
    `holds` off it takes the former back. `name` did it, who need not have an account; `recorded_by` wrote it here.
    """

    key = models.SlugField(max_length=40)
    subject_id = models.UUIDField(null=True, blank=True)
    about = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=100)
    title = models.CharField(max_length=100, blank=True)
    day = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    holds = models.BooleanField(default=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = TrackedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["key", "recorded_at"], name="readiness_tick_key_at")]

    def __str__(self):
        return f"{self.key} {self.day}"
