"""Task: is the week that has just closed published, reported and delivered?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.partitions import last_closed_week
from heartshare.orchestration.steps.watching import watch_week

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings


class WatchWeekOperator(StepOperator):
    """Fails when something is overdue; the failure's mail says what."""

    def run_step(self, settings: Settings, context: Context) -> str:
        """Return the week that is complete."""
        moment = context["dag_run"].run_after
        week = last_closed_week(moment, settings.timezone)
        watch_week(settings, week, at=moment)
        return week.key
