"""The sheet of texts that people label: written for spreadsheets, read back with care.

A spreadsheet may save it with semicolons or tabs, in another encoding, with other
columns around it; all that is read. What cannot be told apart from a mistake is named
with its row.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.cells import harmless
from heartshare.errors import InputError
from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

HEADER = ("text_code", "week", "platform_code", "text", "label", "labelled_by")
LABELS = (-2, -1, 0, 1, 2)
_NEEDED = ("text_code", "label")
_DELIMITERS = (",", ";", "\t")
_SHOWN_PROBLEMS = 10
_SHOWN_CHARACTERS = 40
#: What spreadsheets and telephones write for a minus: hyphens, dashes, the true sign.
_MINUS_SIGNS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\uff0d", "-"))
#: A first line that tells a spreadsheet the delimiter; spreadsheets do not show it.
_DELIMITER_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?[\d.,]+(E[+-]?\d+)?", re.IGNORECASE)
# A cell that swallowed half a file is told with its row, and not by the csv module.
csv.field_size_limit(64 * 1024 * 1024)
_WORKBOOKS = {b"PK\x03\x04": ".xlsx or .ods", b"\xd0\xcf\x11\xe0": ".xls"}


class UnreadableSheetError(InputError):
    """A file that should be a labelled sheet is none, or has damaged rows."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        shown = "\n  ".join(problems[:_SHOWN_PROBLEMS])
        more = len(problems) - _SHOWN_PROBLEMS
        rest = f"\n  and {more} more" if more > 0 else ""
        super().__init__(f"{path} cannot be read back:\n  {shown}{rest}")


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet as it stands there; ``number`` counts as spreadsheets do."""

    number: int
    text_code: str
    week: str
    platform_code: str
    text: str
    label: str
    labelled_by: str


def write_sheet(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows of ``HEADER`` as CSV that spreadsheets open and run nothing of.

    The file appears whole or not at all, and only its owner may read it.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADER)
    for code, week, platform, text, label, labelled_by in rows:
        name = harmless(labelled_by)
        writer.writerow((code, week, platform, harmless(text), label, name))
    write_whole(path, buffer.getvalue().encode("utf-8-sig"), mode=0o600)


def read_sheet(path: Path) -> list[SheetRow]:
    """Return the rows of a sheet, empty ones left out.

    Raises:
        UnreadableSheetError: it is a workbook, has no such columns, or cells too many.
    """
    delimiter, text = _delimited(_decoded(path))
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        problem = f"it is no CSV ({error}). Save the sheet again as CSV UTF-8."
        raise UnreadableSheetError(path, [problem]) from error
    names = [name.strip().casefold() for name in table[0]] if table else []
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        problem = (
            f"row 1: no column {' and no column '.join(missing)}. Keep the first row "
            "as `heartshare label` wrote it, and save the sheet as CSV."
        )
        raise UnreadableSheetError(path, [problem])
    twice = [name for name in HEADER if names.count(name) > 1]
    if twice:
        problem = f"row 1: the column {twice[0]} stands there twice. Remove one."
        raise UnreadableSheetError(path, [problem])
    return _rows(path, names, table[1:])


def _delimited(text: str) -> tuple[str, str]:
    """Return what separates the cells, and the text without the line that says so."""
    told = _DELIMITER_LINE.match(text)
    if told:
        return told[1], text[told.end() :]
    lines = text.splitlines()
    head = lines[0] if lines else ""
    return max(_DELIMITERS, key=head.count), text


def _rows(path: Path, names: list[str], table: list[list[str]]) -> list[SheetRow]:
    rows, problems = [], []
    for number, cells in enumerate(table, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            problems.append(
                f"row {number}: more cells than columns. Put quotes around the text, "
                "or save the sheet again as CSV."
            )
            continue
        by_name = dict(zip(names, cells, strict=False))
        values = {name: by_name.get(name, "").strip() for name in HEADER}
        rows.append(SheetRow(number, **values))
    if problems:
        raise UnreadableSheetError(path, problems)
    return rows


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for sign, kind in _WORKBOOKS.items():
        if content.startswith(sign):
            problem = (
                f"it is a workbook ({kind}). Open it, choose Save as, and take the "
                "type CSV UTF-8."
            )
            raise UnreadableSheetError(path, [problem])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def label_of(cell: str) -> int | None:
    """Return what a label cell says: -2 to 2, or None where nobody labelled the text.

    Raises:
        ValueError: it holds anything else.
    """
    text = cell.strip().lstrip("'").translate(_MINUS_SIGNS).replace(",", ".")
    if not text:
        return None
    value = float(text)
    if value not in LABELS:
        raise ValueError(cell)
    return int(value)


def read_labels(
    path: Path, codes: Collection[str], week_label: str
) -> dict[str, tuple[int, str]]:
    """Return label and labeller by text code, of those that are labelled.

    ``codes`` are those of the week's sample: each must stand in the sheet once.

    Raises:
        UnreadableSheetError: rows are damaged, missing, strange or double.
    """
    problems: list[str] = []
    found: dict[str, tuple[int, str]] = {}
    rows_of: dict[str, int] = {}
    for row in read_sheet(path):
        problem = _problem(row, codes, week_label, rows_of)
        if problem:
            problems.append(f"row {row.number}: {problem}")
            continue
        rows_of[row.text_code] = row.number
        label = label_of(row.label)
        if label is not None:
            found[row.text_code] = (label, row.labelled_by)
    missing = [code for code in codes if code not in rows_of]
    if missing and not problems:
        problems.append(
            f"{len(missing)} rows of the sample are missing, {missing[0]} first. Give "
            "back the whole sheet: a text that nobody can judge keeps an empty label."
        )
    if problems:
        raise UnreadableSheetError(path, problems)
    if not found:
        problem = f"no row has a label. Write {LABELS[0]} to {LABELS[-1]} into label."
        raise UnreadableSheetError(path, [problem])
    return found


def _problem(
    row: SheetRow, codes: Collection[str], week_label: str, rows_of: dict[str, int]
) -> str | None:
    """Return what is wrong with a row and what to do; None if nothing is."""
    shown = row.text_code[:_SHOWN_CHARACTERS]
    if row.week and row.week != week_label and row.text_code not in codes:
        return f"it is of {row.week}, not of {week_label}. Move it to that sheet."
    if _NUMBER.fullmatch(row.text_code):
        return (
            f"the text code {shown!r} is a number: a spreadsheet changed the "
            "column. Copy text_code again from a fresh sheet (--new-sample)."
        )
    if row.text_code not in codes:
        return (
            f"the text code {shown!r} is not in the sample of {week_label}. It "
            "was changed, is of another sample, or its author was erased: delete the "
            "row, or write a fresh sheet (--new-sample)."
        )
    if row.text_code in rows_of:
        first = rows_of[row.text_code]
        return f"the text of row {first} stands here again. Delete one of the two."
    try:
        label_of(row.label)
    except ValueError:
        known = ", ".join(map(str, LABELS))
        cell = row.label[:_SHOWN_CHARACTERS]
        return f"the label {cell!r} is none of {known}. Correct it or empty it."
    return None
