from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.audit import loaded
from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel, Versioned
from apps.stafettlogg.enums import AddressProtection, AloneParagraph


class Child(Versioned, UUIDModel):
    """A child, a youth or an expected child (no birth date yet, `expected_day` instead).

    Each request writes a record of its own, so that nothing known from another log shows in it (S6, docs/adr/0008);
    `selectors.same_child` finds the records of one child.

    `answers_alone`: the record is of a log of the youth's own (S26, docs/adr/0012), where no guardian is asked. For one
    of 12 to 16 the four fields after it say who has decided so, when, until when and by which paragraph.
    """

    given_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    search_name = models.CharField(max_length=170, blank=True, db_index=True)
    # The name as it is searched and compared (core.written.folded); `search_name` is what lists are ordered by.
    folded_name = models.CharField(max_length=340, blank=True, db_index=True)
    birth_date = models.DateField(null=True, blank=True)
    expected_day = models.DateField(null=True, blank=True)
    national_id = EncryptedTextField(context="stafettlogg.child.national_id", blank=True)
    national_id_index = models.CharField(max_length=64, blank=True, db_index=True)
    address_protection = models.CharField(
        max_length=12, choices=AddressProtection.choices, default=AddressProtection.NONE
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="as_youth")
    answers_alone = models.BooleanField(default=False)
    alone_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    alone_decided_day = models.DateField(null=True, blank=True)
    alone_last_day = models.DateField(null=True, blank=True)
    alone_paragraph = models.CharField(max_length=8, choices=AloneParagraph.choices, blank=True)
    # There is or was a foster parent (S36): only then is it asked who, so that no other page costs more.
    has_foster = models.BooleanField(default=False)
    # So too for a guardian's link to an account that was cut (S29).
    has_cut_link = models.BooleanField(default=False)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="child_born_or_expected",
                condition=Q(birth_date__isnull=False) | Q(expected_day__isnull=False),
            ),
            models.CheckConstraint(
                name="child_alone_decision_complete",
                condition=(
                    Q(alone_decided_by=None, alone_decided_day=None, alone_last_day=None, alone_paragraph="")
                    | (
                        Q(
                            answers_alone=True,
                            alone_decided_by__isnull=False,
                            alone_decided_day__isnull=False,
                            alone_last_day__isnull=False,
                        )
                        & ~Q(alone_paragraph="")
                    )
                ),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def from_db(  # type: ignore[override]  # the stubs are of a newer Django
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        child = super().from_db(db, field_names, values)
        loaded.note(child.pk)
        return child

    @property
    def is_expected(self) -> bool:
        return self.birth_date is None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()
