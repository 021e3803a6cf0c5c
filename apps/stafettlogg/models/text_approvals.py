from django.conf import settings
from django.db import models

from apps.core.models import TrackedQuerySet, UUIDModel
from apps.municipality.enums import Right
from apps.stafettlogg.models.consents import ConsentText

SAYING = (Right.DPO, Right.JURIST, Right.OWNER)


class TextApproval(UUIDModel):
    """Somebody's word about one edition of a text: the data protection officer's advice, or one of the two approvals.

    Append only. `role` is the right it was said by: the officer advises and never decides, and the jurist and the
    system owner, who approve, are two people. `words` is the advice.
    """

    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="approvals")
    edition = models.PositiveIntegerField(default=1)
    role = models.CharField(max_length=10, choices=[(right.value, right.label) for right in SAYING])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    words = models.TextField(blank=True)
    said_at = models.DateTimeField()

    objects = TrackedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "edition", "role"], name="text_approval_once_per_role"),
        ]

    def __str__(self):
        return f"{self.text} {self.role}"
