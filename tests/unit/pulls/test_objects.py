"""Objects land when they are new, whole and finished, on any filesystem."""

import io
import os
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from fsspec.implementations.local import LocalFileSystem

from heartshare.errors import InputError, TransientError
from heartshare.pulls.declarations import Declaration
from heartshare.pulls.kinds import KINDS
from heartshare.pulls.object_listing import Remote
from heartshare.pulls.objects import ObjectSource
from heartshare.pulls.source import PullRun

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)
OLD = NOW - timedelta(days=3)


class Share:
    """A folder behind fsspec, pulled again and again as one source."""

    def __init__(self, root):
        self.root = root
        self.fs = LocalFileSystem(skip_instance_cache=True)
        self.cursor = {}
        self.landed = {}
        self.now = NOW
        self.waits = []
        self.on_wait = lambda: None
        self.on_land = lambda name: None

    def put(self, name, content="a", moment=OLD):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        os.utime(path, (moment.timestamp(),) * 2)
        return path

    def pull(self, *, is_atomic=False, overlap_days=0, patience=900.0, **options):
        defaults = {k: o.default for k, o in KINDS["objects"].options.items()}
        declaration = Declaration(
            "share", "objects", "", None, overlap_days, defaults | options, 1
        )
        remote = Remote(self.fs, str(self.root), "file://share", "conn", is_atomic)
        run = PullRun(
            *("share", self.now, self.cursor, self._land, self._save),
            patience=patience,
            waiter=self._wait,
        )
        self.names = []
        return ObjectSource(remote, declaration).pull(run)

    def _wait(self, seconds):
        self.waits.append(seconds)
        self.on_wait()

    def _save(self, cursor):
        self.cursor = cursor

    def _land(self, chunks, name, *, exported_at, source_name=None):
        self.on_land(name)
        content = b"".join(chunks)
        self.names.append(f"{source_name}/{name}" if source_name else name)
        is_new = (source_name, content) not in self.landed
        self.landed[source_name, content] = exported_at
        return SimpleNamespace(is_new=is_new, sha256="", original_name=name)


@pytest.fixture
def share(tmp_path):
    (tmp_path / "share").mkdir()
    return Share(tmp_path / "share")


def test_only_what_is_new_is_read(share):
    share.put("a.csv", "a")
    assert share.pull().files_new == 1
    share.put("deep/b.csv", "b")
    assert (share.pull().files_new, share.names) == (1, ["b.csv"])
    assert (share.pull().files_new, share.names) == (0, [])
    assert share.landed[None, b"a"] == OLD


def test_changed_object_is_read_again_and_the_same_content_is_not_new(share):
    share.put("a.csv", "a")
    share.pull()
    share.put("a.csv", "bb")
    assert share.pull().files_new == 1
    share.put("a.csv", "bb", OLD + timedelta(hours=1))
    summary = share.pull()
    assert (summary.files_new, summary.files_known) == (0, 1)


def test_overlap_finds_a_change_that_size_and_moment_hide(share):
    share.put("old.csv", "a", NOW - timedelta(days=9))
    share.put("new.csv", "b")
    share.pull()
    share.put("new.csv", "c")
    assert share.pull().files_new == 0
    assert share.pull(overlap_days=7).files_new == 1
    assert share.names == ["new.csv"]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"include": ("*.csv",)}, ["a.csv", "b.csv"]),
        ({"include": ("deep/*",)}, ["b.csv", "c.txt"]),
        ({"exclude": ("*.txt",)}, ["a.csv", "b.csv"]),
        ({"recursive": False}, ["a.csv"]),
        ({"folders_are_sources": True}, ["deep/b.csv", "deep/c.txt"]),
    ],
)
def test_options_say_what_is_read(share, options, names):
    for name in ("a.csv", "deep/b.csv", "deep/down/c.txt"):
        share.put(name, name)
    summary = share.pull(**options)
    assert share.names == names
    assert bool(summary.doubts) == ("folders_are_sources" in options)


@pytest.mark.parametrize(
    "name", [".hidden", "a.csv.part", "A.CRDOWNLOAD", "_READY", ".git/config"]
)
def test_what_is_no_finished_export_is_left_alone(share, name):
    share.put(name)
    assert share.pull().files_new == 0


