"""Servers that start once, and an organisation of its own for each test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from integration.storage.servers import breaking_line, s3_server, sftp_server

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def server():
    with s3_server() as bucket:
        yield bucket


@pytest.fixture
def bucket(server):
    """The bucket, empty."""
    for found in server.client.list_objects_v2(Bucket=server.name).get("Contents", []):
        server.client.delete_object(Bucket=server.name, Key=found["Key"])
    return server


@pytest.fixture
def line(server):
    with breaking_line(server.endpoint) as broken:
        yield broken


@pytest.fixture(scope="session")
def sshd():
    with sftp_server() as server:
        yield server


@pytest.fixture
def sftp(sshd, request):
    """The server, with a folder of its own for the test."""
    folder = sshd.files / request.node.name
    folder.mkdir()
    return sshd, folder.name


class Organisation:
    """A home in which the command line pulls, as a process of its own."""

    def __init__(self, home):
        self.home = home
        self.connections = {}

    def declare(self, text):
        self.home.mkdir(exist_ok=True)
        (self.home / "sources.yml").write_text(text)

    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
        named = {f"AIRFLOW_CONN_{k}": v for k, v in self.connections.items()}
        own = {
            "HEARTSHARE_HOME": str(self.home),
            "HEARTSHARE_DBT_PROJECT": str(ROOT / "dbt_project"),
            "HEARTSHARE_PERSON_SALT": "pepper",
        }
        return {**kept, **named, **own}

    def start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "heartshare.cli", *arguments],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments):
        """Run a command to its end; return its exit code and what it said."""
        process = self.start(*arguments)
        said, _ = process.communicate()
        return process.returncode, said

    def landed(self, source):
        """Return what landed from a source: content by original name, once each."""
        found = {}
        for path in sorted((self.home / "landing" / source).glob("*.meta.json")):
            meta = json.loads(path.read_text())
            content = path.with_name(path.name.removesuffix(".meta.json")).read_bytes()
            assert meta["size"] == len(content)
            assert meta["original_name"] not in found
            found[meta["original_name"]] = content
        return found

    def seen(self, source):
        """Return the names of the objects that a source's cursor remembers."""
        path = self.home / "pulls" / source / "state.json"
        if not path.exists():
            return []
        objects = json.loads(path.read_text())["cursor"]["objects"]
        return sorted(name.rsplit("/", 1)[-1] for name in objects)


@pytest.fixture
def organisation(tmp_path):
    return Organisation(tmp_path / "home")
