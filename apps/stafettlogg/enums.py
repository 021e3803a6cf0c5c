from django.db import models
from django.utils.translation import gettext_lazy as _


class LogStatus(models.TextChoices):
    REQUESTED = "requested", _("Forespørsel")
    ACTIVE = "active", _("Pågår")
    CLOSING = "closing", _("Avsluttes")
    CLOSED = "closed", _("Avsluttet")
    REMOVED = "removed", _("Fjernet forespørsel")


# Neither closed nor removed: somebody holds it, and the child has it.
OPEN_STATUSES = (LogStatus.REQUESTED, LogStatus.ACTIVE, LogStatus.CLOSING)
# Opened, and not closed: what the family sees alike whether or not one of them has asked to close (safety.md S1, S30).
OPENED_STATUSES = (LogStatus.ACTIVE, LogStatus.CLOSING)


class RemovedReason(models.TextChoices):
    EXPIRED = "expired", _("Fristen gikk ut")
    REFUSED = "refused", _("Familien sa nei")
    CANCELLED = "cancelled", _("Forespørselen ble trukket")
    ANOTHER_LOG = "another_log", _("Det trengtes ikke en ny logg")


class CloseReason(models.TextChoices):
    GOAL_REACHED = "goal", _("Målet er nådd")
    FAMILY_WISH = "family", _("Familien ønsker å avslutte")
    OTHER_PLAN = "other_plan", _("Arbeidet fortsetter i en annen plan")
    MOVED = "moved", _("Familien har flyttet")
    ADULT = "adult", _("Ungdommen har fylt 18 år")
    NO_CONSENT = "no_consent", _("Samtykket ble ikke fornyet")
    QUIET = "quiet", _("Avsluttet stille")


class EndScope(models.TextChoices):
    """What a family member has asked to end: the log for all, or only the part that is her own (safety.md S30)."""

    ALL = "all", _("Hele stafettloggen")
    OWN = "own", _("Bare egen del")


class CallWish(models.TextChoices):
    """Whether one who ends the log wants the stafettholder to ring: her own choice (safety.md S30)."""

    NO = "no", _("Nei, ikke ring meg")
    YES = "yes", _("Ja, ring meg")


class AccessKind(models.TextChoices):
    HOLDER = "holder", _("Stafettholder")
    DEPUTY = "deputy", _("Vikar for stafettholder")
    PARTICIPANT = "participant", _("Deltaker")
    GUARDIAN = "guardian", _("Foresatt")
    YOUTH = "youth", _("Ungdom")
    FOSTER = "foster", _("Fosterforelder")
    LEADER = "leader", _("Leder")
    ADVISER = "adviser", _("Rådgiver")


STAFF_KINDS = frozenset(
    {AccessKind.HOLDER, AccessKind.DEPUTY, AccessKind.PARTICIPANT, AccessKind.LEADER, AccessKind.ADVISER}
)
FAMILY_KINDS = frozenset({AccessKind.GUARDIAN, AccessKind.YOUTH})
HOLDING_KINDS = (AccessKind.HOLDER, AccessKind.DEPUTY)


class ConsentDocument(models.TextChoices):
    """Documents about one person's answer, by their names in the read audit."""

    PAPER = "consent-paper", _("Svar på spørsmålet om samtykke")
    RECEIPT = "consent-receipt", _("Kvittering")
    SCAN = "consent-scan", _("Signert papir")


class Action(models.TextChoices):
    """What a kind of access row may do; `rules.MAY` is the table."""

    READ = "read", _("Lese")
    WRITE = "write", _("Skrive beskjed")
    VOICE = "voice", _("Skrive ned barnets stemme")
    PLAN = "plan", _("Endre mål og tiltak")
    EVALUATE = "evaluate", _("Evaluere")
    INVITE = "invite", _("Invitere tjenester og spørre om samtykke")
    SEE_ANSWERS = "see_answers", _("Se hva hver foresatt har svart")
    HAND_OVER = "hand_over", _("Gi stafettpinnen videre")
    CLOSE = "close", _("Avslutte")
    CONSENT = "consent", _("Svare på spørsmålet om samtykke")
    PRINT = "print", _("Laste ned")
    SEE_READS = "see_reads", _("Se hvem som har sett på loggen")
    ADVISE = "advise", _("Gi råd")


class AddressProtection(models.TextChoices):
    NONE = "none", _("Ingen")
    CONFIDENTIAL = "confidential", _("Fortrolig adresse")
    STRICT = "strict", _("Strengt fortrolig adresse")


