"""Files land once, load once, whole or not at all, in any order."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from heartshare.exports import erasing, landing, loading
from heartshare.exports.contract import load_contracts
from heartshare.exports.erasing import forget_former_files
from heartshare.exports.landing import (
    create_raw_tables,
    land_file,
    landed_files,
    load_landing,
    text_columns,
)
from heartshare.exports.loading import LostRowsError
from heartshare.exports.raw_tables import raw_columns

MOMENT = datetime(2026, 3, 16, 3, 0, tzinfo=UTC)


def test_landed_copy_keeps_name_content_and_moment(fixtures, tmp_path):
    path = fixtures / "x/overview_in_other_order.csv"
    landed = land_file(path, "x_lindholm", tmp_path, MOMENT)
    assert landed.is_new
    assert landed.path.name == f"{landed.sha256[:16]}__{path.name}"
    assert landed.path.read_bytes() == path.read_bytes()
    meta = json.loads(
        landed.path.with_name(landed.path.name + ".meta.json").read_text()
    )
    assert meta == {
        "sha256": landed.sha256,
        "source_name": "x_lindholm",
        "original_name": path.name,
        "exported_at": "2026-03-16T03:00:00Z",
        "size": path.stat().st_size,
    }


def test_same_content_lands_once_and_keeps_its_first_moment(fixtures, tmp_path):
    path = fixtures / "x/overview_in_other_order.csv"
    first = land_file(path, "x_lindholm", tmp_path, MOMENT)
    again = land_file(path, "x_lindholm", tmp_path, MOMENT + timedelta(days=7))
    assert not again.is_new
    assert again.exported_at == first.exported_at
    assert len(landed_files(tmp_path)) == 1


def test_copy_without_description_is_not_landed(fixtures, tmp_path):
    path = fixtures / "x/overview_in_other_order.csv"
    landed = land_file(path, "x_lindholm", tmp_path, MOMENT)
    landed.path.with_name(landed.path.name + ".meta.json").unlink()
    assert landed_files(tmp_path) == []
    assert land_file(path, "x_lindholm", tmp_path, MOMENT).is_new


def test_every_contract_column_has_its_raw_column(warehouse):
    create_raw_tables(warehouse)
    found = warehouse.execute(
        "select table_name, list(column_name order by column_index) "
        "from duckdb_columns() where schema_name = 'raw' group by table_name"
    ).fetchall()
    tables = dict(found)
    for contract in load_contracts():
        for table in contract.tables:
            assert tables[table.name] == [name for name, _ in raw_columns(table)]
    assert {"export_manifest", "export_tables", "rejected_rows"} <= tables.keys()


def test_table_gains_a_column_and_keeps_its_rows(warehouse):
    create_raw_tables(warehouse)
    warehouse.execute("insert into raw.x__posts (post_id) values ('1')")
    warehouse.execute("alter table raw.x__posts drop column repost_count")
    create_raw_tables(warehouse)
    row = warehouse.execute("select post_id, repost_count from raw.x__posts").fetchall()
    assert row == [("1", None)]


def test_texts_to_score_are_those_of_people():
    assert ("discourse__posts", "post_text") in text_columns()
    assert ("reddit__comments", "body_text") in text_columns()


def test_second_load_changes_nothing(desk, fixtures):
    desk.load(*sorted((fixtures / "programme").iterdir()))
    before = desk.rows("select * from raw.rejected_rows order by all")
    loaded = desk.summary.rows_landed
    desk.load(*sorted((fixtures / "programme").iterdir()))
    assert desk.summary.files_new == 0
    assert desk.summary.files_known == len(desk.manifest())
    assert desk.rows("select * from raw.rejected_rows order by all") == before
    assert loaded == sum(file["rows_landed"] for file in desk.manifest())


def test_unreadable_file_is_noted_and_the_others_go_on(desk, fixtures):
    desk.load(
        fixtures / "unknown/support_tickets.csv",
        fixtures / "x/overview_in_other_order.csv",
    )
    overview, tickets = desk.manifest()
    assert (overview["status_code"], tickets["status_code"]) == ("loaded", "rejected")
    assert "support_tickets.csv matches no export contract" in tickets["reason_text"]
    assert desk.summary.files_rejected == 1


def test_rejected_file_is_tried_again_when_a_contract_changed(desk, fixtures):
    old = tuple(c for c in load_contracts() if c.code != "x/daily_overview")
    path = fixtures / "x/overview_in_other_order.csv"
    land_file(path, "source_a", desk.landing_dir, MOMENT)
    load_landing(desk.connection, desk.landing_dir, contracts=old)
    assert desk.manifest()[0]["status_code"] == "rejected"
    assert load_landing(desk.connection, desk.landing_dir, contracts=old).files_new == 0
    desk.load()
    assert desk.manifest()[0]["status_code"] == "loaded"


def test_same_content_of_two_sources_counts_once(desk, fixtures):
    path = fixtures / "facebook/views_column_twice.csv"
    desk.load(path, source_name="facebook_a")
    desk.load(path, source_name="facebook_b")
    states = [(f["source_name"], f["status_code"]) for f in desk.manifest()]
    assert sorted(states) == [("facebook_a", "loaded"), ("facebook_b", "duplicate")]
    assert desk.one("select count(*) as n from raw.facebook__posts")["n"] == 1


def test_changed_copy_is_rejected(desk, fixtures):
    path = fixtures / "x/overview_in_other_order.csv"
    landed = land_file(path, "source_a", desk.landing_dir, MOMENT)
    landed.path.write_text("something else")
    desk.load()
    (file,) = desk.manifest()
    assert file["status_code"] == "rejected"
    assert "was changed" in file["reason_text"]


def test_failure_inside_a_batch_leaves_no_trace(desk, fixtures, monkeypatch):
    def lose_rows(*_):
        message = "lost"
        raise LostRowsError(message)

    monkeypatch.setattr(loading, "balance", lose_rows)
    with pytest.raises(LostRowsError):
        desk.load(fixtures / "x/overview_in_other_order.csv")
    monkeypatch.undo()
    assert desk.manifest() == []
    assert desk.one("select count(*) as n from raw.x__daily_overview")["n"] == 0
    desk.load()
    assert desk.summary.rows_landed == 2


def test_small_batches_give_the_same_rows(desk, fixtures, monkeypatch, tmp_path):
    files = sorted((fixtures / "programme").iterdir())
    desk.load(*files)
    whole = desk.rows("select * from raw.programme__outreach_log order by all")
    desk.connection.execute("drop schema raw cascade")
    monkeypatch.setattr(landing, "_BATCH_FILES", 1)
    desk.load()
    assert desk.rows("select * from raw.programme__outreach_log order by all") == whole


def test_weeks_touched_are_the_mondays_of_the_new_files(desk, fixtures):
    desk.load(fixtures / "x/overview_in_other_order.csv")
    assert desk.summary.weeks_touched == ["2026-04-20"]


def test_progress_counts_files(desk, fixtures):
    seen = []
    land_file(fixtures / "x/overview_in_other_order.csv", "s", desk.landing_dir, MOMENT)
    load_landing(
        desk.connection, desk.landing_dir, progress=lambda *step: seen.append(step)
    )
    assert seen == [(0, 1), (1, 1)]


def test_same_content_in_two_sources_is_counted_once_and_said(desk, fixtures):
    file = fixtures / "x/overview_in_other_order.csv"
    desk.load(file, source_name="x_ours")
    desk.load(file, source_name="a_wrong_folder")
    assert desk.summary.files_duplicate == 1
    (doubt,) = desk.summary.doubts
    assert doubt.startswith("a_wrong_folder/overview_in_other_order.csv is not counted")
    assert doubt.endswith("of source x_ours")


def test_loading_anew_gives_shared_content_to_the_same_source(desk, fixtures):
    file = fixtures / "x/overview_in_other_order.csv"
    for order, source in enumerate(["x_ours", "a_wrong_folder"]):
        landed = land_file(file, source, desk.landing_dir, MOMENT)
        (meta,) = landed.path.parent.glob("*.meta.json")
        os.utime(meta, (MOMENT.timestamp() + order,) * 2)
    desk.load()
    query = "select distinct _source_name as name from raw.x__daily_overview"
    assert desk.one(query) == {"name": "x_ours"}


def test_file_with_rejected_rows_is_named_with_its_source(desk, fixtures):
    desk.load(fixtures / "facebook/one_bad_count.csv", source_name="facebook_ours")
    (doubt,) = desk.summary.doubts
    assert doubt.startswith("facebook_ours/one_bad_count.csv: 1 of ")
    assert "the first in row " in doubt
    assert "heartshare inspect" in doubt


def test_moment_before_the_platform_or_after_our_time_is_named_by_file_and_row(
    desk, fixtures
):
    desk.load(fixtures / "support/clock_that_began_in_1970.csv", source_name="help")
    query = "select created_at::date as day from raw.support__tweets order by 1"
    days = desk.rows(query)
    assert [str(row["day"]) for row in days] == ["2006-03-21", "2026-03-02"]
    rejects = desk.rejects()
    assert [row["row_number"] for row in rejects] == [3, 4]
    assert {row["reason_code"] for row in rejects} == {"implausible_moment"}
    (file,) = desk.manifest()
    assert (str(file["period_start"]), str(file["period_end"])) == (
        "2006-03-21",
        "2026-03-02",
    )
    (doubt,) = desk.summary.doubts
    assert doubt.startswith(
        "help/clock_that_began_in_1970.csv: 2 of 4 rows rejected, the first in row 3: "
        "created_at lies before 2006-03-21"
    )
    assert "export again" in doubt


def test_file_that_is_not_loaded_is_named_with_its_source(desk, write):
    desk.load(write("notes.csv", "a,b\n1,2\n"), source_name="x_ours")
    (reason,) = desk.summary.rejections
    assert reason.startswith("x_ours: notes.csv matches no export contract")


def test_content_that_comes_back_under_its_name_is_a_further_observation(
    desk, write, fixtures
):
    first = (fixtures / "x/overview_in_other_order.csv").read_bytes()
    second = first.replace(b"2026", b"2025")
    for day, content in enumerate([first, second, first]):
        path = write("overview.csv", content)
        desk.load(path, exported_at=MOMENT + timedelta(days=day))
    assert [f["status_code"] for f in desk.manifest()] == ["loaded"] * 3
    moments = desk.rows(
        "select _exported_at as at, count(*) as n, min(year(activity_date)) as year "
        "from raw.x__daily_overview group by all order by all"
    )
    assert [(m["at"].day, m["n"], m["year"]) for m in moments] == [
        (16, 2, 2026),
        (17, 2, 2025),
        (18, 2, 2026),
    ]
    # Whatever the order of loading: a warehouse that is loaded anew says the same.
    desk.connection.execute("drop schema raw cascade")
    desk.load()
    assert desk.summary.files_new == 3
    again = land_file(path, "source_a", desk.landing_dir, MOMENT + timedelta(days=3))
    assert not again.is_new


def test_redacted_copy_of_a_return_replaces_its_own_rows_only(desk, write, fixtures):
    first = (fixtures / "x/overview_in_other_order.csv").read_bytes()
    for day, content in enumerate([first, first.replace(b"2026", b"2025"), first]):
        path = write("overview.csv", content)
        desk.load(path, exported_at=MOMENT + timedelta(days=day))
    returned = landed_files(desk.landing_dir)[-1]
    meta = returned.path.with_name(returned.path.name + ".meta.json")
    returned.path.write_bytes(first[: first.rindex(b"\n", 0, -1) + 1])
    erasing._describe(meta, json.loads(meta.read_text()), returned.path, "v1")
    assert forget_former_files(desk.connection, desk.landing_dir) == 1
    count = (
        "select count(*) as n from raw.x__daily_overview "
        "where day(_exported_at) = {} and _file_sha256 is not null"
    )
    assert [desk.one(count.format(day))["n"] for day in (16, 17, 18)] == [2, 2, 0]
    desk.load()
    assert desk.summary.files_new == 1
    assert [desk.one(count.format(day))["n"] for day in (16, 17, 18)] == [2, 2, 1]


def test_export_that_is_older_than_all_its_days_is_a_doubt(desk, fixtures):
    path = fixtures / "x/overview_in_other_order.csv"
    desk.load(path, exported_at=datetime(1970, 1, 1, tzinfo=UTC))
    (doubt,) = desk.summary.doubts
    assert "is dated 1970-01-01, before the first day that it tells of" in doubt
    desk.load(fixtures / "facebook/one_bad_count.csv", exported_at=MOMENT)
    assert not any("is dated" in doubt for doubt in desk.summary.doubts)
