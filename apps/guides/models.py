"""The guide. The rows are the draft that the coordinator edits; readers get the newest `GuideVersion`."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.core.fields import LocalizedTextField
from apps.core.models import TrackedQuerySet, UUIDModel, Versioned
from apps.guides.enums import FeedbackState, ToolKind
from apps.municipality.enums import UnitKind


class DraftRow(Versioned, UUIDModel):
    """A row of the draft."""

    class Meta:
        abstract = True


class Level(DraftRow):
    """One of the four levels. `deadline_days` are whole local days, counted as `deadline_note` says."""

    key = models.SlugField(max_length=10, unique=True)
    number = models.PositiveSmallIntegerField(unique=True)
    name = LocalizedTextField()
    question = LocalizedTextField(blank=True)
    who = LocalizedTextField(blank=True)
    consent_note = LocalizedTextField(blank=True)
    deadline_days = models.PositiveSmallIntegerField(null=True, blank=True)
    deadline_note = LocalizedTextField(blank=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return self.key


class Step(DraftRow):
    """A step of a level; other apps refer to it by `key` («n1s1»). Texts ending in `_html` are clean HTML (core.text).

    `decisions`: list of {"label", "help", "goes_to"}; `links`: list of {"title", "url_note", "url"?}; texts are
    {"nb","nn","en"}. `tools` and `laws` are keys.
    """

    key = models.SlugField(max_length=10, unique=True)
    level = models.ForeignKey(Level, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    title = LocalizedTextField()
    short = LocalizedTextField(blank=True)
    purpose_html = LocalizedTextField(blank=True)
    how_html = LocalizedTextField(blank=True)
    questions_html = LocalizedTextField(blank=True)
    who_html = LocalizedTextField(blank=True)
    documentation_html = LocalizedTextField(blank=True)
    child_voice_html = LocalizedTextField(blank=True)
    deadline_days = models.PositiveSmallIntegerField(null=True, blank=True)
    deadline_note = LocalizedTextField(blank=True)
    decisions = models.JSONField(default=list, blank=True)
    links = models.JSONField(default=list, blank=True)
    tools = models.JSONField(default=list, blank=True)
    laws = models.JSONField(default=list, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["level__number", "number"]
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="step_number_once_per_level")]

    def __str__(self):
        return self.key


class Variant(DraftRow):
    """What one kind of service does in addition on a step: never a copy of the step."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="variants")
    kind = models.CharField(max_length=24, choices=UnitKind.choices)
    who = LocalizedTextField(blank=True)
    extra_html = LocalizedTextField()

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "kind"], name="variant_once_per_step_and_kind")]

    def __str__(self):
        return f"{self.step} {self.kind}"


class Theme(DraftRow):
    """A special theme, such as children as next of kin."""

    slug = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    title = LocalizedTextField()
    intro = LocalizedTextField(blank=True)
    body_html = LocalizedTextField()
    tools = models.JSONField(default=list, blank=True)
    laws = models.JSONField(default=list, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self):
        return self.slug


class LawReference(DraftRow):
    """The one place for a reference to the law; every page shows it from here.

    `reviewed_by` is the role of who last went through it and `reviewed_day` when; both are empty until somebody has.
    """

    key = models.SlugField(max_length=60, unique=True)
    title = LocalizedTextField()
    reference = LocalizedTextField()
    what = LocalizedTextField(blank=True)
    needs_check = models.BooleanField(default=False)
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_day = models.DateField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="law_reviewed_by_and_when",
                condition=Q(reviewed_by="", reviewed_day__isnull=True)
                | (~Q(reviewed_by="") & Q(reviewed_day__isnull=False)),
            )
        ]

    def __str__(self):
        return self.key


class Tool(DraftRow):
    """A template or checklist, downloaded as an accessible PDF made from this content.

    `sections`: list of {"heading", "help", "items": [...], "lines": int, "checkbox": bool}; texts are {"nb","nn","en"}.
    A tool of level 0 never asks who the child is (safety.md S24).
    """

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=ToolKind.choices)
    order = models.PositiveSmallIntegerField(default=0)
    levels = models.JSONField(default=list, blank=True)
    title = LocalizedTextField()
    summary = LocalizedTextField(blank=True)
    intro = LocalizedTextField(blank=True)
    sections = models.JSONField(default=list, blank=True)
    footer = LocalizedTextField(blank=True)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self):
        return self.slug


class GateText(DraftRow):
    """The texts of the page that asks who asks, and of the open report: exactly one row.

    Its shape is that of fixtures/guides/gate.json; `rules.gate` says what may change and reads the older shape.
    """

    the_only = models.BooleanField(default=True, unique=True, editable=False)
    content = models.JSONField(default=dict)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(name="gate_only_one", condition=Q(the_only=True))]

    def __str__(self):
        return "gate"


class GuideVersion(UUIDModel):
    """One published version, whole and immutable: what readers see, and what others may look back at."""

    number = models.PositiveIntegerField(unique=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    what_changed = models.TextField()
    content = models.JSONField()

    class Meta:
        ordering = ["-number"]

    def __str__(self):
        return f"v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RuntimeError("A published version is never changed: publish a new one.")
        super().save(*args, **kwargs)


class Feedback(UUIDModel):
    """What staff or citizens wrote about a page of the guide. `answer_to` only when they want an answer."""

    page_key = models.CharField(max_length=60)
    text = models.TextField()
    answer_to = models.EmailField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=FeedbackState.choices, default=FeedbackState.NEW)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-sent_at"], name="feedback_state_at")]

    def __str__(self):
        return f"{self.page_key} {self.sent_at:%Y-%m-%d}"
