"""Task: tell the owners that a week is held, and leave the run red."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.holding import hold_week
from heartshare.quality.gate import WeekHeldError

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings


class HoldWeekOperator(StepOperator):
    """Sends the HELD notice once for each build, then fails without a retry."""

    def run_step(self, settings: Settings, context: Context) -> None:
        """Mark the run as held; nothing is published."""
        week = self.week(settings, context)
        verdict = hold_week(settings, week, at=datetime.now(UTC))
        raise WeekHeldError(verdict)
