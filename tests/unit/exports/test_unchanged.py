"""What delivers nothing new has arrived, and a warehouse loaded anew knows it too."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from heartshare.exports import unchanged
from heartshare.exports.landed_files import land_file
from heartshare.exports.landing import load_landing
from heartshare.exports.unchanged import UNCHANGED_NAME, note_unchanged
from heartshare.exports.unchanged_loading import unchanged_digest
from heartshare.warehouse.connections import open_memory

MOMENT = datetime(2026, 3, 16, 3, 0, tzinfo=UTC)
DUBLIN = ZoneInfo("Europe/Dublin")
#: Naive UTC, as the warehouse has it.
NEXT_WEEK = datetime(2026, 3, 23, 3, 0)  # noqa: DTZ001


@pytest.fixture
def quiet_weeks(desk, fixtures):
    """Load an overview, then the same bytes a week later."""
    path = fixtures / "x/overview_in_other_order.csv"
    desk.load(path, exported_at=MOMENT)
    return desk.load(path, exported_at=MOMENT + timedelta(days=7))


def again(desk):
    return desk.rows("from raw.unchanged_exports order by all")


def test_bytes_that_come_again_are_an_arrival_without_rows(quiet_weeks):
    (file,) = quiet_weeks.manifest()
    assert quiet_weeks.summary.files_unchanged == 1
    assert quiet_weeks.summary.rows_in == 0
    assert again(quiet_weeks) == [
        {
            "file_sha256": file["file_sha256"],
            "source_name": "source_a",
            "seen_at": NEXT_WEEK,
        }
    ]
    assert file["exported_at"] == NEXT_WEEK - timedelta(days=7)


def test_loading_again_finds_the_same_arrivals_and_none_that_is_new(quiet_weeks):
    quiet_weeks.load()
    assert quiet_weeks.summary.files_unchanged == 0
    assert len(again(quiet_weeks)) == 1
    with open_memory() as anew:
        load_landing(anew, quiet_weeks.landing_dir)
        assert [tuple(row.values()) for row in again(quiet_weeks)] == anew.execute(
            "from raw.unchanged_exports"
        ).fetchall()


def test_arrival_follows_a_copy_that_was_redacted(quiet_weeks):
    (meta,) = quiet_weeks.landing_dir.glob("*/*.meta.json")
    values = json.loads(meta.read_text())
    copy = meta.with_name(meta.name.removesuffix(".meta.json"))
    copy.write_bytes(b"other bytes")
    digest = "f" * 64
    meta.write_text(json.dumps(values | {"sha256": digest, "former": []}))
    quiet_weeks.load()
    assert [row["file_sha256"] for row in again(quiet_weeks)] == [digest]
    assert quiet_weeks.summary.files_unchanged == 0


def test_same_or_earlier_moment_is_no_second_arrival(desk, fixtures):
    path = fixtures / "x/overview_in_other_order.csv"
    for days in (0, 0, -1):
        desk.load(path, exported_at=MOMENT + timedelta(days=days))
    assert again(desk) == []


def test_line_that_a_loss_of_power_cut_is_no_line(tmp_path):
    folder = tmp_path / "source_a"
    note_unchanged(folder, None, MOMENT)
    book = folder / UNCHANGED_NAME
    whole = book.read_bytes()
    book.write_bytes(whole + b'{"file": null, "seen_')
    note_unchanged(folder, None, MOMENT + timedelta(days=1))
    with open_memory() as connection:
        load_landing(connection, tmp_path)
        found = connection.execute(
            "select seen_at from raw.unchanged_exports order by 1"
        ).fetchall()
    naive = MOMENT.replace(tzinfo=None)
    assert found == [(naive,), (naive + timedelta(days=1),)]


def test_first_answer_of_an_hour_and_each_file_s_moment_are_kept_once(tmp_path):
    for minutes in (0, 59, 0, 30 * 60):
        note_unchanged(tmp_path, None, MOMENT + timedelta(minutes=minutes))
    for hours in (0, 5, 0):
        note_unchanged(tmp_path, "a__x.csv", MOMENT + timedelta(hours=hours))
    lines = (tmp_path / UNCHANGED_NAME).read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"file": None, "seen_at": "2026-03-16T03:00:00Z"},
        {"file": None, "seen_at": "2026-03-17T09:00:00Z"},
        {"file": "a__x.csv", "seen_at": "2026-03-16T03:00:00Z"},
        {"file": "a__x.csv", "seen_at": "2026-03-16T08:00:00Z"},
    ]


def test_answer_before_a_week_closed_hides_none_of_the_same_day_after(tmp_path):
    # In Tokyo the week closes at 15:00 UTC; it was asked at 14:00 and at 20:00.
    for hour in (14, 20):
        note_unchanged(
            tmp_path / "forum", None, datetime(2026, 3, 15, hour, tzinfo=UTC)
        )
    with open_memory() as connection:
        load_landing(connection, tmp_path)
        found = connection.execute(
            "select hour(seen_at) from raw.unchanged_exports order by 1"
        ).fetchall()
    assert found == [(14,), (20,)]


def test_further_answers_of_a_week_make_no_other_build(tmp_path):
    def digest(*days):
        for day in days:
            note_unchanged(tmp_path / "forum", None, MOMENT + timedelta(days=day))
        with open_memory() as connection:
            load_landing(connection, tmp_path)
            until = MOMENT + timedelta(days=9)
            return unchanged_digest(connection, until, DUBLIN)

    nothing, monday = digest(), digest(0)
    assert monday != nothing
    assert digest(1, 2, 6) == monday
    next_monday = digest(7)
    assert next_monday != monday
    assert digest(9) == next_monday


def test_file_in_two_sources_comes_again_for_each(desk, fixtures, tmp_path):
    path = fixtures / "x/overview_in_other_order.csv"
    for source in ("source_a", "source_b"):
        for days in (0, 7):
            moment = MOMENT + timedelta(days=days)
            land_file(path, source, desk.landing_dir, moment)
    desk.load()
    assert [row["source_name"] for row in again(desk)] == ["source_a", "source_b"]


def test_each_note_reads_what_is_new_and_not_the_whole_book(tmp_path, monkeypatch):
    read = []

    class Counted(type(unchanged._READ)):
        def __setitem__(self, key, value):
            read.append(key)
            super().__setitem__(key, value)

    monkeypatch.setattr(unchanged, "_READ", Counted())
    for hours in (*range(40), *range(40)):
        note_unchanged(tmp_path, "a__x.csv", MOMENT + timedelta(hours=hours))
        note_unchanged(tmp_path, None, MOMENT + timedelta(hours=hours, minutes=5))
    assert len(read) == 1
    assert len((tmp_path / UNCHANGED_NAME).read_text().splitlines()) == 80


def test_book_that_others_write_or_clear_is_seen_as_it_is(tmp_path):
    book = tmp_path / UNCHANGED_NAME
    note_unchanged(tmp_path, "a__x.csv", MOMENT)
    first = book.read_bytes()
    with book.open("ab") as stream:
        stream.write(first.replace(b"a__x", b"b__x"))
    note_unchanged(tmp_path, "b__x.csv", MOMENT)
    assert book.read_bytes().count(b"\n") == 2
    book.write_bytes(b"")
    note_unchanged(tmp_path, "a__x.csv", MOMENT)
    assert book.read_bytes() == first
