"""A spreadsheet as rows of texts under headings: CSV or XLSX, as people save them.

Read are `;`, `,` and tab between the cells, UTF-8 with and without its mark, UTF-16 and Windows-1252. Nothing in the
file is run: a formula is its last value. What is too large is refused before it is unpacked.
"""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from apps.core.errors import RuleBroken
from apps.core.written import as_written

MOST_BYTES = 2_000_000
MOST_UNPACKED = 40_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 60


@dataclass(frozen=True)
class SheetRow:
    """One row that is not empty. `number` is its line in the file, the headings being line 1; a heading is folded."""

    number: int
    cells: dict[str, str]


def read_sheet(data: bytes) -> list[SheetRow]:
    """The rows of a CSV or of the first sheet of an XLSX. Raises `RuleBroken` for what is no such file."""
    if len(data) > MOST_BYTES:
        raise RuleBroken("too_large", _("Fila er for stor. Del den i to."))
    lines = _xlsx(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    rows = [[_text(cell) for cell in line[:MOST_COLUMNS]] for line in lines]
    if not rows or not any(rows[0]):
        raise RuleBroken("no_headings", _("Den øverste raden må ha overskrifter."))
    headings = [heading_of(cell) for cell in rows[0]]
    doubled = {heading for heading in headings if heading and headings.count(heading) > 1}
    if doubled:
        raise RuleBroken("heading_twice", _("Overskriften «%(heading)s» står to ganger.") % {"heading": min(doubled)})
    found = [
        SheetRow(number, {heading: cell for heading, cell in zip(headings, row, strict=False) if heading})
        for number, row in enumerate(rows[1:], start=2)
        if any(row)
    ]
    if len(found) > MOST_ROWS:
        raise RuleBroken("too_many_rows", _("Fila har for mange rader. Del den i to."))
    return found


def heading_of(text: str) -> str:
    """A heading as it is compared: «E-post * » and «e-post» are one."""
    return " ".join(text.strip(" *:.").casefold().split())


def _csv(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    if "\x00" in text:
        raise RuleBroken("no_sheet", _("Dette er ikke et regneark. Lagre det som CSV eller XLSX."))
    first = text.split("\n", 1)[0]
    between = max((";", "\t", ","), key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=between))
    except csv.Error as error:
        raise RuleBroken("no_sheet", _("Dette er ikke et regneark. Lagre det som CSV eller XLSX.")) from error


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _xlsx(data: bytes) -> Iterable[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise RuleBroken("too_large", _("Fila er for stor. Del den i to."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
        return [list(row) for row in rows]
    except RuleBroken:
        raise
    except Exception as error:  # whatever a broken file makes the reader stumble on
        raise RuleBroken("no_sheet", _("Vi kan ikke lese fila. Lagre den på nytt som XLSX eller CSV.")) from error


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(as_written(str(cell)).split())
