"""Make and deliver the edition of a month or half-year, once its last week is there.

Reads   the published revision that closes the period, gate/, the weekly issues
Writes  archive/, the outbox; sends mail
If red  docs/runbook.md#edition-missing
"""

from airflow.sdk import PartitionedAssetTimetable, dag

from heartshare.orchestration.assets import MARTS_WEEK
from heartshare.orchestration.defaults import DEFAULT_ARGS, START_DATE, Tag
from heartshare.orchestration.operators.deliver_editions import DeliverEditionsOperator
from heartshare.orchestration.operators.render_editions import RenderEditionsOperator
from heartshare.orchestration.pools import OPENS_WAREHOUSE


@dag(
    schedule=PartitionedAssetTimetable(assets=MARTS_WEEK),
    start_date=START_DATE,
    catchup=False,
    max_active_runs=4,
    default_args=DEFAULT_ARGS,
    tags=[Tag.REPORT, Tag.TIER_2],
    doc_md=__doc__,
)
def publish_editions() -> None:
    """Run beside the weekly report for every week; most weeks close nothing."""
    rendered = RenderEditionsOperator(task_id="render_editions")
    delivered = DeliverEditionsOperator(task_id="deliver_editions", **OPENS_WAREHOUSE)
    rendered >> delivered


publish_editions()
