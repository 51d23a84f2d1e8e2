"""What every operator of ours shares: settings, week, mode and errors of its run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from heartshare.orchestration.failures import explained
from heartshare.orchestration.mailing import mail_settings
from heartshare.orchestration.partitions import mode_of, week_of
from heartshare.settings import Settings

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.orchestration.partitions import Mode
    from heartshare.weeks import ReportingWeek


class StepOperator(BaseOperator):
    """Runs one step of the pipeline; subclasses say which in ``run_step``."""

    def execute(self, context: Context) -> Any:  # noqa: ANN401 each step's own answer
        """Run the step with the settings of this process; return small JSON."""
        with explained():
            return self.run_step(mail_settings(Settings.from_env(os.environ)), context)

    def run_step(self, settings: Settings, context: Context) -> Any:  # noqa: ANN401
        """Do the work; one call of a lower layer."""
        raise NotImplementedError

    @staticmethod
    def week(settings: Settings, context: Context) -> ReportingWeek:
        """Return the week of this run."""
        return week_of(context, settings.timezone)

    @staticmethod
    def mode(context: Context) -> Mode:
        """Return how this run came about."""
        return mode_of(context)
