"""Task: which sources are there, in the inbox and declared?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.sources import list_sources

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings


class ListSourcesOperator(StepOperator):
    """Returns the names of all sources, so that each gets a task of its own."""

    def run_step(self, settings: Settings, context: Context) -> list[str]:
        """Return the sources in alphabetical order."""
        return list_sources(settings)
