"""Task: give every new text a language and a tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.progress import report_progress
from heartshare.orchestration.steps.scoring import score_texts

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings


class ScoreTextsOperator(StepOperator):
    """Scores distinct texts that these versions of scorer and rules have not seen."""

    def run_step(self, settings: Settings, context: Context) -> dict[str, int]:
        """Return counts of texts."""
        summary = score_texts(settings, progress=report_progress)
        return {
            "texts_seen": summary.texts_seen,
            "texts_scored": summary.texts_scored,
            "texts_truncated": summary.texts_truncated,
            "texts_rescored": summary.texts_rescored,
            "texts_waiting": summary.texts_waiting,
            "texts_unreadable": summary.texts_unreadable,
        }
