"""Reading by columns and in blocks gives what reading row by row gives, always."""

import io
import json
from functools import cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from heartshare.exports import (
    cell_blocks,
    documents,
    json_blocks,
    json_stream,
    part_reading,
    text_rows,
)
from heartshare.exports.cell_blocks import CellBlock, OversizedRow, read_pieces
from heartshare.exports.contract import load_contracts
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.parts import TextPart
from heartshare.exports.reading import read_export

CSV = """
title: Tickets
version: 1
confidence: indicative
file: {formats: [csv], encodings: [utf-8, cp1252]}
tables:
  desk__tickets:
    grain: one row per ticket
    restated: no
    signature: {present: [ticket_id, note_text]}
    ignored: [left out]
    columns:
      ticket_id: {header: ticket}
      note_text: {header: note}
      page_html: {header: page, type: html, optional: true}
"""
JSON = """
title: Notes
version: 1
confidence: indicative
file: {formats: [json]}
tables:
  desk__notes:
    grain: one row per note
    restated: no
    records:
      - {path: '[]', present: [id], below: answers}
      - {path: 'items[]', present: [id]}
      - {path: 'data.items[]', present: [id]}
    ignored: [left]
    columns:
      note_id: {path: [id, other.id]}
      author_name: {path: author.name}
      body_text: {path: body, escaped_when: {path: twin, pattern: '<'}}
      page_html: {path: page, type: html}
      tag_name: {path: 'tags[kind=a].name'}
      source_name: {root: about.source}
"""
SLOW = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fast")


@cache
def contracts(text, root):
    path = root / "contracts" / "desk" / "notes.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return load_contracts(root / "contracts")


def outcome(path, known):
    """Return everything that a file was read as, or the error that refused it."""
    try:
        export = read_export(path, path.name, known)
    except UnreadableFileError as error:
        return str(error)
    tables = [
        (rows.table.name, rows.arrow(0).to_pylist(), sorted(map(str, rows.rejects)))
        for rows in export.tables
    ]
    drift = {name: sorted(each) for name, each in export.drift.to_dict().items()}
    return tables, drift


def rows_of(pieces):
    for piece in pieces:
        assert not isinstance(piece, OversizedRow)
        yield from piece.rows() if isinstance(piece, CellBlock) else piece


def rows_or_error(make_rows):
    found = []
    try:
        found.extend(make_rows())
    except UnreadableFileError as error:
        return str(error)
    return found


TEXTS = st.text(alphabet='ab,"\n\r \t\x00é;', max_size=120)


