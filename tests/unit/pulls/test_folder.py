"""The watched folder yields what is new, finished and an export."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heartshare.exports.landed_files import land_chunks, landed_files
from heartshare.pulls.folder import (
    FolderSource,
    WatchedFolderClosedError,
    WatchedFolderMissingError,
)
from heartshare.pulls.source import PullRun, PullSummary

MOMENT = datetime(2026, 3, 16, 3, 0, tzinfo=UTC)


@pytest.fixture
def drop(tmp_path):
    def dropper(name, content="a", moment=MOMENT):
        path = tmp_path / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        os.utime(path, (moment.timestamp(),) * 2)
        return path

    return dropper


@pytest.fixture
def source(tmp_path):
    (tmp_path / "inbox").mkdir()
    return FolderSource(tmp_path / "inbox")


def names(found):
    return [f"{each.source_name}/{each.path.name}" for each in found]


def test_subfolder_is_a_source_and_the_moment_is_the_file_s(source, drop, tmp_path):
    drop("x_account/b.csv")
    drop("crm/deep/a.csv")
    found = source.list_new(tmp_path / "landing")
    assert names(found) == ["crm/a.csv", "x_account/b.csv"]
    assert found[0].exported_at == MOMENT


def test_one_source_alone_can_be_looked_at(source, drop, tmp_path):
    drop("x_account/b.csv")
    drop("crm/a.csv")
    found = FolderSource(source.root, only="crm").list_new(tmp_path / "landing")
    assert names(found) == ["crm/a.csv"]


@pytest.mark.parametrize(
    "name",
    [
        *(".hidden", "a.csv.part", "a.crdownload", "_READY", ".git/config", "A.PART"),
        *("Thumbs.db", "desktop.ini", "~$roster.xlsx", "Icon\r"),
    ],
)
def test_what_is_no_finished_export_is_left_alone(source, drop, tmp_path, name):
    drop(f"x_account/{name}")
    assert source.list_new(tmp_path / "landing") == []


def test_link_is_not_followed(source, drop, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    drop("x_account/a.csv").with_name("link.csv").symlink_to(secret)
    assert names(source.list_new(tmp_path / "landing")) == ["x_account/a.csv"]


def test_file_that_changed_a_moment_ago_waits(source, drop, tmp_path):
    drop("x_account/a.csv", moment=MOMENT - timedelta(seconds=1))
    drop("x_account/b.csv", moment=MOMENT - timedelta(minutes=1))
    found = source.list_new(tmp_path / "landing", now=MOMENT)
    assert names(found) == ["x_account/b.csv"]


def run_of(landing, *, waiter=lambda _: None, now=MOMENT + timedelta(hours=1), **rest):
    def lander(chunks, name, *, exported_at):
        return land_chunks(chunks, name, "x_account", landing, exported_at)

    return PullRun("x_account", now, {}, lander, lambda _: None, waiter=waiter, **rest)


def take(source, landing, **options):
    run = run_of(landing, **options)
    source.take(run, landing)
    return run.summary


def test_pulled_file_is_no_longer_new_under_any_name(source, drop, tmp_path):
    landing = tmp_path / "landing"
    path = drop("x_account/a.csv")
    assert take(source, landing).files_new == 1
    (landed,) = landed_files(landing)
    assert (landed.source_name, landed.exported_at) == ("x_account", MOMENT)
    path.rename(path.with_name("a (1).csv"))
    assert take(source, landing) == PullSummary()
    drop("x_account/a.csv", "changed")
    assert names(source.list_new(landing)) == ["x_account/a.csv"]


def test_young_file_lands_when_a_second_look_finds_it_alike(source, drop, tmp_path):
    drop("x_account/a.csv")
    waits = []
    summary = take(source, tmp_path / "landing", now=MOMENT, waiter=waits.append)
    assert (summary.files_new, summary.files_waiting, waits) == (1, 0, [5.0])


def test_file_that_is_still_being_copied_waits_and_stops_no_other(
    source, drop, tmp_path
):
    """A copy takes longer than the wait: nothing of it lands before it has ended."""
    drop("x_account/old.csv", "b", moment=MOMENT - timedelta(hours=1))
    drop("x_account/big.csv", "first half")
    landing = tmp_path / "landing"
    summary = take(
        source,
        landing,
        now=MOMENT,
        waiter=lambda _: drop("x_account/big.csv", "first half, more"),
    )
    assert (summary.files_new, summary.files_waiting) == (1, 1)
    assert [file.original_name for file in landed_files(landing)] == ["old.csv"]
    assert take(source, landing).files_new == 1


def test_young_file_waits_where_no_patience_is_left(source, drop, tmp_path):
    drop("x_account/a.csv")
    summary = take(source, tmp_path / "landing", now=MOMENT, patience=1.0)
    assert (summary.files_new, summary.files_waiting) == (0, 1)


def test_file_that_changes_while_it_is_read_leaves_nothing(
    source, drop, tmp_path, monkeypatch
):
    path = drop("x_account/a.csv")
    landing = tmp_path / "landing"
    found = source.list_new(landing)
    path.write_text("longer")
    monkeypatch.setattr(source, "list_new", lambda _, **__: found)
    assert take(source, landing).files_waiting == 1
    path.unlink()
    assert take(source, landing).files_waiting == 1
    assert list((landing / "x_account").iterdir()) == []


def test_file_that_cannot_be_read_is_a_doubt_and_stops_no_other(
    source, drop, tmp_path, monkeypatch
):
    drop("x_account/a.csv")
    locked = drop("x_account/locked.csv", "b")
    opened = type(locked).open

    def guarded(path, *arguments):
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments)

    monkeypatch.setattr(type(locked), "open", guarded)
    summary = take(source, tmp_path / "landing")
    assert summary.files_new == 1
    (doubt,) = summary.doubts
    assert "locked.csv cannot be read (Permission denied)" in doubt


def test_folder_that_cannot_be_opened_is_a_doubt_and_not_empty(
    source, drop, tmp_path, monkeypatch
):
    drop("x_account/a.csv")
    locked = drop("x_account/locked/b.csv").parent
    bin_of_desktop = drop("x_account/.Trash-1000/c.csv").parent
    scanned = os.scandir

    def guarded(path):
        if path in {str(locked), str(bin_of_desktop)}:
            raise PermissionError(13, "Permission denied", path)
        return scanned(path)

    monkeypatch.setattr(os, "scandir", guarded)
    summary = take(source, tmp_path / "landing")
    assert summary.files_new == 1
    (doubt,) = summary.doubts
    assert doubt.startswith(f"{locked} cannot be opened (Permission denied). Give")


def test_folder_of_which_only_names_can_be_read_is_a_doubt(
    source, drop, tmp_path, monkeypatch
):
    drop("x_account/a.csv")
    locked = drop("x_account/listed/b.csv")
    looked_at = Path.stat

    def guarded(path, **options):
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return looked_at(path, **options)

    monkeypatch.setattr(Path, "stat", guarded)
    summary = take(source, tmp_path / "landing")
    assert summary.files_new == 1
    (doubt,) = summary.doubts
    assert doubt.startswith(f"{locked.parent} cannot be opened (Permission denied).")


@pytest.mark.parametrize("what", ["iterdir", "stat"])
def test_watched_folder_that_cannot_be_opened_is_named(source, monkeypatch, what):
    """It ended in a call stack."""
    looked_at = getattr(Path, what)

    def guarded(path, **options):
        if source.root in {path, path.parent}:
            raise PermissionError(13, "Permission denied", str(path))
        return looked_at(path, **options)

    monkeypatch.setattr(Path, what, guarded)
    with pytest.raises(WatchedFolderClosedError, match=r"Permission.*HEARTSHARE_INBOX"):
        source.misplaced()


def test_file_that_is_dated_after_the_pull_is_told_once(source, drop, tmp_path):
    drop("x_account/clock_fast.csv", "a", MOMENT + timedelta(hours=20))
    drop("x_account/future.csv", "b", MOMENT + timedelta(days=400))
    first = take(source, tmp_path / "landing")
    assert first.files_new == 2
    assert first.ahead == {"future.csv": MOMENT + timedelta(days=400)}
    assert take(source, tmp_path / "landing").ahead == {}


def test_names_that_no_other_folder_could_hold_land_shortened(source, drop, tmp_path):
    drop("x_account/" + "n" * 250 + ".csv")
    drop(os.fsdecode(b"x_account/caf\xe9.csv"), "b")
    landing = tmp_path / "landing"
    assert take(source, landing).files_new == 2
    assert {f.original_name[:5] for f in landed_files(landing)} == {
        "caf\ufffd.",
        "nnnnn",
    }


def test_name_that_returns_to_earlier_bytes_is_seen_again_and_newest(
    source, drop, tmp_path
):
    landing = tmp_path / "landing"
    days = [MOMENT + timedelta(days=day) for day in range(4)]
    for content, moment in zip("ABA", days, strict=False):
        drop("crm/contacts.csv", content, moment)
        assert take(source, landing, now=days[3]).files_new == 1
    assert take(source, landing, now=days[3]).files_new == 0
    found = landed_files(landing)
    assert [f.path.read_text() for f in found] == ["A", "B", "A"]
    assert [f.exported_at for f in found] == days[:3]
    assert len({f.sha256 for f in found}) == 3
    drop("crm/contacts.csv", "B", days[3])
    assert take(source, landing, now=days[3] + timedelta(days=1)).files_new == 1


def test_copies_and_restored_files_are_no_return(source, drop, tmp_path):
    landing = tmp_path / "landing"
    drop("crm/old.csv", "A")
    drop("crm/new.csv", "B", MOMENT + timedelta(days=1))
    assert take(source, landing, now=MOMENT + timedelta(days=2)).files_new == 2
    # A restored inbox gives each file a new moment, and copies get other names.
    for name, content in [("old", "A"), ("new", "B"), ("copy", "A")]:
        drop(f"crm/{name}.csv", content, MOMENT + timedelta(days=3))
    assert take(source, landing, now=MOMENT + timedelta(days=4)).files_new == 0
    # An earlier moment proves nothing either.
    drop("crm/new.csv", "A", MOMENT)
    assert take(source, landing, now=MOMENT + timedelta(days=4)).files_new == 0


def test_known_bytes_that_were_made_again_are_looked_at_once(source, drop, tmp_path):
    """A quiet week's export equals the one before; it has arrived nevertheless."""
    landing = tmp_path / "landing"
    later = MOMENT + timedelta(days=7)
    drop("x_account/a.csv")
    take(source, landing)
    drop("x_account/b.csv", moment=later)
    assert source.list_new(landing) == []
    summary = take(source, landing, now=later + timedelta(hours=1))
    assert (summary.files_new, summary.files_known) == (0, 1)
    book = (landing / "x_account" / "unchanged.jsonl").read_text()
    assert later.isoformat().replace("+00:00", "Z") in book
    assert take(source, landing, now=later + timedelta(hours=2)) == PullSummary()


def test_file_that_returned_to_earlier_bytes_has_not_come_again(source, drop, tmp_path):
    landing = tmp_path / "landing"
    now = MOMENT + timedelta(days=9)
    for day, content in enumerate("ABA"):
        drop("x_account/a.csv", content, MOMENT + timedelta(days=day))
        take(source, landing, now=now)
    assert take(source, landing, now=now) == PullSummary()
    assert not (landing / "x_account" / "unchanged.jsonl").exists()


def test_file_beside_the_sources_is_misplaced(source, drop, tmp_path):
    path = drop("a.csv")
    drop("_READY")
    assert source.misplaced() == [path]
    assert source.list_new(tmp_path / "landing") == []


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(WatchedFolderMissingError, match="HEARTSHARE_INBOX"):
        FolderSource(tmp_path / "nowhere").list_new(tmp_path)
