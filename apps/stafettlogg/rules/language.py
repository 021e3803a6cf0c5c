"""Plain words in goals and measures: calm hints after saving, never a stop (requirements U3 and appendix B).

A pure reader of bokmål and nynorsk: who does what, when, in words a parent and a child understand.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

WRITTEN = ("nb", "nn")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

_IMPERSONAL = "man"
_VAGUE = (
    "snarest",
    "snarast",
    "så snart som mulig",
    "så snart som råd",
    "så fort som mulig",
    "fortløpende",
    "fortløpande",
    "etter hvert",
    "etter kvart",
    "i rimelig omfang",
    "i rimeleg omfang",
    "i rimelig grad",
    "i rimeleg grad",
    "i den grad",
    "i størst mulig grad",
    "i størst mogleg grad",
    "så langt det er mulig",
    "så langt det er mogleg",
    "om mulig",
    "om mogleg",
    "ved behov",
    "jevnlig",
    "jamleg",
)
_VAGUE_PATTERN = re.compile(r"\b(" + "|".join(sorted(_VAGUE, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_SHORTENED = (
    r"bl\.? ?a\.?|ca\.?|dvs\.?|etc\.?|evt\.?|f\.? ?eks\.?|f\.? ?o\.? ?m\.?|ifb\.?|ifm\.?|ift\.?|iht\.?|"
    r"inkl\.?|istf\.?|jf\.?|jfr\.?|mfl\.?|m\. ?fl\.?|m\.? ?m\.?|mht\.?|mtp\.?|mv\.?|o\. ?l\.?|osb\.?|osv\.?|"
    r"pga\.?|ped\.|spes\.|tils\.?|vedr\.?|vha\.?"
)
_SHORTENED_PATTERN = re.compile(rf"(?<![\w.])({_SHORTENED})(?![\w])", re.IGNORECASE)

# Ends as a passive verb but is none: verbs that only exist so, and genitives.
_NOT_PASSIVE = _words(
    "alles andres ansattes begges deres dennes enkeltes finnes finst foreldres fremmedes hennes hverandres "
    "lengtes lykkes lykkast manges minnes minnast møtes møtast noens omgås sames slåss snakkes snakkast synes "
    "synest trives trivast trengs trengst undres undrast unges voksnes vaksnes vennes"
)
# Bokmål: «gjennomføres». Nynorsk has it only after a modal verb: «skal gjennomførast».
_PASSIVE_NB = re.compile(r"(?<!en)(?<!rn)es$")
_PASSIVE_NN = re.compile(
    r"\b(?:skal|må|kan|bør|vil|skulle|måtte|kunne|burde|ville)\b(?:\s+[^\W\d_]+){0,2}?\s+([a-zæøå]{2,}(?:ast|est))\b"
)
_SUPERLATIVES = _words("best flest helst mest nest oftast sist snarast tettast tidlegast")
_PASSIVE_HELPER = re.compile(
    r"\b(blir|bli|ble|blitt|vert|verte|vart|vorte|blei)\b(?:\s+(?:ikke|ikkje|også|så|ofte|alltid|det))?\s+"
    r"([^\W\d_]+)",
    re.IGNORECASE,
)
_PARTICIPLES = {
    "nb": re.compile(r"^[a-zæøå]{2,}(?:et|dd|lt|nt|gt|kt|rt|st|tt)$"),
    "nn": re.compile(r"^[a-zæøå]{2,}(?:a|et|dd|lt|nt|gt|kt|rt|st|tt)$"),
}
_NOT_PARTICIPLE = _words(
    "annet anna bare berre best blitt bort bra fast fint fort født først godt greit helst heime hjemme ikkje "
    "kjent kort kvitt lett litt lyst mest mett neste nytt rart redd rett sint sist slitt snart stort sunt "
    "tett trett trist trøtt vant viktigst"
)


@dataclass(frozen=True)
class Hint:
    """`code` is for tests, `word` is what was found (may be empty), `message` a whole sentence for people."""

    code: str
    word: str
    message: str


def hints(text: str, language: str = "nb", *, has_who: bool = True, has_when: bool = True) -> list[Hint]:
    """What could be said more plainly, in the order: words in the text, then who, then when. Each word once.

    `language` is the written language (nb or nn); for others only who and when are looked at. Never raises; the same
    text gives the same hints.
    """
    found = _in_words(text, language) if language in WRITTEN else []
    if not has_who:
        found.append(
            Hint("who", "", _("Hvem gjør det? Velg en ansvarlig, så vet alle hvem som tar det første steget."))
        )
    if not has_when:
        found.append(Hint("when", "", _("Når skal det være gjort? Sett en frist.")))
    return found


def _in_words(text: str, language: str) -> list[Hint]:
    words = _WORD.findall(text)
    found = [_impersonal(word) for word in words if word.lower() == _IMPERSONAL]
    found += [_vague(match.group(1)) for match in _VAGUE_PATTERN.finditer(text)]
    found += [_passive(word) for word in _passives(text, words, language)]
    found += [_shortened(match.group(1)) for match in _SHORTENED_PATTERN.finditer(text)]
    once: dict[tuple[str, str], Hint] = {}
    for hint in found:
        once.setdefault((hint.code, hint.word.lower()), hint)
    return list(once.values())


def _passives(text: str, words: list[str], language: str) -> list[str]:
    if language == "nn":
        endings = [word for word in _PASSIVE_NN.findall(text) if word not in _NOT_PASSIVE | _SUPERLATIVES]
    else:
        endings = [word for word in words if len(word) >= 5 and word.islower() and _PASSIVE_NB.search(word)]
        endings = [word for word in endings if word not in _NOT_PASSIVE]
    helpers = [
        match.group(0)
        for match in _PASSIVE_HELPER.finditer(text)
        if match.group(2) not in _NOT_PARTICIPLE and _PARTICIPLES[language].search(match.group(2))
    ]
    return endings + helpers


def _impersonal(word: str) -> Hint:
    return Hint("impersonal", word, _("«%(word)s» kan være hvem som helst. Skriv hvem som gjør det.") % {"word": word})


def _vague(word: str) -> Hint:
    return Hint(
        "vague",
        word,
        _("«%(word)s» betyr ikke det samme for alle. Skriv dag, antall eller hvor ofte.") % {"word": word},
    )


def _passive(word: str) -> Hint:
    return Hint("passive", word, _("«%(word)s» skjuler hvem som gjør det. Skriv navnet først.") % {"word": word})


def _shortened(word: str) -> Hint:
    return Hint("shortened", word, _("«%(word)s» er en forkortelse. Skriv hele ordet.") % {"word": word})
