"""Who acts on the report is told whom to answer, with what they said."""

import csv
import io
from datetime import date, datetime

import pytest

from heartshare.language import speaking
from heartshare.reporting import worklist
from heartshare.reporting.worklist import worklists

ROW = {
    "week_start": date(2026, 11, 9),
    "list_code": "action",
    "item_code": "2",
    "item_rank": 2,
    "evidence_rank": 1,
    "owner_name": "Orla Tessaline",
    "task_code": "answer_open_requests",
    "subject_code": "permits",
    "theme_code": "permits",
    "theme_name": "Permits",
    "asset_path": None,
    "due_on": date(2026, 11, 18),
    "platform_code": "reddit",
    "account_name": "marla_quill7",
    "act_kind_code": None,
    "occurred_at": datetime(2026, 11, 12, 22, 33),  # noqa: DTZ001 local by now
    "full_text": "The permit page\nis down",
    "message_address": "https://www.reddit.com/comments/xyz/comment/abc",
    "conversation_title": "Permits",
    "conversation_address": "https://www.reddit.com/comments/xyz",
}
SUGGESTION = {
    **ROW,
    "list_code": "suggestion",
    "item_code": "4227960e5ee0",
    "item_rank": 1,
    "task_code": "connect",
}


def rows_of(sheet):
    return list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))


def test_line_says_what_to_do_for_whom_and_where():
    (sheet,) = worklists([ROW]).values()
    (line,) = rows_of(sheet)
    assert line["Item"] == "Action 2"
    assert line["What to do"] == "Answer this message."
    assert (line["Platform"], line["Account"]) == ("Reddit", "marla_quill7")
    assert line["Written"] == "2026-11-12 22:33"
    assert line["Message"] == "The permit page is down"
    assert line["Address of the message"].endswith("/xyz/comment/abc")
    assert line["suggestion_code"] == ""


def test_line_of_somebody_who_only_likes_says_so_and_leads_to_the_post():
    like = {**ROW, "act_kind_code": "reaction", "full_text": None}
    (sheet,) = worklists([like]).values()
    (line,) = rows_of(sheet)
    assert line["Account"] == "marla_quill7"
    assert line["Message"] == "(reacted to this post, without words)"
    assert line["Address of the message"].endswith("/xyz/comment/abc")


def test_suggestion_carries_what_its_answer_repeats():
    (sheet,) = worklists([SUGGESTION]).values()
    (line,) = rows_of(sheet)
    assert line["What to do"].endswith("what it has to do with Permits.")
    answer = ("suggestion_code", "suggested_week", "kind_code", "theme_code")
    assert [line[name] for name in answer] == [
        "4227960e5ee0",
        "2026-11-09",
        "connect",
        "permits",
    ]


def test_each_owner_gets_a_sheet_with_actions_before_suggestions():
    later = {**ROW, "evidence_rank": 2, "account_name": "quill"}
    other = {**ROW, "owner_name": "Ines / Parks"}
    sheets = worklists([SUGGESTION, later, other, ROW])
    assert sorted(sheets) == ["ines-parks.csv", "orla-tessaline.csv"]
    lines = rows_of(sheets["orla-tessaline.csv"])
    assert [(line["Item"], line["Account"]) for line in lines] == [
        ("Action 2", "marla_quill7"),
        ("Action 2", "quill"),
        ("Suggestion 1", "marla_quill7"),
    ]


def test_cell_that_a_spreadsheet_would_run_is_made_harmless():
    (sheet,) = worklists([{**ROW, "full_text": '=HYPERLINK("x")'}]).values()
    assert rows_of(sheet)[0]["Message"].startswith("'=")


def test_message_that_is_gone_leaves_empty_cells():
    known = ("platform_code", "account_name", "occurred_at", "full_text")
    gone = {**ROW, **dict.fromkeys(known), "message_address": None}
    (line,) = rows_of(next(iter(worklists([gone]).values())))
    assert {line["Platform"], line["Account"], line["Written"], line["Message"]} == {""}


def test_sheet_speaks_the_language_of_the_report():
    with speaking("de"):
        (sheet,) = worklists([ROW]).values()
    assert rows_of(sheet)[0]["Was zu tun ist"] == "Diese Nachricht beantworten."


@pytest.mark.parametrize("task", sorted(worklist._TASKS))
def test_every_kind_of_action_and_suggestion_has_a_sentence_without_gaps(task):
    row = {**ROW, "task_code": task, "theme_name": None, "asset_path": "/permits"}
    (line,) = rows_of(next(iter(worklists([row]).values())))
    assert line["What to do"].endswith(".")
    assert "{" not in line["What to do"]
