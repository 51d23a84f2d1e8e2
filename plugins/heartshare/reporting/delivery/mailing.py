"""What the email says: subject, preheader, pictures with alternatives, short lines."""

from __future__ import annotations

from typing import Any

from heartshare.language import mark, say

Row = dict[str, Any]

_SUBJECT_LENGTH = 110
#: What is said of the funnel, by the code of its tag: as a sentence of its own.
_LINES = {
    "stuck": mark("Stuck between {stage} and {following}."),
    "routine": mark("No step is stuck."),
    "absent": mark("Funnel: no figure."),
    "too_early": mark("Funnel: too early to tell."),
}
#: The same as the last part of a subject line.
_CLAUSES = {
    "stuck": mark("stuck between {stage} and {following}"),
    "routine": mark("no step is stuck"),
    "absent": mark("funnel: no figure"),
    "too_early": mark("funnel: too early to tell"),
}


def email_parts(facts: Row) -> Row:
    """Return subject, preheader, title line and pictures of an issue's email.

    Each picture has cid, name (of its chart), alt and width in pixels.
    """
    issue = facts["issue"]
    correction = (
        say("corrected, issue {revision}", revision=issue["revision"])
        if issue["revision"] > 1
        else ""
    )
    growing = facts["growing"]["headline"]
    return {
        "subject": _subject(facts, correction),
        "preheader": f"{growing} {_stuck_line(facts, _LINES)} {facts['gate']['text']}.",
        "correction": correction,
        "logo": _logo(issue),
        "pictures": [
            _picture(issue, "growing", facts["growing"]["chart"]),
            _picture(issue, "funnel", facts["stuck"]["chart"]),
        ],
    }


def _logo(issue: Row) -> Row | None:
    logo = (issue.get("brand") or {}).get("logo")
    if not logo:
        return None
    cid = f"logo.{issue['week_label'].lower()}.r{issue['revision']}"
    return {**logo, "cid": cid}


def _subject(facts: Row, correction: str) -> str:
    issue = facts["issue"]
    subject = f"{issue['week_text']}: {_short(facts['growing']['headline'])}"
    longer = f"{subject}; {_stuck_line(facts, _CLAUSES)}"
    subject = longer if len(longer) <= _SUBJECT_LENGTH else subject
    return f"{subject} ({correction})" if correction else subject


def _short(headline: str) -> str:
    return headline.rstrip(".")


def _stuck_line(facts: Row, words: dict[str, str]) -> str:
    stuck = facts["stuck"]
    if stuck["stuck_stage"] is None:
        code = stuck["tag"]["code"]
        return say(words.get(code, words["too_early"]))
    step = next(one for one in stuck["chart"]["steps"] if one["is_stuck"])
    return say(
        words["stuck"], stage=step["stage_name"], following=step["next_stage_name"]
    )


def _picture(issue: Row, name: str, chart: Row) -> Row:
    return {
        "cid": f"{name}.{issue['week_label'].lower()}.r{issue['revision']}",
        "name": name,
        "alt": f"{chart['title']}. {chart['description']}",
        "width": 584,
    }
