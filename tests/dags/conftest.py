"""Airflow in a folder of its own, set up before anything imports it."""

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heartshare.orchestration.metadata import AirflowHome, airflow_variables
from heartshare.weeks import ReportingWeek

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
WEEK = ReportingWeek.parse("2026-W46")
HEADER = (
    "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,"
    "Replies,Reposts,Profile visits,Create Post,Video views,Media views"
)
FOLDER = Path(tempfile.mkdtemp(prefix="heartshare-airflow-"))
os.environ.update(
    airflow_variables(AirflowHome(FOLDER, ROOT / "dags", ROOT / "plugins"))
)


@pytest.fixture(scope="session", autouse=True)
def metadata_database():
    from airflow.utils.db import initdb

    initdb()
    yield
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def bag():
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(ROOT / "dags"))


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A home of its own, a dbt project of one model and two checks."""
    from heartshare.settings import Settings

    values = {
        "HEARTSHARE_HOME": str(tmp_path / "home"),
        "HEARTSHARE_DBT_PROJECT": str(HERE / "small_project"),
        "HEARTSHARE_EXPECTATIONS": str(HERE / "small_expectations"),
        "HEARTSHARE_PERSON_SALT": "pepper",
        "HEARTSHARE_OWNERS": "owner@example.org",
        "HEARTSHARE_MAIL_FROM": "report@example.org",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Settings.from_env(values)


@pytest.fixture
def drop_overview():
    return drop


def drop(settings, *, impressions=100, week=WEEK, source="x_town"):
    """Put one export into the inbox as it arrives on the Monday after its week."""
    folder = settings.inbox / source
    folder.mkdir(parents=True, exist_ok=True)
    days = [week.monday + timedelta(days=n) for n in range(7)]
    lines = [f'"{d:%a, %b %d, %Y}",{impressions}' + ",1" * 12 for d in days]
    path = folder / f"overview_{week.label}_{impressions}.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    exported = datetime.combine(week.shift(1).monday, datetime.min.time(), UTC)
    moment = (exported + timedelta(hours=3)).timestamp()
    os.utime(path, (moment, moment))