class ProtectionEndGround(models.TextChoices):
    """How the leader knows that an address is not protected any more (safety.md S17)."""

    REGISTER = "register", _("Folkeregisteret viser at vernet er opphevet")
    DECISION = "decision", _("Den som ga vernet, har opphevet det")
    MISTAKE = "mistake", _("Vernet ble registrert ved en feil")


class WordFrom(models.TextChoices):
    """On whose word what is new is hidden from a guardian (safety.md S34)."""

    GUARDIAN = "guardian", _("En annen foresatt")
    CRISIS_CENTRE = "crisis_centre", _("Krisesenteret")
    POLICE = "police", _("Politiet")
    CHILD_WELFARE = "child_welfare", _("Barnevernet")


class Relation(models.TextChoices):
    MOTHER = "mother", _("Mor")
    FATHER = "father", _("Far")
    CO_MOTHER = "co_mother", _("Medmor")
    PREGNANT = "pregnant", _("Gravid")
    LEGAL_GUARDIAN = "legal_guardian", _("Verge")
    CHILD_WELFARE = "child_welfare", _("Barnevernstjenesten har omsorgen")
    OTHER = "other", _("Annen med foreldreansvar")
    FOSTER = "foster", _("Fosterforelder")


# A foster parent has a place by a decision, and is nobody's guardian (safety.md S36).
GUARDIAN_RELATIONS = tuple(relation for relation in Relation if relation != Relation.FOSTER)


class Responsibility(models.TextChoices):
    UNCHECKED = "unchecked", _("Ikke kontrollert")
    CONFIRMED = "confirmed", _("Har foreldreansvar")
    NONE = "none", _("Har ikke foreldreansvar")


class CheckedHow(models.TextChoices):
    REGISTER = "register", _("Slått opp i Folkeregisteret")
    OWN_SYSTEM = "own_system", _("Står i fagsystemet, hentet fra Folkeregisteret")
    DOCUMENT = "document", _("Sett dokument fra foresatt")
    DECISION = "decision", _("Sett vedtak eller dom")


class AloneParagraph(models.TextChoices):
    """What a decision that a youth of 12 to 16 answers alone is built on (safety.md S26). Never why."""

    INFORMATION = "3-4-2", _("Pasient- og brukerrettighetsloven § 3-4 andre ledd")
    WEIGHTY = "3-4-3", _("Pasient- og brukerrettighetsloven § 3-4 tredje ledd")
    CONSENT = "4-3-c", _("Pasient- og brukerrettighetsloven § 4-3 første ledd bokstav c")


class LetIn(models.TextChoices):
    """What a youth has said about one guardian and a log of her own (safety.md S26). Until she says yes it is no."""

    NO = "no", _("Nei")
    SINCE = "since", _("Ja, det som blir skrevet fra nå")
    ALL = "all", _("Ja, også det som står der fra før")


class Channel(models.TextChoices):
    """How a guardian has chosen to be told (safety.md S22)."""

    NONE = "none", _("Ingen varsler")
    EMAIL = "email", _("E-post")
    LETTER = "letter", _("Brev")


class ExceptionGround(models.TextChoices):
    """Why a guardian's yes is not needed in this log (safety.md S7); signed by the leader."""

    DECEASED = "deceased", _("Den foresatte er død")
    UNREACHABLE = "unreachable", _("Den foresatte er ikke til å få tak i")
    LACKS_CAPACITY = "lacks_capacity", _("Den foresatte mangler samtykkekompetanse")
    CHILD_WELFARE_CARE = "child_welfare_care", _("Barnevernstjenesten har omsorgen")
    AUTHORITY = "authority", _("En myndighet har bestemt det")


class ExceptionSource(models.TextChoices):
    """Who has said what an exception rests on (safety.md S27)."""

    DOCTOR = "doctor", _("Erklæring fra lege")
    GUARDIANSHIP = "guardianship", _("Vedtak om vergemål")
    TRIBUNAL = "tribunal", _("Barneverns- og helsenemnda")
    COURT = "court", _("En domstol")
    CHILD_WELFARE = "child_welfare", _("Barnevernstjenesten")
    STATE_ADMINISTRATOR = "state_administrator", _("Statsforvalteren")
    POLICE = "police", _("Politiet eller påtalemyndigheten")


