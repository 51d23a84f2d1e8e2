"""Task: build the marts of one week."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.building import build_marts
from heartshare.orchestration.steps.progress import report_progress

if TYPE_CHECKING:
    from typing import Any

    from airflow.sdk import Context

    from heartshare.settings import Settings


class BuildModelsOperator(StepOperator):
    """Runs the whole dbt project once; one task, because DuckDB has one writer."""

    def run_step(self, settings: Settings, context: Context) -> dict[str, Any]:
        """Return the build's name and counts of nodes."""
        week = self.week(settings, context)
        return asdict(build_marts(settings, week, progress=report_progress))
