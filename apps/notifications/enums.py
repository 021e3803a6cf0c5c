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
    LETTER = "letter", _("Brev i posten")
    OFF = "off", _("Ingen e-post")


# Those who choose one of these get no e-mail. Who posts a letter, the app that knows the person says.
WITHOUT_EMAIL = frozenset({EmailPreference.LETTER, EmailPreference.OFF})
