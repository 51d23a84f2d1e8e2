"""What may never be committed, and documents that keep in step with the code."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from heartshare.settings import VARIABLES

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".sql", ".yml", ".yaml", ".md", ".toml", ".txt", ".csv", ".j2", ".typ"}
#: Written in halves so that this file does not find itself.
FORBIDDEN = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "registry\\.npm" + "js",
            "deb\\.deb" + "ian",
            "/work" + "/(main|shared)",
            "/root" + "/",
        )
    )
)


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in listed.stdout.splitlines()]


def test_no_registry_host_or_machine_path_is_committed():
    found = [
        str(path.relative_to(ROOT))
        for path in _tracked()
        if path.exists()
        and (path.suffix in TEXT or not path.suffix)
        and FORBIDDEN.search(path.read_text(errors="replace"))
    ]
    assert found == []


def test_requirements_are_pinned_with_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^[A-Za-z0-9._-]+==", text, flags=re.MULTILINE)
        blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
        assert len(pins) == len(blocks) > 100
        assert all("--hash=sha256:" in block for block in blocks)


def test_every_direct_dependency_is_locked():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "requirements.txt").read_text().lower()
    for line in project["dependencies"]:
        name = re.match(r"[A-Za-z0-9._-]+", line)[0].lower()
        assert f"\n{name}==" in f"\n{locked}", name


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_setting_is_documented(name):
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "dags").glob("*.py")), ids=lambda path: path.stem
)
def test_dag_is_documented(path):
    assert path.stem in (ROOT / "docs" / "dags.md").read_text()
    assert path.stem in (ROOT / "docs" / "runbook.md").read_text()


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "plugins/heartshare/exports/contracts").rglob("*.yml")),
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_export_contract_is_documented(path):
    assert f"{path.parent.name}/{path.stem}" in (ROOT / "docs/exports.md").read_text()


def test_every_suite_is_documented():
    text = (ROOT / "expectations" / "README.md").read_text()
    for path in (ROOT / "expectations" / "suites").glob("*.yml"):
        for check in yaml.safe_load(path.read_text())["checks"]:
            assert check["key"] in text, check["key"]


@pytest.mark.parametrize(
    "link",
    [
        (document, match)
        for document in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
        if document.exists()
        for match in re.findall(
            r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text()
        )
    ],
    ids=lambda link: f"{link[0].name}:{link[1]}",
)
def test_link_in_documents_leads_somewhere(link):
    document, target = link
    assert (document.parent / target).exists()
