"""Every letter that people write is drawn in a PDF as it was written.

The words of a PDF can be right while its pictures are wrong: the text and the drawn shapes are two things. So the pages
are drawn here and looked at.
"""

import subprocess
import unicodedata
from io import BytesIO

import pytest
from django.templatetags.static import static
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from apps.core import pdf

ALPHABETS = {
    "norwegian": "abcdefghijklmnopqrstuvwxyzæøåABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ0123456789éèêòóôüäöÉÄÖÜ",
    "sámi": "áčđŋšŧžÁČĐŊŠŦŽïĩńñǥǧǩʒǯǤǦǨƷǮõâ",
    "polish": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
    "turkish": "çğıöşüÇĞİÖŞÜ",
    "latin extended": "".join(map(chr, range(0x100, 0x180))).replace("ŉ", ""),  # ŉ is given up by Unicode itself
    "vietnamese": "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA))),
    "cyrillic": "".join(map(chr, range(0x400, 0x460))) + "ґҐўЎ",
    "greek": "".join(letter for letter in map(chr, range(0x386, 0x3CF)) if letter not in "\u0387\u038b\u038d\u03a2"),
    "arabic": "".join(map(chr, [*range(0x621, 0x63B), *range(0x641, 0x64B)])) + "پچژگکیەۆڕڵێټډړږښڼۍې؟،",
    "ethiopic": "".join(map(chr, range(0x1200, 0x1248))) + "ተርጓሚአከወዘየደጀገጠጨጰጸፈፐ",
    "emoji": "😀😢❤👍👩👧🏠🎉⭐",
}
EVERY = "".join(dict.fromkeys("".join(ALPHABETS.values())))
UNASSIGNED = "\u0378\u0379\u0380\u0381"
SIDE = 40  # points of a letter's cell, drawn as one dot each
DOTS = 72
COLUMNS, ROWS = 14, 20


def document(style: str, body: str) -> bytes:
    return pdf.make(
        f'<!doctype html><html lang="nb"><head><title>Bokstaver</title><link rel="stylesheet" href='
        f'"{static("css/pdf.css")}"><style>{style}</style></head><body>{body}</body></html>'
    )


def grid(letters: str) -> bytes:
    """One letter in each cell."""
    pages = []
    for first in range(0, len(letters), COLUMNS * ROWS):
        cells = "".join(
            f'<b style="left:{at % COLUMNS * SIDE}pt;top:{at // COLUMNS * SIDE}pt">{letter}</b>'
            for at, letter in enumerate(letters[first : first + COLUMNS * ROWS])
        )
        pages.append(f"<section>{cells}</section>")
    style = (
        "@page{margin:0;@bottom-right{content:none}} body{margin:0}"
        "section{position:relative;height:820pt;break-after:page}"
        f"b{{position:absolute;width:{SIDE}pt;height:{SIDE}pt;font-size:16pt;font-weight:400;text-align:center}}"
    )
    return document(style, "".join(pages))


def pages_of(made: bytes, tmp_path, *, dots: int) -> list[Image.Image]:
    file = tmp_path / "made.pdf"
    file.write_bytes(made)
    subprocess.run(["pdftoppm", "-r", str(dots), "-gray", file, tmp_path / f"p{dots}"], check=True)
    drawn = [Image.open(path).copy() for path in sorted(tmp_path.glob(f"p{dots}-*.pgm"))]
    for path in tmp_path.glob(f"p{dots}-*.pgm"):
        path.unlink()
    return drawn


def pictures(letters: str, tmp_path) -> dict[str, bytes]:
    """How each letter is drawn, in a document with all of these."""
    drawn = pages_of(grid(letters), tmp_path, dots=DOTS)
    made = {}
    for at, letter in enumerate(letters):
        page, cell = divmod(at, COLUMNS * ROWS)
        left, top = cell % COLUMNS * SIDE, cell // COLUMNS * SIDE
        made[letter] = drawn[page].crop((left, top, left + SIDE, top + SIDE)).tobytes()
    return made


