import datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from apps.core.dates import FAR_DAY
from apps.core.templatetags import portal
from apps.core.text import LocalizedText

DAY = datetime.date(2026, 10, 12)
TODAY = datetime.date(2026, 10, 8)
# 23:30 in UTC is the next day in Oslo.
LATE = datetime.datetime(2026, 10, 11, 23, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("language", "long", "short", "weekday"),
    [
        ("nb", "12.\u00a0oktober 2026", "12.\u00a0oktober", "Mandag 12.\u00a0oktober 2026"),
        ("nn", "12.\u00a0oktober 2026", "12.\u00a0oktober", "Måndag 12.\u00a0oktober 2026"),
        ("en", "12\u00a0October 2026", "12\u00a0October", "Monday 12\u00a0October 2026"),
    ],
)
def test_dates_are_written_out_in_each_language(language, long, short, weekday):
    with translation.override(language):
        assert (portal.date_long(DAY), portal.date_short(DAY), portal.weekday_date(DAY)) == (long, short, weekday)


def test_dates_of_instants_are_local():
    with translation.override("nb"):
        assert portal.date_long(LATE) == "12.\u00a0oktober 2026"
        assert portal.time_long(LATE) == "12.\u00a0oktober 2026 klokka 01.30"
    with translation.override("en"):
        assert portal.time_long(LATE) == "12\u00a0October 2026 at 01:30"


def test_dates_open_end_and_nothing():
    with translation.override("nb"):
        assert (portal.date_long(FAR_DAY), portal.date_long(None), portal.time_long(None)) == (
            "Ingen sluttdato",
            "",
            "",
        )


@pytest.mark.parametrize(
    ("day", "words", "late"),
    [
        (datetime.date(2026, 10, 12), "Om 4 dager", False),
        (datetime.date(2026, 10, 9), "I morgen", False),
        (datetime.date(2026, 10, 8), "I dag", False),
        (datetime.date(2026, 10, 7), "Fristen var i går", True),
        (datetime.date(2026, 9, 26), "12 dager over fristen", True),
    ],
)
def test_due_says_how_far_and_marks_the_late(day, words, late):
    with translation.override("nb"):
        html = portal.due(day, TODAY)

    assert f"<span>{words}</span>" in html
    assert ("data-late" in html) == late


def test_due_far_away_shows_the_year():
    with translation.override("nb"):
        assert "<b>1.\u00a0august 2027</b>" in portal.due(datetime.date(2027, 8, 1), TODAY)


def test_due_nothing_is_nothing():
    assert portal.due(None, TODAY) == ""


@pytest.mark.parametrize(
    ("number", "href"),
    [("00 00 00 01", "+4700000001"), ("+47 00 00 00 01", "+4700000001"), ("112", "112"), ("116 111", "116111")],
)
def test_tel_is_a_number_that_can_be_dialled(number, href):
    assert portal.tel(number) == href


@pytest.mark.parametrize(("number", "shown"), [("00 00 00 03", "00\u00a000\u00a000\u00a003"), ("112", "112"), ("", "")])
def test_unbroken_number_stays_on_one_line(number, shown):
    assert portal.unbroken(number) == shown


@pytest.mark.parametrize(("language", "shown"), [("nb", "«Leke ute»"), ("nn", "«Leke ute»"), ("en", "“Leke ute”")])
def test_quoted_follows_the_language(language, shown):
    with translation.override(language):
        assert portal.quoted("Leke ute") == shown


def test_quoted_escapes_words_but_not_what_is_safe():
    template = Template("{% load portal %}{{ words|quoted }} {{ words|linebreaksbr|quoted }}")

    assert template.render(Context({"words": "a < b\nc"})) == "«a &lt; b\nc» «a &lt; b<br>c»"


@pytest.mark.parametrize(
    ("name", "letters"), [("Ane Solheim", "AS"), ("Emma", "E"), ("Kari Anne Li Moe", "KM"), ("", "")]
)
def test_initials_are_first_and_last(name, letters):
    assert portal.initials(name) == letters


def test_rings_one_per_level_around_the_child():
    assert [portal.rings(level).count("<circle") - 1 for level in (0, 1, 2, 3)] == [1, 1, 2, 3]
    assert "stroke-dasharray" in portal.rings(0)
    assert "stroke-dasharray" not in portal.rings(1)


def test_status_has_shape_and_words():
    with translation.override("nb"):
        html = portal.status("handling")

    assert "#status-handling" in html
    assert html.endswith("Må gjøres</span>")


def test_status_unknown_code_is_refused():
    with pytest.raises(ValueError, match="status-paused"):
        portal.status("paused")


def test_names_are_escaped():
    assert "<script>" not in portal.answer("yes", "<script>") + portal.avatar("<script> Moe")


def test_localized_marks_a_text_in_another_language():
    with translation.override("en"):
        assert portal.localized(LocalizedText({"nb": "Undring"})) == '<span lang="nb">Undring</span>'
        assert portal.localized(LocalizedText({"nb": "Undring", "en": "Wondering"})) == "Wondering"


def test_crumbs_link_to_all_but_the_page_itself():
    source = '{% load portal %}{% crumbs "Loggene" "/logger/" "Emma" "/logger/1/" "Plan" %}'
    html = Template(source).render(Context())

    assert '<a href="/logger/">Loggene</a>' in html
    assert '<a href="/logger/1/">Emma</a>' in html
    assert '<span aria-current="page">Plan</span>' in html


def test_table_row_must_fit_its_headings():
    with pytest.raises(ValueError, match="shorter"):
        portal.under(["Noah"], ["Barn", "Frist"])
