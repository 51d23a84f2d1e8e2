"""Each action code has a sentence that names people and theme."""

import pytest

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
    assert action_reason(ROW, definitions, "66%", "Reddit 50, X 2") == (
        "Answered within a day: 48%, 66% is usual. Evidence: 52 acts (Reddit 50, X 2)."
    )
    assert action_reason({**ROW, "reason_value": None}, {}) == "Evidence: 52 acts."


def test_action_evidence_is_named_for_what_it_is():
    asked = {**ROW, "action_code": "answer_open_requests", "evidence_count": 1}
    posts = {**ROW, "action_code": "return_to_dialogue", "evidence_count": 5}
    assert action_reason(asked, {}) == "Evidence: 1 unanswered message."
    assert action_reason(posts, {}) == "Evidence: 5 one-way posts."
