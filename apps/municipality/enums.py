from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """Kinds of units and services named by the seeds (003, 004)."""

    MUNICIPALITY = "kommune", _("Kommune")
    SECTOR = "sektor", _("Kommunalområde")
    HEALTH_STATION = "helsestasjon", _("Helsestasjon")
    SCHOOL_HEALTH = "skolehelsetjeneste", _("Skolehelsetjeneste")
    MIDWIFE = "jordmor", _("Jordmortjeneste")
    KINDERGARTEN = "barnehage", _("Barnehage")
    SCHOOL = "skole", _("Skole")
    AFTER_SCHOOL = "sfo", _("SFO")
    PPT = "ppt", _("PP-tjeneste")
    CHILD_WELFARE = "barnevern", _("Barneverntjeneste")
    NAV = "nav", _("NAV")
    REFUGEE = "flyktningtjeneste", _("Flyktningtjeneste")
    THERAPY = "ergo_fysio", _("Ergo- og fysioterapi")
    CULTURE_SCHOOL = "kulturskole", _("Kulturskole")
    ADULT_EDUCATION = "opplaeringssenter", _("Opplæringssenter")
    ADULT_HEALTH = "rus_psykisk_helse", _("Rus og psykisk helse")
    YOUTH = "ungdom", _("Ungdomstjeneste")
    LIBRARY = "bibliotek", _("Bibliotek")
    DOCTOR = "fastlege", _("Fastlege")
    BUP = "bup", _("BUP")
    UPPER_SECONDARY = "videregaende", _("Videregående skole")
    OTHER = "annen", _("Annen tjeneste")


class Right(models.TextChoices):
    """What a role may do. A role is data; these are the only rights code asks about."""

    EMPLOYEE = "employee", _("Bruke veilederen og be om stafettlogg")
    LEADER = "leader", _("Lede enheten: se logger enheten har, oppnevne stafettholder og vikar")
    COORDINATOR = "coordinator", _("Endre veileder, ord og innstillinger")
    FLOW = "flow", _("Følge flyten av logger med tall, uten barn")


class TermKey(models.TextChoices):
    LOG = "stafettlogg", _("Stafettlogg")
    HOLDER = "stafettholder", _("Stafettholder")
    LEVEL = "niva", _("Nivå")
    STEP = "steg", _("Steg")
    GUARDIAN = "foresatt", _("Foresatt")
    MEASURE = "tiltak", _("Tiltak")
    GUIDE = "veileder", _("Handlingsveileder")


# Services whose information is about the guardian herself (safety.md S3).
OWN_INFORMATION_KINDS = frozenset(
    {UnitKind.NAV, UnitKind.REFUGEE, UnitKind.ADULT_HEALTH, UnitKind.ADULT_EDUCATION},
)
# Nodes of the tree that are not services: nothing is asked of them and no log is opened in them.
GROUPING_KINDS = frozenset({UnitKind.MUNICIPALITY, UnitKind.SECTOR})
