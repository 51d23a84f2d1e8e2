"""Readers see the old revision or the new one, whatever dies in between."""

import hashlib
import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from heartshare.settings import Settings
from heartshare.warehouse.builds import close_build, open_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.marts_copy import MissingSaltError
from heartshare.warehouse.publication import (
    BlockedVerdictError,
    OlderWeekError,
    OtherBuildJudgedError,
    publish,
)
from heartshare.warehouse.revisions import (
    DamagedRevisionError,
    UnknownRevisionError,
    check,
    current,
    digest_of,
    revisions,
    roll_back,
)
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
TABLES = ["marts.dim_people", "reports.rpt_weekly_scorecard"]
INPUTS = [{"file_sha256": "ab" * 32, "contract": "x/posts", "rows": 3}]


@pytest.fixture
def settings(tmp_path):
    home = {"HEARTSHARE_HOME": str(tmp_path), "HEARTSHARE_PERSON_SALT": "pepper"}
    return Settings.from_env(home)


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
            f"select 'advocates' as metric_id, {people}.5 as value"
        )
        connection.execute("comment on table marts.dim_people is 'One row per person'")
        close_build(connection, build_id)


def verdict(build_id, *, state="clean", week=WEEK):
    return {"week": week.label, "build_id": build_id, "verdict": state}


def put_out(settings, build_id, *, week=WEEK, tables=TABLES):
    return publish(
        settings,
        week=week,
        build_id=build_id,
        verdict=verdict(build_id, week=week),
        tables=tables,
        inputs=INPUTS,
    )


def parquet_digests(revision):
    return {p.name: digest_of(p) for p in (revision.path / "parquet").iterdir()}


def read(path, query):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_publication_writes_a_whole_revision(settings):
    build(settings, "b1")
    revision = put_out(settings, "b1")
    assert (revision.name, revision.is_new) == ("rev-0001", True)
    link = settings.published / "current"
    assert str(link.readlink()) == "rev-0001"
    manifest = json.loads((link / "manifest.json").read_text())
    assert manifest["week_label"] == "2026-W46"
    assert manifest["inputs"] == INPUTS
    people = manifest["tables"]["dim_people"]
    assert people["rows"] == 5
    assert people["parquet_sha256"] == parquet_digests(revision)["dim_people.parquet"]
    assert revision.verdict() == verdict("b1")
    check(revision)
    modes = {p.stat().st_mode & 0o777 for p in revision.path.rglob("*") if p.is_file()}
    assert modes == {0o444}


def test_tables_are_published_in_one_schema_with_their_comments(settings):
    build(settings, "b1")
    database = put_out(settings, "b1").database
    names = read(
        database,
        "select schema_name || '.' || table_name, comment from duckdb_tables() "
        "order by all",
    )
    assert names == [
        ("marts.dim_people", "One row per person"),
        ("marts.rpt_weekly_scorecard", None),
    ]


def test_person_keys_are_keyed_with_the_salt_and_still_join(settings):
    build(settings, "b1")
    keys = read(
        put_out(settings, "b1").database,
        "select person_key, parent_person_key from marts.dim_people",
    )
    with open_writer(settings) as connection:
        known = connection.execute(
            "select list(person_key), list(distinct left(sha256('pepper|' || "
            "parent_person_key), 32)) from marts.dim_people"
        ).fetchall()[0]
    assert not {key for key, _ in keys} & set(known[0])
    assert {parent for _, parent in keys} == {None, *known[1]}


def test_keys_of_what_people_wrote_are_keyed_too_and_lists_still_join(settings):
    """A key made of a public post's id alone would lead back to its author."""
    build(settings, "b1")
    with open_writer(settings) as connection:
        connection.execute(
            "create table marts.fct_interactions as select md5('post') as "
            "interaction_key, md5('text') as text_key, md5('post') as thread_key"
        )
        connection.execute(
            "create table reports.rpt_weekly_actions as select "
            "md5('post') || ',' || md5('other') as evidence_keys, 'x' as account_key"
        )
    database = put_out(
        settings, "b1", tables=["marts.fct_interactions", "reports.rpt_weekly_actions"]
    ).database
    [keys] = read(database, "select * from marts.fct_interactions")
    [(evidence, account)] = read(database, "select * from marts.rpt_weekly_actions")
    secret = hashlib.md5(b"post").hexdigest()
    assert secret not in {*keys, *evidence.split(",")}
    assert evidence.split(",")[0] == keys[0] == keys[2]
    assert account == "x"


def test_publication_refuses_person_keys_without_a_salt(settings):
    build(settings, "b1")
    with pytest.raises(MissingSaltError, match="HEARTSHARE_PERSON_SALT"):
        put_out(replace(settings, person_salt=""), "b1")
    assert current(settings) is None


def test_publication_refuses_a_blocked_verdict(settings):
    build(settings, "b1")
    with pytest.raises(BlockedVerdictError, match="blocked"):
        publish(
            settings,
            week=WEEK,
            build_id="b1",
            verdict=verdict("b1", state="blocked"),
            tables=TABLES,
            inputs=[],
        )
    assert current(settings) is None


@pytest.mark.parametrize(
    ("build_id", "judged"),
    [
        ("b1", verdict("b0")),
        ("b1", verdict("b1", week=WEEK.shift(-1))),
        ("b0", verdict("b0")),
    ],
    ids=["verdict on another build", "verdict on another week", "marts were rebuilt"],
)
def test_publication_refuses_what_was_not_judged(settings, build_id, judged):
    build(settings, "b1")
    with pytest.raises(OtherBuildJudgedError):
        publish(
            settings,
            week=WEEK,
            build_id=build_id,
            verdict=judged,
            tables=TABLES,
            inputs=[],
        )