@SLOW
@given(text=TEXTS, block=st.integers(1, 40), first=st.integers(0, 3))
@example(text='a,"b\n', block=3, first=0)
@example(text='a,"b"c\na,b\n', block=3, first=0)
@example(text="a,b\rc,d\re,f", block=2, first=1)
@example(text='a,b\n\n"",""\n', block=4, first=1)
@example(text='a,b"\n"c",d\n', block=5, first=0)
def test_pieces_hold_the_rows_of_the_row_reader(text, block, first):
    part = TextPart("x.csv", lambda: io.BytesIO(text.encode()))
    slow = rows_or_error(lambda: list(part.rows(",", "utf-8"))[first:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cell_blocks, "BLOCK_BYTES", block)
        fast = rows_or_error(
            lambda: list(rows_of(read_pieces(part, ",", "utf-8", first, 2)))
        )
    assert fast == slow


CELL = st.one_of(
    st.sampled_from(
        ["", " ", "a", "-", "<p>x</p>", "\u00a0é ", 'say "x"', "1,2", "a\nb"]
    ),
    st.text(alphabet='ab "\\\n\t\x01é', max_size=6),
)


def csv_of(rows, quote_all):
    lines = []
    for row in rows:
        cells = [
            '"' + cell.replace('"', '""') + '"'
            if quote_all or any(mark in cell for mark in ',"\r\n')
            else cell
            for cell in row
        ]
        lines.append(",".join(cells))
    return "".join(line + "\n" for line in lines)


@SLOW
@given(
    rows=st.lists(st.lists(CELL, min_size=4, max_size=7), max_size=12),
    extra=st.sampled_from(["left out", "mood", "", "note"]),
    block=st.integers(20, 200),
    style=st.tuples(
        st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    ),
)
def test_csv_by_columns_is_csv_by_rows(folder, rows, extra, block, style):
    quote_all, encoding = style
    header = ["ticket", "note", "page", extra, "mood "]
    rows = [[*row, *[""] * 5][: max(5, len(row) - 1)] for row in rows]
    path = folder / "tickets.csv"
    path.write_bytes(csv_of([header, *rows], quote_all).encode(encoding))
    known = contracts(CSV, folder / "csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cell_blocks, "BLOCK_BYTES", block)
        fast = outcome(path, known)
        patch.setattr(part_reading, "append_block", lambda *_: None)
        patch.setattr(cell_blocks._Pieces, "_columns", lambda *_: None)
        slow = outcome(path, known)
    assert fast == slow


NUMBERS = st.one_of(
    st.integers(-(10**25), 10**25).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["1e5", "1E+22", "-0", "-0.0", "1e400", "0.00001", "1.10", "NaN"]),
)
SCALARS = st.one_of(
    NUMBERS,
    st.sampled_from(["null", "true", "false", '""', '" "', '"[x]"', '"[1]"', '"{}"']),
    st.text(max_size=8).map(json.dumps),
    st.sampled_from(['"a &amp; b"', '"<p>x</p>"', '"\\ud800"', '"a\\u0000b"', '"1e5"']),
    st.sampled_from(["[]", "{}", '[1, {"b": 2, "a": 1.0}]', '{"id": 7, "name": "n"}']),
    st.sampled_from(['{"name": "n", "name": "m"}', '[{"kind": "a", "name": "t"}]']),
)
KEYS = st.sampled_from(
    [
        "id",
        "id",
        "body",
        "twin",
        "page",
        "author",
        "tags",
        "other",
        "left",
        "new",
        "ä b",
    ]
)
RECORD = st.one_of(
    st.lists(st.tuples(KEYS, SCALARS), max_size=7).map(
        lambda pairs: "{" + ", ".join(f"{json.dumps(k)}: {v}" for k, v in pairs) + "}"
    ),
    st.sampled_from(["7", "null", '"x"', "[]", '{"id": 1, "answers": {"id": 2}}']),
)


def as_array(records, joint):
    return "[" + joint.join(records) + "]"


def as_lines(records, joint):
    return "".join(record + joint.replace(",", "\n") for record in records)


def as_items(records, joint):
    return (
        '{"about": {"source": "s"}, "items": [], "items": ['
        + joint.join(records)
        + '], "other": [1, 2]}'
    )


def as_inner_items(records, joint):
    return '{"data": {"n": 1, "items": [' + joint.join(records) + ']}, "about": null}'


@SLOW
@given(
    records=st.lists(RECORD, min_size=2, max_size=12),
    shape=st.sampled_from([as_array, as_lines, as_items, as_inner_items]),
    joint=st.sampled_from([",", ", ", ",\n", " ,\r\n  "]),
    block=st.integers(1, 300),
)
def test_json_in_blocks_is_json_as_a_whole(folder, records, shape, joint, block):
    # The first record proves which contract reads the file.
    text = shape(['{"id": "first"}', *records], joint)
    path = folder / "notes.json"
    path.write_text(text, encoding="utf-8")
    known = contracts(JSON, folder / "json")
    slow = outcome(path, known)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "STREAM_FROM_CHARACTERS", 1)
        patch.setattr(cell_blocks, "BLOCK_BYTES", block)
        patch.setattr(json_blocks, "BLOCK_BYTES", block)
        patch.setattr(json_stream, "KEPT_MEMBERS", 3)
        fast = outcome(path, known)
    assert fast == slow


