from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.enums import CallWish, EndScope
from apps.stafettlogg.models.guardians import Guardian
from apps.stafettlogg.models.logs import Log


class ClosingWish(UUIDModel):
    """One guardian or the youth has asked to end the log for all, or her own part of it (safety.md S30).

    It is seen by herself and the holder alone. It stands until `undone_at`; only the one who asked may undo it.
    `closes_at` is empty while it waits for the other side that answers. `call`
    is her choice of being rung, `call_how` her own words about when and on what number, and `called_at` when the holder
    has rung. `hurry_asked_at`: the holder has asked the leader to close at once, on her word.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="closing_wishes")
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="+")
    is_youth = models.BooleanField(default=False)
    scope = models.CharField(max_length=4, choices=EndScope.choices, default=EndScope.ALL)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    call = models.CharField(max_length=4, choices=CallWish.choices, default=CallWish.NO)
    call_how = EncryptedTextField(context="stafettlogg.closingwish.call_how", blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    hurry_asked_at = models.DateTimeField(null=True, blank=True)
    hurry_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="closing_wish_guardian_or_youth",
                condition=Q(guardian__isnull=False, is_youth=False) | Q(guardian=None, is_youth=True),
            ),
            models.CheckConstraint(
                name="closing_wish_called_by_when",
                condition=Q(called_at=None, called_by=None) | Q(called_at__isnull=False, called_by__isnull=False),
            ),
            models.CheckConstraint(
                name="closing_wish_hurry_by_when",
                condition=Q(hurry_asked_at=None, hurry_asked_by=None)
                | Q(hurry_asked_at__isnull=False, hurry_asked_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["log", "asked_by"], condition=Q(undone_at=None), name="closing_wish_one_standing"
            ),
        ]

    def __str__(self):
        return str(self.pk)
