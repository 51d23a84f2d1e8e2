"""Render and deliver the report of a published week; if so set, after an approval.

Reads   the published revision and its verdict; HEARTSHARE_APPROVAL
Writes  archive/, the outbox; sends mail
If red  docs/runbook.md#report-not-sent
"""

from airflow.sdk import PartitionedAssetTimetable, chain, dag

from heartshare.orchestration.assets import MARTS_WEEK
from heartshare.orchestration.defaults import (
    DEFAULT_ARGS,
    START_DATE,
    Tag,
    approval_wait,
    needs_approval,
)
from heartshare.orchestration.operators.approve_report import ApproveReportOperator
from heartshare.orchestration.operators.deliver_report import DeliverReportOperator
from heartshare.orchestration.operators.render_report import RenderReportOperator
from heartshare.orchestration.pools import OPENS_WAREHOUSE


@dag(
    schedule=PartitionedAssetTimetable(assets=MARTS_WEEK),
    start_date=START_DATE,
    catchup=False,
    max_active_runs=4,
    default_args=DEFAULT_ARGS,
    tags=[Tag.REPORT, Tag.TIER_1],
    doc_md=__doc__,
)
def publish_weekly_report() -> None:
    """File the issue first: what is approved and sent is what the archive shows."""
    rendered = RenderReportOperator(task_id="render_report")
    delivered = DeliverReportOperator(task_id="deliver_report", **OPENS_WAREHOUSE)
    if needs_approval():
        # An answer within a second of the question can look like a lost task to the
        # scheduler: one retry asks again. Silence and a no are never retried.
        approved = ApproveReportOperator(
            task_id="approve_report", response_timeout=approval_wait(), retries=1
        )
        chain(rendered, approved, delivered)
    else:
        chain(rendered, delivered)


publish_weekly_report()
