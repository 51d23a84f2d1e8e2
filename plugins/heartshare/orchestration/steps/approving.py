"""Step: what is a person asked before a report goes out, and who hears of a no?"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from heartshare.errors import HeartshareError
from heartshare.orchestration.mailing import notice_name, send_notice
from heartshare.orchestration.steps.delivering import latest_issue
from heartshare.reporting.delivery.deliveries import DeliveryState
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.sending import MailContent

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from pathlib import Path

    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)
_VERDICTS = {
    "clean": "clean",
    "published_with_notes": "fit to publish, with notes",
}


class ApprovalTimedOutError(HeartshareError):
    """Nobody said yes or no in time, so the report stays where it is."""

    def __init__(self, week: ReportingWeek, wait: timedelta) -> None:
        super().__init__(
            f"Nobody approved the report of {week.label} within {_told(wait)}: it was "
            "not sent. Clear the task approve_report to ask again, or run "
            f"`heartshare report --week {week.label} --send`."
        )


@dataclass(frozen=True)
class ApprovalRequest:
    """The question that a person answers; ``body`` is Markdown."""

    issue: str
    subject: str
    body: str


def approval_request(settings: Settings, week: ReportingWeek) -> ApprovalRequest | None:
    """Return the question about a week's last issue; None when it went out already.

    An issue that somebody has received was approved: what remains of it is sent without
    asking again.

    Raises:
        NoIssueError: nothing was rendered.
    """
    folder = latest_issue(settings, week)
    issue = f"{week.label}.{folder.name}"
    if _was_sent(settings, issue):
        return None
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    return ApprovalRequest(
        issue=issue,
        subject=f"Send the weekly report {week.label}, issue {folder.name}?",
        body="\n\n".join(_body(settings, week, folder, facts)),
    )


def tell_rejected(
    settings: Settings, week: ReportingWeek, *, by: str, run: str, at: datetime
) -> None:
    """Mail the owners, once for each run, that a person said no; nothing was sent."""
    folder = latest_issue(settings, week)
    text = (
        f"{by} rejected the report of {week.label} (issue {folder.name}). It was not "
        "sent to anybody.\n\n"
        f"The issue stays in the archive: {_place(settings, week, folder)}\n"
        "Next step: correct what is wrong and let the week build again, which asks "
        "anew; or clear the task approve_report to ask again about this issue.\n"
    )
    report = send_notice(
        settings,
        MailContent(
            subject=f"NOT SENT: weekly report {week.label} rejected", text=text
        ),
        issue=f"rejected-{notice_name(week.key, folder.name, run)}",
        at=at,
    )
    LOGGER.warning(
        "%s rejected %s.%s: nothing was sent; owners: %s",
        by,
        week.label,
        folder.name,
        report.summary if report else "not told by mail",
    )


def _told(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    for size, unit in ((3600, "hours"), (60, "minutes")):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"


def _body(
    settings: Settings,
    week: ReportingWeek,
    folder: Path,
    facts: dict[str, dict[str, str]],
) -> list[str]:
    gate = facts["gate"]
    verdict = _VERDICTS.get(gate["verdict_code"], gate["verdict_code"])
    return [
        f"**Is advocacy growing?** {facts['growing']['headline']}",
        f"**Where is it stuck?** {facts['stuck']['headline']}",
        f"**Data gate:** {verdict}. {gate['text']}.",
        f"**Page:** {_place(settings, week, folder)}",
        (
            "Approve sends it to everybody on the list. Reject sends nothing and tells "
            "the owners."
        ),
    ]


def _place(settings: Settings, week: ReportingWeek, folder: Path) -> str:
    """Return where the rendered page can be read: its address, else its path."""
    page = f"{week.label}/{folder.name}/index.html"
    if settings.archive_url:
        return f"{settings.archive_url.rstrip('/')}/{quote(page)}"
    return str(folder / "index.html")


def _was_sent(settings: Settings, issue: str) -> bool:
    if not settings.outbox.exists():
        return False
    rows = Outbox(settings.outbox).rows(issue)
    return any(row.state is DeliveryState.SENT for row in rows)
