"""What does Airflow do with our errors, and who hears of a failed task?

The only translation of HeartshareError into Airflow's terms.
"""

from __future__ import annotations

import logging
import os
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowFailException

from heartshare.errors import HeartshareError, TransientError
from heartshare.orchestration.mailing import mail_settings, notice_name, send_notice
from heartshare.quality.gate import WeekHeldError
from heartshare.reporting.delivery.sending import MailContent
from heartshare.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOGGER = logging.getLogger(__name__)


#: What our steps raised in this process, newest last; an embedded run asks for it.
raised: list[HeartshareError] = []


class WeekHeldFailure(AirflowFailException):
    """Marks a run whose week the gate held: its owners have been told already."""


@contextmanager
def explained() -> Iterator[None]:
    """Fail at once where a retry cannot help, and leave the rest to Airflow's retries.

    Raises:
        AirflowFailException: for a wrong input, a held week or a broken build.
    """
    try:
        yield
    except HeartshareError as error:
        raised.append(error)
        if isinstance(error, TransientError):
            raise
        is_held = isinstance(error, WeekHeldError)
        failure = WeekHeldFailure if is_held else AirflowFailException
        raise failure(str(error)) from error


def notify_failure(context: Mapping[str, Any]) -> None:
    """Mail the owners that a task has failed for good; never fail because of it.

    Does nothing for a week that the gate held, since the notice of that is its own.
    """
    error = context.get("exception")
    if isinstance(error, WeekHeldFailure):
        return
    LOGGER.error("Task %s failed: %s", context["ti"].task_id, error)
    try:
        settings = mail_settings(Settings.from_env(os.environ))
        task = context["ti"]
        send_notice(
            settings,
            failure_notice(context),
            issue=f"failed-{notice_name(task.dag_id, task.run_id, task.task_id)}",
            at=datetime.now(UTC),
        )
    except Exception:
        LOGGER.exception("The owners could not be told that a task failed")


def failure_notice(context: Mapping[str, Any]) -> MailContent:
    """Return the mail about a failed task."""
    task = context["ti"]
    run = context["dag_run"]
    week = getattr(run, "partition_key", None) or (run.conf or {}).get("week")
    subject = f"FAILED: {task.dag_id}, task {task.task_id}"
    lines = [
        f"Task {task.task_id} of {task.dag_id} failed for good"
        + (f" for the week of {week}." if week else "."),
        "",
        f"Why: {context.get('exception')}",
        f"Run: {task.run_id}, attempt {task.try_number}",
        "",
        f"What to do: {_advice(context.get('dag'))}",
        "Readers still see the last published revision.",
    ]
    return MailContent(subject=subject, text="\n".join(lines) + "\n")


def _advice(dag: Any) -> str:  # noqa: ANN401 Airflow's DAG, in any of its forms
    """Return the runbook section that a DAG's docstring names."""
    text = getattr(dag, "doc_md", None) or ""
    found = re.search(r"^If red\s+(\S+)", text, flags=re.MULTILINE)
    return found[1] if found else "docs/runbook.md"
