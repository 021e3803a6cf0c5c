from django.db import models
from django.utils.translation import gettext_lazy as _


class UserKind(models.TextChoices):
    """An employee or a citizen, never both: an employee who is a parent has another user for that."""

    EMPLOYEE = "employee", _("Ansatt")
    CITIZEN = "citizen", _("Foresatt eller ungdom")
