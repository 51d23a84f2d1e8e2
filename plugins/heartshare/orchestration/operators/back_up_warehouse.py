"""Task: keep a copy of the warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.maintaining import back_up_warehouse

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings


class BackUpWarehouseOperator(StepOperator):
    """Names the copy after the day of the run."""

    def run_step(self, settings: Settings, context: Context) -> str:
        """Return where the copy is."""
        day = context["dag_run"].run_after.date().isoformat()
        return str(back_up_warehouse(settings, day))
