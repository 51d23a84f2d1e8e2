"""A forum's answers and query results land; what is private there does not."""

# ruff: noqa: DTZ001 - moments in the warehouse are naive UTC

import csv
import json
import re
from datetime import datetime
from importlib import resources

import pytest

from heartshare.exports.contract import load_contracts
from heartshare.exports.inspection import inspect_file

POST = {
    "id": 601,
    "name": "Ida",
    "username": "ida_l",
    "created_at": "2026-03-04T08:00:00Z",
    "cooked": "<p>Thanks!</p>",
    "post_number": 1,
    "post_type": 1,
    "updated_at": "2026-03-04T08:00:00Z",
    "topic_id": 91,
    "user_id": 31,
    "actions_summary": [],
}
TOPIC = {
    "id": 91,
    "title": "Tickets",
    "slug": "tickets",
    "archetype": "regular",
    "posts_count": 1,
    "created_at": "2026-03-04T08:00:00Z",
}


def inspect(write, root):
    return inspect_file(write("answer.json", json.dumps(root)))


def counts(inspection):
    return {
        each.table_name.removeprefix("discourse__"): (each.rows_in, each.rows_good)
        for each in inspection.tables
    }


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ({"stream": [601]}, "post_stream.posts is missing"),
        ({"posts": {"0": POST}, "stream": [601]}, "post_stream.posts is an object"),
        ({"posts": None, "stream": [601]}, "post_stream.posts is missing"),
    ],
    ids=["missing", "object", "null"],
)
def test_topic_without_an_array_of_posts_is_rejected_by_name(write, stream, said):
    inspection = inspect(write, {**TOPIC, "post_stream": stream})
    assert counts(inspection) == {
        "topics": (1, 1),
        "posts": (1, 0),
    }
    (reject,) = inspection.rejects
    assert reject.reason_code == "no_array"
    assert reject.reason_text.startswith(said)


def test_topic_with_an_empty_array_of_posts_is_no_mistake(write):
    inspection = inspect(write, {**TOPIC, "post_stream": {"posts": [], "stream": []}})
    assert counts(inspection)["posts"] == (0, 0)
    assert inspection.rejects == ()


def test_post_of_another_shape_is_rejected_not_overlooked(write):
    shapeless = {"id": 601, "raw": "Thanks!"}
    inspection = inspect(write, {**TOPIC, "post_stream": {"posts": [shapeless, "x"]}})
    assert [each.reason_code for each in inspection.rejects] == [
        "missing_value",
        "unreadable_record",
    ]


@pytest.mark.parametrize(
    ("root", "table"),
    [
        ({"latest_posts": [POST]}, "posts"),
        ([POST], "posts"),
        (POST, "posts"),
        ({"topic_list": {"topics": [TOPIC]}}, "topics"),
        ({"post_stream": {"posts": [POST]}, "id": 91}, "posts"),
    ],
    ids=["latest", "array", "one", "list", "page"],
)
def test_each_answer_of_the_api_is_known(write, root, table):
    inspection = inspect(write, root)
    assert inspection.contract == "discourse/topic"
    assert counts(inspection) == {table: (1, 1)}


@pytest.mark.parametrize("root", [{"topic_list": {"topics": []}}, {"latest_posts": []}])
def test_page_after_the_last_is_known_and_empty(write, root):
    inspection = inspect(write, root)
    assert (inspection.contract, inspection.rows_in) == ("discourse/topic", 0)


def test_ids_of_all_posts_land_with_the_first_page(desk, fixtures):
    desk.load(fixtures / "discourse/post_deleted_after_export.json")
    topic = desk.one("select * from raw.discourse__topics")
    assert (topic["topic_id"], topic["post_ids_json"]) == ("90", "[501, 502]")


def test_private_message_and_whisper_never_land(desk, write):
    message = {**TOPIC, "archetype": "private_message"}
    whisper = {**POST, "id": 602, "post_type": 4, "cooked": "<p>secret words</p>"}
    desk.load(
        write("pm.json", json.dumps({**message, "post_stream": {"posts": [POST]}})),
        write("w.json", json.dumps({**TOPIC, "post_stream": {"posts": [whisper]}})),
    )
    rejects = desk.rejects()
    assert [each["reason_code"] for each in rejects] == ["not_public"] * 3
    assert "secret" not in str(rejects)
    assert desk.rows("select * from raw.discourse__posts") == []
    assert len(desk.rows("select * from raw.discourse__topics")) == 1


def test_query_results_land_like_the_answers_of_the_api(desk, fixtures):
    desk.load(
        fixtures / "discourse/data_explorer_posts.csv",
        fixtures / "discourse/data_explorer_topics.csv",
    )
    first, second = desk.rows("select * from raw.discourse__posts order by post_id")
    assert first["post_text"] == "May we bring dogs, on a lead?\nOurs is small."
    assert second["post_text"] == "Yes & gladly."
    assert first["created_at"] == datetime(2026, 3, 5, 8, 0, 0, 250000)
    assert second["deleted_at"] == datetime(2026, 3, 6, 9)
    assert (second["is_moderator"], second["display_name"]) == (True, None)
    assert [each["reason_code"] for each in desk.rejects()] == ["not_public"]
    topic = desk.one("select * from raw.discourse__topics")
    assert (topic["title_text"], topic["view_count"]) == ("Dogs, in the garden?", 61)
    assert topic["post_ids_json"] == "[801]"
    assert {file["contract_code"] for file in desk.manifest()} == {
        "discourse/data_explorer"
    }


@pytest.mark.parametrize("grain", ["posts", "topics"])
def test_shipped_query_selects_what_the_contract_reads(fixtures, grain):
    folder = resources.files("heartshare.exports") / "templates"
    sql = (folder / f"discourse_{grain}.sql").read_text(encoding="utf-8")
    selected = sql[sql.index("\nselect") : sql.index("\nfrom ")]
    names = re.findall(r"(\w+),?\n", selected.removeprefix("\nselect\n") + "\n")
    (contract,) = [
        each for each in load_contracts() if each.code == "discourse/data_explorer"
    ]
    (table,) = [each for each in contract.tables if each.name.endswith(f"__{grain}")]
    assert set(names) == {next(iter(column.headers)) for column in table.columns}
    with (fixtures / f"discourse/data_explorer_{grain}.csv").open(newline="") as file:
        assert next(csv.reader(file)) == names
