"""A sheet survives spreadsheets; what they break is named with its row."""

import csv
import io

import pytest

from heartshare.cells import harmless
from heartshare.listening.sheets import (
    HEADER,
    UnreadableSheetError,
    label_of,
    read_labels,
    read_sheet,
    write_sheet,
)

WEEK = "2026-W46"
CODES = ["t1a", "t2b", "t3c"]


def sheet(tmp_path, *rows, header=HEADER, delimiter=",", encoding="utf-8-sig"):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows([header, *rows])
    path = tmp_path / f"{WEEK}.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def row(code, label="", week=WEEK):
    return (code, week, "forum", "Grüße, alle; gut", label, "Anna")


FULL = [row("t1a", "2"), row("t2b"), row("t3c", "-1")]
READ = {"t1a": (2, "Anna"), "t3c": (-1, "Anna")}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+49 1", "-2 stars", "@city hello", "\t=cmd", " \n=A1", "\uff1dSUM(A1)"],
)
def test_no_text_is_a_formula(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["well = done", "'quoted'", "3 - 2", ""])
def test_other_texts_stay(text):
    assert harmless(text) == text


def test_written_sheet_opens_as_utf_8_and_one_row_a_text(tmp_path):
    path = tmp_path / "s.csv"
    write_sheet(path, [("t1a", WEEK, "forum", "Zwei\r\nZeilen\0 für\tuns", "", "")])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.stat().st_mode & 0o077 == 0
    (found,) = read_sheet(path)
    assert found.text == "Zwei Zeilen für uns"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_labels_are_read_however_a_spreadsheet_saved_them(
    tmp_path, delimiter, encoding
):
    path = sheet(tmp_path, *FULL, delimiter=delimiter, encoding=encoding)
    assert read_labels(path, CODES, WEEK) == READ


@pytest.mark.parametrize("delimiter", [";", "|", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_that_tells_the_delimiter_is_no_row(tmp_path, delimiter, end):
    path = sheet(tmp_path, *FULL, delimiter=delimiter, encoding="utf-8")
    line = f"sep={delimiter}{end}".encode()
    path.write_bytes(b"\xef\xbb\xbf" + line + path.read_bytes())
    assert read_labels(path, CODES, WEEK) == READ


def test_cell_beyond_the_limit_of_the_csv_module_is_told_with_its_row(tmp_path):
    path = sheet(tmp_path, row("t1a", "9" * 200_000), *FULL[1:])
    before = csv.field_size_limit()
    with pytest.raises(UnreadableSheetError, match=r"row 2: the label .9{40}. is none"):
        read_labels(path, CODES, WEEK)
    csv.field_size_limit(100_000)
    try:
        with pytest.raises(UnreadableSheetError, match="it is no CSV"):
            read_labels(path, CODES, WEEK)
    finally:
        csv.field_size_limit(before)


def test_columns_may_be_added_and_moved(tmp_path):
    rows = [("note", label, code) for code, _, _, _, label, _ in FULL]
    path = sheet(tmp_path, *rows, header=("Remarks", "Label ", "TEXT_CODE"))
    assert read_labels(path, CODES, WEEK) == {"t1a": (2, ""), "t3c": (-1, "")}


def test_empty_rows_and_cells_at_the_end_do_not_matter(tmp_path):
    rows = [(*each, "", "") for each in FULL]
    path = sheet(tmp_path, rows[0], ("",) * 8, *rows[1:])
    assert read_labels(path, CODES, WEEK) == READ


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("2", 2),
        (" -2 ", -2),
        ("+1", 1),
        ("1.0", 1),
        ("0,0", 0),
        ("\u22121", -1),
        ("\u22122", -2),
        ("\u20132", -2),
        ("'-1", -1),
        ("", None),
    ],
)
def test_label_is_read_in_any_spelling(cell, label):
    assert label_of(cell) == label


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row("t1a", "3"), *FULL[1:]], "row 2: the label '3' is none of"),
        ([row("t1a", "good"), *FULL[1:]], "row 2: the label 'good' is none of"),
        ([row("t1a", "nan"), *FULL[1:]], "row 2: the label 'nan' is none of"),
        ([row("t1a", "0.5"), *FULL[1:]], "row 2: the label '0.5' is none of"),
        ([*FULL, row("t1a", "1")], "row 5: the text of row 2 stands here again"),
        ([row("5E+10", "1"), *FULL[1:]], "row 2: the text code '5E[+]10' is a number"),
        ([row("t9z", "1"), *FULL[1:]], "row 2: the text code 't9z' is not in the"),
        ([*FULL, row("t9z", "1", "2026-W45")], "row 5: it is of 2026-W45, not of"),
        (FULL[:2], "1 rows of the sample are missing, t3c first"),
        ([row(code) for code in CODES], "no row has a label"),
        ([(*FULL[0], "more"), *FULL[1:]], "row 2: more cells than columns"),
        ([], "3 rows of the sample are missing"),
    ],
)
def test_a_mistake_is_named_with_its_row(tmp_path, rows, message):
    with pytest.raises(UnreadableSheetError, match=message) as raised:
        read_labels(sheet(tmp_path, *rows), CODES, WEEK)
    assert str(tmp_path) in str(raised.value)


def test_all_mistakes_are_told_at_once(tmp_path):
    rows = [row("t1a", "7"), row("t2b", "8"), row("t3c", "9")]
    with pytest.raises(UnreadableSheetError, match=r"row 2(.|\n)*row 3(.|\n)*row 4"):
        read_labels(sheet(tmp_path, *rows), CODES, WEEK)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "xlsx"),
        (b"\xd0\xcf\x11\xe0rest", r"\.xls"),
        (b"", "no column text_code and no column label"),
        (b"a,b\n1,2\n", "no column text_code"),
        (b"text_code,label,label\n", "column label stands there twice"),
        (b"text_code,label\n" + b"x" * 200_000, "row 2: the text code 'x{40}' is"),
    ],
)
def test_what_is_no_sheet_is_told(tmp_path, content, message):
    path = tmp_path / "sheet.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableSheetError, match=message):
        read_labels(path, CODES, WEEK)
