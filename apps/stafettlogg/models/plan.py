from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel, Versioned
from apps.stafettlogg.enums import GoalStatus, MeasureStatus, Place
from apps.stafettlogg.models.logs import Log


class Goal(Versioned, UUIDModel):
    """What the child is to manage, or to get more of.

    A field with a `verbose_name` is one people read the changes of (`selectors.changes`).
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="goals")
    title = EncryptedTextField(_("Mål"), context="stafettlogg.goal.title")
    status = models.CharField(_("Status"), max_length=8, choices=GoalStatus.choices, default=GoalStatus.OPEN)
    order = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "created_at", "pk"]

    def __str__(self):
        return str(self.pk)


class Measure(Versioned, UUIDModel):
    """A tiltak. Responsible is a person in the log (`responsible`) or someone without a user (`responsible_name`), or
    nobody yet; `others` are those who are responsible together with her, a line for each (`rules.responsible.who`).

    `unit`: the service whose measure it is, where one is; it is what a service with its own measures reads.
    A field with a `verbose_name` is one people read the changes of (`selectors.changes`).
    """

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="measures")
    log = models.ForeignKey(Log, models.PROTECT, related_name="measures")
    title = EncryptedTextField(_("Tiltak"), context="stafettlogg.measure.title")
    note = EncryptedTextField(_("Notat"), context="stafettlogg.measure.note", blank=True)
    place = models.CharField(_("Hvor"), max_length=8, choices=Place.choices)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Ansvarlig")
    )
    responsible_name = models.CharField(_("Ansvarlig"), max_length=150, blank=True)
    others = models.TextField(_("Også ansvarlig"), blank=True)
    unit = models.ForeignKey(
        "municipality.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Tjeneste")
    )
    due_day = models.DateField(_("Frist"), null=True, blank=True)
    status = models.CharField(
        _("Status"), max_length=12, choices=MeasureStatus.choices, default=MeasureStatus.NOT_STARTED
    )
    reviewed_day = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    # For the type checker: what `selectors.responsible.give_others` read together with the measure.
    other_people: "list[Any]"

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "created_at", "pk"]
        indexes = [models.Index(fields=["status", "due_day"], name="measure_status_due")]

    def __str__(self):
        return str(self.pk)
