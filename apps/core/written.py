"""What people write: kept in one form, and compared in one form. Everything that is typed passes here.

The letters stay as they were written. What nobody sees, and what only differs in how a machine stores it, does not.
"""

import re
import unicodedata

# Kept inside words, where scripts and emoji need them: zero-width non-joiner and joiner.
_JOINERS = "\u200c\u200d"
# Visible signs of Arabic and Syriac that Unicode counts among the format characters.
_VISIBLE = {*map(chr, range(0x0600, 0x0606)), "\u06dd", "\u070f", "\u08e2"}
# Letters that look like an empty space and are none.
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
_LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ŋ": "n", "ŧ": "t", "ǥ": "g"}
    | {"ı": "i"}
)
_QUOTES = re.compile("['’‘‛ʼʹ′`´\"“”„«»]")


def as_written(text: str) -> str:
    """The text as it is kept: composed (NFC), line breaks as one `\\n`, without characters that nobody sees.

    Dropped are zero-width spaces, soft hyphens, marks and overrides of direction, byte order marks and letters that
    are blank. A zero-width joiner stays between two characters. Safe to repeat.
    """
    text = _LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", text))
    if text.isascii():
        return text
    kept = [letter for letter in text if not is_unseen(letter)]
    return "".join(letter for at, letter in enumerate(kept) if letter not in _JOINERS or _is_between(kept, at))


def is_unseen(letter: str) -> bool:
    """Whether the character draws nothing and joins nothing."""
    if letter in _BLANK:
        return True
    return unicodedata.category(letter) == "Cf" and letter not in _JOINERS and letter not in _VISIBLE


def _is_between(kept: list[str], at: int) -> bool:
    around = kept[at - 1 : at] + kept[at + 1 : at + 2]
    return at > 0 and len(around) == 2 and not any(letter.isspace() or letter in _JOINERS for letter in around)


def folded(text: str) -> str:
    """The text as it is compared and searched: what people take for the same name becomes the same.

    Without case, accents, quotation marks and punctuation; hyphens and dashes are spaces; «aa» is «å», which is «a».
    «Anne‑Lise O’Brien» and «anne lise obrien» are the same.
    """
    plain = unicodedata.normalize("NFKD", as_written(text).casefold()).casefold().translate(_PLAIN)
    letters = (letter for letter in _QUOTES.sub("", plain) if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in letters if letter not in _JOINERS).split()
    return " ".join(words).replace("aa", "a")


def folded_words(text: str) -> list[str]:
    """The words of a search, folded."""
    return folded(text).split()
