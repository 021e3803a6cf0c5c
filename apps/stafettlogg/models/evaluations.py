from django.conf import settings
from django.db import models

from apps.core.fields import EncryptedTextField
from apps.core.models import UUIDModel
from apps.stafettlogg.enums import Decision, Effect
from apps.stafettlogg.models.logs import Log
from apps.stafettlogg.models.plan import Measure
from apps.stafettlogg.models.voices import ChildVoice


class Evaluation(UUIDModel):
    """One evaluation: the effect of each measure, the child's voice, the family's view, and the decision."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="evaluations")
    held_day = models.DateField()
    summary = EncryptedTextField(context="stafettlogg.evaluation.summary", blank=True)
    family_view = EncryptedTextField(context="stafettlogg.evaluation.family_view", blank=True)
    voice = models.ForeignKey(ChildVoice, models.PROTECT, null=True, blank=True, related_name="+")
    no_voice_reason = EncryptedTextField(context="stafettlogg.evaluation.no_voice_reason", blank=True)
    decision = models.CharField(max_length=12, choices=Decision.choices)
    level_before = models.PositiveSmallIntegerField()
    level_after = models.PositiveSmallIntegerField()
    next_day = models.DateField(null=True, blank=True)
    is_final = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-held_day", "-recorded_at", "pk"]

    def __str__(self):
        return str(self.pk)


class MeasureReview(UUIDModel):
    """What one evaluation says about one measure."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="reviews")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="reviews")
    effect = models.CharField(max_length=10, choices=Effect.choices)
    note = EncryptedTextField(context="stafettlogg.measurereview.note", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "measure"], name="review_once_per_measure")]

    def __str__(self):
        return str(self.pk)


class LevelChange(UUIDModel):
    """The log went from one level to another. Append only."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="level_changes")
    level_before = models.PositiveSmallIntegerField()
    level_after = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-changed_at", "pk"]

    def __str__(self):
        return f"{self.level_before}→{self.level_after}"
