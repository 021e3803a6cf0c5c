from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models import Membership
from apps.core.fields import EncryptedTextField
from apps.core.models import TrackedQuerySet, UUIDModel
from apps.municipality.models import Unit
from apps.stafettlogg.enums import HandoverState
from apps.stafettlogg.models.access import LogAccess
from apps.stafettlogg.models.logs import Log


class Handover(UUIDModel):
    """The baton is offered to a person, or to a unit whose leader appoints one. The holder keeps it until acceptance.

    `expires_at` is an instant; after it the offer has lapsed. The reason for a no is never shown to the parents.
    `holder_stays`: the old holder wants to stay in the log as a participant.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="handovers")
    from_access = models.ForeignKey(LogAccess, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=18, choices=HandoverState.choices)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = EncryptedTextField(context="stafettlogg.handover.decline_reason", blank=True)
    letter = EncryptedTextField(context="stafettlogg.handover.letter", blank=True)
    holder_stays = models.BooleanField(default=False)
    new_access = models.ForeignKey(LogAccess, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["log"],
                condition=Q(state__in=["awaiting_consent", "offered"]),
                name="handover_one_waiting_per_log",
            ),
            models.CheckConstraint(
                name="handover_accepted_has_new_holder",
                condition=~Q(state="accepted") | Q(new_access__isnull=False, answered_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.log_id} {self.state}"
