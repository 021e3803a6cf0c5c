from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    TASK = "task", _("Oppgaver")
    MESSAGE = "message", _("Beskjeder")


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("Venter")
    SENDING = "sending", _("Sendes")
    SENT = "sent", _("Sendt")
    FAILED = "failed", _("Ikke levert")
    CANCELLED = "cancelled", _("Ikke sendt")


class EmailPreference(models.TextChoices):
    EACH = "each", _("E-post med en gang")
    DAILY = "daily", _("Én e-post om dagen")
    OFF = "off", _("Ingen e-post")
