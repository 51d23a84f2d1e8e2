"""What stands in a workbook: its sheets as parts, every cell as text."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, time
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from heartshare.exports.archives import open_archive
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.parts import Part, Row, RowsPart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import xlrd

_BOOK_MEMBER = "xl/workbook.xml"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>]")
_EXPORT_AGAIN = "Download the export again."
#: Titles and values of sheets, row by row.
_Sheets: TypeAlias = "list[tuple[str, list[list[object]]]]"
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
    """Return the sheets of a workbook; formulas count with their stored values.

    A formula without one stays a formula, so that no figure turns into not reported.
    """
    open_archive(path, name)[0].close()
    try:
        declared, has_formulas = _outline(path)
        sheets = _sheets(path, data_only=True)
        if has_formulas:
            _fill_uncalculated(sheets, _sheets(path, data_only=False))
    except Exception as error:  # openpyxl raises many kinds on damaged files
        problem = f"the workbook is damaged ({type(error).__name__})"
        raise UnreadableFileError(name, problem, _EXPORT_AGAIN) from error
    if len(sheets) < declared:
        problem = f"the workbook lists {declared} sheets and holds {len(sheets)}"
        raise UnreadableFileError(name, problem, _EXPORT_AGAIN)

    def rows_of(values: list[list[object]]) -> Iterator[Row]:
        for index, row in enumerate(values):
            cells = [_value_text(value) for value in row]
            if any(cells):
                yield index + 1, cells

    return [RowsPart(title, partial(rows_of, values)) for title, values in sheets]


def _outline(path: Path) -> tuple[int, bool]:
    """Return how many tables a workbook lists, and whether any cell is a formula."""
    with zipfile.ZipFile(path) as archive:
        listed = len(_SHEET.findall(archive.read(_BOOK_MEMBER)))
        names = archive.namelist()
        charts = sum(name.startswith("xl/chartsheets/sheet") for name in names)
        has_formulas = any(
            _FORMULA.search(archive.read(name))
            for name in names
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )
    return listed - charts, has_formulas


def _sheets(path: Path, *, data_only: bool) -> _Sheets:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=data_only)
    try:
        return [
            (sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)])
            for sheet in book.worksheets
        ]
    finally:
        book.close()


def _fill_uncalculated(sheets: _Sheets, formulas: _Sheets) -> None:
    """Put formulas where no program has stored what they come to."""
    for (_, rows), (_, written) in zip(sheets, formulas, strict=True):
        for row, given in zip(rows, written, strict=True):
            for at, (value, formula) in enumerate(zip(row, given, strict=True)):
                if value is None and formula is not None:
                    row[at] = str(formula)


def _xls_text(cell: xlrd.sheet.Cell, datemode: int) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return _moment_text(xlrd.xldate_as_datetime(cell.value, datemode))
        except (xlrd.xldate.XLDateError, ArithmeticError, ValueError):
            return _value_text(cell.value)  # no day: the row says so
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
