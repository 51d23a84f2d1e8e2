"""Build the marts of a week, let the gate judge them, then publish or hold the week.

Reads   the raw tables; expectations/
Writes  marts, gate/, a published revision, its PostgreSQL copy, worklists/, marts_week
If red  docs/runbook.md#gate-blocked
"""

from airflow.sdk import PartitionedAssetTimetable, dag

from heartshare.orchestration.assets import RAW_WEEK
from heartshare.orchestration.defaults import (
    DEFAULT_ARGS,
    START_DATE,
    Tag,
)
from heartshare.orchestration.operators.build_models import BuildModelsOperator
from heartshare.orchestration.operators.choose_outcome import ChooseOutcomeOperator
from heartshare.orchestration.operators.copy_marts import CopyMartsOperator
from heartshare.orchestration.operators.hold_week import HoldWeekOperator
from heartshare.orchestration.operators.judge_marts import JudgeMartsOperator
from heartshare.orchestration.operators.publish_marts import PublishMartsOperator
from heartshare.orchestration.pools import OPENS_WAREHOUSE


@dag(
    schedule=PartitionedAssetTimetable(assets=RAW_WEEK),
    start_date=START_DATE,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=[Tag.TRANSFORM, Tag.TIER_1],
    doc_md=__doc__,
)
def build_marts() -> None:
    """End in a published revision, or in a red hold_week after the owners were told."""
    built = BuildModelsOperator(task_id="build_models", **OPENS_WAREHOUSE)
    judged = JudgeMartsOperator(task_id="judge_marts", retries=0, **OPENS_WAREHOUSE)
    chosen = ChooseOutcomeOperator(
        task_id="choose_outcome",
        verdict=judged.output,
        publish_task="publish_marts",
        hold_task="hold_week",
    )
    published = PublishMartsOperator(task_id="publish_marts", **OPENS_WAREHOUSE)
    held = HoldWeekOperator(task_id="hold_week")
    copied = CopyMartsOperator(task_id="copy_to_postgres")
    built >> judged >> chosen >> [published, held]
    published >> copied


build_marts()
