"""Task: publish the gated marts, say so, and tell owners whom their work is about."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowSkipException

from heartshare.orchestration.assets import MARTS_WEEK
from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.partitions import Mode
from heartshare.orchestration.steps.publishing import publish_marts
from heartshare.orchestration.steps.worklists import (
    WorklistNotBuiltError,
    write_worklists,
)
from heartshare.warehouse.publication import OlderWeekError

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


class PublishMartsOperator(StepOperator):
    """Swaps in a new revision and emits ``marts_week``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(outlets=[MARTS_WEEK], **kwargs)

    def run_step(self, settings: Settings, context: Context) -> dict[str, Any]:
        """Return the revision; skip a week that is older than what readers see."""
        week = self.week(settings, context)
        try:
            revision = publish_marts(settings, week)
        except OlderWeekError as older:
            LOGGER.info("%s was built and judged only: %s", week.label, older)
            raise AirflowSkipException(str(older)) from older
        if self.mode(context) is not Mode.BACKFILL:
            _write_worklists(settings, week)
        answer: dict[str, Any] = {"revision": revision.name, "is_new": revision.is_new}
        context["outlet_events"][MARTS_WEEK].extra = {
            **answer,
            "week": week.key,
            "mode": self.mode(context).value,
        }
        return answer


def _write_worklists(settings: Settings, week: ReportingWeek) -> None:
    """Write the owners' sheets; a project without them publishes all the same."""
    try:
        written = write_worklists(settings, week)
    except WorklistNotBuiltError as absent:
        LOGGER.warning("No worklists: %s", absent)
    else:
        LOGGER.info("%d lines in %d worklists", written.lines, len(written.sheets))
