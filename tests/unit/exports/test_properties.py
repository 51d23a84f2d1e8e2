"""Whatever the rows: each lands or is rejected, once, in any order of files."""

import csv
import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heartshare.exports.contract import load_contracts
from heartshare.exports.landing import land_file, load_landing
from heartshare.warehouse.connections import open_memory

HEADER = ["platform_code", "account_handle", "counted_on", "follower_count"]
MOMENT = datetime(2026, 3, 16, tzinfo=UTC)

CONTRACTS = [c for c in load_contracts() if c.code == "programme/follower_counts"]

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12
)
cells = st.one_of(
    texts,
    st.sampled_from(
        ["x", "2026-03-08", "2026-02-30", "1,234", "12.5", "", "-", "a\0b"]
    ),
)
rows = st.lists(st.lists(cells, min_size=3, max_size=5), max_size=6)


@pytest.fixture(scope="module")
def shared_memory():
    with open_memory() as connection:
        yield connection


def written(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows([HEADER, *rows])
    return buffer.getvalue().encode()


def load(connection, contents, *, twice=False):
    """Return all raw rows and the counts of the books, without their order."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        connection.execute("drop schema if exists raw cascade")
        for number, content in enumerate(contents):
            path = folder / f"file_{number}.csv"
            path.write_bytes(content)
            land_file(path, "stock", folder / "landing", MOMENT)
        for _ in range(1 + twice):
            load_landing(connection, folder / "landing", contracts=CONTRACTS)
        queries = {
            "rows": "select * from raw.programme__follower_counts order by all",
            "rejects": "select * from raw.rejected_rows order by all",
            "files": "select file_sha256, rows_in, rows_landed, rows_rejected, "
            "status_code, period_start, period_end from raw.export_manifest order by 1",
        }
        return {key: connection.execute(sql).fetchall() for key, sql in queries.items()}


@given(rows=rows)
@settings(max_examples=40, deadline=None)
def test_each_row_lands_or_is_rejected(shared_memory, rows):
    result = load(shared_memory, [written(rows)])
    ((_, rows_in, landed, rejected, status, *_),) = result["files"]
    blank = sum(not any(cell.strip() for cell in row) for row in rows)
    assert status == "loaded"
    assert rows_in == len(rows) - blank
    assert (landed, rejected) == (len(result["rows"]), len(result["rejects"]))
    assert rows_in == landed + rejected


@given(
    files=st.lists(rows, min_size=1, max_size=3),
    random=st.randoms(use_true_random=False),
)
@settings(max_examples=15, deadline=None)
def test_order_and_repetition_of_files_change_nothing(shared_memory, files, random):
    contents = [written(rows) for rows in files]
    shuffled = [*contents, contents[0]]
    random.shuffle(shuffled)
    once = load(shared_memory, contents)
    assert load(shared_memory, shuffled, twice=True) == once
