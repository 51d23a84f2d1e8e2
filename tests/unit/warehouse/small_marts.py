"""Two small published tables, built and judged the way a week is."""

from datetime import UTC, datetime

import duckdb

from heartshare.settings import Settings
from heartshare.warehouse.builds import close_build, open_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.publication import publish
from heartshare.warehouse.revisions import digest_of
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
TABLES = ["marts.dim_people", "reports.rpt_weekly_scorecard"]
INPUTS = [{"file_sha256": "ab" * 32, "contract": "x/posts", "rows": 3}]


def marts_settings(home, **values):
    """Settings of a home; retention by number alone unless ``values`` say more."""
    return Settings.from_env(
        {
            "HEARTSHARE_HOME": str(home),
            "HEARTSHARE_PERSON_SALT": "pepper",
            "HEARTSHARE_KEEP_REVISION_HOURS": "0",
            **values,
        }
    )


def build(settings, build_id, *, week=WEEK, people=5):
    """Fill a small warehouse the way a build would."""
    with open_writer(settings) as connection:
        open_build(connection, week, build_id, datetime(2026, 11, 23, tzinfo=UTC))
        connection.execute("create schema if not exists marts")
        connection.execute("create schema if not exists reports")
        connection.execute(
            "create or replace table marts.dim_people as select md5(n::varchar) as "
            "person_key, case when n > 1 then md5('p') end as parent_person_key, "
            f"n as interaction_count from range({people}, 0, -1) as t(n)"
        )
        connection.execute(
            "create or replace table reports.rpt_weekly_scorecard as "
            f"select 'advocates' as metric_id, {people}.5::double as value"
        )
        close_build(connection, build_id)


def verdict(build_id, *, state="clean", week=WEEK):
    return {"week": week.label, "build_id": build_id, "verdict": state}


def put_out(settings, build_id, *, week=WEEK, tables=TABLES, **more):
    return publish(
        settings,
        week=week,
        build_id=build_id,
        verdict=verdict(build_id, week=week),
        tables=tables,
        inputs=INPUTS,
        **more,
    )


def parquet_digests(revision):
    return {p.name: digest_of(p) for p in (revision.path / "parquet").iterdir()}


def read(path, query):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()
