"""A file that heartshare writes is the old one or the new one, and never a half."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from heartshare.warehouse.whole_files import move_whole, write_whole

CALLS = ("open", "ftruncate", "fdopen", "fsync", "replace")


class DeadError(BaseException):
    """The process died here; nothing catches it but the test."""


@pytest.fixture
def place(tmp_path):
    path = tmp_path / "state.json"
    path.write_text("old")
    return path


@pytest.fixture
def calls(monkeypatch):
    """Count what is asked of the operating system; die before the call of a number."""
    numbers, made, dies_at = count(), [], []
    for name in CALLS:
        original = getattr(os, name)

        def guarded(*arguments, _name=name, _original=original, **options):
            if next(numbers) in dies_at:
                raise DeadError
            made.append((_name, arguments[0]))
            return _original(*arguments, **options)

        monkeypatch.setattr(os, name, guarded)
    return made, dies_at


@pytest.mark.parametrize(
    ("content", "bytes_there"),
    [("sch\u00f6n\r\n", b"sch\xc3\xb6n\r\n"), (b"\x00\xff", b"\x00\xff"), ("", b"")],
    ids=["text keeps its line ends", "bytes", "nothing"],
)
def test_file_holds_what_was_written_and_nothing_lies_beside_it(
    place, content, bytes_there
):
    write_whole(place, content)
    assert place.read_bytes() == bytes_there
    assert [path.name for path in place.parent.iterdir()] == ["state.json"]


def test_death_before_any_step_leaves_the_old_file_or_the_new_one(place, calls):
    made, dies_at = calls
    write_whole(place, "old")
    steps = len(made)
    assert [name for name, _ in made] == [
        *("open", "ftruncate", "fdopen"),
        *("open", "fsync", "replace"),
        *("open", "fsync"),
    ]
    for step in range(steps):
        dies_at[:] = [len(made) + step]
        with pytest.raises(DeadError):
            write_whole(place, "new")
        is_replaced = step > steps - 3
        assert place.read_text() == ("new" if is_replaced else "old")
        assert [path.name for path in place.parent.iterdir()] == ["state.json"]
        made.append(("died", step))
        dies_at.clear()
        write_whole(place, "old")


def test_content_is_on_the_disk_before_the_name_and_the_name_before_the_end(
    place, monkeypatch
):
    events, synced = [], os.fsync
    replaced = os.replace

    def sync(handle):
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        events.append("folder kept" if is_folder else os.fstat(handle).st_size)
        synced(handle)

    def replace(*arguments, **options):
        events.append("renamed")
        replaced(*arguments, **options)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", replace)
    write_whole(place, "four")
    assert events == [4, "renamed", "folder kept"]


def test_only_its_owner_reads_a_file_that_is_private(place):
    before = os.umask(0)
    try:
        write_whole(place, "secret", mode=0o600)
        write_whole(place.with_name("open.csv"), "open")
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.with_name("open.csv").stat().st_mode) == 0o666


def test_what_a_killed_writer_left_is_used_up(place):
    place.with_name(".state.json.part").write_text("a half that is longer than the new")
    write_whole(place, "new")
    assert place.read_text() == "new"
    assert [path.name for path in place.parent.iterdir()] == ["state.json"]


def test_writers_at_once_take_turns_and_leave_a_whole_file(place):
    texts = [letter * 200_000 for letter in "abcdefgh"]
    with ThreadPoolExecutor(len(texts)) as pool:
        for done in [pool.submit(write_whole, place, text) for text in texts * 3]:
            done.result()
    assert place.read_text() in texts
    assert [path.name for path in place.parent.iterdir()] == ["state.json"]


def test_file_that_was_written_in_pieces_takes_its_place(place):
    partial = place.with_name(".state.json.part")
    partial.write_text("new")
    move_whole(partial, place)
    assert place.read_text() == "new"
    assert not partial.exists()


def test_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_whole(tmp_path / "nowhere" / "a", "")