def test_publication_refuses_marts_whose_build_never_finished(settings):
    build(settings, "b1")
    with open_writer(settings) as connection:
        open_build(connection, WEEK, "b1", datetime(2026, 11, 23, tzinfo=UTC))
    with pytest.raises(OtherBuildJudgedError, match="no whole build"):
        put_out(settings, "b1")


def test_same_build_is_not_published_twice(settings):
    build(settings, "b1")
    put_out(settings, "b1")
    again = put_out(settings, "b1")
    assert (again.name, again.is_new) == ("rev-0001", False)
    assert len(revisions(settings)) == 1


def test_older_week_does_not_replace_a_newer_one(settings):
    build(settings, "b1")
    put_out(settings, "b1")
    build(settings, "b0", week=WEEK.shift(-1))
    with pytest.raises(OlderWeekError, match="2026-W46"):
        put_out(settings, "b0", week=WEEK.shift(-1))
    assert current(settings).manifest()["week"] == WEEK.key


def test_equal_marts_have_equal_parquet_bytes(settings, tmp_path):
    build(settings, "b1")
    first = put_out(settings, "b1")
    other = replace(settings, home=tmp_path / "other")
    build(other, "b1")
    assert parquet_digests(put_out(other, "b1")) == parquet_digests(first)


def test_reader_keeps_its_revision_while_another_is_swapped_in(settings):
    build(settings, "b1")
    put_out(settings, "b1")
    query = "select count(*) from heartshare.marts.dim_people"
    with duckdb.connect(str(current(settings).database), read_only=True) as reader:
        assert reader.execute(query).fetchall() == [(5,)]
        build(settings, "b2", people=7)
        put_out(settings, "b2")
        assert reader.execute(query).fetchall() == [(5,)]
        assert read(settings.published / "current" / "heartshare.duckdb", query) == [
            (7,)
        ]


def test_roll_back_swaps_the_link_and_numbers_go_on(settings):
    for number in (1, 2):
        build(settings, f"b{number}", people=number)
        put_out(settings, f"b{number}")
    assert roll_back(settings, "rev-0001").is_new
    assert current(settings).name == "rev-0001"
    build(settings, "b3")
    assert put_out(settings, "b3").name == "rev-0003"


def test_roll_back_refuses_what_is_unknown_or_damaged(settings):
    build(settings, "b1")
    revision = put_out(settings, "b1")
    with pytest.raises(UnknownRevisionError, match="rev-0001"):
        roll_back(settings, "rev-0009")
    victim = revision.path / "parquet" / "dim_people.parquet"
    victim.chmod(0o644)
    victim.write_bytes(b"short")
    with pytest.raises(DamagedRevisionError, match="dim_people"):
        roll_back(settings, "rev-0001")


def test_only_the_newest_revisions_are_kept(settings):
    few = replace(settings, keep_revisions=2)
    for number in range(1, 5):
        build(few, f"b{number}", people=number)
        put_out(few, f"b{number}")
    assert [r.name for r in revisions(few)] == ["rev-0003", "rev-0004"]


class PowerCut(Exception):  # noqa: N818 it is none of ours
    """The machine stopped."""


def cut_power_at(monkeypatch, step):
    """Let the n-th call that touches the disk's names or durability be the last."""
    calls = []

    def counted(original):
        def call(*arguments, **keywords):
            calls.append(original.__name__)
            if len(calls) == step:
                raise PowerCut
            return original(*arguments, **keywords)

        return call

    for name in ("fsync", "rename", "replace", "symlink", "chmod"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
    return calls


def test_power_cut_at_any_step_leaves_a_whole_revision(settings, tmp_path, monkeypatch):
    expected = None
    step = 0
    while True:
        step += 1
        home = replace(settings, home=tmp_path / f"cut-{step}")
        build(home, "b1", people=3)
        put_out(home, "b1")
        build(home, "b2", people=6)
        with monkeypatch.context() as patch:
            calls = cut_power_at(patch, step)
            try:
                put_out(home, "b2")
                died = False
            except PowerCut:
                died = True
        if not died:
            break
        seen = current(home)
        check(seen)
        assert seen.manifest()["build_id"] in {"b1", "b2"}
        put_out(home, "b2")
        after = current(home)
        check(after)
        assert after.manifest()["build_id"] == "b2"
        assert not list(home.published.glob(".tmp-*"))
        expected = expected or parquet_digests(after)
        assert parquet_digests(after) == expected
    assert {"fsync", "rename", "replace", "symlink", "chmod"} <= set(calls)
    assert step > 15


KILLED = textwrap.dedent("""
    import os, sys
    from heartshare.settings import Settings
    from heartshare.warehouse import publication
    from heartshare.weeks import ReportingWeek

    name = sys.argv[1]
    original = getattr(os, name)
    setattr(os, name, lambda *a, **k: os.kill(os.getpid(), 9))
    publication.publish(
        Settings.from_env(os.environ), week=ReportingWeek.parse("2026-W46"),
        build_id="b2", tables=["marts.dim_people"], inputs=[],
        verdict={"week": "2026-W46", "build_id": "b2", "verdict": "clean"},
    )
""")


@pytest.mark.parametrize("call", ["fsync", "rename", "replace"])
def test_killed_process_leaves_a_whole_revision(settings, call):
    build(settings, "b1", people=3)
    put_out(settings, "b1")
    build(settings, "b2", people=6)
    env = {
        **os.environ,
        "HEARTSHARE_HOME": str(settings.home),
        "HEARTSHARE_PERSON_SALT": "pepper",
    }
    done = subprocess.run([sys.executable, "-c", KILLED, call], env=env, check=False)
    assert done.returncode == -9
    assert current(settings).name == "rev-0001"
    check(current(settings))
    assert put_out(settings, "b2").is_new
    check(current(settings))
