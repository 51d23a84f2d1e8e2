"""Task: make the editions that a published week closes, of its month or half-year."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.sdk.exceptions import AirflowSkipException

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.partitions import Mode
from heartshare.orchestration.steps.editions import due_editions, render_edition

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings


class RenderEditionsOperator(StepOperator):
    """Files the editions that are due with a week; a backfill makes none."""

    def run_step(self, settings: Settings, context: Context) -> list[str]:
        """Return the periods whose edition lies in the archive; skip without one."""
        if self.mode(context) is Mode.BACKFILL:
            raise AirflowSkipException("A backfill sends no edition")
        week = self.week(settings, context)
        periods = due_editions(settings, week)
        if not periods:
            raise AirflowSkipException(f"{week.label} closes no month and no half-year")
        for period in periods:
            render_edition(settings, period, at=datetime.now(UTC))
        return [period.label for period in periods]
