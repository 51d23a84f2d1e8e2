"""Notice what never started: a week without a revision, a report nobody received.

Reads   the published revision, the archive, the outbox and the room on the disk
Writes  nothing; a red run mails the owners
If red  docs/runbook.md#nothing-started
"""

from airflow.sdk import dag

from heartshare.orchestration.defaults import (
    DEFAULT_ARGS,
    START_DATE,
    Tag,
    watch_schedule,
)
from heartshare.orchestration.operators.watch_week import WatchWeekOperator


@dag(
    schedule=watch_schedule(),
    start_date=START_DATE,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=[Tag.MAINTAIN, Tag.TIER_1],
    doc_md=__doc__,
)
def watch_pipeline() -> None:
    """Wait for no asset: a chain that never started cannot report itself."""
    WatchWeekOperator(task_id="watch_week", retries=0)


watch_pipeline()
