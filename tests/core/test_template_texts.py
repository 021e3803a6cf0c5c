"""What a screen reader says is translated too, and the pages that stand alone speak all three languages."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path("templates")
SPOKEN = re.compile(r'\b(?:aria-label|alt|title|placeholder)="([^"{]*[A-Za-zÆØÅæøå]{2}[^"{]*)"')
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}|{% translate .*?%}", re.DOTALL)
# The style guide is for those who write templates, and shows them as they are written.
FOR_READERS = [path for path in sorted(TEMPLATES.rglob("*.html")) if TEMPLATES / "core" / "style" not in path.parents]


def test_no_attribute_holds_a_text_outside_the_translations():
    found = {str(path): SPOKEN.findall(path.read_text("utf-8")) for path in FOR_READERS}

    assert {path: texts for path, texts in found.items() if texts} == {}


def test_quotation_marks_around_what_somebody_wrote_follow_the_language():
    untranslated = {path: TRANSLATED.sub("", path.read_text("utf-8")) for path in FOR_READERS}

    found = [str(path) for path, text in untranslated.items() if re.search(r"[«»“”]\s*{{|}}\s*[«»“”]", text)]

    assert found == []  # the filter `quoted` gives them


@pytest.mark.parametrize("page", sorted(path.name for path in (TEMPLATES / "errors").glob("[0-9]*.html")))
def test_a_page_that_stands_alone_also_speaks_nynorsk_and_english(page):
    text = (TEMPLATES / "errors" / page).read_text("utf-8")

    assert all(f'lang="{language}"' in text for language in ("nb", "nn", "en"))
