"""Render and deliver the report of a week whose marts were published.

Reads   the published revision and its verdict
Writes  archive/, the outbox; sends mail
If red  docs/runbook.md#report-not-sent
"""

from airflow.sdk import PartitionedAssetTimetable, dag

from heartshare.orchestration.assets import MARTS_WEEK
from heartshare.orchestration.defaults import DEFAULT_ARGS, START_DATE, Tag
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
    """File the issue first, so that what is sent is what the archive shows."""
    rendered = RenderReportOperator(task_id="render_report")
    delivered = DeliverReportOperator(task_id="deliver_report", **OPENS_WAREHOUSE)
    rendered >> delivered


publish_weekly_report()
