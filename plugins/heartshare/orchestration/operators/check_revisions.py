"""Task: are all published files what was published?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.maintaining import check_revisions

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings


class CheckRevisionsOperator(StepOperator):
    """Fails with the first file that is missing or differs."""

    def run_step(self, settings: Settings, context: Context) -> int:
        """Return how many revisions stand."""
        return check_revisions(settings)
