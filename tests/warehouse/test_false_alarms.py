"""How often does the page call a signal in a world in which nothing changes?

The models themselves judge 25 years of five organisations: every figure with a usual
range, every step of the funnel, every theme and every account that the page shows. A
page has a false alarm if it says signal anywhere.
"""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from warehouse.dbt_builds import PROJECT, run_dbt
from warehouse.unchanging_worlds import (
    FIRST_WEEK,
    SIZES,
    World,
    arrivals,
    metric_weeks,
    shifted_counts,
    style_weeks,
    topic_days,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

WORLD = World(weeks=1300)
#: Part of issues that may say signal somewhere although nothing changed.
MOST_FALSE_ALARMS = 0.08
#: Organisations that have just begun.
STARTS = 60
#: Weeks until every baseline is full: half a year of arrivals is the longest.
WARM_UP_WEEKS = 52
SHIFT_WEEK = 40
SHIFTS = {"none": 0.0, "small": 1.5, "large": 3.0}
MODELS = (
    "int_signal_rules__dated",
    "int_thresholds__pivoted",
    "int_metric_baselines__measured",
    "int_metric_limits__widened",
    "fct_metric_limits",
    "dim_funnel_rules",
    "int_funnel_cohorts__counted",
    "agg_weekly_funnel",
    "int_topic_days__compared",
    "int_topic_days__scored",
    "agg_weekly_style_churn",
)
SEEDS = ("metrics", "signal_rules", "rule_thresholds", "funnel_rules", "funnel_stages")

pytestmark = pytest.mark.slow


def judged_metrics() -> set[str]:
    """Flows and rates that the page shows; counts of output stay in its appendix."""
    with (PROJECT / "seeds" / "metrics.csv").open(encoding="utf-8") as file:
        return {
            row["metric_id"]
            for row in csv.DictReader(file)
            if row["section_code"]
            and row["metric_kind_code"] in {"flow", "rate"}
            and not (
                row["section_code"] == "engagement"
                and row["amec_level_code"] == "output"
            )
        }


def lay(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    connection.register("laid", frame)
    dates = [name for name in frame.columns if frame[name].dtype.kind == "M"]
    casts = ", ".join(f"cast({name} as date) as {name}" for name in dates)
    replaced = f"* replace ({casts})" if casts else "*"
    connection.execute(f"create table {table} as select {replaced} from laid")
    connection.unregister("laid")


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Lay what the judging models read, in the shape that others make."""
    for schema in ("seeds", "intermediate", "marts"):
        connection.execute(f"create schema {schema}")
    dated = ", types = {valid_from: 'date', valid_to: 'date'}"
    for seed in SEEDS:
        types = dated if seed == "rule_thresholds" else ""
        connection.execute(
            f"create table seeds.{seed} as from read_csv(?, header = true{types})",
            [str(PROJECT / "seeds" / f"{seed}.csv")],
        )
    lay(connection, "figures", metric_weeks(WORLD, SIZES))
    starts = {f"start-{number}": 1.0 for number in range(STARTS)}
    lay(connection, "begun", metric_weeks(World(weeks=22, seed=1), starts))
    short = World(weeks=SHIFT_WEEK + 12)
    lay(connection, "moved", shifted_counts(short, 25, SHIFTS, SHIFT_WEEK, 300))
    connection.execute(
        "create table marts.fct_metric_weeks as with told as ("
        "select *, 'page' as kind from figures union all select *, 'start' from begun "
        "union all select *, value, null, 'moved' from moved) "
        "select metric_id, 1 as metric_version, week_start, kind as segment_kind_code, "
        "segment_code, if(isnan(value), null, value) as value, numerator, "
        "if(isnan(denominator), null, denominator) as denominator, true as is_mature, "
        "null::bigint as late_post_count "
        "from told"
    )
    connection.execute(
        "create table marts.fct_process_changes as select 'all' as metric_id, "
        "null::date as limits_since_week, true as is_judged limit 0"
    )
    connection.execute(
        "create table marts.dim_weeks as select distinct week_start from figures"
    )
    lay(connection, "intermediate.int_funnel_arrivals__followed", arrivals(WORLD))
    connection.execute(
        "create table intermediate.int_funnel_week_moves__netted as select null::date "
        "as week_start, null::int as from_stage_number, null::int as to_stage_number "
        "limit 0"
    )
    connection.execute(
        "create table intermediate.int_funnel_stays__medianed as select null::date as "
        "week_start, null::int as stage_number, null::double as median_days_in_stage "
        "limit 0"
    )
    lay(connection, "intermediate.int_topic_days__counted", topic_days(WORLD))
    styles, losses = style_weeks(WORLD)
    lay(connection, "styled", styles)
    connection.execute(
        "create table intermediate.int_style_weeks__compared as select *, 'x' as "
        "platform_code, account_key as account_handle, 'dialogue' as "
        "dominant_style_code, 5::bigint as post_count, 1::bigint as "
        "broadcast_post_count, 3::bigint as dialogue_post_count, 1::bigint as "
        "help_post_count, 0::bigint as promo_post_count, 0.2::double as one_way_ratio, "
        "0.2::double as usual_one_way_ratio, false as is_style_change from styled"
    )
    lay(connection, "intermediate.int_follower_weeks__summed", losses)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("unchanging")
    path = home / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        fill(connection)
    last = FIRST_WEEK + timedelta(days=7 * (WORLD.weeks - 1))
    built = run_dbt(
        home, path, "run", "--select", *MODELS, week=last.isoformat(), as_of=f"{last}"
    )
    assert built.failures() == {}
    assert len(built.statuses) == len(MODELS)
    return path


def ask(warehouse: Path, sql: str) -> list[Any]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


#: Every place of the page that can say signal, by organisation and week. Funnel, themes
#: and accounts are one organisation's; each size of figures is printed beside them.
ALARMS = f"""
    with sizes as (
        select distinct segment_code as size from marts.fct_metric_limits
        where segment_kind_code = 'page'
    ),
    judged as (
        select segment_code as size, week_start, 'figure' as place, metric_id as what,
            signal_code like 'signal%' as is_signal
        from marts.fct_metric_limits where segment_kind_code = 'page'
        union all
        select size, week_start, 'step', stage_code, signal_code like 'signal%'
        from marts.agg_weekly_funnel cross join sizes where signal_code is not null
        union all
        select size, cast(date_trunc('week', day) as date), 'theme', theme_code,
            bool_or(is_burst)
        from intermediate.int_topic_days__scored cross join sizes group by all
        union all
        select size, week_start, 'account', account_key, is_churn_signal
        from marts.agg_weekly_style_churn cross join sizes
    )
    select * from judged
    where week_start >= date '{FIRST_WEEK}' + {7 * WARM_UP_WEEKS}
"""


PAGES = """
    from (from ({alarms}) select size, week_start, bool_or(is_signal) as is_signal
        group by all)
    select size, avg(is_signal::int) group by size
"""
NOTICED = f"""
    with judged as (
        select
            segment_code,
            split_part(segment_code, '-', 1) as shift,
            datediff('day', date '{FIRST_WEEK}', week_start) // 7 - {SHIFT_WEEK} + 1
                as week,
            signal_code like 'signal%' as is_signal,
            is_signal or signal_code like 'watch%' as is_noticed
        from marts.fct_metric_limits where segment_kind_code = 'moved'
    ),
    firsts as (
        select
            shift,
            coalesce(min(week) filter (is_signal and week > 0), 99) as signal_week,
            coalesce(min(week) filter (is_noticed and week > 0), 99) as noticed_week
        from judged group by shift, segment_code
    )
    select
        shift, avg((noticed_week <= 1)::int), avg((noticed_week <= 2)::int),
        avg((noticed_week <= 4)::int), avg((noticed_week <= 8)::int),
        avg((noticed_week <= 12)::int), avg((signal_week <= 1)::int),
        avg((signal_week <= 4)::int)
    from firsts group by shift order by shift
"""


def test_unchanging_page_rarely_says_signal(warehouse: Path) -> None:
    judged = ask(
        warehouse,
        f"from ({ALARMS}) select place, count(distinct what), avg(is_signal::int) "
        "group by place order by place",
    )
    by_place = ask(
        warehouse,
        f"from (from ({ALARMS}) select place, size, week_start, bool_or(is_signal) "
        "as is_signal group by all) select place, avg(is_signal::int) group by place",
    )
    pages = dict(ask(warehouse, PAGES.format(alarms=ALARMS)))
    print("\nfigures judged and how often each errs:", judged)
    print("part of weeks with a false signal, by place:", sorted(by_place))
    print("over the whole page, by organisation:", pages)
    counted = {place: count for place, count, _ in judged}
    assert counted == {
        "figure": len(judged_metrics()),
        "step": 6,
        "theme": 7,
        "account": 5,
    }
    assert set(pages) == set(SIZES)
    assert max(pages.values()) <= MOST_FALSE_ALARMS


def test_page_with_few_weeks_behind_it_says_signal_no_more(warehouse: Path) -> None:
    """From the eighth to the twentieth week limits are provisional, and wider."""
    ((weeks, part),) = ask(
        warehouse,
        "from (select segment_code, week_start, bool_or(signal_code like 'signal%') "
        "as is_signal from marts.fct_metric_limits where segment_kind_code = 'start' "
        "and baseline_week_count between 8 and 19 group by all) "
        "select count(*), avg(is_signal::int)",
    )
    print("\nfalse signals of figures on provisional limits:", part, "of", weeks)
    assert weeks >= STARTS * 12
    # Steps, themes and accounts have no provisional state.
    assert part <= MOST_FALSE_ALARMS / 2


def test_real_shifts_are_noticed(warehouse: Path) -> None:
    """How many of 300 counts of 25 a week that move for good are noticed by when."""
    rows = ask(warehouse, NOTICED)
    noticed = {
        row[0]: dict(zip((1, 2, 4, 8, 12), row[1:6], strict=True)) for row in rows
    }
    signals = {row[0]: dict(zip((1, 4), row[6:], strict=True)) for row in rows}
    print("\nsignal or watch within so many weeks:", noticed)
    print("a signal within so many weeks:", signals)
    assert signals["large"][1] >= 0.2
    assert noticed["large"][4] >= 0.75
    assert noticed["small"][8] >= 0.3
    assert noticed["none"][12] <= 0.1
