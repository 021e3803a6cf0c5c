from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models import Membership
from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel
from apps.municipality.enums import Purpose
from apps.municipality.models import Unit
from apps.stafettlogg.enums import InvitationState
from apps.stafettlogg.models.access import LogAccess
from apps.stafettlogg.models.logs import Log


class Invitation(UUIDModel):
    """A unit is invited; a person of it joins and gets a participant row. Waits for consent first (safety.md S11).

    `to_membership` is the person asked; empty until the unit's leader has chosen one. Others in the unit see nothing.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="invitations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    # Why the service is asked for, from the same list as in the question to the family (docs/adr/0019).
    purpose = models.CharField(max_length=16, choices=Purpose.choices, blank=True)
    task = EncryptedTextField(context="stafettlogg.invitation.task", blank=True)
    state = models.CharField(max_length=18, choices=InvitationState.choices, default=InvitationState.AWAITING_CONSENT)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    access = models.ForeignKey(LogAccess, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["log", "unit"],
                condition=Q(state__in=["awaiting_consent", "invited"]),
                name="invitation_one_waiting_per_unit",
            ),
        ]

    def __str__(self):
        return str(self.pk)