class CareKind(models.TextChoices):
    """Which decision gives child welfare the care of a child (safety.md S36)."""

    CARE_ORDER = "care_order", _("Omsorgsovertakelse")
    EMERGENCY = "emergency", _("Akuttvedtak")
    VOLUNTARY = "voluntary", _("Barnet bor et annet sted, og foreldrene har sagt ja til det")
    RESPONSIBILITY = "responsibility", _("Foreldreansvaret er tatt fra en forelder")


# Where child welfare answers about consent in the parents' place.
ANSWERING_KINDS = (CareKind.CARE_ORDER, CareKind.EMERGENCY)


class CareEnd(models.TextChoices):
    """Why a decision about the care does not hold any more; then everyone is asked anew (safety.md S36)."""

    RETURNED = "returned", _("Foreldrene har fått omsorgen tilbake")
    MOVED = "moved", _("Barnet har flyttet")
    REPLACED = "replaced", _("Et nytt vedtak gjelder")
    MISTAKE = "mistake", _("Det ble skrevet inn ved en feil")


class UntoldReason(models.TextChoices):
    """Why a guardian gets no letter about an exception (safety.md S27); two sign it."""

    DANGER_TO_CHILD = "danger_to_child", _("Barnet kan komme i fare")
    DANGER_TO_OTHER = "danger_to_other", _("En annen kan komme i fare")
    FORBIDDEN = "forbidden", _("Et vedtak eller en dom forbyr det")
    POLICE = "police", _("Politiet har bedt oss vente")


class LetterRoute(models.TextChoices):
    """How the letter about an exception was sent: never where another guardian may open it (safety.md S27)."""

    DIGITAL = "digital", _("Til den digitale postkassen til den foresatte")
    POST = "post", _("I posten, til en adresse der ingen annen foresatt er registrert")


class ContactChannel(models.TextChoices):
    """How someone tried to reach a guardian (safety.md S27)."""

    PHONE = "phone", _("Telefon")
    TEXT = "text", _("Tekstmelding")
    EMAIL = "email", _("E-post")
    LETTER = "letter", _("Brev")
    MEETING = "meeting", _("Møte eller besøk")


class LinkCutReason(models.TextChoices):
    """Why a guardian's place is no longer linked to an account (safety.md S29)."""

    WRONG_PERSON = "wrong_person", _("Feil person er koblet til")
    SHARED = "shared", _("Flere bruker den samme innloggingen")
    USED_BY_OTHERS = "used_by_others", _("Noen andre har brukt innloggingen")
    OWN_WISH = "own_wish", _("Den foresatte ber om det")


class BlockGround(models.TextChoices):
    RESTRAINING_ORDER = "restraining_order", _("Besøksforbud eller kontaktforbud")
    COURT = "court", _("Rettsavgjørelse")
    CHILD_WELFARE = "child_welfare", _("Vedtak fra barnevernet")
    ADDRESS = "address", _("Adressesperre mot den foresatte")


class About(models.TextChoices):
    """Whose information a consent is about (safety.md S3)."""

    CHILD = "child", _("Om barnet")
    OWN = "own", _("Om deg selv")


class ThreadSide(models.TextChoices):  # who of the three at a thread about a guardian herself (safety.md S3)
    GUARDIAN = "guardian", _("Foresatt")
    HOLDER = "holder", _("Stafettholder")
    SERVICE = "service", _("Tjenesten")


class ConsentState(models.TextChoices):
    WAITING = "waiting", _("Venter på svar")
    GIVEN = "given", _("Ja")
    REFUSED = "refused", _("Nei")
    WITHDRAWN = "withdrawn", _("Trukket")
    REPLACED = "replaced", _("Erstattet av et nytt spørsmål")
    CANCELLED = "cancelled", _("Spørsmålet ble trukket")


class Route(models.TextChoices):
    DIGITAL = "digital", _("Digitalt")
    TABLET = "tablet", _("På den ansattes skjerm i møtet")
    PAPER = "paper", _("På papir")
    ORAL = "oral", _("Muntlig")


class WindowBasis(models.TextChoices):
    PREPARING = "preparing", _("Forberedes")
    CONSENT = "consent", _("Samtykke")
    CLOSING = "closing", _("Avvikles")


class ConsentScope(models.TextChoices):
    """What of a log a service takes part in, by the consent to it (docs/adr/0016)."""

    LOG = "log", _("Hele stafettloggen")
    MEASURES = "measures", _("Bare egne tiltak")


# What a part of a page, a document or a notice may be shown in: each says which.
WHOLE_LOG = frozenset({ConsentScope.LOG})
EVERY_SCOPE = frozenset(ConsentScope)


