from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    TASK = "task", _("Oppgaver")
    MESSAGE = "message", _("Beskjeder")


class TaskStatus:
    """The codes of components/status.html that a task can have."""

    MINE = "handling"
    WAITS = "venter"
    AHEAD = "pagar"


class Concerns:
    """Who can have a task of a kind: those who work here, who lead, who coordinate, guardians and youth."""

    STAFF = "staff"
    LEADER = "leader"
    COORDINATOR = "coordinator"
    FAMILY = "family"


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
