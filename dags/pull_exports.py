"""Pull what is new from every source, once a week, and make it readable.

Reads   the inbox, one folder per source
Writes  landing/, the raw tables and text scores in the warehouse, asset raw_week
If red  docs/runbook.md#pull-failed
"""

from airflow.sdk import dag

from heartshare.orchestration.defaults import (
    DEFAULT_ARGS,
    PULL_POLICY,
    START_DATE,
    Tag,
    weekly_schedule,
)
from heartshare.orchestration.operators.announce_week import AnnounceWeekOperator
from heartshare.orchestration.operators.list_sources import ListSourcesOperator
from heartshare.orchestration.operators.load_exports import LoadExportsOperator
from heartshare.orchestration.operators.pull_source import PullSourceOperator
from heartshare.orchestration.operators.score_texts import ScoreTextsOperator
from heartshare.orchestration.pools import OPENS_WAREHOUSE, PULL_POOL


@dag(
    schedule=weekly_schedule(),
    start_date=START_DATE,
    catchup=False,
    max_active_runs=1,
    max_consecutive_failed_dag_runs=3,
    default_args=DEFAULT_ARGS,
    tags=[Tag.INGEST, Tag.TIER_1],
    doc_md=__doc__,
)
def pull_exports() -> None:
    """Land each source in a task of its own, then load, score and announce the week."""
    sources = ListSourcesOperator(task_id="list_sources")
    pulled = PullSourceOperator.partial(
        task_id="pull_source",
        pool=PULL_POOL,
        retry_policy=PULL_POLICY,
        map_index_template="{{ task.source_name }}",
    ).expand(source_name=sources.output)
    loaded = LoadExportsOperator(task_id="load_exports", **OPENS_WAREHOUSE)
    scored = ScoreTextsOperator(task_id="score_texts", **OPENS_WAREHOUSE)
    announced = AnnounceWeekOperator(task_id="announce_week", loaded=loaded.output)
    pulled >> loaded >> scored >> announced


pull_exports()
