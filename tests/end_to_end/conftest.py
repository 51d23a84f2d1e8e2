"""A home, an inbox and a checkout of their own for tests with a real scheduler."""

import os
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heartshare.settings import Settings
from heartshare.weeks import ReportingWeek

ROOT = Path(__file__).parents[2]
WEEK = ReportingWeek.parse("2026-W46")
HEADER = (
    "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,"
    "Replies,Reposts,Profile visits,Create Post,Video views,Media views"
)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Our DAGs beside a dbt project of one model, so that a build takes seconds."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "dags").symlink_to(ROOT / "dags")
    (checkout / "plugins").symlink_to(ROOT / "plugins")
    small = ROOT / "tests" / "dags"
    (checkout / "dbt_project").symlink_to(small / "small_project")
    values = {
        "HEARTSHARE_HOME": str(tmp_path / "home"),
        "HEARTSHARE_INBOX": str(tmp_path / "inbox"),
        "HEARTSHARE_DBT_PROJECT": str(checkout / "dbt_project"),
        "HEARTSHARE_EXPECTATIONS": str(small / "small_expectations"),
        "HEARTSHARE_PERSON_SALT": "pepper",
    }
    for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
        monkeypatch.delenv(name)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "inbox").mkdir()
    return Settings.from_env(values)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def drop():
    """Put an export of the week into the inbox and say that it is there."""

    def put(settings, impressions, *, day):
        folder = settings.inbox / "x_town"
        folder.mkdir(exist_ok=True)
        days = [WEEK.monday + timedelta(days=n) for n in range(7)]
        lines = [f'"{d:%a, %b %d, %Y}",{impressions}' + ",1" * 12 for d in days]
        path = folder / f"overview_{impressions}.csv"
        path.write_text("\n".join([HEADER, *lines]) + "\n")
        moment = datetime(2026, 11, day, 3, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
        (settings.inbox / "_READY").touch()

    return put


@pytest.fixture
def wait_for():
    """Ask again until the answer is there; fail with what is known when it is late."""

    def wait(ask, *, seconds, explain=lambda: ""):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if answer := ask():
                return answer
            time.sleep(0.5)
        raise AssertionError(f"no answer within {seconds} s; {explain()}")

    return wait
