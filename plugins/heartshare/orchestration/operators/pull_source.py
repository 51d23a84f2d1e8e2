"""Task: copy what is new from one source into the landing folder."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.progress import report_progress
from heartshare.orchestration.steps.pulling import pull_source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from airflow.sdk import Context

    from heartshare.settings import Settings


class PullSourceOperator(StepOperator):
    """Lands the new files of one source; touches no warehouse."""

    template_fields: Sequence[str] = ("source_name",)

    def __init__(self, *, source_name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source_name = source_name

    def run_step(self, settings: Settings, context: Context) -> dict[str, Any]:
        """Return how many files were new, known and not finished yet."""
        summary = pull_source(
            settings,
            self.source_name,
            now=datetime.now(UTC),
            progress=report_progress,
        )
        return {"source": self.source_name, **asdict(summary)}