class GoalStatus(models.TextChoices):
    OPEN = "open", _("Pågår")
    REACHED = "reached", _("Nådd")
    DROPPED = "dropped", _("Ikke lenger aktuelt")


class Place(models.TextChoices):
    HOME = "home", _("Hjemme")
    SERVICE = "service", _("I tjenesten")
    BOTH = "both", _("Begge steder")


class MeasureStatus(models.TextChoices):
    NOT_STARTED = "not_started", _("Ikke startet")
    ONGOING = "ongoing", _("Pågår")
    DONE = "done", _("Fullført")
    STOPPED = "stopped", _("Avsluttet")


class Effect(models.TextChoices):
    WORKS = "works", _("Virker")
    PARTLY = "partly", _("Virker delvis")
    NOT = "not", _("Virker ikke")
    TOO_EARLY = "too_early", _("For tidlig å si")


class Decision(models.TextChoices):
    CONTINUE = "continue", _("Fortsett som nå")
    CHANGE = "change", _("Fortsett med andre tiltak")
    LEVEL_UP = "level_up", _("Gå opp et nivå")
    LEVEL_DOWN = "level_down", _("Gå ned et nivå")
    CLOSE = "close", _("Avslutt stafettloggen")


class HandoverState(models.TextChoices):
    AWAITING_CONSENT = "awaiting_consent", _("Venter på samtykke")
    OFFERED = "offered", _("Venter på svar")
    ACCEPTED = "accepted", _("Tatt imot")
    DECLINED = "declined", _("Takket nei")
    WITHDRAWN = "withdrawn", _("Trukket")
    LAPSED = "lapsed", _("Fristen gikk ut")


class DeputyState(models.TextChoices):
    OFFERED = "offered", _("Venter på svar")
    ACCEPTED = "accepted", _("Har sagt ja")
    DECLINED = "declined", _("Takket nei")
    ENDED = "ended", _("Avsluttet")


class InvitationState(models.TextChoices):
    AWAITING_CONSENT = "awaiting_consent", _("Venter på samtykke")
    INVITED = "invited", _("Invitert")
    JOINED = "joined", _("Deltar")
    DECLINED = "declined", _("Takket nei")
    ENDED = "ended", _("Ikke lenger med")


class Audience(models.TextChoices):
    """Who reads a message or a line of the timeline (safety.md S1, S2)."""

    HOLDER = "holder", _("Bare stafettholder")
    STAFF = "staff", _("Ansatte i loggen")
    ALL = "all", _("Alle i loggen")
    UNIT = "unit", _("En tjeneste, stafettholderen og familien")


class WishState(models.TextChoices):
    NEW = "new", _("Sendt")
    SEEN = "seen", _("Lest av leder")
    ANSWERED = "answered", _("Har fått svar")


class EventKind(models.TextChoices):
    REQUESTED = "requested", _("Ba om stafettlogg")
    ASKED = "asked", _("Spurte om samtykke")
    ANSWERED = "answered", _("Svarte på spørsmålet om samtykke")
    OPENED = "opened", _("Stafettloggen ble åpnet")
    SHARING_OPENED = "sharing_opened", _("Delingen åpnet")
    SHARING_STOPPED = "sharing_stopped", _("Delingen stoppet")
    INVITED = "invited", _("Inviterte en tjeneste")
    JOINED = "joined", _("Ble med i loggen")
    LEFT = "left", _("Er ikke lenger med i loggen")
    LET_IN = "let_in", _("Bestemte hvem hjemme som kan lese")
    GOAL = "goal", _("La til et mål")
    MEASURE = "measure", _("La til et tiltak")
    MEASURE_CHANGED = "measure_changed", _("Endret et tiltak")
    GOAL_TAKEN_BACK = "goal_taken_back", _("Angret et mål")
    MEASURE_TAKEN_BACK = "measure_taken_back", _("Angret et tiltak")
    VOICE = "voice", _("Barnets stemme")
    EVALUATED = "evaluated", _("Evaluerte")
    LEVEL = "level", _("Endret nivå")
    MESSAGE = "message", _("Skrev en beskjed")
    HANDOVER_OFFERED = "handover_offered", _("Tilbød stafettpinnen")
    HANDED_OVER = "handed_over", _("Tok imot stafettpinnen")
    DEPUTY = "deputy", _("Vikar for stafettholder")
    CLOSING_ASKED = "closing_asked", _("Ba om å avslutte stafettloggen")
    CLOSING_UNDONE = "closing_undone", _("Angret avslutningen")
    CLOSED = "closed", _("Stafettloggen ble avsluttet")
