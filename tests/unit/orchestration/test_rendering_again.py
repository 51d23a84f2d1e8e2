"""Archived issues come out of their facts byte for byte, or the command says why."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from unit.reporting import issues, published

from heartshare.cli.program import commands
from heartshare.errors import HeartshareError
from heartshare.orchestration.steps.rendering_again import (
    NoSuchIssueError,
    render_again,
)
from heartshare.orchestration.steps.reporting import issue_files
from heartshare.reporting.archive.issues import facts_digest, file_issue, next_issue
from heartshare.reporting.rendering.render import render_issue

if TYPE_CHECKING:
    from pathlib import Path

#: Not UTC, and with a part of a second: neither may matter afterwards.
AT = datetime(
    2026, 11, 23, 7, 4, 5, 678_901, tzinfo=timezone(timedelta(hours=1), "Dublin")
)


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive with two issues of one week."""
    home = tmp_path_factory.mktemp("filed")
    with issues.open_published() as connection:
        for number in (1, 2):
            verdict = issues.verdict()
            facts = issues.facts(connection, verdict, issue_revision=number)
            facts["caveats"].append(f"Told {number} times.")
            issue = next_issue(home, published.WEEK, facts_digest(facts))
            rendered = render_issue(facts, verdict, home / ".scratch")
            file_issue(
                issue,
                issue_files(rendered, issue, sender="Us <us@example.org>", at=AT),
                at=AT,
                verdict=str(verdict.verdict),
                digest=facts_digest(facts),
            )
    shutil.rmtree(home / ".scratch")
    return home


@pytest.fixture
def home(filed: Path, tmp_path: Path) -> Path:
    shutil.copytree(filed, tmp_path / "archive")
    return tmp_path


def alter(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def again(home: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        commands, ["report", "--again", *arguments], env={"HEARTSHARE_HOME": str(home)}
    )
    if isinstance(result.exception, HeartshareError):
        return result.exception.exit_status, f"{result.output}{result.exception}"
    return result.exit_code, result.output


def test_every_issue_comes_out_of_its_facts_byte_for_byte(home: Path) -> None:
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}

    found = [*render_again(home / "archive", "all")]

    assert [(one.key, one.lines()) for one in found] == [
        ("2026-W46.r1", ["2026-W46.r1: the same bytes"]),
        ("2026-W46.r2", ["2026-W46.r2: the same bytes"]),
    ]
    after = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert after == before


def test_one_issue_is_named_by_its_revision_and_kept_on_request(home: Path) -> None:
    into = home / "looked-at"

    status, output = again(home, "2026-W46.r2", "--into", str(into))

    assert (status, output) == (0, "2026-W46.r2: the same bytes\n")
    assert sorted(path.name for path in (into / "2026-W46.r2").iterdir()) == [
        "facts.json",
        "index.html",
        "report.eml",
        "report.pdf",
    ]


def test_altered_page_is_named_although_its_facts_still_give_the_old_one(
    home: Path,
) -> None:
    alter(home / "archive" / "2026-W46" / "r1" / "index.html", b"<p>better</p>")

    status, output = again(home, "2026-W46")

    assert status == 3
    assert "2026-W46.r1: index.html was altered in the archive" in output
    assert "2026-W46.r2: the same bytes" in output
    assert "index.html differs" not in output


def test_other_facts_show_in_each_file_with_the_first_line_that_differs(
    home: Path,
) -> None:
    path = home / "archive" / "2026-W46" / "r1" / "facts.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["growing"]["headline"] = "Yes, very clearly."
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
    alter(path, f"{text}\n".encode())

    [found] = render_again(home / "archive", "2026-W46.r1")

    assert found.altered == ("facts.json",)
    assert found.different.keys() == {
        "facts.json",
        "index.html",
        "report.eml",
        "report.pdf",
    }
    assert found.different["index.html"].startswith("differs from line ")
    assert not any("renderer" in line for line in found.lines())


def test_other_renderer_is_named_where_bytes_differ_and_only_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again_with = "heartshare.orchestration.steps.rendering_again.renderer"
    monkeypatch.setattr(again_with, lambda: "0123456789ab")
    path = home / "archive" / "2026-W46" / "r1" / "facts.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["growing"]["headline"] = "Yes, very clearly."
    alter(path, json.dumps(facts).encode())

    first, second = render_again(home / "archive", "2026-W46")

    assert first.lines()[-1].endswith("this is 0123456789ab, so bytes may differ")
    assert second.lines() == ["2026-W46.r2: the same bytes"]


def test_facts_of_another_version_say_so(home: Path) -> None:
    path = home / "archive" / "2026-W46" / "r1" / "facts.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    del facts["alignment"]
    alter(path, json.dumps(facts).encode())

    status, output = again(home, "2026-W46.r1")

    assert status == 3
    assert "another version of heartshare" in output


@pytest.mark.parametrize("name", ["2026-W45", "2026-W46.r3", "newest", "../etc"])
def test_issue_that_is_not_there_is_refused(home: Path, name: str) -> None:
    with pytest.raises(NoSuchIssueError, match="2026-W46"):
        list(render_again(home / "archive", name))


def test_again_neither_sends_nor_takes_another_week(home: Path) -> None:
    assert again(home, "all", "--send")[0] == 2
    assert again(home, "all", "--week", "2026-W46")[0] == 2
