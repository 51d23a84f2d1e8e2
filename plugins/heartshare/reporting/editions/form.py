"""How an edition is drawn and mailed: its charts, and the parts of its email."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.language import say
from heartshare.reporting.charts import bars, lines
from heartshare.reporting.charts.drawing import Frame
from heartshare.reporting.charts.pictures import Picture

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, Any]

_SUBJECT_LENGTH = 110
_DRAWN: dict[str, Callable[..., str]] = {
    "split_line": lines.split_line,
    "waterfall": bars.waterfall,
}
_MAIL_WIDTH = 584


def edition_pictures(facts: Row) -> list[Picture]:
    """Return every chart of an edition, in the order of its sections."""
    return [
        _picture(one) for one in facts["sections"] if one["chart"] and not one["empty"]
    ]


def _picture(section: Row) -> Picture:
    chart = section["chart"]
    draw = _DRAWN[chart["kind"]]
    if chart["kind"] == "waterfall":
        rows = len(chart["rows"])
        frames = (Frame(250, 13 * rows, 7.4), Frame(1000, 27 * rows, 13),
                  Frame(360, 27 * rows, 12))  # fmt: skip
        return Picture(section["id"], draw, chart, *frames)
    if section["is_question"]:
        frames = (Frame(340, 118, 7), Frame(680, 280, 14), Frame(360, 290, 12))
        return Picture(section["id"], draw, chart, *frames, Frame(440, 300, 13.6))
    frames = (Frame(516, 74, 7), Frame(1000, 180, 12.5), Frame(360, 290, 12))
    return Picture(section["id"], draw, chart, *frames)


def edition_email(facts: Row) -> Row:
    """Return subject, preheader, logo and pictures of an edition's email.

    The mail shows the questions of page one; a picture for each that has a chart.
    """
    issue = facts["issue"]
    correction = ""
    if issue["revision"] > 1:
        correction = " " + say("(corrected, issue {number})", number=issue["revision"])
    questions = [one for one in facts["sections"] if one["is_question"]]
    asked = [one for one in questions if one["chart"] and not one["empty"]]
    return {
        "subject": _subject(facts) + correction,
        "preheader": " ".join([facts["headline"], *facts["lines"]]),
        "logo": _logo(issue),
        "questions": questions,
        "pictures": [_mail_picture(issue, one) for one in asked],
    }


def _subject(facts: Row) -> str:
    issue = facts["issue"]
    subject = f"{issue['title']}, {issue['period_text']}"
    longer = f"{subject}: {facts['headline'].rstrip('.')}"
    return longer if len(longer) <= _SUBJECT_LENGTH else subject


def _logo(issue: Row) -> Row | None:
    logo = (issue.get("brand") or {}).get("logo")
    return {**logo, "cid": _cid("logo", issue)} if logo else None


def _mail_picture(issue: Row, section: Row) -> Row:
    chart = section["chart"]
    return {
        "cid": _cid(section["id"], issue),
        "name": section["id"],
        "alt": f"{chart['title']}. {chart['description']}",
        "width": _MAIL_WIDTH,
    }


def _cid(name: str, issue: Row) -> str:
    return f"{name}.{issue['period'].lower()}.r{issue['revision']}"