def test_link_is_not_followed(share, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.csv").write_text("secret")
    (share.root / "folder").symlink_to(tmp_path / "secret")
    (share.root / "key.csv").symlink_to(tmp_path / "secret" / "key.csv")
    assert share.pull().files_new == 0


def test_young_file_is_looked_at_twice_and_lands_when_it_rests(share):
    share.put("a.csv", "a", NOW - timedelta(seconds=5))
    assert share.pull().files_new == 1
    assert share.waits == [60]


def test_file_that_still_grows_waits_for_the_next_pull(share):
    share.put("a.csv", "a", NOW - timedelta(seconds=5))
    share.on_wait = lambda: share.put("a.csv", "ab", NOW + timedelta(seconds=50))
    summary = share.pull()
    assert (summary.files_new, summary.files_waiting) == (0, 1)
    share.now, share.on_wait = NOW + timedelta(hours=1), lambda: None
    assert share.pull().files_new == 1
    assert list(share.landed) == [(None, b"ab")]


def test_clock_of_the_server_may_be_ahead(share):
    share.put("a.csv", "a", NOW + timedelta(hours=5))
    assert share.pull(patience=0).files_waiting == 1
    share.now = NOW + timedelta(seconds=59)
    assert share.pull(patience=0).files_waiting == 1
    share.now = NOW + timedelta(seconds=60)
    assert share.pull(patience=0).files_new == 1


def test_look_of_a_clock_that_ran_ahead_keeps_nothing_waiting(share):
    share.put("a.csv", "a", NOW + timedelta(days=9))
    share.now = NOW + timedelta(days=8)
    assert share.pull(patience=0).files_waiting == 1
    share.now = NOW
    assert share.pull(patience=0).files_waiting == 1
    share.now = NOW + timedelta(seconds=60)
    assert share.pull(patience=0).files_new == 1


def test_atomic_storage_is_read_at_once(share):
    share.put("a.csv", "a", NOW)
    assert share.pull(is_atomic=True).files_new == 1
    assert share.waits == []


def test_file_that_changes_while_it_is_read_does_not_land(share):
    share.put("a.csv", "a")
    share.on_land = lambda _: share.put("a.csv", "b", OLD + timedelta(seconds=1))
    summary = share.pull(patience=0)
    assert (summary.files_new, summary.files_waiting) == (0, 1)
    assert share.landed == {}


def test_file_that_vanishes_while_it_is_read_is_no_error(share):
    path = share.put("a.csv")
    share.on_land = lambda _: path.unlink()
    assert share.pull(patience=0).files_waiting == 1


def test_truncated_object_does_not_land_and_the_others_do(share):
    for name in ("a.csv", "b.csv", "c.csv"):
        share.put(name, name)
    share.fs.open = lambda path, *_, **__: io.BytesIO(
        path[-5:].encode()[: 2 if path.endswith("b.csv") else None]
    )
    with pytest.raises(TransientError, match=r"b\.csv cannot be read \(2 bytes came"):
        share.pull(is_atomic=True)
    assert sorted(content for _, content in share.landed) == [b"a.csv", b"c.csv"]
    del share.fs.open
    assert (share.pull(is_atomic=True).files_new, share.names) == (1, ["b.csv"])


def test_three_failures_in_a_row_end_the_pull(share):
    for name in "abcde":
        share.put(f"{name}.csv")
    tried = []

    def away(path, *_, **__):
        tried.append(path)
        raise ConnectionResetError("reset")

    share.fs.open = away
    with pytest.raises(TransientError, match=r"share.* and 2 more cannot be read"):
        share.pull(is_atomic=True)
    assert len(tried) == 3


def test_refusal_names_connection_and_what_lands_is_kept(share):
    share.put("a.csv", "a")
    share.put("b.csv", "b")
    real = share.fs.open

    def guarded(path, *args, **kwargs):
        if path.endswith("a.csv"):
            raise PermissionError("Access Denied")
        return real(path, *args, **kwargs)

    share.fs.open = guarded
    with pytest.raises(InputError, match=r"a\.csv .*connection conn"):
        share.pull()
    assert list(share.landed) == [(None, b"b")]
    assert len(share.cursor["objects"]) == 1


def test_place_that_does_not_exist_is_named(share):
    share.root.rmdir()
    with pytest.raises(InputError, match=r"file://share does not exist"):
        share.pull()


def test_cursor_forgets_what_is_gone_and_stays_small(share):
    share.put("a.csv").unlink()
    share.put("b.csv")
    share.pull()
    (share.root / "b.csv").unlink()
    summary = share.pull()
    assert share.cursor == {"objects": {}, "looks": {}}
    assert summary.doubts == ["file://share holds no exports"]


def test_pull_killed_between_landing_and_saving_repeats_without_doubling(share):
    for number in range(250):
        share.put(f"{number:03}.csv", str(number))

    def killed(name):
        if name == "230.csv":
            raise KeyboardInterrupt

    share.on_land = killed
    before = share._save
    share._save = lambda cursor: (
        before(cursor) if len(cursor["objects"]) % 100 == 0 else None
    )
    with pytest.raises(KeyboardInterrupt):
        share.pull()
    assert len(share.cursor["objects"]) == 200
    share.on_land = lambda _: None
    share._save = before
    summary = share.pull()
    assert (summary.files_new, summary.files_known) == (20, 30)
    assert len(share.landed) == 250
