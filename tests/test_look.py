"""What holds for the look as a whole: the weight of a first visit, pages that stand alone, components that say what
they take, and that what was fetched is what was kept."""

import hashlib
import re

import brotli
import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
STATIC = settings.BASE_DIR / "static"
BUDGET = 120_000
ALONE = ["400.html", "404.html", "500.html", "503.html"]
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))


def _files_of_a_first_visit():
    base = (TEMPLATES / "base.html").read_text("utf-8")
    named = re.findall(r'{% static "([^"]+)" %}', base)
    return {*named, "img/icons.svg", "img/arms.svg", "vendor/inter-5.3.0/inter-latin.woff2"}


def test_first_visit_leaves_room_for_the_page_itself():
    weights = {name: len(brotli.compress((STATIC / name).read_bytes())) for name in _files_of_a_first_visit()}

    assert sum(weights.values()) < BUDGET - 30_000, weights


def test_no_style_sheet_fetches_from_elsewhere():
    sheets = [*(STATIC / "css").glob("*.css"), *STATIC.glob("vendor/*/*.css")]
    fetched = {url for sheet in sheets for url in re.findall(r"url\([\"']?([^\"')]+)", sheet.read_text("utf-8"))}

    assert {url for url in fetched if not url.startswith(("data:", "../"))} == set()


def test_colours_are_written_in_the_palette_only():
    own = [sheet for sheet in (STATIC / "css").glob("*.css") if sheet.name not in ("theme.css", "pdf.css")]
    written = {(s.name, colour) for s in own for colour in re.findall(r"(?<!u)#[0-9a-f]{3,8}\b|rgba?\(", s.read_text())}

    assert written == set()


@pytest.mark.parametrize("name", ALONE)
def test_page_that_stands_alone_is_the_same_bytes_for_everyone(name):
    page = (TEMPLATES / "errors" / name).read_text("utf-8")

    assert re.findall(r"{[{%#]", page) == []
    assert re.findall(r"<script|<style|style=|\son\w+=", page) == []


@pytest.mark.parametrize("name", ALONE)
def test_page_that_stands_alone_finds_its_files(name):
    page = (TEMPLATES / "errors" / name).read_text("utf-8")
    wanted = re.findall(r'(?:href|src)="/static/([^"]+)"', page)

    assert wanted
    assert [file for file in wanted if not (STATIC / file).is_file()] == []


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_component_opens_by_saying_what_it_takes(path):
    assert path.read_text("utf-8").startswith("{% comment %}")


def test_what_was_fetched_is_what_was_kept():
    table = (STATIC / "vendor" / "VENDOR.md").read_text("utf-8")
    listed = re.findall(r"^([0-9a-f]{64})  (\S+)$", table, flags=re.MULTILINE)
    wrong = [
        path for digest, path in listed if hashlib.sha256((settings.BASE_DIR / path).read_bytes()).hexdigest() != digest
    ]

    assert listed
    assert wrong == []
