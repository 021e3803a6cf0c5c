from django.db import models
from django.utils.translation import gettext_lazy as _


class ToolKind(models.TextChoices):
    TEMPLATE = "template", _("Mal")
    CHECKLIST = "checklist", _("Sjekkliste")
    GUIDE = "guide", _("Veiledning")
    FORM = "form", _("Skjema")


class FeedbackState(models.TextChoices):
    NEW = "new", _("Ny")
    HANDLED = "handled", _("Behandlet")
