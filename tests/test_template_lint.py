"""Templates can be read: how wide they are, how long, and what their parts say about themselves.

djangofmt lays them out; what it cannot break, a Django tag above all, is counted here. `-s` prints the figures.
"""

import re
from functools import cache

from tests.test_whole_project_lint import ROOT, files, name_of

TEMPLATES = ROOT / "templates"
WIDE, TOO_WIDE = 120, 200
WIDE_SHARE = 0.01
REAL_LINES = 60
# The frame of every page, the style page and a list of sections read the whole context, and say so in their comment.
WHOLE_CONTEXT = ("core/frame/", "core/style/", "stafettlogg/sections.html")

INCLUDE = re.compile(r'{% include "([^"]+)"((?:(?!%}).)*)%}')


@cache
def templates() -> dict[str, str]:
    return {name_of(path): path.read_text("utf-8") for path in files(".html") if path.is_relative_to(TEMPLATES)}


def lines_wider_than(columns: int) -> list[str]:
    numbered = ((name, *line) for name, text in templates().items() for line in enumerate(text.splitlines(), 1))
    return [f"{name}:{number}: {len(line)}" for name, number, line in numbered if len(line) > columns]


def real_lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.splitlines())


def includes() -> list[tuple[str, str, str]]:
    """The template that includes, the one it includes, and with what."""
    return [(name, *found) for name, text in templates().items() for found in INCLUDE.findall(text)]


def test_no_line_is_too_wide_to_read():
    assert lines_wider_than(TOO_WIDE) == []


def test_few_lines_are_wider_than_the_formatter_makes_them():
    lines = sum(len(text.splitlines()) for text in templates().values())
    wide = lines_wider_than(WIDE)
    print(f"\n{len(wide)} of {lines} lines are over {WIDE} columns ({len(wide) / lines:.2%})")

    assert len(wide) <= WIDE_SHARE * lines, "\n".join(wide)


def test_page_and_part_are_short_enough_to_read_at_once():
    counted = {name: real_lines(text) for name, text in templates().items()}
    print(f"\n{len(counted)} templates, the longest has {max(counted.values())} real lines")

    assert {name: lines for name, lines in counted.items() if lines > REAL_LINES} == {}


def test_part_gets_only_what_it_is_given():
    parts = [(name, part, given) for name, part, given in includes() if not part.startswith(WHOLE_CONTEXT)]

    assert [f"{name}: {part}" for name, part, given in parts if not given.endswith("only ")] == []


def test_part_opens_with_what_it_needs():
    parts = {f"templates/{part}" for _name, part, _given in includes()} & set(templates())

    assert [part for part in sorted(parts) if not templates()[part].startswith("{% comment %}")] == []
