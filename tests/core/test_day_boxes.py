"""A known day is written in three boxes, which keep what was written."""

import datetime

import pytest
from django import forms

from apps.core.day_boxes import KnownDayField
from apps.core.forms import PortalForm

BORN = datetime.date(2021, 5, 4)


class BornForm(PortalForm, forms.Form):
    born = KnownDayField(label="Fødselsdato", last_day=datetime.date(2026, 10, 8))


def boxes(day, month, year):
    return {"born_day": day, "born_month": month, "born_year": year}


@pytest.mark.parametrize(
    "posted",
    [
        boxes("4", "5", "2021"),
        boxes("04.", " 05 ", "21"),
        boxes("4", "mai", "2021"),
        boxes("4.5.2021", "", ""),
        {"born": "2021-05-04"},
        {"born": "04.05.2021"},
    ],
)
def test_a_day_is_read_as_people_write_it(posted):
    form = BornForm(posted)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == BORN


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        (boxes("", "", ""), "Fyll ut «Fødselsdato»."),
        (boxes("4", "", "2021"), "Skriv dag, måned og år med tall, for eksempel 4, 5 og 2021."),
        (boxes("4", "5", "202"), "Skriv dag, måned og år med tall, for eksempel 4, 5 og 2021."),
        (boxes("31", "2", "2021"), "Denne dagen finnes ikke. Se på dagen og måneden."),
        (boxes("9", "10", "2026"), "Datoen kan ikke være etter 08.10.2026."),
    ],
)
def test_the_error_says_what_to_do(posted, message):
    assert BornForm(posted).errors["born"] == [message]


def test_boxes_keep_what_was_written_and_suggest_no_other_child():
    page = str(BornForm(boxes("31", "februar", "2021"))["born"])

    for name, value in (("day", "31"), ("month", "februar"), ("year", "2021")):
        box = next(line for line in page.split("<input")[1:] if f'name="born_{name}"' in line)
        assert f'value="{value}"' in box
        assert 'inputmode="numeric"' in box
        assert 'autocomplete="off"' in box


@pytest.mark.parametrize("day", [BORN, "2021-05-04", "4.5.2021"])
def test_a_day_that_is_there_already_stands_in_the_boxes(day):
    page = str(BornForm(initial={"born": day})["born"])

    assert all(f'value="{part}"' in page.replace('"0', '"') for part in (4, 5, 2021))


def test_the_link_of_the_error_leads_to_the_first_box():
    form = BornForm(boxes("4", "", ""))

    assert f'id="{form["born"].first_id}"' in str(form["born"]).partition("born_month")[0]
