from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.enums import LinkCutReason
from apps.stafettlogg.models.guardians import Guardian


class PlaceCode(UUIDModel):
    """A one-time code that links one guardian's place to the account it is entered from (safety.md S29).

    `handle` is the first part of the code, to find it by; of the rest only the hash is kept. Whoever has used it is
    linked when the holder has confirmed.
    """

    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="place_codes")
    handle = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="place_code_used_by_when",
                condition=Q(used_by=None, used_at=None) | Q(used_by__isnull=False, used_at__isnull=False),
            ),
            models.CheckConstraint(
                name="place_code_confirmed_after_use",
                condition=(
                    Q(confirmed_by=None, confirmed_at=None)
                    | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, used_by__isnull=False)
                ),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def is_open(self, now: datetime) -> bool:
        """Whether it may still be used, or be confirmed."""
        return self.confirmed_at is None and now < self.ends_at


class LinkCut(UUIDModel):
    """A guardian's place was linked to this account, and is not any more.

    Append only, except that a leader says when the data protection officer was told of what had been read (S29).
    """

    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="link_cuts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16, choices=LinkCutReason.choices)
    cut_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cut_at = models.DateTimeField()
    dpo_told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    dpo_told_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="link_cut_told_by_when",
                condition=Q(dpo_told_by=None, dpo_told_at=None)
                | Q(dpo_told_by__isnull=False, dpo_told_at__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.pk)
