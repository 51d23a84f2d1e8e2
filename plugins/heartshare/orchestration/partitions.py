"""Which week does a run stand for, and how was it started? Knows runs, not Airflow."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo


class Mode(StrEnum):
    """How a run came about: on time, by a late drop, or for a week long gone."""

    LIVE = "live"
    LATE = "late"
    BACKFILL = "backfill"


class RunWithoutWeekError(InputError):
    """A run was started by hand and nobody said for which week."""

    def __init__(self) -> None:
        super().__init__(
            "This run knows no week. Start it with a partition key (the week's Monday, "
            '2026-11-09) or with the configuration {"week": "2026-W46"}.'
        )


def week_of(context: Mapping[str, Any], zone: ZoneInfo) -> ReportingWeek:
    """Return the week of a run: its partition key, else conf["week"], else its date.

    A run with nothing but a logical date stands for the last week that had ended then.

    Raises:
        RunWithoutWeekError: the run has none of the three.
    """
    run = context["dag_run"]
    named = getattr(run, "partition_key", None) or (run.conf or {}).get("week")
    if named:
        return ReportingWeek.parse(named)
    if run.logical_date is None:
        raise RunWithoutWeekError
    return last_closed_week(run.logical_date, zone)


def last_closed_week(moment: datetime, zone: ZoneInfo) -> ReportingWeek:
    """Return the newest week that had wholly passed at a moment, in a zone."""
    return ReportingWeek.containing(moment.astimezone(zone).date()).shift(-1)


def mode_of(context: Mapping[str, Any]) -> Mode:
    """Return how a run came about; what started it says so, else it is live."""
    told = (context["dag_run"].conf or {}).get("mode")
    events = context.get("triggering_asset_events") or {}
    for asset_events in events.values():
        for event in asset_events:
            told = told or (event.extra or {}).get("mode")
    return Mode(told) if told else Mode.LIVE


def is_embedded(context: Mapping[str, Any]) -> bool:
    """Return whether a run lives in one process: nobody can answer its questions."""
    return bool((context["dag_run"].conf or {}).get("is_embedded"))


def week_label(key: str) -> str:
    """Return the label that people read (2026-W46) for a partition key."""
    return ReportingWeek.parse(key).label
