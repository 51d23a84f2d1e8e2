"""Sources of inbox and sources.yml are pulled one by one, each by one process."""

import json
import logging
import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

import pytest

from heartshare.errors import InputError, TransientError
from heartshare.orchestration.steps import pulling
from heartshare.orchestration.steps.pulling import pull_source, pull_sources
from heartshare.orchestration.steps.sources import (
    describe_sources,
    list_sources,
    source_zones,
)
from heartshare.pulls.kinds import KINDS
from heartshare.pulls.registry import API_CLASSES, open_api
from heartshare.pulls.state import PullState
from heartshare.settings import Settings

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    return Settings.from_env({"HEARTSHARE_HOME": str(tmp_path / "home")})


@pytest.fixture
def drop(settings):
    def dropper(source, name="a.csv", content="a"):
        path = settings.inbox / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        os.utime(path, (NOW.timestamp() - 3600,) * 2)
        return path

    return dropper


def declare(settings, text):
    settings.sources.parent.mkdir(parents=True, exist_ok=True)
    settings.sources.write_text(text)


def landed(settings, source):
    folder = settings.landing / source
    return sorted(path.name[18:] for path in folder.glob("*.csv"))


def test_folder_and_declaration_of_a_name_are_one_source(settings, drop):
    drop("x_town")
    declare(
        settings,
        "x_town: {kind: folder, timezone: Europe/Berlin}\n"
        "crm: {kind: folder}\n"
        "bucket: {kind: objects, url: 's3://b/p', connection: c}\n",
    )
    assert list_sources(settings) == ["bucket", "crm", "x_town"]
    assert (settings.inbox / "crm").is_dir()
    assert {n: z.key for n, z in source_zones(settings).items()} == {
        "x_town": "Europe/Berlin"
    }
    bucket, _, x_town = describe_sources(settings)
    assert bucket.split("  ")[1:] == ["objects", "s3://b/p", "via c"]
    assert x_town.endswith("in Europe/Berlin")


def test_file_beside_the_folders_is_said_to_be_unread(settings, drop, caplog):
    drop("x_town")
    (settings.inbox / "lost.csv").write_text("a")
    with caplog.at_level(logging.WARNING):
        list_sources(settings)
    assert "lost.csv is not read: move it" in caplog.text


def test_inbox_that_is_no_folder_is_named(tmp_path):
    (tmp_path / "inbox").write_text("in the way")
    settings = Settings.from_env({"HEARTSHARE_HOME": str(tmp_path)})
    with pytest.raises(InputError, match="set HEARTSHARE_INBOX to another folder"):
        pull_sources(settings, now=NOW)


def test_file_from_the_future_is_said(settings, drop, caplog):
    path = drop("x_town", "late.csv")
    os.utime(path, (datetime(2099, 1, 2, tzinfo=UTC).timestamp(),) * 2)
    with caplog.at_level(logging.WARNING):
        pull_source(settings, "x_town", now=datetime(2099, 1, 1, tzinfo=UTC))
        assert not caplog.text
        path.write_text("other")
        os.utime(path, (datetime(2099, 1, 5, tzinfo=UTC).timestamp(),) * 2)
        pull_source(settings, "x_town", now=datetime(2099, 1, 1, tzinfo=UTC))
    assert "x_town: 1 new files are dated after this pull" in caplog.text
    assert "late.csv on 2099-01-05" in caplog.text


def test_source_is_pulled_once(settings, drop):
    drop("x_town")
    assert pull_source(settings, "x_town", now=NOW).files_new == 1
    assert pull_source(settings, "x_town", now=NOW).files_new == 0
    assert landed(settings, "x_town") == ["a.csv"]


def test_source_that_is_being_pulled_is_left_alone(settings, drop):
    drop("x_town")
    state = PullState(settings.pulls / "x_town", "x_town")
    with state.hold(), pytest.raises(TransientError, match="x_town is being pulled"):
        pull_source(settings, "x_town", now=NOW)
    assert landed(settings, "x_town") == []


