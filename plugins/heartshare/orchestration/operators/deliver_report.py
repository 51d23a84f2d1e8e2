"""Task: hand the filed issue to every recipient, each at most once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.steps.delivering import deliver_report

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings


class DeliverReportOperator(StepOperator):
    """Sends what the outbox still owes; running it twice sends nothing twice.

    Where a person was asked, only the issue goes out that this run rendered: another
    run may have filed a newer one before the answer came.
    """

    def run_step(self, settings: Settings, context: Context) -> dict[str, int]:
        """Return recipients by state."""
        approved = None
        if settings.is_approval_required:
            approved = context["ti"].xcom_pull(task_ids="render_report")["issue"]
        return deliver_report(
            settings,
            self.week(settings, context),
            at=datetime.now(UTC),
            approved=approved,
        )
