"""Erase one person everywhere, and refuse them in every export that comes later.

Reads   the run's parameters; landing/, warehouse, published revisions, archive
Writes  the erasure list, redacted landed files, revisions and issues; asset raw_week
If red  docs/runbook.md#forget-a-person
"""

from airflow.sdk import Param, dag

from heartshare.orchestration.defaults import DEFAULT_ARGS, START_DATE, Tag
from heartshare.orchestration.operators.announce_week import (
    AnnounceRebuildOperator,
)
from heartshare.orchestration.operators.forget_person import ForgetPersonOperator
from heartshare.orchestration.pools import OPENS_WAREHOUSE


@dag(
    schedule=None,
    start_date=START_DATE,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=[Tag.MAINTAIN, Tag.TIER_1],
    doc_md=__doc__,
    params={
        "platform": Param(
            "", type="string", description="Platform of the account, such as reddit"
        ),
        "accounts": Param(
            "",
            type="string",
            description="Account ids, handles or addresses, with commas between them",
        ),
        "requested_by": Param("", type="string", description="Who asks for it"),
        "reason": Param("", type="string", description="Why, for the erasure list"),
        "request": Param(
            "",
            type="string",
            description="Instead of all others: the id of a request made on a page",
        ),
    },
)
def forget_person() -> None:
    """Erase, then have the newest week built again; no report is sent for that."""
    forgotten = ForgetPersonOperator(
        task_id="forget_person",
        platform_code="{{ params.platform }}",
        identifiers="{{ params.accounts }}",
        requested_by="{{ params.requested_by }}",
        reason="{{ params.reason }}",
        request_id="{{ params.request }}",
        **OPENS_WAREHOUSE,
    )
    announced = AnnounceRebuildOperator(
        task_id="announce_week", loaded=forgotten.output, **OPENS_WAREHOUSE
    )
    forgotten >> announced


forget_person()
