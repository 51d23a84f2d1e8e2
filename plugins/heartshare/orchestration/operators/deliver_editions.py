"""Task: hand the editions of a run to everybody who asks for them, at most once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.sdk.exceptions import AirflowSkipException

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.delivering_editions import deliver_edition
from heartshare.reporting.editions.periods import parse_period

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings


class DeliverEditionsOperator(StepOperator):
    """Sends what the outbox still owes of each edition; running it twice is safe.

    Where sending needs an approval nothing is sent here: a person reads the edition in
    the archive and sends it from the shell.
    """

    def run_step(
        self, settings: Settings, context: Context
    ) -> dict[str, dict[str, int]]:
        """Return recipients by state, for each edition of the run."""
        labels = context["ti"].xcom_pull(task_ids="render_editions")
        if settings.is_approval_required:
            raise AirflowSkipException(
                f"Sending needs an approval. Read {', '.join(labels)} in the archive, "
                "then run `heartshare report --edition ... --send`."
            )
        now = datetime.now(UTC)
        return {
            label: deliver_edition(settings, parse_period(label), at=now)
            for label in labels
        }
