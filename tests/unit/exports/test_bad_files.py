"""Each bad file has one clear outcome, and nothing else in its batch suffers."""

import re
from collections import Counter

import pytest
from unit.exports.bad_files import POST, POSTS, all_bad

from heartshare.exports import text_rows
from heartshare.exports.contract import load_contracts
from heartshare.exports.reading import read_export

BAD = all_bad()
CODES = "select file_sha256, reason_code from raw.rejected_rows"


@pytest.mark.parametrize("bad", [b for b in BAD if b.error], ids=lambda bad: bad.key)
def test_refused_file_is_named_with_its_next_step(write, bad):
    with pytest.raises(bad.error) as raised:
        read_export(write(bad.name, bad.content), bad.name, load_contracts())
    message = str(raised.value)
    assert message.startswith(bad.name)
    assert [said for said in bad.said if said not in message] == []


def test_whole_collection_in_one_batch_harms_no_good_file(desk, write, fixtures):
    good = [
        path
        for folder in ("x", "programme", "discourse", "linkedin", "youtube")
        for path in sorted((fixtures / folder).iterdir())
    ]
    desk.load(*good, source_name="good")
    alone = contents(desk, "good")
    assert len(alone) > 10
    desk.connection.execute("drop schema raw cascade")
    names = [bad.name for bad in BAD]
    assert len(set(names)) == len(names)
    desk.load(*(write(bad.name, bad.content) for bad in BAD), source_name="bad")
    assert contents(desk, "good") == alone
    assert outcomes(desk) == {
        bad.name: (
            "rejected" if bad.error else "loaded",
            bad.landed,
            dict(bad.rejects),
        )
        for bad in BAD
    }
    for bad in (bad for bad in BAD if bad.error):
        (reason,) = [r for r in desk.summary.rejections if f": {bad.name} " in r]
        assert reason.startswith(f"bad: {bad.name}")


def contents(desk, source):
    """Return all rows of a source, by table."""
    tables = desk.rows(
        "select distinct table_name as name from duckdb_columns() "
        "where schema_name = 'raw' and column_name = '_source_name'"
    )
    found = {
        table["name"]: desk.rows(
            f"select * from raw.\"{table['name']}\" where _source_name = '{source}' "
            "order by all"
        )
        for table in tables
    }
    return {name: rows for name, rows in found.items() if rows}


def outcomes(desk):
    """Return what became of each bad file: status, rows landed, rejects by code."""
    codes = {}
    for row in desk.rows(CODES):
        codes.setdefault(row["file_sha256"], Counter())[row["reason_code"]] += 1
    found = {}
    for file in desk.manifest():
        if file["source_name"] == "bad":
            rejects = dict(codes.get(file["file_sha256"], {}))
            assert file["rows_in"] == file["rows_landed"] + sum(rejects.values())
            found[file["original_name"]] = (
                *(file["status_code"], file["rows_landed"], rejects),
            )
    return found


def test_limit_of_a_cell_is_one_for_text_and_json(desk, write, fixtures, monkeypatch):
    monkeypatch.setattr(text_rows, "MAX_CELL_BYTES", 100)
    text = (fixtures / "reddit/edited_and_deleted_comments.ndjson").read_text()
    desk.load(
        write(
            "long.csv", POSTS + POST.format(1, "x" * 101) + POST.format(2, "y" * 100)
        ),
        write("long.ndjson", text.replace("Is the garden", "x" * 101)),
    )
    codes = [(row["table_name"], row["reason_code"]) for row in desk.rejects()]
    assert codes == [
        ("reddit__comments", "cell_too_large"),
        ("x__posts", "cell_too_large"),
    ]


def test_text_that_looks_like_a_formula_is_kept_as_it_is(desk, write):
    texts = ["=1+2", "@SUM(A1)", "+49 30 1234", "-5", "'quoted"]
    rows = "".join(POST.format(n, text) for n, text in enumerate(texts, start=1))
    desk.load(write("formula.csv", POSTS + rows))
    found = desk.rows("select post_text as text from raw.x__posts order by _row_number")
    assert [row["text"] for row in found] == texts


def test_id_that_a_spreadsheet_rounded_is_read_from_the_link(desk, write):
    row = '6.49E+17,"Tue, Jul 14, 2026",a,https://x.com/a/status/649000000000000123,3\n'
    desk.load(write("excel.csv", POSTS + row))
    assert desk.one("select post_id from raw.x__posts") == {
        "post_id": "649000000000000123"
    }


def test_same_file_under_two_names_lands_once_in_a_source(desk, write):
    text = POSTS + POST.format(1, "one")
    desk.load(write("posts.csv", text), write("posts (1).csv", text))
    assert desk.one("select count(*) as n from raw.x__posts") == {"n": 1}
    desk.load(write("other.csv", text), source_name="source_b")
    assert desk.summary.files_duplicate == 1
    assert desk.one("select count(*) as n from raw.x__posts") == {"n": 1}


def test_newer_export_with_fewer_rows_adds_to_the_older_one(desk, write):
    old = write("old.csv", POSTS + POST.format(1, "a") + POST.format(2, "b"))
    new = write("new.csv", POSTS + POST.format(2, "b") + POST.format(3, "c"))
    desk.load(old, new)
    found = desk.rows("select post_id from raw.x__posts order by all")
    assert [row["post_id"] for row in found] == ["1", "2", "2", "3"]


def test_markup_that_no_browser_knows_is_no_failure(desk, write, fixtures):
    text = (fixtures / "discourse/post_deleted_after_export.json").read_text()
    desk.load(write("odd.json", re.sub("<p>", "<![if x]><p>", text)))
    assert desk.summary.rows_landed
