"""Task: ask a person whether the filed issue may go out."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk.exceptions import AirflowSkipException

from heartshare.orchestration.failures import explained
from heartshare.orchestration.mailing import mail_settings
from heartshare.orchestration.partitions import is_embedded, week_of
from heartshare.orchestration.steps.approving import (
    ApprovalTimedOutError,
    approval_request,
    tell_rejected,
)
from heartshare.orchestration.steps.delivering import latest_issue
from heartshare.settings import Settings

if TYPE_CHECKING:
    from typing import Any

    from airflow.sdk import Context

    from heartshare.weeks import ReportingWeek


class ApproveReportOperator(ApprovalOperator):
    """Waits for an answer without a worker; only an explicit yes lets anything out.

    A no skips what follows and tells the owners. No answer in time fails the task, of
    which the owners hear as of any failed task.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(subject="Send the weekly report?", body="", **kwargs)

    def execute(self, context: Context) -> Any:  # noqa: ANN401 as the parent's
        """Put the question, unless the issue went out before; then wait."""
        if is_embedded(context):
            raise AirflowSkipException(
                "Sending needs an approval, and this run has nobody to ask. Read the "
                "report, then run `heartshare report --send`."
            )
        with explained():
            settings = Settings.from_env(os.environ)
            week = week_of(context, settings.timezone)
            rendered = context["ti"].xcom_pull(task_ids="render_report")["issue"]
            if latest_issue(settings, week).name != rendered:
                raise AirflowSkipException(
                    f"A newer issue than {rendered} was filed: its own run asks."
                )
            request = approval_request(settings, week)
            if request is None:
                self.log.info("The issue went out before: nobody is asked again")
                return None
            self.subject, self.body = request.subject, request.body
            self.log.info("Asking: %s", request.subject)
            return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:  # noqa: ANN401
        """Go on after a yes, skip what follows after a no, fail without an answer."""
        with explained():
            settings = mail_settings(Settings.from_env(os.environ))
            week = week_of(context, settings.timezone)
            if event.get("error_type") == "timeout":
                raise ApprovalTimedOutError(week, settings.approval_wait)
            by = (event.get("responded_by_user") or {}).get("name") or "Somebody"
            if event.get("chosen_options") == [self.REJECT]:
                self._tell(settings, week, by, context["dag_run"].run_id)
            else:
                self.log.info("%s approved the report of %s", by, week.label)
            return super().execute_complete(context, event)

    def _tell(self, settings: Settings, week: ReportingWeek, by: str, run: str) -> None:
        """Tell the owners of a no; a failure here must not ask the question again."""
        try:
            tell_rejected(settings, week, by=by, run=run, at=datetime.now(UTC))
        except Exception:
            self.log.exception("The owners could not be told that %s said no", by)
