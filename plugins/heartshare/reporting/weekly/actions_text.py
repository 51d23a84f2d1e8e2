"""What each kind of action asks for, in one sentence that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.language import mark, mark_many, say, say_many
from heartshare.reporting.wording import number_text, percent_text, value_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from heartshare.reporting.weekly.actions_places import Usual

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


def action_reason(
    row: Row, definitions: dict[str, Row], usual: Usual | None = None, places: str = ""
) -> str:
    """Return why, from the metric that gave rise to the action and its value.

    ``usual`` is what the metric usually is there, ``places`` says where the evidence
    is; both are left out where nobody knows.
    """
    evidence = evidence_text(row)
    if places:
        evidence = say("{evidence} ({places})", evidence=evidence, places=places)
    return f"{_why(row, definitions, usual, evidence)}{_list(row)}"


def _why(
    row: Row, definitions: dict[str, Row], usual: Usual | None, evidence: str
) -> str:
    definition = definitions.get(row["reason_metric_id"] or "")
    if definition is None or row["reason_value"] is None:
        return say("Evidence: {evidence}.", evidence=evidence)
    known = {
        "metric": definition["metric_name"],
        "value": value_text(row["reason_value"], definition["unit_code"]),
        "evidence": evidence,
    }
    if usual is None or not usual.text:
        return say("{metric}: {value}. Evidence: {evidence}.", **known)
    if usual.decimals:
        known["value"] = percent_text(row["reason_value"], usual.decimals)
    return say(
        "{metric}: {value}, {usual} is usual. Evidence: {evidence}.",
        usual=usual.text,
        **known,
    )


def _list(row: Row) -> str:
    """Return where those stand whose turn it is, where not all can have theirs."""
    if not _is_part(row):
        return ""
    listed = say("The owner's worklist names them, latest act first.")
    return f" {listed}"


def _is_part(row: Row) -> bool:
    """Return whether fewer people are asked for than it concerns.

    Revisions from before there was such a number ask for all.
    """
    due = row.get("due_person_count")
    return due is not None and due < (row["person_count"] or 0)


def _people_parts(row: Row) -> dict[str, str]:
    parts = {"count": number_text(row["person_count"] or 0)}
    if _is_part(row):
        parts["due"] = number_text(row["due_person_count"])
    return parts


def evidence_text(row: Row) -> str:
    """Return how much evidence an action rests on, and what it is."""
    count = row["evidence_count"] or 0
    text = number_text(count)
    if row["action_code"] == "answer_open_requests":
        return say_many(
            "{count} unanswered message",
            "{count} unanswered messages",
            count,
            count=text,
        )
    if row["action_code"] == "return_to_dialogue":
        return say_many(
            "{count} one-way post", "{count} one-way posts", count, count=text
        )
    return say_many("{count} act", "{count} acts", count, count=text)


@dataclass(frozen=True)
class _Request:
    """What is asked for people: for all of them or a part, about something or not.

    ``about`` is the column that names it, ``place`` what the messages call it.
    """

    about: str
    place: str
    part_about: str
    part: str
    all_about: tuple[str, str]
    all: tuple[str, str]

    def said_for(self, row: Row) -> str:
        """Return the wording that fits an action."""
        count = row["person_count"] or 0
        name = row[self.about]
        parts = _people_parts(row) | ({self.place: name} if name else {})
        if _is_part(row):
            return say(self.part_about if name else self.part, **parts)
        one, many = self.all_about if name else self.all
        return say_many(one, many, count, **parts)


_ANSWER = _Request(
    about="theme_name",
    place="theme",
    part_about=mark(
        "Answer {due} of the {count} people still waiting for a reply about {theme}."
    ),
    part=mark("Answer {due} of the {count} people still waiting for a reply."),
    all_about=mark_many(
        "Answer the {count} person still waiting for a reply about {theme}.",
        "Answer the {count} people still waiting for a reply about {theme}.",
    ),
    all=mark_many(
        "Answer the {count} person still waiting for a reply.",
        "Answer the {count} people still waiting for a reply.",
    ),
)
_CONTACT = _Request(
    about="subject_name",
    place="stage",
    part_about=mark(
        "Write personally to {due} of the {count} people waiting at {stage}."
    ),
    part=mark("Write personally to {due} of the {count} people waiting."),
    all_about=mark_many(
        "Write personally to the {count} person waiting at {stage}.",
        "Write personally to the {count} people waiting at {stage}.",
    ),
    all=mark_many(
        "Write personally to the {count} person waiting.",
        "Write personally to the {count} people waiting.",
    ),
)
_INVITE = _Request(
    about="theme_name",
    place="theme",
    part_about=mark(
        "Invite {due} of the {count} advocates who talk about {theme} to share what "
        "they know."
    ),
    part=mark("Invite {due} of the {count} advocates to share what they know."),
    all_about=mark_many(
        "Invite the {count} advocate who talks about {theme} to share what they know.",
        "Invite the {count} advocates who talk about {theme} to share what they know.",
    ),
    all=mark_many(
        "Invite the {count} advocate to share what they know.",
        "Invite the {count} advocates to share what they know.",
    ),
)


def _dialogue(row: Row) -> str:
    if not row["subject_name"]:
        return say(
            "Bring the account back to dialogue: reply before the next promotion."
        )
    return say(
        "Bring {account} back to dialogue: reply before the next promotion.",
        account=row["subject_name"],
    )


def _gap(row: Row) -> str:
    theme = row["theme_name"] or row["subject_name"]
    if not theme:
        return say(
            "Publish something useful on the neglected theme; people talk about it "
            "without us."
        )
    return say(
        "Publish something useful on {theme}; people talk about it without us.",
        theme=theme,
    )


_TITLES: dict[str, Callable[[Row], str]] = {
    "answer_open_requests": _ANSWER.said_for,
    "contact_identified_people": _CONTACT.said_for,
    "return_to_dialogue": _dialogue,
    "invite_advocates": _INVITE.said_for,
    "close_content_gap": _gap,
}
