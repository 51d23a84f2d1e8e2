"""Which issues of the report exist, and what exactly readers were given.

archive/<week>/r1/             one issue: index.html, report.pdf, report.eml,
                               facts.json, manifest.json; never changed afterwards;
                               figures.parquet and inputs.json: all that was known
archive/<period>/r1/           the same of a month (2026-10) or half-year (2026-H1)
archive/<week>/held-run-0001/  what the owners were told when the gate held a week
archive/index.html             all of them, newest week first
archive/atom.xml               the same for feed readers, one entry a week
archive/definitions.html       what every mart, column and metric means, if written
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.language import mark, say
from heartshare.reporting.archive.feed import FEED, feed
from heartshare.reporting.archive.page import index_page
from heartshare.reporting.rendering.renderer import renderer
from heartshare.warehouse.whole_files import write_whole
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

MANIFEST = "manifest.json"
#: dbt's documentation of the marts; the index links to it where it exists.
DEFINITIONS = "definitions.html"
ISSUE_FILES = frozenset({"index.html", "report.pdf", "report.eml", "facts.json"})
_ISSUE = re.compile(r"r(\d+)")
_HELD = re.compile(r"held-(.+)")
_ASIDE = ".aside-"
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


class ArchivedIssueError(InputError):
    """An issue that is in the archive comes again with other files."""

    def __init__(self, key: str, names: list[str]) -> None:
        super().__init__(
            f"{key} is archived with other {', '.join(names)}. Archived issues never "
            "change: file the correction under the next revision."
        )


class IncompleteIssueError(InputError):
    """An issue that should be filed lacks a file or has one that does not belong."""

    def __init__(self, key: str, names: list[str]) -> None:
        super().__init__(
            f"{key} cannot be filed: {', '.join(names)} missing or not a plain file "
            "name. Render the report again."
        )


@dataclass(frozen=True)
class Issue:
    """One place in the archive; ``is_new`` until something was filed there.

    ``period`` names the month or half-year of an edition; its ``week`` is the one whose
    published marts it was made from.
    """

    week: ReportingWeek
    name: str
    path: Path
    is_new: bool
    period: str = ""

    @property
    def label(self) -> str:
        """Name what it reports on: 2026-W46, 2026-10 or 2026-H1."""
        return self.period or self.week.label

    @property
    def key(self) -> str:
        """Name the issue as outbox and mail do: ``2026-W46.r1``."""
        return f"{self.label}.{self.name}"

    @property
    def revision(self) -> int:
        """Count issues of the week or period from 1; 0 for a held notice."""
        match = _ISSUE.fullmatch(self.name)
        return int(match[1]) if match else 0


def facts_digest(facts: Mapping[str, Any]) -> str:
    """Return the digest of what a report says, whichever revision says it."""
    content = {key: value for key, value in facts.items() if key != "issue"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def headline(facts: Mapping[str, Any]) -> str:
    """Return the one line that an issue, weekly or an edition, is known by."""
    return str(facts.get("headline") or facts["growing"]["headline"])


def next_issue(
    archive: Path, week: ReportingWeek, digest: str, period: str = ""
) -> Issue:
    """Return where a report with these facts belongs.

    The latest issue of the week, or of an edition's period, if it says the same, else
    the next revision. An issue that is not new is not rendered again: its archived
    report.eml is what is sent.
    """
    folder = archive / (period or week.label)
    latest = max(_revisions(folder), default=0)
    name = f"r{latest}"
    if latest:
        manifest = read_manifest(folder / name)
        if manifest["facts_digest"] == digest:
            return Issue(week, name, folder / name, is_new=False, period=period)
    name = f"r{latest + 1}"
    return Issue(week, name, folder / name, is_new=True, period=period)


def issue_of(
    archive: Path, week: ReportingWeek, published_revision: str, period: str = ""
) -> Issue | None:
    """Return the issue that reports on a published revision, None without one.

    Which revision that is stands in the archived facts.
    """
    folder = archive / (period or week.label)
    for number in sorted(_revisions(folder), reverse=True):
        path = folder / f"r{number}"
        facts = json.loads((path / "facts.json").read_text(encoding="utf-8"))
        if facts.get("issue", {}).get("published_revision") == published_revision:
            return Issue(week, path.name, path, is_new=False, period=period)
    return None


def archived_issue(folder: Path) -> Issue:
    """Return an issue by its folder, from what its manifest says of it."""
    manifest = read_manifest(folder)
    return Issue(
        ReportingWeek.parse(manifest["week"]),
        folder.name,
        folder,
        is_new=False,
        period=manifest.get("period", ""),
    )


def latest_folder(archive: Path, label: str) -> Path | None:
    """Return the folder of the last issue of a week or period, None without one."""
    latest = max(_revisions(archive / label), default=0)
    return archive / label / f"r{latest}" if latest else None


def last_issue_before(archive: Path, week: ReportingWeek, file: str) -> Path | None:
    """Return the folder of the newest issue of an earlier week that holds a file.

    Of a week with several issues it is the last: what readers were told in the end.
    None before the first.
    """
    found = [
        (manifest["week"], manifest["revision"], path.parent)
        for path in archive.glob(f"*/*/{MANIFEST}")
        if _ISSUE.fullmatch(path.parent.name) and (path.parent / file).exists()
        for manifest in [read_manifest(path.parent)]
        if manifest["week"] < week.key and not manifest.get("period")
    ]
    return max(found)[2] if found else None


def held_issue(archive: Path, week: ReportingWeek, run: str) -> Issue:
    """Return where the notice of a held run belongs; ``run`` as in ``run-0001``."""
    path = archive / week.label / f"held-{run}"
    return Issue(week, f"held-{run}", path, is_new=not path.exists())


def file_issue(  # noqa: PLR0913 - the manifest's fields
    issue: Issue,
    files: Mapping[str, bytes],
    *,
    at: datetime,
    verdict: str,
    headline: str = "",
    digest: str = "",
) -> Issue:
    """Put an issue's files into the archive in one step, for good.

    Filing the same files again changes nothing. ``headline`` is the line under which
    the index lists it, ``digest`` that of ``facts_digest``.

    Raises:
        ArchivedIssueError: the issue is there with other files.
        IncompleteIssueError: a file of a report is missing or misnamed.
    """
    _check_names(issue, files)
    digests = {name: _digest(content) for name, content in sorted(files.items())}
    if (issue.path / MANIFEST).exists():
        known = read_manifest(issue.path)["files"]
        changed = sorted(
            name for name in {*known, *digests} if known.get(name) != digests.get(name)
        )
        if changed:
            raise ArchivedIssueError(issue.key, changed)
        return issue
    manifest = {
        "issue": issue.key,
        "week": issue.week.key,
        "week_label": issue.label,
        **({"period": issue.period} if issue.period else {}),
        "revision": issue.revision,
        "filed_at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "verdict": verdict,
        "headline": headline,
        "facts_digest": digest,
        "renderer": renderer(),
        "files": digests,
    }
    _write_folder(issue.path, {**files, MANIFEST: _json(manifest)})
    return issue


def set_aside(issue: Issue) -> Path:
    """Make room for an issue that is filed anew; return where the old one lies.

    Only an erasure may do that. ``put_back`` undoes it.
    """
    aside = issue.path.with_name(f"{_ASIDE}{issue.path.name}")
    issue.path.rename(aside)
    return aside


def put_back(archive: Path) -> None:
    """Put back what a replacement that died has set aside, and remove its remains."""
    for aside in archive.glob(f"*/{_ASIDE}*"):
        place = aside.with_name(aside.name.removeprefix(_ASIDE))
        if place.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(place)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of an archived issue."""
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def altered_files(folder: Path) -> tuple[str, ...]:
    """Return the files of an issue that no longer are what was filed, by name."""
    return tuple(
        name
        for name, digest in read_manifest(folder)["files"].items()
        if not (folder / name).exists()
        or _digest((folder / name).read_bytes()) != digest
    )


