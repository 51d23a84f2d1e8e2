"""Pull late and corrected exports as soon as somebody drops _READY into the inbox.

Reads   the inbox, one folder per source
Writes  landing/, the raw tables and text scores in the warehouse, asset raw_week
If red  docs/runbook.md#pull-failed
"""

from airflow.sdk import dag

from heartshare.orchestration.assets import DROP_READY
from heartshare.orchestration.defaults import (
    DEFAULT_ARGS,
    PULL_POLICY,
    START_DATE,
    Tag,
)
from heartshare.orchestration.operators.announce_week import AnnounceLateWeekOperator
from heartshare.orchestration.operators.list_sources import ListSourcesOperator
from heartshare.orchestration.operators.load_exports import LoadExportsOperator
from heartshare.orchestration.operators.pull_source import PullSourceOperator
from heartshare.orchestration.operators.score_texts import ScoreTextsOperator
from heartshare.orchestration.pools import OPENS_WAREHOUSE, PULL_POOL


@dag(
    schedule=[DROP_READY],
    start_date=START_DATE,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=[Tag.INGEST, Tag.TIER_2],
    doc_md=__doc__,
)
def pull_late_exports() -> None:
    """Land, load and score; then have the newest week built again from all files."""
    sources = ListSourcesOperator(task_id="list_sources")
    pulled = PullSourceOperator.partial(
        task_id="pull_source",
        pool=PULL_POOL,
        retry_policy=PULL_POLICY,
        map_index_template="{{ task.source_name }}",
    ).expand(source_name=sources.output)
    loaded = LoadExportsOperator(task_id="load_exports", **OPENS_WAREHOUSE)
    scored = ScoreTextsOperator(task_id="score_texts", **OPENS_WAREHOUSE)
    announced = AnnounceLateWeekOperator(
        task_id="announce_week", loaded=loaded.output, **OPENS_WAREHOUSE
    )
    pulled >> loaded >> scored >> announced


pull_late_exports()
