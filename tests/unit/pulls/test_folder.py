"""The watched folder yields what is new, finished and an export."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from heartshare.exports.landing import land_file
from heartshare.pulls.folder import FolderSource, WatchedFolderMissingError

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
    [".hidden", "a.csv.part", "a.crdownload", "_READY", ".git/config", "A.PART"],
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


def test_pulled_file_is_no_longer_new_under_any_name(source, drop, tmp_path):
    landing = tmp_path / "landing"
    path = drop("x_account/a.csv")
    (landed,) = source.pull(landing, land_file)
    assert (landed.source_name, landed.exported_at) == ("x_account", MOMENT)
    path.rename(path.with_name("a (1).csv"))
    assert source.pull(landing, land_file) == []
    drop("x_account/a.csv", "changed")
    assert names(source.list_new(landing)) == ["x_account/a.csv"]


def test_file_beside_the_sources_is_misplaced(source, drop, tmp_path):
    path = drop("a.csv")
    drop("_READY")
    assert source.misplaced() == [path]
    assert source.list_new(tmp_path / "landing") == []


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(WatchedFolderMissingError, match="HEARTSHARE_INBOX"):
        FolderSource(tmp_path / "nowhere").list_new(tmp_path)
