"""What all DAGs share: first day, retries, pools and tags."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from airflow.sdk import (
    CronPartitionTimetable,
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
)

from heartshare.orchestration.failures import notify_failure
from heartshare.settings import Settings

START_DATE = datetime(2026, 1, 5, tzinfo=UTC)
KEY_FORMAT = "%Y-%m-%d"

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "heartshare",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=30),
    "execution_timeout": timedelta(hours=2),
    "on_failure_callback": notify_failure,
}

PULL_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception=ConnectionError,
            action=RetryAction.RETRY,
            retry_delay=timedelta(seconds=30),
        ),
        RetryRule(
            exception="heartshare.errors.InputError",
            action=RetryAction.FAIL,
            reason="a wrong file or setting does not heal by itself",
        ),
    ]
)


class Tag(StrEnum):
    """The tags a DAG may bear: one layer and one tier (1 wakes somebody up)."""

    INGEST = "layer:ingest"
    TRANSFORM = "layer:transform"
    REPORT = "layer:report"
    MAINTAIN = "layer:maintain"
    TIER_1 = "tier:1"
    TIER_2 = "tier:2"
    TIER_3 = "tier:3"


def weekly_schedule() -> CronPartitionTimetable:
    """Return the schedule of the weekly run: Monday 05:00 where the organisation is.

    The run of a Monday bears the key of the week that has just ended.
    """
    return CronPartitionTimetable(
        "0 5 * * 1",
        timezone=_zone(),
        run_offset=-1,
        key_format=KEY_FORMAT,
    )


def watch_schedule() -> CronTriggerTimetable:
    """Return when the pipeline is watched: Monday and Tuesday, 09:00 local time."""
    return CronTriggerTimetable("0 9 * * 1,2", timezone=_zone())


def maintenance_schedule() -> CronTriggerTimetable:
    """Return when files are cared for: Sunday, 03:30 local time."""
    return CronTriggerTimetable("30 3 * * 0", timezone=_zone())


def needs_approval() -> bool:
    """Return whether a person must say yes before a report is sent."""
    return Settings.from_env(os.environ).is_approval_required


def approval_wait() -> timedelta:
    """Return how long an approval is waited for."""
    return Settings.from_env(os.environ).approval_wait


def _zone() -> str:
    return Settings.from_env(os.environ).timezone.key
