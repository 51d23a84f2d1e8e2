"""Are five exports of the same five posts five times as many clicks? They are not.

Each post has 23 clicks from its publication on, and each of five daily exports says so:
naively added up 575, in truth 115. Every snapshot stays an observation nevertheless.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import pytest
from warehouse.test_dbt_build import run_dbt

from heartshare.exports.landing import land_file, load_landing
from heartshare.listening.score_tables import create_score_tables

if TYPE_CHECKING:
    from pathlib import Path

POSTS = 5
DAYS = 5
CLICKS = 23
#: Sunday evening of the week that run_dbt builds; all exports are before its as-of.
FIRST_EXPORT = datetime(2026, 3, 1, 21, 0, tzinfo=UTC)
HEADER = (
    '"Post ID","Page ID","Page name",Title,Description,"Duration (sec)",'
    '"Publish time",Permalink,"Post type","Funded content status","Data comment",Date,'
    'Views,Reach,"Reactions, Comments and Shares",Reactions,Comments,Shares,'
    '"Total clicks"'
)

pytestmark = pytest.mark.slow


def write_export(folder: Path, day: int) -> Path:
    """Write the export of one day; views grow from day to day, clicks do not."""
    rows = [
        f'90010000000{post},77001,"Lindholm Library","Story hour {post}",,0,'
        f'"02/24/2026 0{post}:15",https://facebook.example/p/{post},Photos,,,Lifetime,'
        f"{100 + day},80,6,4,1,1,{CLICKS}"
        for post in range(1, POSTS + 1)
    ]
    path = folder / f"Feb-24-2026_Mar-0{day}-2026_1.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("snapshots")
    path = home / "warehouse.duckdb"
    for day in range(1, DAYS + 1):
        exported_at = FIRST_EXPORT + timedelta(days=day - 1)
        land_file(write_export(home, day), "page", home / "landing", exported_at)
    with duckdb.connect(str(path)) as connection:
        load_landing(connection, home / "landing")
        create_score_tables(connection)
    wanted = ["+fct_post_engagement", "+fct_metric_observations"]
    seeded = run_dbt(home, path, "seed")
    built = run_dbt(home, path, "run", "--select", *wanted)
    assert (seeded.failures(), built.failures()) == ({}, {})
    return path


def test_lifetime_snapshots_are_not_added_up(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        naive = connection.execute("select sum(click_count) from raw.facebook__posts")
        assert naive.fetchone() == (POSTS * DAYS * CLICKS,) == (575,)
        true = connection.execute(
            "select sum(click_count), count(*), min(view_count), max(view_count) "
            "from marts.fct_post_engagement"
        )
        assert true.fetchone() == (115, POSTS, 100 + DAYS, 100 + DAYS)


def test_every_snapshot_stays_an_observation(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(
            """
            select count(distinct object_key), count(distinct observed_at),
                count(*), max(metric_kind_code)
            from marts.fct_metric_observations where metric_code = 'click_count'
            """
        )
        assert found.fetchone() == (POSTS, DAYS, POSTS * DAYS, "lifetime_cumulative")
