"""Step: tell the owners of actions and suggestions who is meant, and where they are.

Published marts name nobody. Whoever shall answer somebody needs their name and words:
these stand in sheets below the home folder, which only its owner may read.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.language import speaking
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.reporting.worklist import worklists
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from heartshare.settings import Settings
    from heartshare.warehouse.connections import Connection
    from heartshare.weeks import ReportingWeek

_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600
_COLUMNS = (
    "week_start",
    "list_code",
    "item_code",
    "item_rank",
    "evidence_rank",
    "owner_name",
    "task_code",
    "subject_code",
    "theme_code",
    "theme_name",
    "asset_path",
    "due_on",
    "platform_code",
    "account_name",
    "act_kind_code",
    "occurred_at",
    "full_text",
    "message_address",
    "conversation_title",
    "conversation_address",
)


class WorklistNotBuiltError(InputError):
    """The warehouse does not hold the lists of the week."""

    def __init__(self, week: ReportingWeek) -> None:
        super().__init__(
            f"The warehouse holds no list of {week.label}: it carries the marts of one "
            f"week only. Run `heartshare build --week {week.label}` first."
        )


@dataclass(frozen=True)
class WrittenWorklists:
    """The sheets that were written, and how many lines they have together."""

    sheets: tuple[Path, ...]
    lines: int

    def told(self, week: ReportingWeek) -> str:
        """Return what was written and what it may be used for."""
        if not self.sheets:
            return f"Nobody is named in the actions and suggestions of {week.label}."
        listed = "\n".join(f"  {path}" for path in self.sheets)
        return (
            f"{self.lines} lines for {week.label}, a sheet for each owner:\n{listed}\n"
            "They hold names and texts: give each to its owner only. Answers to "
            "suggestions go into programme/suggestion_responses. Sheets of other weeks "
            "were removed."
        )


def worklists_folder(settings: Settings) -> Path:
    """Return the folder of the sheets of the newest week that was asked for."""
    return settings.home / "worklists"


def write_worklists(settings: Settings, week: ReportingWeek) -> WrittenWorklists:
    """Write a sheet for each owner of an action or suggestion of the built week.

    Sheets of other weeks go: what they name is done, or listed anew.

    Raises:
        WorklistNotBuiltError: the warehouse carries another week, or none.
    """
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        rows = _rows(connection, week)
        _in_local_time(rows, settings.timezone)
        with speaking(settings.language):
            sheets = worklists(rows)
        # Under the warehouse's lock: nobody is forgotten between list and sheet.
        folder = _write(settings, week, sheets)
    return WrittenWorklists(tuple(folder / name for name in sorted(sheets)), len(rows))


def _in_local_time(rows: list[dict[str, Any]], zone: ZoneInfo) -> None:
    for row in rows:
        if row["occurred_at"]:
            moment = row["occurred_at"].replace(tzinfo=UTC)
            row["occurred_at"] = moment.astimezone(zone)


def _write(
    settings: Settings, week: ReportingWeek, sheets: Mapping[str, bytes]
) -> Path:
    """Put sheets in the place of those that are there; return their folder."""
    forget_worklists(settings)
    folder = worklists_folder(settings)
    folder.mkdir(mode=_PRIVATE_FOLDER)
    of_week = folder / week.label
    of_week.mkdir(mode=_PRIVATE_FOLDER)
    for name, content in sheets.items():
        write_whole(of_week / name, content, mode=_PRIVATE_FILE)
    return of_week


def forget_worklists(settings: Settings) -> None:
    """Remove all sheets: they can be written again from the marts."""
    folder = worklists_folder(settings)
    if folder.exists():
        shutil.rmtree(folder)


def _rows(connection: Connection, week: ReportingWeek) -> list[dict[str, Any]]:
    build = latest_build(connection)
    if build is None or not build.is_finished or build.week_key != week.key:
        raise WorklistNotBuiltError(week)
    known = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'reports' "
        "and table_name = 'rpt_worklist'"
    ).fetchall()
    if not known:
        raise WorklistNotBuiltError(week)
    rows = connection.execute(
        f"select {', '.join(_COLUMNS)} from reports.rpt_worklist"
    ).fetchall()
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
