"""docs/test-catalogue.md is true: every row is there, and every test it names exists and is run where it says."""

import ast
import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
CATALOGUE = TESTS.parent / "docs" / "test-catalogue.md"
# The rows to be tested with every change, and the long ones with a short form. What is left out is said in the text.
ROWS = {
    "A": [*range(1, 10), *range(14, 20)],
    "B": range(1, 8),
    "C": [*range(1, 9), 10, 11],
    "D": range(1, 9),
    "E": range(1, 7),
    "G": range(1, 8),
    "J": range(1, 7),
    "L": range(1, 10),
    "M": [1, 2, 3, 4, 6, 7, 8],
}
LATER = "not yet: the feature comes later"
ROW = re.compile(r"^\| ([A-Z]\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"(\*drill\* )?`([\w/]+\.py)::(\w+)`")


def rows() -> list[tuple[str, str]]:
    return [(row, proof) for row, _what, proof in ROW.findall(CATALOGUE.read_text("utf-8"))]


@cache
def in_file(file: str) -> dict[str, bool]:
    """Name of each test in the file → whether it is a drill."""
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {
        node.name: any("mark.drill" in ast.unparse(decorator) for decorator in node.decorator_list)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_catalogue_has_every_row_once():
    expected = [f"{group}{number}" for group, numbers in ROWS.items() for number in numbers]

    assert [row for row, _proof in rows()] == expected


def test_each_row_names_a_test_or_says_that_it_waits():
    empty = [row for row, proof in rows() if not NAMED.search(proof) and LATER not in proof]

    assert empty == []


def test_each_test_named_exists_and_is_run_where_it_says():
    named = [(row, *found) for row, proof in rows() for found in NAMED.findall(proof)]
    wrong = [
        f"{row}: {file}::{name}"
        for row, drill, file, name in named
        if not (TESTS / file).exists() or in_file(file).get(name) is not bool(drill)
    ]

    assert len(named) > 100
    assert wrong == []


def test_each_row_that_does_not_wait_is_tested_with_every_change():
    only_long = [
        row
        for row, proof in rows()
        if LATER not in proof and all(drill for drill, _file, _name in NAMED.findall(proof))
    ]

    assert only_long == []


def test_every_drill_is_in_the_catalogue():
    drills = {
        f"{path.relative_to(TESTS).as_posix()}::{name}"
        for path in sorted(TESTS.rglob("test_*.py"))
        for name, is_drill in in_file(path.relative_to(TESTS).as_posix()).items()
        if is_drill
    }
    named = {f"{file}::{name}" for _row, proof in rows() for _drill, file, name in NAMED.findall(proof)}

    assert drills - named == set()
