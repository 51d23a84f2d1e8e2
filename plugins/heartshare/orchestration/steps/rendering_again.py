"""Step: render archived issues from their own facts and say what differs.

Nothing in the archive changes. The facts hold what the gate decided and the archived
mail holds who sent it, so that neither warehouse nor gate nor today's settings matter.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.orchestration.steps.reporting import issue_files
from heartshare.quality.gate import Decision, GateVerdict
from heartshare.reporting.archive.issues import (
    Issue,
    altered_files,
    archived_issue,
    read_manifest,
)
from heartshare.reporting.rendering.render import (
    FactsOfAnotherVersionError,
    render_issue,
)
from heartshare.reporting.rendering.renderer import renderer
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME = re.compile(r"(\d{4}-(?:W\d{2}|\d{2}|H[12]))(?:\.(r\d+))?")
ALL = "all"


class NoSuchIssueError(InputError):
    """An issue was named that the archive does not hold."""

    def __init__(self, name: str, archive: Path) -> None:
        super().__init__(
            f"the archive in {archive} holds no issue {name}. Name a week (2026-W46), "
            "a month (2026-10) or half-year (2026-H1), an issue of it (2026-W46.r1) "
            f"or {ALL}."
        )


class IssueDiffersError(InputError):
    """Archived issues are not what their facts give today."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(
            f"{', '.join(keys)}: rendering again gives other bytes, see above. An "
            "altered file is restored from a backup; other bytes from unaltered facts "
            "mean that heartshare or one of its libraries has changed since."
        )


@dataclass(frozen=True)
class RenderedAgain:
    """One archived issue beside what its facts give now, in the order of file names.

    ``altered`` names archived files that are no longer what was filed, ``different``
    maps files that come out otherwise to where; ``failure`` says why none came out and
    ``renderer`` which other version of heartshare filed it, empty for this one.
    """

    key: str
    altered: tuple[str, ...]
    different: Mapping[str, str]
    failure: str = ""
    renderer: str = ""

    @property
    def is_same(self) -> bool:
        """Whether every file is what was filed and comes out the same."""
        return not (self.altered or self.different or self.failure)

    def lines(self) -> list[str]:
        """Return what a person reads about it."""
        if self.is_same:
            return [f"{self.key}: the same bytes"]
        found = [f"{self.key}: {name} was altered in the archive"
                 for name in self.altered]  # fmt: skip
        found += [f"{self.key}: {name} {where}"
                  for name, where in self.different.items()]  # fmt: skip
        notes = [self.failure, self.renderer if self.different or self.failure else ""]
        return [*found, *(f"{self.key}: {note}" for note in notes if note)]


def render_again(
    archive: Path, name: str, into: Path | None = None
) -> Iterator[RenderedAgain]:
    """Yield each named issue, rendered from its facts.json into a scratch folder.

    ``name`` is a week, a month or half-year, an issue or ``all``; oldest first. With
    ``into`` the files stay there, one folder for each issue.

    Raises:
        NoSuchIssueError: when the archive holds none of that name.
    """
    issues = _named(archive, name)
    with tempfile.TemporaryDirectory() as scratch:
        for issue in issues:
            yield _again(issue, (into or Path(scratch)) / issue.key)


def _named(archive: Path, name: str) -> list[Issue]:
    match = _NAME.fullmatch(name)
    if not match and name != ALL:
        raise NoSuchIssueError(name, archive)
    label, revision = match.groups() if match else ("*", None)
    folders = archive.glob(f"{label}/{revision or 'r*'}/manifest.json")
    found = []
    for path in folders:
        issue = archived_issue(path.parent)
        if issue.revision and path.parent.parent.name == issue.label:
            found.append(issue)
    if not found:
        raise NoSuchIssueError(name, archive)
    return sorted(found, key=lambda one: (one.week, one.period, one.revision))


def _again(issue: Issue, folder: Path) -> RenderedAgain:
    altered = altered_files(issue.path)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        facts = json.loads((issue.path / "facts.json").read_text(encoding="utf-8"))
        files = _files(issue, facts, folder)
    except (FactsOfAnotherVersionError, OSError, ValueError) as error:
        why = f"cannot be rendered: {error}"
        return RenderedAgain(issue.key, altered, {}, why, _other_renderer(issue))
    for name, content in files.items():
        (folder / name).write_bytes(content)
    known = read_manifest(issue.path)["files"]
    different = {
        name: _where(issue.path / name, content)
        for name, content in sorted(files.items())
        if hashlib.sha256(content).hexdigest() != known.get(name)
    }
    other = _other_renderer(issue)
    return RenderedAgain(issue.key, altered, different, renderer=other)


def _files(issue: Issue, facts: dict[str, Any], folder: Path) -> dict[str, bytes]:
    filed_at = datetime.fromisoformat(read_manifest(issue.path)["filed_at"])
    mail = message_from_bytes((issue.path / "report.eml").read_bytes(), policy=SMTP)
    return issue_files(
        render_issue(facts, archived_verdict(facts), folder),
        issue,
        sender=str(mail["From"]),
        at=filed_at.astimezone(UTC),
    )


def archived_verdict(facts: Mapping[str, Any]) -> GateVerdict:
    """Return the gate's decision as an issue's own facts keep it, without checks."""
    return GateVerdict(
        week=ReportingWeek.parse(facts["issue"]["week"]),
        build_id=facts["issue"]["build_id"],
        verdict=Decision(facts["gate"]["verdict_code"]),
        outcomes=(),
        checks_total=facts["gate"]["checks_total"],
        checks_passed=facts["gate"]["checks_passed"],
    )


def _other_renderer(issue: Issue) -> str:
    filed = read_manifest(issue.path).get("renderer", "an earlier one")
    if filed == renderer():
        return ""
    return f"filed by renderer {filed}; this is {renderer()}, so bytes may differ"


def _where(archived: Path, content: bytes) -> str:
    """Say where bytes first differ from the archived file: its line for text."""
    if not archived.exists():
        return "is not in the archive"
    before = archived.read_bytes()
    sizes = f"{len(before):,} bytes archived, {len(content):,} now"
    if archived.suffix == ".pdf":
        return f"differs ({sizes})"
    pairs = zip(before.splitlines(), content.splitlines(), strict=False)
    line = next((place for place, (old, new) in enumerate(pairs, 1) if old != new), 0)
    return f"differs from line {line} on ({sizes})" if line else f"differs ({sizes})"