def is_blank(picture: bytes) -> bool:
    return min(picture) > 200


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> dict[str, bytes]:
    """Every letter drawn in one document, where each font stands beside the others."""
    return pictures(EVERY + UNASSIGNED, tmp_path_factory.mktemp("mixed"))


def test_every_letter_is_drawn_and_none_is_the_box_of_a_missing_one(mixed):
    boxes = {mixed[letter] for letter in UNASSIGNED}

    assert [letter for letter in EVERY if is_blank(mixed[letter])] == []
    assert [letter for letter in EVERY if mixed[letter] in boxes] == []
    # Whatever has no letter of its own looks like its neighbours: most letters look like no other.
    assert len(set(mixed.values())) > 0.85 * len(mixed)


@pytest.mark.parametrize("name", ALPHABETS)
def test_letter_is_drawn_beside_all_others_as_in_its_own_alphabet(name, mixed, tmp_path):
    """Letters of one font once were drawn by the numbers of another, when a document had both."""
    alone = pictures("".join(dict.fromkeys(ALPHABETS[name])), tmp_path)

    assert [letter for letter, picture in alone.items() if not is_like(picture, mixed[letter])] == []


def is_like(one: bytes, other: bytes) -> bool:
    """Whether two pictures show the same: the place of a letter in its cell may differ by a part of a dot."""
    different = sum(abs(left - right) for left, right in zip(one, other, strict=True))
    return different <= 0.35 * sum(255 - dot for dot in one)


def test_fonts_in_the_document_have_every_letter():
    reader, mapped = PdfReader(BytesIO(grid(EVERY))), {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            described = font["/DescendantFonts"][0]["/FontDescriptor"]
            mapped |= TTFont(BytesIO(described["/FontFile2"].get_data())).getBestCmap()

    def is_mapped(letter):  # in Arabic a letter may be drawn as a plain one and a mark without a letter of its own
        drawn = {letter, unicodedata.normalize("NFD", letter)[0]} if letter in ALPHABETS["arabic"] else {letter}
        return any(mapped.get(ord(part), ".notdef") != ".notdef" for part in drawn)

    assert [letter for letter in EVERY if not is_mapped(letter)] == []


@pytest.mark.parametrize("first", ["Emma leker med Šárá hver dag.", "Šárá leker med Emma hver dag.", "Yıldız og Đặng."])
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nor", "Barnehagen ringer foreldrene på tirsdag og spør hvordan det går hjemme."),
        ("pol", "Łukasz bawi się z siostrą i zjadł dziś pyszną zupę."),
    ],
)
def test_sentence_reads_as_it_was_written(first, language, sentence, tmp_path):
    """Read from the picture, whichever font the document met first. (There is no reader of pictures in Sámi.)"""
    small = f'<p class="footer">{first}</p><p class="footer">{sentence}</p>'
    made = document("", f"<p>{first}</p>{small}<p>{sentence}</p><p>Čáhppe ŋ ŧ Привет سلام ተርጓሚ</p>")
    (page,) = pages_of(made, tmp_path, dots=200)
    page.crop((0, 0, page.width, page.height // 3)).save(tmp_path / "page.png")

    read = subprocess.run(
        ["tesseract", tmp_path / "page.png", "-", "-l", language], capture_output=True, text=True, check=True
    ).stdout

    assert " ".join(read.split()).count(sentence) == 2


def test_page_number_is_a_number_beside_any_letter(tmp_path):
    """The corner of the paper was drawn as gibberish as soon as a page had one letter that is not Norwegian."""
    corners = []
    for text in ("Emma", "Šárá", "Emma og Šárá", "Yıldız"):
        (page,) = pages_of(document("", f"<h1>{text}</h1><p>{text}</p>"), tmp_path, dots=DOTS)
        corners.append(page.crop((page.width // 2, page.height - 70, page.width, page.height)).tobytes())

    assert len(set(corners)) == 1
    assert not is_blank(corners[0])


def test_long_word_stays_on_the_paper(tmp_path):
    (page,) = pages_of(document("", f"<p>{'m' * 300}</p>"), tmp_path, dots=DOTS)
    margin = page.crop((page.width - 40, 0, page.width, page.height // 2))

    assert is_blank(margin.tobytes())
