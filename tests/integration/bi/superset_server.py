"""Superset as `make bi` starts it, and its API as a person's programs use it."""

import json
import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

import requests
from integration.bi.conftest import ROOT

#: A first start writes some hundred tables and permissions; slow machines exist.
START_SECONDS = 1800
_ASK_SECONDS = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Superset:
    """A running server: its address, its log-in and its answers."""

    def __init__(self, port, folder):
        self.url = f"http://127.0.0.1:{port}"
        self.folder = folder
        self._session = requests.Session()

    @property
    def password(self):
        return (self.folder / "SUPERSET_ADMIN_PASSWORD").read_text()

    def log_in(self):
        answer = self._session.post(
            f"{self.url}/api/v1/security/login",
            json={
                "username": "admin",
                "password": self.password,
                "provider": "db",
                "refresh": False,
            },
            timeout=_ASK_SECONDS,
        )
        answer.raise_for_status()
        token = answer.json()["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"
        guard = self.get("/api/v1/security/csrf_token/")["result"]
        self._session.headers.update({"X-CSRFToken": guard, "Referer": self.url})
        return self

    def get(self, path):
        answer = self._session.get(self.url + path, timeout=_ASK_SECONDS)
        answer.raise_for_status()
        return answer.json()

    def post(self, path, body):
        return self._session.post(self.url + path, json=body, timeout=_ASK_SECONDS)

    def found(self, kind, column, value):
        """Return the id of the one thing of a kind that bears a value."""
        wanted = json.dumps({"filters": [{"col": column, "opr": "eq", "value": value}]})
        [number] = self.get(f"/api/v1/{kind}/?q={wanted}")["ids"]
        return number

    def sql(self, text):
        """Return the answer of SQL Lab, whatever its status."""
        return self.post(
            "/api/v1/sqllab/execute/",
            {
                "database_id": self.found("database", "database_name", "heartshare"),
                "sql": text,
                "schema": "marts",
                "runAsync": False,
            },
        )

    def rows_of(self, table, metric):
        """Return what a chart with one metric would show of a table."""
        answer = self.post(
            "/api/v1/chart/data",
            {
                "datasource": {
                    "id": self.found("dataset", "table_name", table),
                    "type": "table",
                },
                "queries": [{"metrics": [metric], "columns": [], "row_limit": 10}],
                "result_format": "json",
                "result_type": "full",
                "force": False,
            },
        )
        answer.raise_for_status()
        [result] = answer.json()["result"]
        return result["data"]


@contextmanager
def running(programs, home, folder):
    """Start what `make bi` starts, and end it and only it."""
    port = free_port()
    env = {
        name: value for name, value in os.environ.items() if "SUPERSET" not in name
    } | {
        "HEARTSHARE_HOME": str(home),
        "HEARTSHARE_BI_FOLDER": str(folder),
        "SUPERSET_PORT": str(port),
    }
    env.pop("PYTHONPATH", None)
    log = folder.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "python", ROOT / "bi" / "start.py"],
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(process, port, folder, log)
        yield Superset(port, folder).log_in()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(process, port, folder, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            prepared = folder / "prepare.log"
            said = prepared.read_text()[-3000:] if prepared.exists() else ""
            raise AssertionError(log.read_text()[-3000:] + said)
        try:
            health = requests.get(f"http://127.0.0.1:{port}/health", timeout=10)
        except requests.RequestException:
            time.sleep(0.5)
            continue
        if health.ok:
            return
    raise AssertionError(f"Superset did not start: {log.read_text()[-3000:]}")