def refuse_rows(*_):
    message = "a row was read on its own"
    raise AssertionError(message)


def test_regular_csv_is_read_by_columns_alone(folder, monkeypatch):
    monkeypatch.setattr(text_rows.TextRows, "append", refuse_rows)
    path = folder / "regular.csv"
    path.write_text('ticket,note,mood\r\n1,"a ""b""\r\nc",\r\n2, d ,fine\r\n')
    tables, drift = outcome(path, contracts(CSV, folder / "csv"))
    ((_, rows, rejects),) = tables
    assert [row["note_text"] for row in rows] == ['a "b"\r\nc', "d"]
    assert [row["_extra"] for row in rows] == [None, '{"mood": "fine"}']
    assert rejects == []
    assert drift["unknown_columns"] == ["mood"]


def test_regular_json_is_read_by_columns_alone(folder, monkeypatch):
    monkeypatch.setattr(text_rows.TextRows, "append", refuse_rows)
    monkeypatch.setattr(documents, "STREAM_FROM_CHARACTERS", 1)
    path = folder / "regular.json"
    records = [{"id": n, "body": f"text {n}", "mood": n or None} for n in range(300)]
    path.write_text("\n".join(json.dumps(record) for record in records))
    tables, _ = outcome(path, contracts(JSON, folder / "json"))
    ((_, rows, _),) = tables
    assert [row["note_id"] for row in rows] == [str(n) for n in range(300)]
    assert [row["_extra"] for row in rows[:2]] == ['{"mood": null}', '{"mood": 1}']


@pytest.mark.parametrize("ends_at", ["\n3,ok\n", "\n", ""])
def test_row_too_long_to_be_read_is_rejected_and_the_rest_goes_on(
    folder, monkeypatch, ends_at
):
    monkeypatch.setattr(cell_blocks, "BLOCK_BYTES", 16)
    monkeypatch.setattr(cell_blocks, "MAX_RECORD_BYTES", 64)
    path = folder / "long_row.csv"
    path.write_text(f'ticket,note\n1,ok\n2,"{"x" * 70}"",\n{"y" * 90}"{ends_at}')
    ((_, rows, rejects),), _ = outcome(path, contracts(CSV, folder / "csv"))
    assert [row["_row_number"] for row in rows] == [2, 4][: 1 + ("3" in ends_at)]
    assert len(rejects) == 1
    assert "row_number=3, code='cell_too_large'" in rejects[0]


def test_cell_too_long_to_be_stored_is_rejected_and_the_rest_goes_on(
    folder, monkeypatch
):
    monkeypatch.setattr(text_rows, "MAX_CELL_BYTES", 50)
    path = folder / "long_cell.csv"
    path.write_text(f"ticket,note\n1,ok\n2,{'x' * 51}\n3,{'x' * 50}\n")
    ((_, rows, rejects),), _ = outcome(path, contracts(CSV, folder / "csv"))
    assert [row["ticket_id"] for row in rows] == ["1", "3"]
    assert len(rejects) == 1
    assert "row_number=3, code='cell_too_large'" in rejects[0]


def test_long_row_that_nothing_ends_refuses_the_file(folder, monkeypatch):
    monkeypatch.setattr(cell_blocks, "BLOCK_BYTES", 16)
    monkeypatch.setattr(cell_blocks, "MAX_RECORD_BYTES", 64)
    path = folder / "endless.csv"
    path.write_text(f'ticket,note\n1,ok\n2,"{"x" * 200}\n3,ok\n')
    assert "ends inside a quoted cell that begins in row 3" in outcome(
        path, contracts(CSV, folder / "csv")
    )
    path.write_text(f'ticket,note\n1,ok\n2,"{"x" * 200} "q" \n3,ok\n')
    assert "its quotes do not show where it ends" in outcome(
        path, contracts(CSV, folder / "csv")
    )
