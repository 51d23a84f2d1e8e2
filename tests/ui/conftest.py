"""The pages behind Airflow's real auth manager, over a small home for each test."""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heartshare.orchestration.metadata import AirflowHome, airflow_variables
from heartshare.weeks import ReportingWeek

ROOT = Path(__file__).parents[2]
WEEK = ReportingWeek.parse("2026-W46")
HERE = "http://127.0.0.1:8080"
#: What the browser says of a form that our own page has sent.
OWN = {"sec-fetch-site": "same-origin", "origin": HERE}
PAGE = {"accept": "text/html,application/xhtml+xml"}
SHA = "a" * 64
HOSTILE = '<img src=x onerror="alert(1)">.csv'

os.environ["AIRFLOW__API_AUTH__JWT_SECRET"] = "s" * 64
# One Airflow per test process: other folders of tests may have chosen its home.
if "airflow" not in sys.modules and "heartshare-airflow-" not in os.environ.get(
    "AIRFLOW_HOME", ""
):
    FOLDER = Path(tempfile.mkdtemp(prefix="heartshare-airflow-"))
    os.environ.update(
        airflow_variables(AirflowHome(FOLDER, ROOT / "dags", ROOT / "plugins"))
    )


@pytest.fixture(scope="session")
def metadata_database():
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture(scope="session")
def app(metadata_database):
    """Return our application mounted as Airflow's api-server mounts it."""
    from airflow.api_fastapi.app import init_auth_manager
    from airflow.api_fastapi.auth.middlewares.refresh_token import JWTRefreshMiddleware
    from fastapi import FastAPI

    from heartshare.ui.app import create_app

    outer = FastAPI()
    outer.mount("/heartshare", create_app())
    init_auth_manager(outer)
    outer.add_middleware(JWTRefreshMiddleware)
    return outer


@pytest.fixture
def as_role(app, settings):
    """Return a client that is logged in with a role; None is somebody without one."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from starlette.testclient import TestClient

    def log_in(role, name="ada"):
        client = TestClient(
            app, base_url=HERE, follow_redirects=False, raise_server_exceptions=False
        )
        if role != "anonymous":
            user = SimpleAuthManagerUser(username=name, role=role)
            client.cookies.set("_token", get_auth_manager().generate_jwt(user))
        return client

    return log_in


@pytest.fixture
def admin(as_role):
    return as_role("admin")


@pytest.fixture
def settings(tmp_path, monkeypatch):
    from heartshare.settings import Settings

    values = {
        "HEARTSHARE_HOME": str(tmp_path / "home"),
        "HEARTSHARE_EXPECTATIONS": str(tmp_path / "expectations"),
        "HEARTSHARE_ORGANISATION": "Town <b>Hall</b>",
        "HEARTSHARE_PERSON_SALT": "pepper",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    made = Settings.from_env(values)
    made.inbox.mkdir(parents=True)
    (tmp_path / "expectations").mkdir()
    (tmp_path / "expectations" / "suites").symlink_to(ROOT / "expectations" / "suites")
    return made


@pytest.fixture
def issue(settings):
    """File one issue of the report."""
    from heartshare.reporting.archive.issues import Issue, file_issue

    path = settings.archive / WEEK.label / "r1"
    files = {
        "index.html": b"<!doctype html><title>W46</title><script>alert(1)</script>",
        "report.pdf": b"%PDF-1.7 small",
        "report.eml": b"Subject: W46\n\nHello",
        "facts.json": b'{"growing": 1}',
    }
    return file_issue(
        Issue(WEEK, "r1", path, is_new=True),
        files,
        at=datetime(2026, 11, 23, 6, tzinfo=UTC),
        verdict="clean",
        headline="Yes <script>alert(2)</script>",
    )


@pytest.fixture
def judge(settings):
    """File a verdict as the gate does; return the folder of the run."""
    import json

    from heartshare.quality.gate import decide

    def file(*outcomes, week=WEEK, run="run-0001"):
        verdict = decide(week, "b" * 32, outcomes)
        folder = settings.gate / week.label / run
        folder.mkdir(parents=True)
        (folder / "verdict.json").write_text(json.dumps(verdict.to_dict()))
        return folder

    return file


@pytest.fixture
def books(settings):
    """Enter files and rejected rows into the loader's books."""
    from heartshare.exports.books import insert_rows
    from heartshare.exports.raw_tables import create_raw_tables
    from heartshare.warehouse.connections import open_writer

    at = datetime(2026, 11, 16, 3, tzinfo=UTC).replace(tzinfo=None)
    file = (SHA, "x_town", HOSTILE, "x/posts", "1", at, None, None, 3, 2, 1)
    with open_writer(settings) as connection:
        create_raw_tables(connection)
        insert_rows(
            connection,
            "export_manifest",
            [
                (*file, "loaded", None, '{"unknown_columns": ["<i>new</i>"]}'),
                (
                    *("c" * 64, "y_town", "cut.csv", None, "1", at, None, None),
                    *(0, 0, 0, "rejected", "cut.csv cannot be read: cut off.", None),
                ),
                (
                    *("d" * 64, "x_town", "fine.csv", "x/posts", "1", at, None, None),
                    *(5, 5, 0, "loaded", None, None),
                ),
            ],
        )
        insert_rows(
            connection,
            "rejected_rows",
            [
                (
                    *(SHA, "x__posts", 7, "like_count", "secret words of somebody"),
                    *("not_a_whole_number", "like_count is not a whole number"),
                )
            ],
        )
    return settings


@pytest.fixture
def pair(books):
    """Put one pair of accounts to a person, as the last build does."""
    from heartshare.warehouse.connections import open_writer

    with open_writer(books) as connection:
        connection.execute(
            """
            create schema reports; create schema intermediate;
            create table reports.rpt_link_suggestions as select
                'k1' as suggestion_key, 'p1' as account_person_key,
                'discourse' as platform_code, 'jolly_kite' as account_handle,
                'Jo <u>Lyle</u>' as display_name, 'p2' as other_account_person_key,
                'reddit' as other_platform_code, 'JollyKite' as other_account_handle,
                null::varchar as other_display_name, 'handle' as matched_on_code,
                0.97 as similarity_ratio;
            create table intermediate.int_accounts__identified as
                select * from (values ('p1', 'forum/7'), ('p2', 't2_abc'))
                    as t(account_person_key, account_id);
            create table intermediate.int_people__linked as
                select * from (values ('p2', 'p2'), ('p9', 'p2'))
                    as t(account_person_key, person_key);
            """
        )
    return books


@pytest.fixture
def dag(metadata_database):
    """Make the DAG that erases known to Airflow; forget its runs in the end."""
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.models import DagRun
    from airflow.models.dagbundle import DagBundleModel
    from airflow.utils.session import create_session
    from sqlalchemy import delete, select

    bag = DagBag(dag_folder=str(ROOT / "dags" / "forget_person.py"))
    assert bag.import_errors == {}
    with create_session() as session:
        known = select(DagBundleModel).where(DagBundleModel.name == "dags-folder")
        if session.scalar(known) is None:
            session.add(DagBundleModel(name="dags-folder"))
    sync_bag_to_db(bag, bundle_name="dags-folder", bundle_version=None)
    yield bag.dags["forget_person"]
    with create_session() as session:
        session.execute(delete(DagRun).where(DagRun.dag_id == "forget_person"))


@pytest.fixture
def token_of():
    """Return the token of a form on a page."""
    import re

    def find(client, path, position=0):
        text = client.get(path, headers=PAGE).text
        return re.findall(r'name="token" value="([^"]+)"', text)[position]

    return find
