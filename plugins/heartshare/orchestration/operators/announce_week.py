"""Task: say that the raw tables of a week are ready; the only one that does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk.exceptions import AirflowSkipException

from heartshare.orchestration.assets import RAW_WEEK
from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.partitions import Mode
from heartshare.orchestration.steps.landing import newest_exported_week
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from airflow.sdk import Context

    from heartshare.settings import Settings


class AnnounceWeekOperator(StepOperator):
    """Emits the asset ``raw_week`` with mode and counts, so that a build starts."""

    template_fields: Sequence[str] = ("loaded",)

    def __init__(self, *, loaded: Any, **kwargs: Any) -> None:  # noqa: ANN401 XCom
        super().__init__(outlets=[RAW_WEEK], **kwargs)
        self.loaded = loaded

    def run_step(self, settings: Settings, context: Context) -> str:
        """Return the week's key; the event bears the run's own partition key."""
        week = self.week(settings, context)
        self.tell(context, week, self.mode(context))
        return week.key

    def tell(self, context: Context, week: ReportingWeek, mode: Mode) -> None:
        """Attach to the event what those downstream must know."""
        context["outlet_events"][RAW_WEEK].extra = {
            "week": week.key,
            "mode": mode.value,
            "files_new": self.loaded["files_new"],
            "rows_landed": self.loaded["rows_landed"],
        }


class AnnounceLateWeekOperator(AnnounceWeekOperator):
    """Emits ``raw_week`` for the week that late files belong to, or skips."""

    def run_step(self, settings: Settings, context: Context) -> str:
        """Return the newest week that any export was made for, and announce that."""
        named = (context["dag_run"].conf or {}).get("week")
        week = ReportingWeek.parse(named) if named else newest_exported_week(settings)
        has_come = self.loaded["files_new"] or self.loaded.get("files_unchanged")
        if week is None or not (has_come or named):
            raise AirflowSkipException("No new file arrived, so nothing is built")
        self.tell(context, week, Mode.LATE)
        context["outlet_events"][RAW_WEEK].add_partitions([week.key])
        return week.key


class AnnounceRebuildOperator(AnnounceWeekOperator):
    """Emits ``raw_week`` for the newest week, in a mode that sends no report."""

    def run_step(self, settings: Settings, context: Context) -> str:
        """Return the newest week that any export was made for, and announce that."""
        week = newest_exported_week(settings)
        if week is None:
            raise AirflowSkipException("No export was ever loaded: nothing to build")
        self.tell(context, week, Mode.BACKFILL)
        context["outlet_events"][RAW_WEEK].add_partitions([week.key])
        return week.key
