"""Which issues of the report are archived, and which of their files may be served?

What a request names is only ever compared with what the archive lists; it never becomes
part of a path.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.reporting.archive.issues import MANIFEST
from heartshare.reporting.editions.periods import parse_period
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

#: A week, or the month or half-year of an edition.
_LABEL = re.compile(r"\d{4}-(?:W\d{2}|H[12]|(?:0[1-9]|1[0-2]))")
_FOLDER = re.compile(r"r[1-9]\d*|held-[a-z0-9-]+")
_DIGEST_DIGITS = 16
#: What every manifest says.
_SAID = {"issue", "revision", "verdict", "filed_at", "files"}
#: What each file is called for people, and as which type it is served.
FILES = {
    "index.html": ("Report", "text/html; charset=utf-8"),
    "report.pdf": ("PDF", "application/pdf"),
    "facts.json": ("Figures (facts.json)", "application/json"),
    "report.eml": ("Email", "message/rfc822"),
    "notice.txt": ("Notice", "text/plain; charset=utf-8"),
    "notice.eml": ("Email", "message/rfc822"),
    "inputs.json": ("Inputs", "application/json"),
    "figures.parquet": ("All figures (Parquet)", "application/vnd.apache.parquet"),
}
#: Opened in the browser; everything else is downloaded.
SHOWN = frozenset({"index.html", "facts.json", "inputs.json", "notice.txt"})


@dataclass(frozen=True)
class ArchivedIssue:
    """One issue of a week or period: its manifest, and the digest of its content."""

    path: Path
    digest: str
    manifest: dict[str, Any]
    latest: int

    @property
    def label(self) -> str:
        """The week, month or half-year, as 2026-W46, 2026-10 or 2026-H1."""
        return self.path.parent.name

    @property
    def folder(self) -> str:
        """The issue within its week, as r1 or held-run-0001."""
        return self.path.name

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that it reports on."""
        if "W" in self.label:
            week = ReportingWeek.parse(self.label)
            return week.monday, week.sunday
        weeks = parse_period(self.label).weeks
        return weeks[0].monday, weeks[-1].sunday

    @property
    def revision(self) -> int:
        """Its number within the week; 0 for a held notice."""
        return int(self.manifest["revision"])

    @property
    def is_replaced(self) -> bool:
        """Whether a later revision of the week stands in its place."""
        return 0 < self.revision < self.latest

    @property
    def files(self) -> list[str]:
        """The names of its files that are served, the report first."""
        return [name for name in FILES if name in self.manifest["files"]]

    def address(self, name: str) -> str:
        """Return the address of a file's bytes, which never change below it."""
        return f"/archive/files/{self.digest}/{self.label}/{self.folder}/{name}"


@dataclass(frozen=True)
class ServedFile:
    """The bytes of an archived file, with the digest under which they were filed."""

    name: str
    content: bytes
    digest: str


class ChangedFileError(Exception):
    """A file of the archive is gone or no longer what was filed."""


def archived_issues(archive: Path) -> list[ArchivedIssue]:
    """Return all readable issues: newest week first, within it the one that counts."""
    return [issue for week in _weeks(archive) for issue in _issues_of(week)]


def damaged_issues(archive: Path) -> list[str]:
    """Return the issues whose manifest cannot be read, as 2026-W46/r1."""
    return [
        f"{week.name}/{path.name}"
        for week in _weeks(archive)
        for path in sorted(_issue_folders(week))
        if _manifest_of(path) is None
    ]


def find_issue(archive: Path, label: str, folder: str) -> ArchivedIssue | None:
    """Return the issue that a request names, None where the archive lists none."""
    for week in _folders(archive):
        if week.name == label and _LABEL.fullmatch(week.name):
            for issue in _issues_of(week):
                if issue.folder == folder:
                    return issue
    return None


def served_file(issue: ArchivedIssue, name: str) -> ServedFile | None:
    """Return a file of an issue, None when the manifest names no such file.

    Raises:
        ChangedFileError: its bytes are not those that were filed.
    """
    digest = issue.manifest["files"].get(name) if name in FILES else None
    if digest is None:
        return None
    path = issue.path / next(each for each in FILES if each == name)
    if path.is_symlink() or not path.is_file():
        raise ChangedFileError
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ChangedFileError
    return ServedFile(name, content, digest)


def _folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        for path in parent.iterdir():
            if path.is_dir() and not path.is_symlink():
                yield path


def _weeks(archive: Path) -> list[Path]:
    found = (path for path in _folders(archive) if _LABEL.fullmatch(path.name))
    return sorted(found, key=_last_day, reverse=True)


def _last_day(path: Path) -> tuple[date, str]:
    """Return where a folder stands: by its last day, longer periods above weeks."""
    if "W" in path.name:
        return ReportingWeek.parse(path.name).sunday, ""
    return parse_period(path.name).weeks[-1].sunday, path.name


def _issue_folders(week: Path) -> Iterator[Path]:
    for path in _folders(week):
        if _FOLDER.fullmatch(path.name) and (path / MANIFEST).is_file():
            yield path


def _manifest_of(path: Path) -> tuple[str, dict[str, Any]] | None:
    """Return a manifest with the digest of its bytes; None where it was cut off."""
    try:
        content = (path / MANIFEST).read_bytes()
        manifest = json.loads(content)
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict) or not manifest.keys() >= _SAID:
        return None
    return hashlib.sha256(content).hexdigest()[:_DIGEST_DIGITS], manifest


def _issues_of(week: Path) -> list[ArchivedIssue]:
    found = [
        (path, *told)
        for path in _issue_folders(week)
        if (told := _manifest_of(path)) is not None
    ]
    latest = max((int(manifest["revision"]) for _, _, manifest in found), default=0)
    issues = [
        ArchivedIssue(path, digest, manifest, latest)
        for path, digest, manifest in found
    ]
    return sorted(issues, key=lambda issue: (-issue.revision, issue.folder))