def test_what_a_killed_pull_left_is_cleared_away_after_a_day(settings, drop):
    drop("x_town")
    left = settings.landing / "x_town" / ".big.csv.4711.part"
    left.parent.mkdir(parents=True)
    left.write_text("half")
    os.utime(left, (NOW.timestamp(),) * 2)
    pull_source(settings, "x_town", now=NOW)
    assert left.exists()
    pull_source(settings, "x_town", now=NOW + timedelta(days=2))
    assert not left.exists()


def test_unknown_name_is_named_before_anything_is_pulled(settings, drop):
    drop("x_town")
    with pytest.raises(InputError, match=r"no source x_twon\. Known: x_town"):
        pull_sources(settings, ["x_town", "x_twon"], now=NOW)
    assert landed(settings, "x_town") == []


def test_source_that_fails_does_not_stop_the_others(settings, drop):
    for name in ("a_town", "b_town", "c_town"):
        drop(name)
    for name in ("a_town", "b_town"):
        PullState(settings.pulls / name, name).save({})
        (settings.pulls / name / "state.json").write_text("{")
    with pytest.raises(
        Exception, match=r"2 of 3 sources failed.*a_town.*b_town"
    ) as end:
        pull_sources(settings, now=NOW)
    assert end.value.exit_status == InputError.exit_status
    assert landed(settings, "c_town") == ["a.csv"]


def test_wrong_sources_file_pulls_nothing(settings, drop):
    drop("x_town")
    declare(settings, "x_town: {kind: floder}\n")
    with pytest.raises(InputError, match="line 1: kind 'floder'"):
        pull_sources(settings, now=NOW)
    assert landed(settings, "x_town") == []


@pytest.mark.parametrize(
    ("kind", "is_complete", "answers"),
    [("discourse", True, 1), ("discourse", False, 0), ("objects", True, 0)],
    ids=["asked to the end", "stopped before the end", "a bucket proves nothing"],
)
def test_platform_that_has_nothing_new_has_answered(
    settings, monkeypatch, kind, is_complete, answers
):
    """An empty pull is an arrival where the platform was asked to the end."""

    class Quiet:
        def pull(self, run):
            run.summary.is_complete = is_complete
            return run.summary

    @contextmanager
    def opened(declaration):
        assert declaration.kind == kind
        yield Quiet()

    url = ", url: 's3://b/p'" if kind == "objects" else ""
    declare(settings, f"forum: {{kind: {kind}, connection: c{url}}}\n")
    monkeypatch.setattr(pulling, "open_source", opened)
    pull_source(settings, "forum", now=NOW)
    pull_source(settings, "forum", now=NOW + timedelta(minutes=50))
    book = settings.landing / "forum" / "unchanged.jsonl"
    lines = book.read_text().splitlines() if book.exists() else []
    assert [json.loads(line) for line in lines] == answers * [
        {"file": None, "seen_at": "2026-03-16T05:00:00Z"}
    ]


def test_platform_that_fails_has_not_answered(settings, monkeypatch):
    @contextmanager
    def opened(_):
        raise TransientError("away")
        yield

    declare(settings, "forum: {kind: discourse, connection: c}\n")
    monkeypatch.setattr(pulling, "open_source", opened)
    with pytest.raises(TransientError):
        pull_source(settings, "forum", now=NOW)
    assert not (settings.landing / "forum" / "unchanged.jsonl").exists()


def test_every_kind_of_platform_api_has_a_class():
    assert set(API_CLASSES) == set(KINDS) - {"folder", "objects"}


@pytest.mark.parametrize(
    "kind",
    [kind for kind in API_CLASSES if find_spec(f"heartshare.pulls.{kind}")],
)
def test_puller_of_a_kind_says_which_it_is(kind):
    from heartshare.pulls.declarations import Declaration
    from heartshare.pulls.source import Account

    options = {name: option.default for name, option in KINDS[kind].options.items()}
    declaration = Declaration("town", kind, "conn", None, 7, options, 1)
    assert open_api(declaration, Account("conn")).kind == kind
