from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadAction(models.TextChoices):
    LISTED = "listed", _("Sto i en liste")
    OPENED = "opened", _("Åpnet")
    PRINTED = "printed", _("Skrev ut")
    DOWNLOADED = "downloaded", _("Lastet ned")
    EXPORTED = "exported", _("Hentet ut")
    REFUSED = "refused", _("Ble stoppet")


class Side(models.TextChoices):
    STAFF = "staff", _("Ansatt")
    GUARDIAN = "guardian", _("Foresatt")
    YOUTH = "youth", _("Ungdom")
    FOSTER = "foster", _("Fosterforelder")
    NONE = "none", _("Uten innlogging")


class Ground(models.TextChoices):
    """Why someone looked. The person chooses from this list or it follows from the access row; never free text."""

    HOLDER = "holder", _("Stafettholder")
    DEPUTY = "deputy", _("Vikar for stafettholder")
    PARTICIPANT = "participant", _("Deltaker, med samtykke")
    REQUEST = "request", _("Forbereder forespørselen")
    CONTROL = "control", _("Loggkontroll")
    ABSENCE = "absence", _("Stafettholder er borte")
    HANDOVER = "handover", _("Velger ny stafettholder")
    SUPPORT = "support", _("Stafettholder ba om støtte")
    COMPLAINT = "complaint", _("Henvendelse fra familien")
    LED = "led", _("Oversikt for leder")
    OWN = "own", _("Egen logg")
    ADVISER = "adviser", _("Rådgiver, med samtykke")
    INVITED = "invited", _("Spurt om å bli med, med samtykke")
    OFFERED = "offered", _("Spurt om å ta over, med samtykke")
    OWN_THREAD = "own_thread", _("Samtale med en foresatt, med samtykke")
    NONE = "none", _("Ikke oppgitt")
