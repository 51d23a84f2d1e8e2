"""Keep the warehouse whole: a backup, and every published file against its digest.

Reads   the warehouse and all published revisions
Writes  backups/
If red  docs/runbook.md#warehouse-lost
"""

from airflow.sdk import dag

from heartshare.orchestration.defaults import (
    DEFAULT_ARGS,
    START_DATE,
    Tag,
    maintenance_schedule,
)
from heartshare.orchestration.operators.back_up_warehouse import (
    BackUpWarehouseOperator,
)
from heartshare.orchestration.operators.check_revisions import CheckRevisionsOperator
from heartshare.orchestration.pools import OPENS_WAREHOUSE


@dag(
    schedule=maintenance_schedule(),
    start_date=START_DATE,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=[Tag.MAINTAIN, Tag.TIER_2],
    doc_md=__doc__,
)
def maintain_warehouse() -> None:
    """Back up before anything else looks at the files."""
    saved = BackUpWarehouseOperator(task_id="back_up_warehouse", **OPENS_WAREHOUSE)
    checked = CheckRevisionsOperator(task_id="check_revisions")
    saved >> checked


maintain_warehouse()
