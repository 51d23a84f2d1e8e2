"""StackExchange pages, support conversations and Discord channels land as they are."""

# ruff: noqa: DTZ001 - moments in the warehouse are naive UTC

import json
from datetime import datetime

import pytest

from heartshare.exports.inspection import inspect_file


def test_questions_land_with_answers_and_the_comments_of_both(desk, fixtures):
    desk.load(fixtures / "stackexchange/questions_with_answers.json")
    first, second = desk.rows(
        "select * from raw.stackexchange__questions order by question_id"
    )
    assert first["title_text"] == "Why doesn't the gate <north> open?"
    assert first["body_text"] == "It says closed & nothing else."
    assert first["created_at"] == datetime(2026, 3, 2, 8)
    assert (second["body_text"], second["answer_count"]) == (None, 0)
    answers = desk.rows("select * from raw.stackexchange__answers order by answer_id")
    assert [(row["question_id"], row["is_accepted"]) for row in answers] == [
        ("7001", True),
        ("7001", False),
    ]
    assert [row["score_count"] for row in answers] == [6, -1]
    comments = desk.rows(
        "select * from raw.stackexchange__comments order by comment_id"
    )
    assert [(row["post_id"], row["post_type_code"]) for row in comments] == [
        ("7001", "question"),
        ("7002", "answer"),
    ]
    assert comments[0]["body_text"] == 'Which "gate"?'
    assert desk.rejects() == []


def test_owner_that_does_not_exist_has_no_id(desk, fixtures):
    desk.load(fixtures / "stackexchange/questions_with_answers.json")
    gone = desk.rows(
        "select owner_id, owner_type_code from raw.stackexchange__questions "
        "where question_id = '7010'"
    )
    assert gone == [{"owner_id": None, "owner_type_code": "does_not_exist"}]


@pytest.mark.parametrize(
    ("items", "table", "rows"),
    [
        (
            [{"answer_id": 2, "question_id": 1, "creation_date": 1_772_442_000}],
            "answers",
            1,
        ),
        (
            [{"comment_id": 3, "post_id": 1, "creation_date": 1_772_442_000}],
            "comments",
            1,
        ),
        ([], "questions", 0),
    ],
    ids=["answers", "comments", "nothing"],
)
def test_page_of_one_kind_is_known(write, items, table, rows):
    page = {"items": items, "has_more": False, "quota_remaining": 9}
    page |= {"type": "question"} if not items else {}
    inspection = inspect_file(write("page.json", json.dumps(page)))
    assert [(each.table_name, each.rows_good) for each in inspection.tables] == [
        (f"stackexchange__{table}", rows)
    ]


def test_support_tweets_keep_parent_answers_and_who_is_a_brand(desk, fixtures):
    desk.load(fixtures / "support/conversation_with_two_answers.csv")
    rows = {
        row["tweet_id"]: row for row in desk.rows("select * from raw.support__tweets")
    }
    assert rows["13"]["response_tweet_ids"] == "11,14"
    assert rows["13"]["reply_to_tweet_id"] is None
    assert rows["13"]["body_text"].count("\n") == 1
    assert rows["12"]["reply_to_tweet_id"] == "11"
    assert (rows["11"]["author_id"], rows["11"]["is_inbound"]) == (
        "LindholmHelp",
        False,
    )
    assert rows["11"]["created_at"] == datetime(2026, 3, 2, 9, 10, 47)
    assert str(desk.manifest()[0]["period_end"]) == "2026-03-03"


def test_discord_channel_is_told_by_the_name_of_its_file(desk, fixtures):
    name = "Lindholm - garden [112233445566778899].csv"
    desk.load(fixtures / "discord" / name)
    first, second = desk.rows("select * from raw.discord__messages order by message_id")
    assert first["channel_id"] == second["channel_id"] == "112233445566778899"
    assert first["channel_name"] == "Lindholm - garden"
    assert first["reactions_text"] == "👍 (2),🌱 (1)"
    assert second["sent_at"] == datetime(2026, 3, 2, 8, 30, 0, 123000)
    assert second["body_text"] == "From ten on,\ncome in!"
    assert first["author_id"] == "210000000000000001"


def test_older_discord_file_has_local_times_and_no_ids(desk, fixtures):
    desk.load(fixtures / "discord/older_local_times.csv")
    row = desk.one("select * from raw.discord__messages")
    assert row["sent_at"] == datetime(2026, 3, 2)
    assert (row["message_id"], row["channel_id"]) == (None, None)
