"""What each kind of action asks for, in one sentence that a person can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.reporting.wording import count_noun, value_text

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, Any]


class UnknownActionError(InputError):
    """A published action has a code for which the report has no sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"rpt_weekly_actions has action_code {code!r}, for which there is no "
            f"sentence. Known: {', '.join(sorted(_TITLES))}. Add it in actions_text.py."
        )


def action_title(row: Row) -> str:
    """Return what to do, from an action's code, people, theme and subject.

    Raises:
        UnknownActionError: for a code without a sentence.
    """
    if row["action_code"] not in _TITLES:
        raise UnknownActionError(row["action_code"])
    return _TITLES[row["action_code"]](row)


def action_reason(row: Row, definitions: dict[str, Row]) -> str:
    """Return why, from the metric that gave rise to the action and its value."""
    evidence = evidence_text(row)
    definition = definitions.get(row["reason_metric_id"] or "")
    if definition is None or row["reason_value"] is None:
        return f"Evidence: {evidence}."
    value = value_text(row["reason_value"], definition["unit_code"])
    return f"{definition['metric_name']}: {value}. Evidence: {evidence}."


def evidence_text(row: Row) -> str:
    """Return how much evidence an action rests on, and what it is."""
    noun = _EVIDENCE.get(row["action_code"], "act")
    return count_noun(row["evidence_count"] or 0, noun)


def _people(row: Row) -> str:
    return count_noun(row["person_count"] or 0, "person", "people")


def _theme(row: Row) -> str:
    return f" about {row['theme_name']}" if row["theme_name"] else ""


def _answer(row: Row) -> str:
    return f"Answer the {_people(row)} still waiting for a reply{_theme(row)}."


def _contact(row: Row) -> str:
    step = f" at {row['subject_name']}" if row["subject_name"] else ""
    return f"Write personally to the {_people(row)} waiting{step}."


def _dialogue(row: Row) -> str:
    account = row["subject_name"] or "the account"
    return f"Bring {account} back to dialogue: reply before the next promotion."


def _invite(row: Row) -> str:
    who = count_noun(row["person_count"] or 0, "advocate")
    talk = f" who talk{_theme(row)}" if row["theme_name"] else ""
    return f"Invite the {who}{talk} to share what they know."


def _gap(row: Row) -> str:
    theme = row["theme_name"] or row["subject_name"] or "the neglected theme"
    return f"Publish something useful on {theme}; people talk about it without us."


#: What counts as evidence for an action; an act of a person where not named here.
_EVIDENCE = {
    "answer_open_requests": "open request",
    "return_to_dialogue": "one-way post",
}

_TITLES: dict[str, Callable[[Row], str]] = {
    "answer_open_requests": _answer,
    "contact_identified_people": _contact,
    "return_to_dialogue": _dialogue,
    "invite_advocates": _invite,
    "close_content_gap": _gap,
}
