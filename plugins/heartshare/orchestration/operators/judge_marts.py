"""Task: let the gate judge the marts; a blocked week is an answer, not a failure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.judging import judge_marts

if TYPE_CHECKING:
    from typing import Any

    from airflow.sdk import Context

    from heartshare.settings import Settings


class JudgeMartsOperator(StepOperator):
    """Runs every check and returns the verdict in short."""

    def run_step(self, settings: Settings, context: Context) -> dict[str, Any]:
        """Return verdict, counts and the names of blocking checks; never values."""
        today = context["dag_run"].run_after.astimezone(settings.timezone).date()
        verdict = judge_marts(
            settings,
            self.week(settings, context),
            today=today,
            at=datetime.now(UTC),
        )
        return {
            "verdict": str(verdict.verdict),
            "build_id": verdict.build_id,
            "checks_total": verdict.checks_total,
            "checks_passed": verdict.checks_passed,
            "blocking": [outcome.ref for outcome in verdict.blocking],
        }
