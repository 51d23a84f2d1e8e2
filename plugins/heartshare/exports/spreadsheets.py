"""What stands in a workbook: its sheets as parts, every cell as text."""

from __future__ import annotations

import io
from datetime import date, time
from functools import partial
from typing import TYPE_CHECKING

from heartshare.exports.archives import open_archive
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.parts import Part, Row, RowsPart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import xlrd

_EXPORT_AGAIN = "Download the export again."
#: Above this a float no longer holds every whole number.
_EXACT_LIMIT = 2**53


def open_xls(path: Path, name: str) -> list[Part]:
    """Return the sheets of a legacy BIFF workbook."""
    import xlrd

    try:
        # Unless told otherwise it prints its doubts to standard output.
        book = xlrd.open_workbook(
            file_contents=path.read_bytes(), logfile=io.StringIO()
        )
    except Exception as error:  # xlrd raises many kinds on damaged files
        problem = f"the workbook is damaged ({type(error).__name__})"
        raise UnreadableFileError(name, problem, _EXPORT_AGAIN) from error

    def rows_of(sheet: xlrd.sheet.Sheet) -> Iterator[Row]:
        for index in range(sheet.nrows):
            cells = [_xls_text(cell, book.datemode) for cell in sheet.row(index)]
            if any(cells):
                yield index + 1, cells

    return [RowsPart(sheet.name, partial(rows_of, sheet)) for sheet in book.sheets()]


def open_xlsx(path: Path, name: str) -> list[Part]:
    """Return the sheets of a workbook; formulas count with their stored values."""
    import openpyxl

    open_archive(path, name)[0].close()
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheets = [
            (sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)])
            for sheet in book.worksheets
        ]
        book.close()
    except Exception as error:  # openpyxl raises many kinds on damaged files
        problem = f"the workbook is damaged ({type(error).__name__})"
        raise UnreadableFileError(name, problem, _EXPORT_AGAIN) from error

    def rows_of(values: list[list[object]]) -> Iterator[Row]:
        for index, row in enumerate(values):
            cells = [_value_text(value) for value in row]
            if any(cells):
                yield index + 1, cells

    return [RowsPart(title, partial(rows_of, values)) for title, values in sheets]


def _xls_text(cell: xlrd.sheet.Cell, datemode: int) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        return _moment_text(xlrd.xldate_as_datetime(cell.value, datemode))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "true" if cell.value else "false"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR")
    return _value_text(cell.value)


def _value_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_LIMIT:
        return str(int(value))
    if isinstance(value, date | time):
        return _moment_text(value)
    return str(value)


def _moment_text(value: date | time) -> str:
    return str(value).removesuffix(" 00:00:00")
