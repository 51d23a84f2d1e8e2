"""A file that comes in pieces lands whole or not at all."""

import os
from datetime import UTC, datetime

import pytest

from heartshare.exports.landed_files import (
    land_chunks,
    land_file,
    landed_files,
    remove_leftovers,
)

MOMENT = datetime(2026, 3, 16, 3, 0, tzinfo=UTC)


def land(pieces, folder, name="a.csv"):
    return land_chunks(pieces, name, "team_feed", folder, MOMENT)


def test_pieces_and_a_file_of_the_same_content_are_one(tmp_path):
    (tmp_path / "b.csv").write_bytes(b"one,two")
    first = land(iter([b"one,", b"two"]), tmp_path / "landing")
    again = land_file(tmp_path / "b.csv", "team_feed", tmp_path / "landing", MOMENT)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.path.read_bytes() == b"one,two"
    assert [file.sha256 for file in landed_files(tmp_path / "landing")] == [
        again.sha256
    ]


def test_pieces_that_end_in_an_error_leave_nothing(tmp_path):
    def broken():
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        land(broken(), tmp_path)
    assert list((tmp_path / "team_feed").iterdir()) == []


def test_leftovers_of_a_killed_pull_are_removed_but_not_what_is_being_written(tmp_path):
    kept = land([b"x"], tmp_path)
    for name, age in {".old.csv.7.part": 100, ".young.csv.8.part": 0}.items():
        path = tmp_path / "team_feed" / name
        path.write_bytes(b"half")
        os.utime(path, (MOMENT.timestamp() - age,) * 2)
    removed = remove_leftovers(tmp_path / "team_feed", before=MOMENT)
    assert [path.name for path in removed] == [".old.csv.7.part"]
    assert kept.path.exists()
    assert (tmp_path / "team_feed" / ".young.csv.8.part").exists()


def test_export_that_is_called_like_a_description_is_an_export(tmp_path):
    landed = land([b"[]"], tmp_path, "page.csv.meta.json")
    assert landed.original_name == "page.csv.meta.json"
    assert [file.path for file in landed_files(tmp_path)] == [landed.path]
