"""Readers see the old revision or the new one, whatever dies in between."""

import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest
from unit.warehouse.small_marts import (
    INPUTS,
    TABLES,
    WEEK,
    build,
    marts_settings,
    parquet_digests,
    put_out,
    read,
    verdict,
)

from heartshare.warehouse.builds import open_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.dictionary import TableNotes
from heartshare.warehouse.forgetting import forget_in_revisions
from heartshare.warehouse.marts_copy import MissingSaltError
from heartshare.warehouse.publication import (
    BlockedVerdictError,
    OlderWeekError,
    OtherBuildJudgedError,
    publish,
)
from heartshare.warehouse.revision_diff import compare_revisions
from heartshare.warehouse.revisions import (
    DamagedRevisionError,
    UnknownRevisionError,
    check,
    current,
    retire,
    revisions,
    roll_back,
)

NOTES = {
    "dim_people": TableNotes(
        "One row per person; it's keyed",
        {"person_key": "The person's key.", "gone_column": "No longer there."},
        ("person_key",),
    )
}


@pytest.fixture
def settings(tmp_path):
    return marts_settings(tmp_path)


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


def test_tables_are_published_in_one_schema_with_their_descriptions(settings):
    build(settings, "b1")
    revision = put_out(settings, "b1", notes=NOTES)
    assert read(
        revision.database,
        "select schema_name || '.' || table_name, comment from duckdb_tables() "
        "where table_name <> 'dictionary' order by all",
    ) == [
        ("marts.dim_people", "One row per person; it's keyed"),
        ("marts.rpt_weekly_scorecard", None),
    ]
    assert read(
        revision.database,
        "select column_name, comment from duckdb_columns() "
        "where comment is not null and table_name = 'dim_people'",
    ) == [("person_key", "The person's key.")]
    assert revision.manifest()["tables"]["dim_people"]["key"] == ["person_key"]


def test_dictionary_names_every_column_in_database_parquet_and_csv(settings):
    build(settings, "b1")
    revision = put_out(settings, "b1", notes=NOTES)
    described = read(
        revision.database,
        "select table_name, column_name, position, data_type, is_key, description "
        "from marts.dictionary where table_name <> 'dictionary' order by all",
    )
    assert described == [
        ("dim_people", "interaction_count", 3, "BIGINT", False, None),
        ("dim_people", "parent_person_key", 2, "VARCHAR", False, None),
        ("dim_people", "person_key", 1, "VARCHAR", True, "The person's key."),
        ("rpt_weekly_scorecard", "metric_id", 1, "VARCHAR", False, None),
        ("rpt_weekly_scorecard", "value", 2, "DOUBLE", False, None),
    ]
    catalogue = read(
        revision.database,
        "select table_name, column_name, data_type from duckdb_columns() "
        "where schema_name = 'marts' order by all",
    )
    for relation in (
        "marts.dictionary",
        f"'{revision.path}/parquet/dictionary.parquet'",
        f"'{revision.path}/columns.csv'",
    ):
        listed = f"select table_name, column_name, data_type from {relation}"
        assert read(revision.database, listed + " order by all") == catalogue
    csv = (revision.path / "columns.csv").read_bytes()
    assert csv.startswith(b"table_name,column_name,position,data_type,is_key,")
    assert b"\r" not in csv


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


def test_changed_salt_publishes_the_same_build_anew(settings):
    """It said that readers saw the build already, under keys of the salt of before."""
    build(settings, "b1")
    first = put_out(settings, "b1")
    other = replace(settings, person_salt="saffron")
    again = put_out(other, "b1")
    assert (again.name, again.is_new) == ("rev-0002", True)
    keys = "select person_key from marts.dim_people"
    assert not {*read(first.database, keys)} & {*read(again.database, keys)}
    assert not put_out(other, "b1").is_new
    for path in again.path.rglob("*"):
        assert not path.is_file() or b"saffron" not in path.read_bytes()


def test_revision_that_names_no_salt_is_published_anew_once(settings):
    """Nobody knows whether the salt has changed since."""
    build(settings, "b1")
    path = put_out(settings, "b1").path / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["salt_digest"]
    path.chmod(0o644)
    path.write_text(json.dumps(manifest))
    assert put_out(settings, "b1").is_new
    assert not put_out(settings, "b1").is_new


def test_revision_left_without_a_link_is_not_shown_under_another_salt(settings):
    for number in (1, 2):
        build(settings, f"b{number}")
        put_out(settings, f"b{number}")
    roll_back(settings, "rev-0001")
    other = replace(settings, person_salt="saffron")
    assert put_out(other, "b2").name == "rev-0003"


def test_older_week_does_not_replace_a_newer_one(settings):
    build(settings, "b1")
    put_out(settings, "b1")
    build(settings, "b0", week=WEEK.shift(-1))
    with pytest.raises(OlderWeekError, match="2026-W46"):
        put_out(settings, "b0", week=WEEK.shift(-1))
    assert current(settings).manifest()["week"] == WEEK.key


