"""Plain language, and one word for each thing (CONTRIBUTING.md, docs/glossary.md), in all three languages.

Read are the bokmål in the code, its translations in locale/, what fixtures/ puts into the portal, and the static error
pages. Sentences are counted where families read. `-s` prints what was read.
"""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.test_whole_project_lint import ROOT, name_of

LONGEST_SENTENCE = 20

# Language -> what is not said -> what is said instead.
FORBIDDEN = {
    "nb": {
        r"besvart|besvares": "svart på, fått svar",
        r"(?:send\w*|få\w*|gi\w*)(?: ikke)? melding(?! til (?:barnevern|politi))": "beskjed",
        r"kontaktpersonen(?! (?:for|i) )": "stafettholderen",
        r"per tjeneste": "for hver tjeneste",
        r"oppnevn\w*": "velge",
        r"skal man": "skal du",
        r"tilsier": "when that is so, in plain words",
        r"forblir": "er fortsatt",
        r"ca\.": "omtrent",
        r"forfalt": "over fristen",
        r"arkivloven": "arkivlova",
        r"(?:bli\w*) med rundt": "bli med i stafettloggen for",
        r"svar(?:e|er|te|t)? på (?:samtykke|stafettpinnen)": "svare på spørsmålet om …, på tilbudet om …",
        r"han eller hun": "hun eller han",
        r"(?:gruppen|helsen|natten|listen|sjekklisten|vikartiden|fritiden)": "gruppa, helsa, natta, lista, …",
        r"(?:skriv|spør|snakk|lov|undersøk|del) ikke": "«Ikke» + the verb",
        r"avslutt\w* delingen": "stopp delingen",
        r"barneverntjenest\w*": "barnevernstjenesten, as the Act says",
        r"det svaret åpnet for": "deling som bygger på svaret",
    },
    "nn": {
        r"byrj\w*": "begynne",
        r"vart": "blei",
        r"(?:dei|som) svara": "svarte",
        r"treng ikkje å": "treng ikkje",
        r"difor": "derfor",
        r"tåler": "toler",
        r"tilsettlist\w*": "lista over tilsette",
        r"kontaktpersonen(?! (?:for|i) )": "stafetthaldaren",
        r"per teneste": "for kvar teneste",
        r"han eller ho": "ho eller han",
        r"(?:bli\w*) med rundt": "bli med i stafettloggen for",
        r"svar(?:e|er|te|t)? på (?:samtykke|stafettpinnen)": "svare på spørsmålet om …, på tilbodet om …",
        r"(?:skriv|spør|snakk|lov|undersøk|del) ikkje": "«Ikkje» + the verb",
        r"ikke|noen|hvem|hvordan": "ikkje, nokon, kven, korleis",
    },
    "en": {
        r"measures?": "action",
        r"notices?": "notification",
        r"anew": "again",
        r"(?:no longer|also|protection) holds?": "applies, is valid",
        r"e-mails?": "email",
        r"(?<!pedagogical )leaders?": "manager",
        r"nearest manager": "manager",
        r"next of kin": "someone close",
        r"interdisciplinary": "together",
        r"consents(?! to)": "what you have said yes to",
    },
}
# The same, where a capital makes the difference.
WITH_CASE = {"en": {r"bokmål|nynorsk": "Bokmål, Nynorsk"}}

