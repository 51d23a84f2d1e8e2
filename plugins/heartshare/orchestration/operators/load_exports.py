"""Task: load landed files into the raw tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.landing import load_exports
from heartshare.orchestration.steps.progress import report_progress

if TYPE_CHECKING:
    from typing import Any

    from airflow.sdk import Context

    from heartshare.settings import Settings


class LoadExportsOperator(StepOperator):
    """Loads every landed file that no earlier run has loaded."""

    def run_step(self, settings: Settings, context: Context) -> dict[str, Any]:
        """Return counts of files and rows."""
        summary = asdict(load_exports(settings, progress=report_progress))
        summary["weeks_touched"] = [str(week) for week in summary["weeks_touched"]]
        return summary
