"""The inbox says what became of every file, and never shows a refused value."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heartshare.exports.landed_files import land_file
from heartshare.ui import waiting_files as scan
from heartshare.ui.waiting_files import waiting_files

from .conftest import HOSTILE, PAGE, SHA


def get(client, path):
    return client.get(f"/heartshare{path}", headers=PAGE)


def test_files_are_listed_with_state_and_reason(books, admin):
    text = get(admin, "/inbox").text

    assert "3 files, newest export first" in text
    assert "cut.csv cannot be read: cut off." in text
    assert "loaded, drift" in text
    assert "Nothing to do." in text


def test_hostile_names_are_escaped_everywhere(books, admin, settings):
    folder = settings.inbox / "z<b>town"
    folder.mkdir()
    (folder / HOSTILE).write_text("a")
    for path in ("/inbox", f"/inbox/files/x_town/{SHA}", "/inbox?source=<script>x"):
        text = get(admin, path).text
        assert "<img" not in text
        assert "<i>new" not in text
        assert "<script>x" not in text
        assert "<b>town" not in text
    assert "&lt;img src=x" in get(admin, "/inbox").text


def test_rejected_row_is_named_without_its_value(books, admin):
    text = get(admin, f"/inbox/files/x_town/{SHA}").text

    assert "like_count is not a whole number" in text
    assert "x__posts" in text
    assert ">7<" in text
    assert "secret words" not in text
    assert "&lt;i&gt;new" in text
    assert "Correct the rejected rows" in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("source=x_town", 2),
        ("status=rejected", 1),
        ("trouble=yes", 2),
        ("source=nobody", 0),
        ("source=' or 1=1 --", 0),
        ("status=') or (1=1", 3),
    ],
)
def test_filter_shows_what_it_says(query, count, books, admin):
    assert f"{count} files, newest export first" in get(admin, f"/inbox?{query}").text


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "9999999999"])
def test_page_that_is_none_is_refused(page, books, admin):
    assert get(admin, f"/inbox?page={page}").status_code == 422


def test_unknown_file_is_not_found(books, admin):
    assert get(admin, f"/inbox/files/y_town/{SHA}").status_code == 404


def test_waiting_and_held_files_say_what_they_wait_for(settings):
    source = settings.inbox / "x_town"
    source.mkdir()
    for name in ("new.csv", "known.csv", "half.csv.part", ".hidden"):
        (source / name).write_text(name)
    at = datetime(2026, 11, 16, 3, tzinfo=UTC)
    os.utime(source / "known.csv", (at.timestamp(), at.timestamp()))
    land_file(source / "known.csv", "x_town", settings.landing, at)
    (source / "link.csv").symlink_to(source / "new.csv")
    (settings.inbox / "lost.csv").write_text("lost")

    found = {each.name: each.state for each in waiting_files(settings)}

    assert found == {
        "lost.csv": "held: beside the folders",
        "x_town/half.csv.part": "held: unfinished",
        "x_town/link.csv": "held: a link",
        "x_town/new.csv": "waiting",
    }


def test_inbox_where_all_has_landed_is_empty(settings):
    source = settings.inbox / "x_town"
    source.mkdir()
    (source / "known.csv").write_text("known")
    at = datetime(2026, 11, 16, 3, tzinfo=UTC)
    os.utime(source / "known.csv", (at.timestamp(), at.timestamp()))
    land_file(source / "known.csv", "x_town", settings.landing, at)

    assert waiting_files(settings) == []


def test_page_comes_while_files_and_folders_vanish(settings, monkeypatch):
    """A sync client tidies the inbox while somebody looks at it."""
    source = settings.inbox / "x_town"
    (source / "old").mkdir(parents=True)
    for name in ("gone.csv", "old/a.csv", "stays.csv"):
        (source / name).write_text(name)
    scandir, is_plain = os.scandir, scan._is_plain

    def vanishing_folder(path):
        if str(path).endswith("/old"):
            shutil.rmtree(path, ignore_errors=True)
        return scandir(path)

    def vanishing_file(path):
        answer = is_plain(path)
        if path.name == "gone.csv":
            path.unlink(missing_ok=True)
        return answer

    monkeypatch.setattr(os, "scandir", vanishing_folder)
    monkeypatch.setattr(scan, "_is_plain", vanishing_file)
    found = {each.name: each.state for each in waiting_files(settings)}
    assert found == {"x_town/stays.csv": "waiting"}


@pytest.mark.parametrize("what", ["iterdir", "stat"])
def test_inbox_that_cannot_be_opened_is_said_on_its_page(
    settings, admin, monkeypatch, what
):
    """The page was a fault of the server."""
    looked_at = getattr(Path, what)

    def guarded(path, **options):
        if settings.inbox in {path, path.parent}:
            raise PermissionError(13, "Permission denied", str(path))
        return looked_at(path, **options)

    (settings.inbox / "x_town").mkdir()
    monkeypatch.setattr(Path, what, guarded)
    page = get(admin, "/inbox")
    assert page.status_code == 200
    assert "held: cannot be opened" in page.text
    assert str(settings.inbox) in page.text


def test_folders_that_cannot_be_opened_wait_beside_the_others(settings, monkeypatch):
    for name in ("x_town/a.csv", "x_town/locked/b.csv", "listed/c.csv", "y/.bin/d.csv"):
        path = settings.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    scandir, stat = os.scandir, Path.stat

    def guarded_folder(path):
        if str(path).endswith(("/locked", "/.bin")):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    def guarded_file(path, **options):
        if path.parent.name == "listed":
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **options)

    monkeypatch.setattr(os, "scandir", guarded_folder)
    monkeypatch.setattr(Path, "stat", guarded_file)
    found = {each.name: each.state for each in waiting_files(settings)}
    assert found == {
        "listed": "held: cannot be opened",
        "x_town/a.csv": "waiting",
        "x_town/locked": "held: cannot be opened",
    }


def test_page_comes_while_a_step_writes(books, admin, monkeypatch):
    from filelock import FileLock

    from heartshare.ui import inbox_books

    monkeypatch.setattr(inbox_books, "_PATIENCE_SECONDS", 0.0)
    with FileLock(books.warehouse.with_suffix(".lock")):
        page = get(admin, "/inbox")
        detail = get(admin, f"/inbox/files/x_town/{SHA}")

    assert (page.status_code, detail.status_code) == (200, 503)
    assert "writing just now" in page.text
    assert get(admin, "/inbox").text.count("x_town") > 0


def test_home_without_a_warehouse_says_so(settings, admin):
    text = get(admin, "/inbox").text

    assert "No file has been loaded yet" in text
    assert not settings.warehouse.exists()
