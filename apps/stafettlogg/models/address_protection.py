from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import TrackedQuerySet, UUIDModel
from apps.stafettlogg.enums import AddressProtection, ProtectionEndGround
from apps.stafettlogg.models.children import Child


class ProtectionEnd(UUIDModel):
    """The leader has signed that a child's address is less protected from an instant on, and why (S17). Append only.

    What is older than that instant stays hidden from the family.
    """

    child = models.ForeignKey(Child, models.PROTECT, related_name="protection_ends")
    log = models.ForeignKey("stafettlogg.Log", models.PROTECT, related_name="+")
    was = models.CharField(max_length=12, choices=AddressProtection.choices)
    became = models.CharField(max_length=12, choices=AddressProtection.choices)
    ground = models.CharField(max_length=12, choices=ProtectionEndGround.choices)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="protection_end_has_ground", condition=~Q(ground="")),
            models.CheckConstraint(
                name="protection_end_is_lower",
                condition=Q(was=AddressProtection.STRICT) & ~Q(became=AddressProtection.STRICT)
                | Q(was=AddressProtection.CONFIDENTIAL, became=AddressProtection.NONE),
            ),
        ]

    def __str__(self):
        return str(self.pk)
