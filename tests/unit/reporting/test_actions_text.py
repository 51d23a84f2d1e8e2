"""Each action code has a sentence that names people and theme."""

import pytest

from heartshare.reporting.weekly.actions_places import Usual
from heartshare.reporting.weekly.actions_text import (
    UnknownActionError,
    action_reason,
    action_title,
)

ROW = {
    "action_code": "invite_advocates",
    "person_count": 38,
    "evidence_count": 52,
    "theme_name": "Permits",
    "subject_name": "Identified",
    "reason_metric_id": "response_rate_24h",
    "reason_value": 0.48,
}


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("answer_open_requests", "Answer the 38 people still waiting for a reply"),
        ("contact_identified_people", "Write personally to the 38 people waiting"),
        ("return_to_dialogue", "Bring Identified back to dialogue"),
        ("invite_advocates", "Invite the 38 advocates who talk about Permits to"),
        ("close_content_gap", "Publish something useful on Permits"),
    ],
)
def test_action_title_names_what_to_do(code, title):
    assert action_title({**ROW, "action_code": code}).startswith(title)


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (
            "answer_open_requests",
            "Answer 20 of the 38 people still waiting for",
        ),
        (
            "contact_identified_people",
            "Write personally to 20 of the 38 people",
        ),
        ("invite_advocates", "Invite 20 of the 38 advocates who talk about Permits"),
    ],
)
def test_action_for_more_people_than_can_be_reached_names_how_many_and_of_how_many(
    code, title
):
    row = {**ROW, "action_code": code, "due_person_count": 20}
    assert action_title(row).startswith(title)
    assert action_title({**row, "theme_name": "", "subject_name": ""}).startswith(
        title.partition(" who")[0].removesuffix(" at Identified")
    )
    assert action_reason(row, {}).endswith(
        " The owner's worklist names them, latest act first."
    )


def test_action_for_everybody_names_their_number_alone():
    row = {**ROW, "due_person_count": 38}
    assert action_title(row).startswith("Invite the 38 advocates")
    assert "worklist" not in action_reason(row, {})


def test_action_of_an_unknown_code_is_refused_by_name():
    with pytest.raises(UnknownActionError, match="dance"):
        action_title({**ROW, "action_code": "dance"})


def test_action_reason_gives_metric_value_and_evidence():
    definitions = {
        "response_rate_24h": {
            "metric_name": "Answered within a day",
            "unit_code": "ratio",
        }
    }
    assert action_reason(ROW, definitions) == (
        "Answered within a day: 48%. Evidence: 52 acts."
    )
    assert action_reason(ROW, definitions, Usual("66%"), "Reddit 50, X 2") == (
        "Answered within a day: 48%, 66% is usual. Evidence: 52 acts (Reddit 50, X 2)."
    )
    assert action_reason({**ROW, "reason_value": None}, {}) == "Evidence: 52 acts."


def test_a_value_just_outside_its_range_is_seen_outside():
    """11.6% below 11.8 to 21.0% is not 12% beside 12 to 21%."""
    row = {**ROW, "reason_metric_id": "move_on_ratio", "reason_value": 0.116}
    definition = {"metric_name": "Moved on", "unit_code": "ratio"}
    usual = Usual("11.8\N{EN DASH}21.0%", 1)
    reason = action_reason(row, {"move_on_ratio": definition}, usual)
    assert reason.startswith("Moved on: 11.6%, 11.8\N{EN DASH}21.0% is usual.")


def test_action_evidence_is_named_for_what_it_is():
    asked = {**ROW, "action_code": "answer_open_requests", "evidence_count": 1}
    posts = {**ROW, "action_code": "return_to_dialogue", "evidence_count": 5}
    assert action_reason(asked, {}) == "Evidence: 1 unanswered message."
    assert action_reason(posts, {}) == "Evidence: 5 one-way posts."
