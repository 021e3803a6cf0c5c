from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What kind of unit or service it is. A service is a unit that may take part in a log."""

    MUNICIPALITY = "kommune", _("Kommune")
    SECTOR = "sektor", _("Kommunalområde")
    HEALTH_STATION = "helsestasjon", _("Helsestasjon")
    SCHOOL_HEALTH = "skolehelsetjeneste", _("Skolehelsetjeneste")
    MIDWIFE = "jordmor", _("Jordmortjeneste")
    KINDERGARTEN = "barnehage", _("Barnehage")
    SCHOOL = "skole", _("Skole")
    AFTER_SCHOOL = "sfo", _("SFO")
    PPT = "ppt", _("PP-tjeneste")
    CHILD_WELFARE = "barnevern", _("Barnevernstjeneste")
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


# What a service does, for parents who are asked to share with it. Kinds that everyone knows have no line.
WHAT_THEY_DO = {
    UnitKind.HEALTH_STATION: _("Følger helsa og utviklingen til barn før skolealder"),
    UnitKind.SCHOOL_HEALTH: _("Helsesykepleier som barn og unge kan snakke med på skolen"),
    UnitKind.MIDWIFE: _("Følger opp gravide og nyfødte"),
    UnitKind.AFTER_SCHOOL: _("Tar vare på barna før og etter skoletid"),
    UnitKind.PPT: _("Hjelper barnehagen og skolen når et barn strever med språk, læring eller samspill med andre"),
    UnitKind.CHILD_WELFARE: _("Hjelper barn og foreldre når det er vanskelig hjemme"),
    UnitKind.NAV: _("Hjelper med arbeid, økonomi og et sted å bo"),
    UnitKind.REFUGEE: _("Hjelper flyktninger som er nye i kommunen"),
    UnitKind.THERAPY: _("Hjelper barn med bevegelse, lek og det de skal klare i hverdagen"),
    UnitKind.CULTURE_SCHOOL: _("Musikk, dans, teater og kunst i fritida"),
    UnitKind.ADULT_EDUCATION: _("Norskkurs og skole for voksne"),
    UnitKind.ADULT_HEALTH: _("Hjelper voksne som strever psykisk eller med rus"),
    UnitKind.DOCTOR: _("Legen barnet går til"),
    UnitKind.BUP: _("Hjelper barn og unge som har det vanskelig psykisk. Hører til sykehuset"),
}


class Purpose(models.TextChoices):
    """Why a family is asked about a service (safety.md S5), as the stafettholder chooses it.

    `stafettlogg.rules.purposes` has the words the family reads."""

    LANGUAGE = "language", _("Språk")
    PLAY = "play", _("Lek og samspill")
    FRIENDS = "friends", _("Vennskap")
    LEARNING = "learning", _("Læring")
    DAY = "day", _("Dagen i barnehagen eller på skolen")
    ABSENCE = "absence", _("Fravær")
    WAY_TO_SCHOOL = "way_to_school", _("Skolevei")
    NEW_PLACE = "new_place", _("Ny barnehage eller skole")
    SLEEP = "sleep", _("Søvn")
    FOOD = "food", _("Mat og måltider")
    MOVEMENT = "movement", _("Bevegelse og ferdigheter i hverdagen")
    HEALTH = "health", _("Helse i hverdagen")
    WELL_BEING = "well_being", _("Psykisk helse")
    SOMEONE_TO_TALK_TO = "talk", _("En voksen å snakke med")
    HOME = "home", _("Hverdagen hjemme")
    LEISURE = "leisure", _("Fritid")
    SUPPORT = "support", _("Økonomi: støtte til fritid og utstyr")
    BIRTH = "birth", _("Før og etter fødselen")
    TOGETHER = "together", _("Få hjelpen til å henge sammen")
    OTHER = "other", _("Annet. Snakk med hver av dem om det")


class Right(models.TextChoices):
    """What a role may do. A role is data; these are the only rights code asks about."""

    EMPLOYEE = "employee", _("Bruke veilederen og be om stafettlogg")
    LEADER = "leader", _("Lede enheten: se logger enheten har, velge stafettholder og vikar")
    COORDINATOR = "coordinator", _("Endre veileder, ord og innstillinger")
    FLOW = "flow", _("Følge flyten av logger med tall, uten barn")
    OWNER = "owner", _("Godkjenne tekster og signere som systemeier")
    DPO = "dpo", _("Gi råd om tekster og personvern som personvernombud")
    JURIST = "jurist", _("Godkjenne tekster som jurist")
    ARCHIVE = "archive", _("Ta imot det som skal arkiveres")
    ADMINISTRATOR = "administrator", _("Prøve innlogging, e-post og sikkerhetskopi")


class ReadinessGroup(models.TextChoices):
    """What the points of «Klar til å åpne» are about, in the order of the page."""

    CONTACT = "kontakt", _("Folk kan nå oss")
    TEXTS = "tekst", _("Tekster og lov")
    PEOPLE = "folk", _("Ledere og ansatte")
    OPERATION = "drift", _("Innlogging og drift")


class LanguageForm(models.TextChoices):
    """The written Norwegian that the municipality has chosen: what a visitor meets who has chosen nothing."""

    BOKMAL = "nb", _("Bokmål")
    NYNORSK = "nn", _("Nynorsk")


class TermKey(models.TextChoices):
    LOG = "stafettlogg", _("Stafettlogg")
    HOLDER = "stafettholder", _("Stafettholder")
    LEVEL = "niva", _("Nivå")
    STEP = "steg", _("Steg")
    GUARDIAN = "foresatt", _("Foresatt")
    MEASURE = "tiltak", _("Tiltak")
    GUIDE = "veileder", _("Handlingsveileder")


# Services whose information is about a guardian and not about the child (safety.md S3).
OWN_INFORMATION_KINDS = frozenset(
    {UnitKind.NAV, UnitKind.REFUGEE, UnitKind.ADULT_HEALTH, UnitKind.ADULT_EDUCATION},
)
# Services that take part in their own measures of a log, unless the stafettholder asks for more (docs/adr/0016).
OWN_MEASURES_KINDS = frozenset(
    {UnitKind.CULTURE_SCHOOL, UnitKind.AFTER_SCHOOL, UnitKind.LIBRARY, UnitKind.ADULT_EDUCATION},
)
# Nodes of the tree that are not services: nothing is asked of them and no log is opened in them.
GROUPING_KINDS = frozenset({UnitKind.MUNICIPALITY, UnitKind.SECTOR})