def test_week_that_was_tidied_away_comes_back_over_an_earlier_one(settings):
    """As the runbook says of an edition whose revision is gone."""
    weeks = [WEEK.shift(-2), WEEK]
    for week in weeks:
        build(settings, f"b-{week.label}", week=week)
        put_out(settings, f"b-{week.label}", week=week)
    roll_back(settings, "rev-0001")
    build(settings, "b1", week=WEEK.shift(-1))
    assert put_out(settings, "b1", week=WEEK.shift(-1)).name == "rev-0003"
    roll_back(settings, "rev-0002")
    assert current(settings).manifest()["week"] == WEEK.key
    assert len(revisions(settings)) == 3


def test_equal_marts_have_equal_bytes_of_parquet_and_dictionary(settings, tmp_path):
    build(settings, "b1")
    first = put_out(settings, "b1", notes=NOTES)
    other = replace(settings, home=tmp_path / "other")
    build(other, "b1")
    again = put_out(other, "b1", notes=NOTES)
    assert parquet_digests(again) == parquet_digests(first)
    for name in ("columns.csv", "verdict.json"):
        assert (again.path / name).read_bytes() == (first.path / name).read_bytes()


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


def test_home_may_have_an_apostrophe_in_its_path(tmp_path):
    settings = marts_settings(tmp_path / "o'brien")
    settings.make_home()
    for number in (1, 2):
        build(settings, f"b{number}", people=number)
        revision = put_out(settings, f"b{number}")
    assert (revision.path / "parquet" / "dim_people.parquet").is_file()
    changes = compare_revisions(*revisions(settings)).tables
    assert [one.table for one in changes] == ["dim_people", "rpt_weekly_scorecard"]
    assert forget_in_revisions(settings, {"unknown"}, "e1") == []


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


def test_roll_back_looks_again_once_others_have_ended(settings, monkeypatch):
    for build_id in ("b1", "b2"):
        build(settings, build_id)
        put_out(settings, build_id)

    @contextmanager
    def waited(held):
        (held.published / "rev-0001").rename(held.published / ".tmp-rev-0001")
        yield

    monkeypatch.setattr("heartshare.warehouse.revisions.hold_published", waited)
    with pytest.raises(UnknownRevisionError):
        roll_back(settings, "rev-0001")
    assert current(settings).name == "rev-0002"


def test_roll_back_to_what_is_current_changes_nothing(settings):
    build(settings, "b1")
    put_out(settings, "b1")
    assert not roll_back(settings, "rev-0001").is_new


def damage(path):
    path.chmod(0o644)
    path.write_bytes(b"short")


def test_damaged_current_revision_is_replaced_by_publishing_again(settings):
    """The message of a damaged file promises that this helps."""
    build(settings, "b1")
    first = put_out(settings, "b1")
    damage(first.path / "parquet" / "dim_people.parquet")
    second = put_out(settings, "b1")
    assert (second.name, second.is_new) == ("rev-0002", True)
    check(current(settings))


@pytest.mark.parametrize("harm", ["manifest", "folder"])
def test_current_revision_that_is_gone_is_told_and_replaced(settings, harm):
    build(settings, "b1")
    first = put_out(settings, "b1")
    if harm == "manifest":
        (first.path / "manifest.json").unlink()
    else:
        first.path.rename(settings.home / "moved away")
    with pytest.raises(DamagedRevisionError, match=r"manifest\.json is gone"):
        current(settings).manifest()
    assert put_out(settings, "b1").is_new
    check(current(settings))


def test_only_the_newest_revisions_are_kept(settings):
    few = replace(settings, keep_revisions=2)
    for number in range(1, 5):
        build(few, f"b{number}", people=number)
        put_out(few, f"b{number}")
    assert [r.name for r in revisions(few)] == ["rev-0003", "rev-0004"]


def test_revision_that_was_current_a_moment_ago_outlives_its_number(settings):
    """A reader who has looked up the link may still be opening its files."""
    few = replace(settings, keep_revisions=2)
    for number in (1, 2):
        build(few, f"b{number}", people=number)
        put_out(few, f"b{number}")
    roll_back(few, "rev-0001")
    patient = replace(few, keep_revision_hours=1)
    build(few, "b3")
    put_out(patient, "b3")
    build(few, "b4")
    put_out(patient, "b4")
    assert [r.name for r in revisions(few)] == [f"rev-000{n}" for n in range(1, 5)]
    long_ago = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    for name in ("rev-0001", "rev-0002"):
        os.utime(few.published / name, (long_ago, long_ago))
    build(few, "b5")
    put_out(patient, "b5")
    assert [r.name for r in revisions(few)] == ["rev-0003", "rev-0004", "rev-0005"]


def test_current_revision_is_kept_however_old(settings):
    few = replace(settings, keep_revisions=2)
    for number in range(1, 4):
        build(few, f"b{number}", people=number)
        put_out(few, f"b{number}")
    roll_back(few, "rev-0002")
    long_ago = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    for each in revisions(few):
        os.utime(each.path, (long_ago, long_ago))
    assert retire(replace(few, keep_revisions=1)) == []
    assert current(few).name == "rev-0002"