# What a family reads. A name that ends in / is a folder.
FAMILY = (
    "templates/stafettlogg/family/",
    "templates/portal/help",
    "templates/portal/privacy",
    "templates/portal/young",
    "templates/pdf/consent_",
    "templates/pdf/family_log",
    "templates/emails/",
    "apps/stafettlogg/views/family/",
    "apps/stafettlogg/forms/family",
    "apps/stafettlogg/selectors/family_",
)
MARKS = {"_", "gettext", "gettext_lazy", "_lazy", "ngettext", "pgettext"}
TRANSLATE = re.compile(r'{% translate "([^"]+)"')
BLOCK = re.compile(r"{% blocktranslate([^%]*)%}(.*?){% endblocktranslate[^%]*%}", re.DOTALL)
FIELD = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?|msgctxt) (".*")$')
PLACE = re.compile(r"%\((\w+)\)[sd]")
SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")
IN_LANGUAGE = re.compile(r'<(\w+)[^>]* lang="(nn|en)"[^>]*>(.*?)</\1>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


class Text(NamedTuple):
    """One text on screen: where it stands, its language ("nb", "nn", "en") and its words."""

    where: str
    language: str
    words: str


@cache
def catalogue(language: str) -> dict[str, list[str]]:
    """Bokmål -> its translations, one for each number, from the file that the translator writes."""
    found: dict[str, list[str]] = {}
    entry: dict[str, str] = {}
    field = ""
    for line in [*(ROOT / f"locale/{language}/LC_MESSAGES/django.po").read_text("utf-8").splitlines(), 'msgid ""']:
        start = FIELD.match(line)
        if start and start[1] in ("msgid", "msgctxt") and "msgstr" in " ".join(entry):
            translations = [words for name, words in entry.items() if name.startswith("msgstr")]
            found |= {entry[name]: translations for name in ("msgid", "msgid_plural") if name in entry}
            entry = {}
        if start:
            field = start[1]
            entry[field] = ast.literal_eval(start[2])
        elif line.startswith('"'):
            entry[field] += ast.literal_eval(line)
    return {msgid: words for msgid, words in found.items() if msgid}


def in_template(text: str) -> Iterator[str]:
    """Every bokmål text that the template marks for translation, as it stands in the catalogue."""
    yield from TRANSLATE.findall(text)
    for options, inner in BLOCK.findall(text):
        for part in re.split(r"{% plural %}", inner):
            words = re.sub(r"{{ (\w+) }}", r"%(\1)s", part)
            yield re.sub(r"\s*\n\s*", " ", words.strip()) if "trimmed" in options else words


def in_code(text: str) -> Iterator[str]:
    """The same of a Python file."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            yield from (
                given.value for given in node.args if isinstance(given, ast.Constant) and isinstance(given.value, str)
            )


def in_file(path: Path) -> Iterator[str]:
    return (in_code if path.suffix == ".py" else in_template)(path.read_text("utf-8"))


def with_translations(where: str, msgid: str) -> Iterator[Text]:
    yield Text(where, "nb", msgid)
    for language in ("nn", "en"):
        yield from (Text(where, language, words) for words in catalogue(language).get(msgid, []))


def family_texts() -> Iterator[Text]:
    paths = [path for root in ("apps", "templates") for path in sorted((ROOT / root).rglob("*.*"))]
    for path in paths:
        if name_of(path).startswith(FAMILY) and path.suffix in (".py", ".html", ".txt"):
            yield from chain.from_iterable(with_translations(name_of(path), msgid) for msgid in in_file(path))
    yield from fixture_texts(ROOT / "fixtures/consent/texts.json")


def fixture_texts(path: Path) -> Iterator[Text]:
    """Everything under the key of a language."""

    def walk(value, place: str, language: str) -> Iterator[Text]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from walk(inner, f"{place}.{key}", key if key in FORBIDDEN else language)
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                key = inner.get("key", inner.get("slug", number)) if isinstance(inner, dict) else number
                yield from walk(inner, f"{place}[{key}]", language)
        elif isinstance(value, str) and language:
            yield Text(place, language, value)

    yield from walk(json.loads(path.read_text("utf-8")), name_of(path), "")


def error_pages() -> Iterator[Text]:
    """The static pages hold all three languages: bokmål, and short pieces that say which they are."""
    for path in sorted((ROOT / "templates/errors").glob("*.html")):
        page = path.read_text("utf-8")
        yield from (Text(name_of(path), found[1], found[2]) for found in IN_LANGUAGE.findall(page))
        yield Text(name_of(path), "nb", TAG.sub(" ", IN_LANGUAGE.sub(" ", page)))


@cache
def all_texts() -> list[Text]:
    texts = [text for msgid in catalogue("nn") for text in with_translations("locale", msgid)]
    fixtures = sorted((ROOT / "fixtures").rglob("*.json"))
    return [*texts, *chain.from_iterable(map(fixture_texts, fixtures)), *error_pages()]


def forbidden_in(text: Text) -> list[str]:
    """What is said in the text and should be said in another way."""
    found = []
    for words, flags in ((FORBIDDEN, re.IGNORECASE), (WITH_CASE, re.NOFLAG)):
        for pattern, instead in words.get(text.language, {}).items():
            hit = re.search(rf"(?<!\w)(?:{pattern})(?!\w)", PLACE.sub("", text.words), flags)
            found += [f"{text.where} ({text.language}): «{hit[0]}» → {instead}"] if hit else []
    return found


def long_sentences(words: str) -> list[str]:
    """The sentences of more than 20 words. A name or number that is put in counts as one word."""
    plain = TAG.sub("", PLACE.sub("x", words))
    return [
        one for one in SENTENCE.split(plain) if len([w for w in one.split() if re.search(r"\w", w)]) > LONGEST_SENTENCE
    ]


@pytest.mark.parametrize(
    ("language", "bad", "good"),
    [
        ("nb", "Spørsmålet er besvart.", "Du har fått svar på spørsmålet."),
        ("nb", "Vi sender ikke melding til noen.", "Send melding til barnevernet. Gi beskjed til familien."),
        ("nb", "Skriv ikke navn.", "Ikke skriv navn. Du skriver ikke under."),
        ("nn", "Loggen byrjar her.", "Loggen begynner her. Sjå svara."),
        ("nn", "Svar på samtykke.", "Svara på samtykke, og svar på spørsmålet om samtykke."),
        ("en", "Your measure for %(name)s.", "Your action, %(measure)s."),
        ("en", "Write it in bokmål.", "Write it in Bokmål."),
        ("en", "The unit has no leader.", "Pedagogical leader. It leads to a step."),
    ],
)
def test_forbidden_words_are_found_and_good_ones_left(language, bad, good):
    found, left = (forbidden_in(Text("here", language, words)) for words in (bad, good))

    assert (len(found), left) == (1, [])


def test_sentence_of_twenty_words_is_the_longest():
    twenty = "<b>Du</b> – %(name)s " + "og " * 18

    assert (long_sentences(f"Hei. {twenty}"), long_sentences(f"{twenty}to. Hei")) == (
        [],
        ["Du – x " + "og " * 18 + "to."],
    )


@pytest.mark.parametrize(
    ("page", "given", "language", "words"),
    [
        ("pdf/consent_paper_signature.html", {"months": 1, "name": "Mari Vik"}, "nb", "i 1 måned."),
        ("pdf/consent_paper_signature.html", {"months": 12, "name": "Mari Vik"}, "nn", "i 12 månader."),
        ("stafettlogg/request_note.html", {"days": 1}, "nn", "etter 1 dag."),
        ("stafettlogg/request_receipt_next.html", {"days": 1}, "en", "after 1 day."),
        ("stafettlogg/request_receipt_next.html", {"days": 30}, "nb", "etter 30 dager."),
    ],
)
def test_number_of_one_agrees_with_its_noun(page, given, language, words):
    with translation.override(language):
        assert words in render_to_string(page, given)


def test_no_text_holds_a_word_that_has_a_better_one():
    texts = all_texts()
    print(f"\n{len(texts)} texts read")

    assert [found for text in texts for found in forbidden_in(text)] == []


def test_sentences_that_families_read_are_short():
    texts = {(text.language, text.words): text for text in family_texts()}
    print(f"\n{len(texts)} texts of families read")
    long = [(text.where, text.language, one) for text in texts.values() for one in long_sentences(text.words)]

    assert long == []
