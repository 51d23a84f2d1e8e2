"""Who is meant by the week's actions and suggestions, as sheets for those who act.

A sheet holds names and texts: it is for its owner, and no part of what is published.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from heartshare.cells import harmless
from heartshare.language import mark, say
from heartshare.reporting.wording import owner_name, platform_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

Row = dict[str, Any]

_HEADS = (
    mark("Owner"),
    mark("Item"),
    mark("What to do"),
    mark("Due by"),
    mark("Platform"),
    mark("Account"),
    mark("Written"),
    mark("Message"),
    mark("Address of the message"),
    mark("Conversation"),
    mark("Address of the conversation"),
)
#: What an answer to a suggestion repeats, under the names that its contract reads.
_ANSWERED_WITH = ("suggestion_code", "suggested_week", "kind_code", "theme_code")
_TASKS = {
    "answer_open_requests": mark("Answer this message."),
    "contact_identified_people": mark("Write personally to this person."),
    "return_to_dialogue": mark("A one-way post of ours: reply to people below it."),
    "invite_advocates": mark("Invite this advocate to share what they know."),
    "close_content_gap": mark(
        "Publish something useful on {theme}: this is what people say."
    ),
    "connect": mark("Say in this conversation what it has to do with {theme}."),
    "invite": mark("Invite this person to the conversation named here."),
    "asset": mark("Offer the page {page} in this conversation."),
    "recruit": mark("Welcome this person into the community: they speak of {theme}."),
}
#: Instead of a message, of those who never wrote one.
_WORDLESS = {
    "reaction": mark("(reacted to this post, without words)"),
    "repost": mark("(passed this post on, without words)"),
    "follow": mark("(followed us, without words)"),
}


def worklists(rows: Iterable[Row]) -> dict[str, bytes]:
    """Return a sheet for each owner as CSV, by the name of its file.

    ``rows`` are those of rpt_worklist, ``occurred_at`` in local time. Owners whose
    names cannot be told apart in the name of a file share a sheet.
    """
    sheets: dict[str, list[Row]] = {}
    for row in sorted(rows, key=_order):
        sheets.setdefault(_file_name(row["owner_name"]), []).append(row)
    return {name: _sheet(of_owner) for name, of_owner in sheets.items()}


def _order(row: Row) -> tuple[Any, ...]:
    return (
        row["owner_name"],
        row["list_code"],
        row["item_rank"],
        row["item_code"],
        row["evidence_rank"],
    )


def _file_name(owner: str) -> str:
    words = re.sub(r"\W+", "-", owner).strip("-").lower()
    return f"{words or 'owner'}.csv"


def _sheet(rows: Sequence[Row]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*(say(head) for head in _HEADS), *_ANSWERED_WITH])
    for row in rows:
        writer.writerow([harmless(cell) for cell in (*_cells(row), *_answer(row))])
    return buffer.getvalue().encode("utf-8-sig")


def _cells(row: Row) -> tuple[str, ...]:
    return (
        owner_name(row["owner_name"]),
        _item(row),
        _task(row),
        row["due_on"].isoformat(),
        platform_name(row["platform_code"]) if row["platform_code"] else "",
        row["account_name"] or "",
        _moment(row["occurred_at"]),
        _message(row),
        row["message_address"] or "",
        row["conversation_title"] or "",
        row["conversation_address"] or "",
    )


def _item(row: Row) -> str:
    if row["list_code"] == "action":
        return say("Action {rank}", rank=row["item_rank"])
    return say("Suggestion {rank}", rank=row["item_rank"])


def _task(row: Row) -> str:
    theme = row["theme_name"] or row["theme_code"] or row["subject_code"]
    return say(_TASKS[row["task_code"]], theme=theme, page=row["asset_path"] or "")


def _message(row: Row) -> str:
    if row["act_kind_code"]:
        return say(_WORDLESS[row["act_kind_code"]])
    return row["full_text"] or ""


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _answer(row: Row) -> tuple[str, ...]:
    """Return what an answer repeats; an action is not answered in a file."""
    if row["list_code"] != "suggestion":
        return ("",) * len(_ANSWERED_WITH)
    return (
        row["item_code"],
        row["week_start"].isoformat(),
        row["task_code"],
        row["theme_code"],
    )
