"""What the email says: subject, preheader, pictures with alternatives, short lines."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

_SUBJECT_LENGTH = 110


def email_parts(facts: Row) -> Row:
    """Return subject, preheader, title line and pictures of an issue's email.

    Each picture has cid, name (of its chart), alt and width in pixels.
    """
    issue = facts["issue"]
    correction = (
        f" (corrected, issue {issue['revision']})" if issue["revision"] > 1 else ""
    )
    growing = facts["growing"]["headline"]
    return {
        "subject": _subject(facts, correction),
        "preheader": f"{growing} {_stuck_line(facts)} {facts['gate']['text']}.",
        "correction": correction.strip(" ()"),
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
    longer = f"{subject}; {_stuck_line(facts, lower=True)}"
    return (longer if len(longer) <= _SUBJECT_LENGTH else subject) + correction


def _short(headline: str) -> str:
    return headline.rstrip(".")


def _stuck_line(facts: Row, *, lower: bool = False) -> str:
    stuck = facts["stuck"]
    if stuck["stuck_stage"] is None:
        line = "No step is stuck."
        if stuck["tag"]["code"] == "absent":
            line = "Funnel: no figure."
        elif stuck["tag"]["code"] != "routine":
            line = "Funnel: too early to tell."
    else:
        headline = stuck["headline"]
        line = f"Stuck {headline[0].lower()}{headline[1:]}"
    if lower:
        line = line[0].lower() + line[1:].rstrip(".")
    return line


def _picture(issue: Row, name: str, chart: Row) -> Row:
    return {
        "cid": f"{name}.{issue['week_label'].lower()}.r{issue['revision']}",
        "name": name,
        "alt": f"{chart['title']}. {chart['description']}",
        "width": 584,
    }
