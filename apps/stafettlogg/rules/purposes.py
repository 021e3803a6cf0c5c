"""Why a service is asked for: chosen from a closed list once the log is open, never written, and nothing before (S5).

No purpose names an examination, a diagnosis or a treatment: that is asked about apart. At a service that knows a
guardian's own affairs there is one purpose, which says nothing of them: the other guardian reads it too (S3).
"""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import RuleBroken
from apps.municipality.enums import OWN_INFORMATION_KINDS, Purpose, UnitKind
from apps.municipality.models import Unit
from apps.stafettlogg.models import Child, Log

# `whom` is the child's first name, or «deg» to the youth.
WORDS = {
    Purpose.LANGUAGE: gettext_lazy("For å hjelpe %(whom)s med språket"),
    Purpose.PLAY: gettext_lazy("For å hjelpe %(whom)s med lek og samspill"),
    Purpose.FRIENDS: gettext_lazy("For å hjelpe %(whom)s med vennskap"),
    Purpose.LEARNING: gettext_lazy("For å hjelpe %(whom)s med å lære"),
    Purpose.DAY: gettext_lazy("For å gjøre dagen i barnehagen eller på skolen bedre for %(whom)s"),
    Purpose.ABSENCE: gettext_lazy("For å hjelpe %(whom)s med å være mer på skolen"),
    Purpose.WAY_TO_SCHOOL: gettext_lazy("For å gjøre skoleveien trygg for %(whom)s"),
    Purpose.NEW_PLACE: gettext_lazy("For å gi %(whom)s en god start på et nytt sted"),
    Purpose.SLEEP: gettext_lazy("For å gi råd om søvn"),
    Purpose.FOOD: gettext_lazy("For å gi råd om mat og måltider"),
    Purpose.MOVEMENT: gettext_lazy("For å hjelpe %(whom)s med å bevege seg og klare ting selv"),
    Purpose.HEALTH: gettext_lazy("For å gi råd om helse i hverdagen"),
    Purpose.WELL_BEING: gettext_lazy("For å hjelpe %(whom)s til å ha det bra psykisk"),
    Purpose.SOMEONE_TO_TALK_TO: gettext_lazy("For å gi %(whom)s en voksen å snakke med"),
    Purpose.HOME: gettext_lazy("For å gi råd om hverdagen hjemme"),
    Purpose.LEISURE: gettext_lazy("For å hjelpe %(whom)s med fritid og aktiviteter"),
    Purpose.SUPPORT: gettext_lazy("For å finne ut om det finnes støtte til fritid og utstyr"),
    Purpose.BIRTH: gettext_lazy("For å gi hjelp før og etter fødselen"),
    Purpose.TOGETHER: gettext_lazy("For å få hjelpen til å henge sammen"),
    Purpose.OTHER: gettext_lazy("Det får du vite av stafettholderen. Spør før du svarer"),
}

_ANY = (Purpose.HOME, Purpose.TOGETHER, Purpose.OTHER)
_YOUNGEST = (Purpose.LANGUAGE, Purpose.PLAY, Purpose.SLEEP, Purpose.FOOD)
_PUPILS = (Purpose.LEARNING, Purpose.FRIENDS, Purpose.ABSENCE, Purpose.DAY)
_MIND = (Purpose.WELL_BEING, Purpose.SOMEONE_TO_TALK_TO)

_ONE = (Purpose.TOGETHER,)
_BY_KIND: dict[str, tuple[Purpose, ...]] = {
    UnitKind.MIDWIFE: (Purpose.BIRTH, Purpose.HEALTH, *_ANY),
    UnitKind.HEALTH_STATION: (*_YOUNGEST, Purpose.BIRTH, Purpose.HEALTH, Purpose.WELL_BEING, *_ANY),
    UnitKind.SCHOOL_HEALTH: (*_MIND, Purpose.SLEEP, Purpose.FOOD, Purpose.FRIENDS, Purpose.HEALTH, *_ANY),
    UnitKind.KINDERGARTEN: (*_YOUNGEST, Purpose.DAY, Purpose.NEW_PLACE, *_ANY),
    UnitKind.SCHOOL: (*_PUPILS, Purpose.LANGUAGE, Purpose.WAY_TO_SCHOOL, Purpose.NEW_PLACE, *_ANY),
    UnitKind.UPPER_SECONDARY: (*_PUPILS, Purpose.NEW_PLACE, *_ANY),
    UnitKind.AFTER_SCHOOL: (Purpose.PLAY, Purpose.FRIENDS, Purpose.DAY, Purpose.WAY_TO_SCHOOL, *_ANY),
    UnitKind.PPT: (Purpose.LANGUAGE, Purpose.PLAY, *_PUPILS, Purpose.NEW_PLACE, *_ANY),
    UnitKind.THERAPY: (Purpose.MOVEMENT, Purpose.PLAY, Purpose.DAY, Purpose.SUPPORT, *_ANY),
    UnitKind.CULTURE_SCHOOL: (Purpose.LEISURE, Purpose.FRIENDS, Purpose.SUPPORT, *_ANY),
    UnitKind.LIBRARY: (Purpose.LANGUAGE, Purpose.LEISURE, *_ANY),
    UnitKind.YOUTH: (Purpose.LEISURE, Purpose.FRIENDS, *_MIND, Purpose.SUPPORT, *_ANY),
    UnitKind.DOCTOR: (Purpose.HEALTH, Purpose.SLEEP, Purpose.FOOD, Purpose.WELL_BEING, *_ANY),
    UnitKind.BUP: (*_MIND, Purpose.SLEEP, Purpose.ABSENCE, *_ANY),
    **dict.fromkeys(OWN_INFORMATION_KINDS, _ONE),
}


def purposes_of(kind: str) -> tuple[Purpose, ...]:
    """What a service of this kind may be asked for; everything where nothing is said of the kind."""
    return _BY_KIND.get(kind, tuple(Purpose))


def in_words(purpose: str, child: Child, *, youth: bool) -> str:
    """The purpose as the one who is asked reads it; '' when none was chosen."""
    if not purpose:
        return ""
    whom = _("deg") if youth else child.given_name or _("barnet")
    return str(WORDS[Purpose(purpose)]) % {"whom": whom}


def check_purposes(log: Log, units: list[Unit], purposes: Mapping[UUID, str]) -> None:
    """Raise `RuleBroken` for a purpose before the log is open (S5), or one that is not of the service's kind."""
    if log.is_request and any(purposes.values()):
        raise RuleBroken("purpose_before_log", _("Ingen grunn kan stå her før familien har sagt ja."))
    kinds = {unit.pk: unit.kind for unit in units}
    if any(said and said not in purposes_of(kinds.get(pk, "")) for pk, said in purposes.items()):
        raise RuleBroken("purpose_unknown", _("Velg hvorfor dere spør, fra lista."))
