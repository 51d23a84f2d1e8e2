"""Reddit's own answers land like the flattened files: every comment, no stub."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heartshare.exports.inspection import inspect_file
from heartshare.exports.landing import land_file, load_landing

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "reddit"


def thread(fixtures):
    return json.loads(
        (fixtures / "reddit/thread_with_nested_replies.json").read_text("utf-8")
    )


def test_thread_lands_with_its_submission_and_every_reply(desk, fixtures):
    desk.load(fixtures / "reddit/thread_with_nested_replies.json")
    rows = desk.rows("select * from raw.reddit__comments order by _row_number")
    assert [(row["fullname"], row["parent_fullname"]) for row in rows] == [
        ("t1_first", "t3_gate01"),
        ("t1_second", "t1_first"),
        ("t1_third", "t1_second"),
        ("t1_fourth", "t3_gate01"),
    ]
    assert rows[3]["is_edited"]
    (file,) = desk.manifest()
    assert (file["contract_code"], file["drift_json"]) == ("reddit/comments", None)
    assert (file["rows_in"], file["rows_landed"]) == (5, 5)
    submission = desk.one("select * from raw.reddit__submissions")
    assert submission["title_text"] == "Questions & answers about the summer opening"
    assert submission["comment_count"] == 7


def test_marks_are_unescaped_where_the_twin_proves_it(desk, fixtures):
    desk.load(fixtures / "reddit/thread_with_nested_replies.json")
    texts = desk.rows("select body_text from raw.reddit__comments order by _row_number")
    assert texts[0]["body_text"] == (
        "R&B evening & garden: is it open on Sunday? I typed &amp; myself"
    )
    assert texts[1]["body_text"].endswith("Yes, tickets are < 5 euro")


def test_text_without_proof_stays_as_it_came(desk, write, fixtures):
    (_, comments) = thread(fixtures)
    record = comments["data"]["children"][0]["data"]
    for twin, expected in [
        (None, "R&amp;B evening &amp; garden"),
        ('<div class="md"><p>raw</p></div>', "R&amp;B evening &amp; garden"),
        ('&lt;div class="md"&gt;', "R&B evening & garden"),
    ]:
        line = {**record, "replies": "", "body_html": twin}
        desk.load(write("one.ndjson", json.dumps(line) + "\n"))
        row = desk.one("select max(body_text) as text from raw.reddit__comments")
        assert row["text"].startswith(expected)
        desk.connection.execute("delete from raw.reddit__comments")


@pytest.mark.parametrize(
    ("kind", "contract", "rows"),
    [(0, "reddit/submissions", 1), (1, "reddit/comments", 4)],
    ids=["submissions", "comments"],
)
def test_single_listing_is_read(write, fixtures, kind, contract, rows):
    path = write("page.json", json.dumps(thread(fixtures)[kind]))
    inspection = inspect_file(path)
    assert (inspection.contract, inspection.rows_good) == (contract, rows)
    assert inspection.drift == {}


def test_things_of_more_children_are_read(write, fixtures):
    things = thread(fixtures)[1]["data"]["children"]
    answer = {"json": {"errors": [], "data": {"things": things}}}
    assert inspect_file(write("more.json", json.dumps(answer))).rows_good == 4
    lines = "".join(json.dumps(thing) + "\n" for thing in things)
    assert inspect_file(write("things.ndjson", lines)).rows_good == 4


def test_nested_replies_of_flattened_lines_are_not_lost(write, fixtures):
    first = thread(fixtures)[1]["data"]["children"][0]["data"]
    path = write("flat.ndjson", json.dumps(first) + "\n")
    assert inspect_file(path).rows_good == 3


def test_page_without_children_is_known_and_empty(write):
    empty = {"kind": "Listing", "data": {"after": None, "children": []}}
    inspection = inspect_file(write("last_page.json", json.dumps(empty)))
    assert (inspection.contract, inspection.rows_in) == ("reddit/comments", 0)


def test_page_whose_children_are_no_array_is_rejected_by_name(write):
    broken = {"kind": "Listing", "data": {"children": {"kind": "t1"}}}
    inspection = inspect_file(write("broken.json", json.dumps(broken)))
    assert {reject.reason_code for reject in inspection.rejects} == {"no_array"}
    assert inspection.rows_in == inspection.rows_rejected > 0


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of samples is absent")
def test_both_crawls_of_a_thread_land_whole(desk):
    for number, year in ((1, 2016), (2, 2017)):
        for kind in ("comments", "submissions"):
            desk.load(
                SAMPLES / f"funny_3hahrw_thread_crawl{number}_{kind}.ndjson",
                exported_at=datetime(year, 3, 22, tzinfo=UTC),
            )
    crawls = desk.rows(
        """
        select count(*) as comments,
            count(*) filter (author_name = '[deleted]') as deleted
        from raw.reddit__comments group by _exported_at order by _exported_at
        """
    )
    assert [crawl["comments"] for crawl in crawls] == [541, 536]
    assert crawls[1]["deleted"] - crawls[0]["deleted"] > 0
    gone = desk.one(
        """
        select count(*) as comments from (
            select fullname from raw.reddit__comments
            group by fullname having count(*) = 1
        )
        """
    )
    assert gone["comments"] == 5
    scores = desk.rows(
        "select score_count from raw.reddit__submissions order by _exported_at"
    )
    assert [row["score_count"] for row in scores] == [11702, 29790]
    assert desk.rejects() == []


def test_source_may_be_declared_to_send_escaped_texts(desk, write, fixtures):
    first = thread(fixtures)[1]["data"]["children"][0]["data"]
    told = '<div class="md"><p>raw</p></div>'
    lines = [
        {
            **first,
            "id": number,
            "name": f"t1_{number}",
            "replies": "",
            "body_html": twin,
        }
        for number, twin in (("untold", None), ("told", told))
    ]
    path = write("dump.ndjson", "".join(json.dumps(line) + "\n" for line in lines))
    land_file(path, "dumps", desk.landing_dir, datetime(2026, 3, 16, tzinfo=UTC))
    load_landing(desk.connection, desk.landing_dir, escaped={"dumps"})
    untold, told = desk.rows(
        "select body_text from raw.reddit__comments order by _row_number"
    )
    assert untold["body_text"].startswith("R&B evening & garden")
    assert told["body_text"].startswith("R&amp;B evening")
