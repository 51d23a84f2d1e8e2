"""Asks our pages as users of FAB, in a process of its own, and prints the answers.

The auth manager is chosen once in a process; the other tests here chose the simple one.
The folder of a new Airflow is its one argument.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from heartshare.orchestration.metadata import AirflowHome, airflow_variables

ROOT = Path(__file__).parents[2]
HERE = "http://127.0.0.1:8080"
SECTIONS = ("archive", "gate", "inbox", "people")
ORDER = {
    "platform": "reddit",
    "accounts": "marla_quill7",
    "requested_by": "privacy desk",
    "reason": "by letter",
}


def prepare(folder: Path) -> None:
    """Choose FAB, and a home for Airflow and for us."""
    os.environ.update(
        airflow_variables(AirflowHome(folder, ROOT / "dags", ROOT / "plugins"))
    )
    os.environ.update(
        {
            "AIRFLOW__API_AUTH__JWT_SECRET": "s" * 64,
            "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager."
            "fab_auth_manager.FabAuthManager",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
            "HEARTSHARE_HOME": str(folder / "home"),
            "HEARTSHARE_PERSON_SALT": "pepper",
        }
    )
    from airflow.utils.db import initdb

    initdb()


def tokens(manager: Any) -> dict[str, str]:
    """Return log-ins of FAB's own roles, and of one that may see a single DAG."""
    from airflow.providers.fab.www.app import create_app as create_fab_app

    flask = create_fab_app(enable_plugins=False)
    with flask.app_context():
        security = flask.appbuilder.sm
        security.bulk_sync_roles(
            [{"role": "Gatekeeper", "perms": [("can_read", "Website")]}]
        )
        security.sync_perm_for_dag(
            "build_marts",
            {"Gatekeeper": {"DAGs": {"can_read"}, "DAG Runs": {"can_read"}}},
        )
        made = {}
        for name in ("Admin", "Op", "User", "Viewer", "Gatekeeper", "Public"):
            role = security.find_role(name)
            mail = f"{name}@example.org"
            user = security.add_user(name, name, "X", mail, role, password="secret")
            made[name] = manager.generate_jwt(user)
        return made


def main() -> None:
    """Print what each user gets of each section, and what becomes of an order."""
    prepare(Path(sys.argv[1]))
    from airflow.api_fastapi.app import init_auth_manager
    from airflow.api_fastapi.auth.middlewares.refresh_token import JWTRefreshMiddleware
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from heartshare.ui.app import create_app

    outer = FastAPI()
    outer.mount("/heartshare", create_app())
    manager = init_auth_manager(outer)
    outer.add_middleware(JWTRefreshMiddleware)

    def client(token: str | None) -> TestClient:
        made = TestClient(
            outer,
            base_url=HERE,
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        if token:
            made.cookies.set("_token", token)
        return made

    page = {"accept": "text/html"}
    own = {**page, "sec-fetch-site": "same-origin", "origin": HERE}
    answers: dict[str, Any] = {"manager": type(manager).__name__}
    users = {name: client(token) for name, token in tokens(manager).items()}
    for name, user in users.items():
        found = {}
        for section in SECTIONS:
            got = user.get(f"/heartshare/{section}", headers=page)
            links = [one for one in SECTIONS if f'/heartshare/{one}"' in got.text]
            found[section] = [got.status_code, links if got.is_success else []]
        answers[name] = found
    form = users["Admin"].get("/heartshare/people", headers=page).text
    order = {**ORDER, "token": re.findall(r'name="token" value="([^"]+)"', form)[0]}
    review = "/heartshare/people/erasures/review"
    answers["orders"] = {
        name: users[name].post(review, data=order, headers=own).status_code
        for name in ("Admin", "Op")
    }
    stranger = client(None)
    answers["stranger"] = [
        stranger.get("/heartshare/gate", headers=page).headers.get("location"),
        stranger.get("/heartshare/gate").status_code,
    ]
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
