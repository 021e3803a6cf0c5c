"""A spreadsheet as people save it: every encoding, every separator, and nothing that is no spreadsheet."""

import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from apps.core.errors import RuleBroken
from apps.core.spreadsheets import MOST_BYTES, SheetRow, heading_of, read_sheet

ROWS = [SheetRow(2, {"navn": "Åse Sørby", "e-post": "ase@solvik.example"})]
TEXT = "Navn;E-post\r\nÅse Sørby;ase@solvik.example\r\n"


def xlsx(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_encoding_people_save_in(encoding):
    assert read_sheet(TEXT.encode(encoding)) == ROWS


@pytest.mark.parametrize("between", [";", ",", "\t"])
def test_every_separator(between):
    assert read_sheet(TEXT.replace(";", between).encode()) == ROWS


def test_xlsx_with_days_and_numbers():
    data = xlsx(["Navn *", "Første dag", "Rad"], ["Åse", datetime.date(2026, 8, 1), 12.0], [None, None, None])

    assert read_sheet(data) == [SheetRow(2, {"navn": "Åse", "første dag": "2026-08-01", "rad": "12"})]


def test_a_formula_is_never_run_and_no_formula_of_ours_comes_back():
    data = xlsx(["Navn"], ["=1+1"])

    # The file was never opened in a spreadsheet program, so the formula has no last value.
    assert read_sheet(data) == []


def test_empty_rows_and_unknown_columns_are_left_out():
    data = b"Navn;;Annet\n\nAse;x;y\n;;\n"

    assert read_sheet(data) == [SheetRow(3, {"navn": "Ase", "annet": "y"})]


def test_cells_are_texts_on_one_line():
    assert read_sheet(b'Navn;Stilling\n"Ase\nSorby";" a  b "\n')[0].cells == {
        "navn": "Ase Sorby",
        "stilling": "a b",
    }


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_headings"),
        (b";;\n1;2;3\n", "no_headings"),
        (b"Navn;navn\n1;2\n", "heading_twice"),
        (b"PK\x03\x04 rubbish", "no_sheet"),
        (b"\x00\x01\x02\x03", "no_sheet"),
        (b"a" * (MOST_BYTES + 1), "too_large"),
        (b"Navn\n" + b"a\n" * 5001, "too_many_rows"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(data, code):
    with pytest.raises(RuleBroken) as refused:
        read_sheet(data)

    assert refused.value.code == code


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)

    with pytest.raises(RuleBroken) as refused:
        read_sheet(out.getvalue())

    assert refused.value.code == "too_large"


def test_headings_are_compared_folded():
    assert heading_of("  E-POST * ") == heading_of("e-post:") == "e-post"
