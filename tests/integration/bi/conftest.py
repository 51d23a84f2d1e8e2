"""A finished demo home, and the two environments that live beside the product's own."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "bi: needs an environment of its own and a demo run; make test-bi"
    )


@pytest.fixture(autouse=True, scope="session")
def on_request(request):
    if "bi" not in (request.config.getoption("-m") or "").split():
        pytest.skip("runs on request: make test-bi")


@dataclass(frozen=True)
class DemoHome:
    """What `make demo` left behind: published revisions, archive and warehouse."""

    path: Path

    @property
    def manifest(self):
        return json.loads((self.path / "published/current/manifest.json").read_text())

    @property
    def printed(self):
        """Every figure on the newest report: its query, its value."""
        label = self.manifest["week_label"]
        issue = max(
            (self.path / "archive" / label).glob("r*/facts.json"),
            key=lambda path: int(path.parent.name[1:]),
        )
        return list(_figures(json.loads(issue.read_text())))


def _figures(node):
    if isinstance(node, dict) and {"value", "query"} <= node.keys():
        yield node["query"], node["value"]
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, (dict, list)):
            yield from _figures(child)


@pytest.fixture(scope="session")
def demo_home():
    path = Path(os.environ.get("HEARTSHARE_DEMO_HOME", ROOT / "var" / "demo"))
    if not (path / "published" / "current" / "manifest.json").is_file():
        pytest.skip(f"{path} holds no finished demo: run `make demo` first")
    return DemoHome(path)


@pytest.fixture(scope="session")
def environment():
    """Return a function: the programs of one of the other environments."""

    def find(variable, folder, program):
        programs = Path(os.environ.get(variable, ROOT / folder)) / "bin"
        if not (programs / program).is_file():
            pytest.skip(f"{programs} has no {program}: run `make test-bi`")
        return programs

    return find


@pytest.fixture(scope="session")
def warehouse_copy(demo_home, tmp_path_factory):
    """The warehouse behind the newest report, where nobody else opens it."""
    return shutil.copy(
        demo_home.path / "warehouse.duckdb",
        tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb",
    )
