"""A page of a log is a list of sections: what is shown where, what is left out, and what is read once."""

import datetime
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from apps.stafettlogg.enums import EVERY_SCOPE, WHOLE_LOG
from apps.stafettlogg.rules.scopes import WHOLE, Reach
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.views.family.log import FAMILY_SECTIONS
from apps.stafettlogg.views.logs import LOG_SECTIONS
from apps.stafettlogg.views.sections import BELOW, MAIN, SIDE, Section, Shown, sections_of

NOW = datetime.datetime(2026, 10, 8, 10, 0, tzinfo=datetime.UTC)
TEMPLATES = Path(settings.BASE_DIR) / "templates"
ALL = (*LOG_SECTIONS, *FAMILY_SECTIONS)


@pytest.fixture
def page():
    return LogPage(user=None, log=None, row=None, now=NOW, reach=WHOLE)


def test_sections_keep_their_order_and_place(page):
    first = Section(SIDE, WHOLE_LOG, "a.html", lambda page: {"a": 1})
    second = Section(SIDE, WHOLE_LOG, "b.html", lambda page: {})
    wide = Section(MAIN, EVERY_SCOPE, "c.html", lambda page: {"c": page.today})

    shown = sections_of(page, [first, wide, second])

    assert shown == {
        MAIN: [Shown("c.html", {"c": datetime.date(2026, 10, 8)})],
        SIDE: [Shown("a.html", {"a": 1}), Shown("b.html", {})],
        BELOW: [],
    }


def test_section_with_nothing_to_show_is_left_out(page):
    assert sections_of(page, [Section(MAIN, WHOLE_LOG, "a.html", lambda page: None)]) == {MAIN: [], SIDE: [], BELOW: []}


def test_section_is_left_out_for_who_reads_less_of_the_log_than_it_is_for():
    page = LogPage(user=None, log=None, row=None, now=NOW, reach=Reach(units=frozenset()))
    wide = Section(MAIN, WHOLE_LOG, "a.html", lambda page: {"read": True})
    narrow = Section(MAIN, EVERY_SCOPE, "b.html", lambda page: {})

    assert sections_of(page, [wide, narrow]) == {MAIN: [Shown("b.html", {})], SIDE: [], BELOW: []}


def test_page_reads_each_thing_once(page):
    asked = []

    def nothing(page):
        asked.append(page)

    assert [page.once(nothing), page.once(nothing)] == [None, None]
    assert asked == [page]


def test_each_section_has_a_template_of_its_own():
    folders = [TEMPLATES / "stafettlogg" / "sections", TEMPLATES / "stafettlogg" / "family" / "sections"]
    there = [path.relative_to(TEMPLATES).as_posix() for folder in folders for path in folder.glob("*.html")]

    assert Counter(section.template for section in ALL) == Counter(there)
