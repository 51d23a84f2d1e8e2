"""Task: render the published week and file it in the archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.sdk.exceptions import AirflowSkipException

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.partitions import Mode
from heartshare.orchestration.steps.reporting import render_report

if TYPE_CHECKING:
    from typing import Any

    from airflow.sdk import Context

    from heartshare.settings import Settings


class RenderReportOperator(StepOperator):
    """Makes page, PDF and mail from one set of facts; a backfill makes none."""

    def run_step(self, settings: Settings, context: Context) -> dict[str, Any]:
        """Return where the issue is; skip when the run may not send."""
        if self.mode(context) is Mode.BACKFILL:
            raise AirflowSkipException("A backfill sends no report")
        issue = render_report(
            settings, self.week(settings, context), at=datetime.now(UTC)
        )
        return {"issue": issue.name, "path": str(issue.path), "is_new": issue.is_new}