def write_index(archive: Path, organisation: str, url: str = "") -> Path:
    """Write the page that lists every issue, newest week first; return its path.

    The feed goes beside it; ``url`` is the archive's public address, for its links.
    Both are made from what the archive holds, so the same archive gives the same bytes.
    """
    manifests = [
        {
            **read_manifest(path.parent),
            "folder": path.parent.name,
            "lines": _headlines(path.parent),
        }
        for path in sorted(archive.glob(f"*/*/{MANIFEST}"))
        if _ISSUE.fullmatch(path.parent.name) or _HELD.fullmatch(path.parent.name)
    ]
    archive.mkdir(parents=True, exist_ok=True)
    page = archive / "index.html"
    definitions = DEFINITIONS if (archive / DEFINITIONS).is_file() else None
    text = index_page(manifests, organisation, definitions, _look(archive, manifests))
    write_whole(page, text)
    write_whole(archive / FEED, feed(manifests, organisation, url))
    return page


def _look(
    archive: Path, manifests: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Return logo and accent as the issue filed last has them, None without any."""
    filed = [one for one in manifests if "facts.json" in one["files"]]
    if not filed:
        return None
    last = max(filed, key=lambda one: (one["filed_at"], one["week"], one["folder"]))
    path = archive / last["week_label"] / last["folder"] / "facts.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    return (facts.get("issue") or {}).get("brand")


def _headlines(folder: Path) -> list[str]:
    """Return what an issue says besides its headline: where it is stuck, who talks."""
    path = folder / "facts.json"
    facts = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if "edition" in facts:
        return list(facts["lines"])
    sections = [facts.get(name) or {} for name in ("stuck", "listen")]
    words = (mark("Stuck? {headline}"), "{headline}")
    return [
        say(word, headline=section["headline"])
        for word, section in zip(words, sections, strict=True)
        if section.get("headline")
    ]


def _revisions(folder: Path) -> list[int]:
    names = (path.parent.name for path in folder.glob(f"*/{MANIFEST}"))
    return [int(match[1]) for name in names if (match := _ISSUE.fullmatch(name))]


def _check_names(issue: Issue, files: Mapping[str, bytes]) -> None:
    wanted = ISSUE_FILES if issue.revision else frozenset({"notice.eml"})
    wrong = {name for name in files if not _FILE_NAME.fullmatch(name)}
    wrong |= (wanted - files.keys()) | ({MANIFEST} & files.keys())
    if wrong:
        raise IncompleteIssueError(issue.key, sorted(wrong))


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder beside its place, then move it there: all or nothing."""
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, content in files.items():
        with (fresh / name).open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        (fresh / name).chmod(0o444)
    fresh.rename(folder)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()
