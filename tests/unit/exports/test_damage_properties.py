"""Whatever happens to a file: rows in are rows landed, rejected or total."""

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heartshare.exports.contract import load_contracts
from heartshare.exports.landing import land_file, load_landing
from heartshare.warehouse.connections import open_memory

MOMENT = datetime(2026, 3, 16, tzinfo=UTC)
CODES = ("x/posts", "reddit/comments", "programme/follower_counts")
FEW = tuple(contract for contract in load_contracts() if contract.code in CODES)
DRAWN = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
COMMENTS = "comment_id, body_text from raw.reddit__comments"
#: What damages files in life: halves of characters, quotes, NULs and endless numbers.
PIECES = [
    *(b"\0", b'"', b",", b"\r", b"\n", b"\xff", b"{", b"[", b"]", b"}", b"\\ud83d"),
    *(b"9" * 5000, b"1e999", b"-99999999999", b"9223372036854775807", b"<![x["),
    *(b"NaN", b"null", b"0001-01-01", b"9999-12-31", b"\xef\xbb\xbf", b"=1+2"),
]

ids = st.integers(0, 2**63).map(str)
words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20
)
post = st.tuples(ids, words)
posts = st.lists(post, max_size=5)
damage = st.lists(
    st.tuples(
        st.floats(0, 1), st.sampled_from(["cut", "drop", *PIECES]), st.integers(0, 9)
    ),
    max_size=3,
)


@pytest.fixture(scope="module")
def memory():
    with open_memory() as connection:
        yield connection


def csv_of(rows):
    lines = "".join(
        '{0},"Tue, Jul 14, 2026","{1}",https://x.com/a/status/{0},3\n'.format(
            number, text.replace('"', '""')
        )
        for number, text in rows
    )
    return f"Post id,Date,Post text,Post Link,Impressions\n{lines}".encode()


def json_of(rows):
    lines = [
        json.dumps(
            {
                "id": number,
                "name": f"t1_{number}",
                "parent_id": "t3_s",
                "link_id": "t3_s",
                "author": "ida_l",
                "author_fullname": "t2_q",
                "body": text,
                "score": 4,
                "created_utc": 1772438400.0,
                "edited": False,
            }
        )
        for number, text in rows
    ]
    return "\n".join(lines).encode()


def damaged(content, changes):
    for place, change, count in changes:
        at = int(place * len(content))
        if change == "cut":
            content = content[:at]
        elif change == "drop":
            content = content[:at] + content[at + count :]
        else:
            content = content[:at] + change + content[at + count :]
    return content


def load(connection, files, *, times=1, stepwise=False):
    """Return all raw tables after files of (name, content, age in days) came in."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        connection.execute("drop schema if exists raw cascade")
        for _ in range(times):
            for file_name, content, age in files:
                path = folder / file_name
                path.write_bytes(content)
                land_file(
                    path, "team", folder / "landing", MOMENT - timedelta(days=age)
                )
                if stepwise:
                    load_landing(connection, folder / "landing", contracts=FEW)
        load_landing(connection, folder / "landing", contracts=FEW)
    tables = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'raw'"
    ).fetchall()
    return {
        table: connection.execute(
            f'select * from raw."{table}" order by all'
        ).fetchall()
        for (table,) in sorted(tables)
    }


def assert_accounted(found):
    landed = sum(len(found[n]) for n in ("x__posts", "reddit__comments"))
    rows_in, rows_landed, rejected = (
        sum(file[column] for file in found["export_manifest"]) for column in (8, 9, 10)
    )
    assert rows_in == rows_landed + rejected
    assert (rows_landed, rejected) == (landed, len(found["rejected_rows"]))
    for file in found["export_manifest"]:
        assert file[11] == "loaded" or file[12].startswith(file[2])


@pytest.mark.parametrize("written", [csv_of, json_of])
@given(rows=posts, changes=damage)
@DRAWN
def test_damage_anywhere_is_refused_or_accounted_for(memory, written, rows, changes):
    content = damaged(written(rows), changes)
    found = load(memory, [("a.export", content, 0)])
    assert len(found["export_manifest"]) == 1
    assert_accounted(found)


@given(rows=posts, more=posts, changes=damage, order=st.permutations(range(4)))
@DRAWN
def test_any_order_and_repetition_of_files_is_the_same_warehouse(
    memory, rows, more, changes, order
):
    """A correction of the first file is among them, and a damaged copy of another."""
    files = [
        ("posts.csv", csv_of(rows), 3),
        ("posts.csv", csv_of([*rows[1:], ("77", "corrected")]), 2),
        ("comments.ndjson", json_of([*more, ("c1", "last")]), 1),
        ("damaged.ndjson", damaged(json_of([*more, ("c2", "other")]), changes), 0),
    ]
    once = load(memory, files)
    assert_accounted(once)
    shuffled = [files[position] for position in order]
    assert load(memory, shuffled, times=2, stepwise=True) == once


@given(rows=st.lists(post, min_size=1, max_size=5))
@DRAWN
def test_ids_and_texts_come_through_as_they_are(memory, rows):
    load(memory, [("a.csv", csv_of(rows), 0), ("a.ndjson", json_of(rows), 0)])
    for columns in ("post_id, post_text from raw.x__posts", COMMENTS):
        found = memory.execute(f"select {columns} order by _row_number").fetchall()
        assert found == [(number, text.strip() or None) for number, text in rows]
