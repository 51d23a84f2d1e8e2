"""Task: copy what readers see into PostgreSQL, where one is set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowSkipException

from heartshare.orchestration.operators.task_context import StepOperator
from heartshare.orchestration.postgres import postgres_settings
from heartshare.orchestration.steps.publishing import copy_to_postgres

if TYPE_CHECKING:
    from airflow.sdk import Context

    from heartshare.settings import Settings


class CopyMartsOperator(StepOperator):
    """Swaps a copy of the current revision into PostgreSQL."""

    def run_step(self, settings: Settings, context: Context) -> dict[str, Any]:
        """Return the revision and its rows; skip where no database is set."""
        found = postgres_settings(settings)
        if not found.postgres_copy:
            raise AirflowSkipException("No PostgreSQL is set: readers have the files.")
        done = copy_to_postgres(found)
        return {"revision": done.revision, "is_new": done.is_new, "rows": done.rows}
