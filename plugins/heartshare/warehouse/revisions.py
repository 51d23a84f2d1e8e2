"""Which published revision do readers see, and how is another put in its place?

Knows directories, links and digests; not what is in the tables.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.warehouse.locking import hold_published
from heartshare.warehouse.whole_files import sync

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heartshare.settings import Settings

#: Readers may hold a revision open for a while: never keep fewer.
FEWEST_KEPT = 2
_NAME = re.compile(r"rev-(\d{4,})")
HIDDEN = ".tmp-"
_MANIFEST, _VERDICT = "manifest.json", "verdict.json"
#: What every manifest says, whatever version wrote it.
_SAID = {"week", "week_label", "build_id"}
_HOUR = 3600.0


class UnknownRevisionError(InputError):
    """Somebody asked for a revision that is not on disk."""

    def __init__(self, name: str, known: list[str]) -> None:
        have = ", ".join(known) or "none"
        super().__init__(f"There is no published revision {name!r}. On disk: {have}.")


class DamagedRevisionError(InputError):
    """A file of a revision is gone or no longer what was published."""

    def __init__(self, path: Path) -> None:
        what = "is not the file that was published" if path.exists() else "is gone"
        super().__init__(
            f"{path} {what}. Show readers another revision (`heartshare publish "
            "--list`, `--roll-back NAME`), or publish the week again."
        )


@dataclass(frozen=True)
class Revision:
    """One immutable set of published marts.

    ``is_new`` says whether the call that returned it changed what readers see.
    """

    name: str
    path: Path
    is_new: bool = False

    @property
    def database(self) -> Path:
        """The DuckDB file that BI tools open read-only."""
        return self.path / "heartshare.duckdb"

    def manifest(self) -> dict[str, Any]:
        """Return what the revision says about itself.

        Raises:
            DamagedRevisionError: it is gone, or cannot be read.
        """
        found = self._read(_MANIFEST)
        if not found.keys() >= _SAID:
            raise DamagedRevisionError(self.path / _MANIFEST)
        return found

    def is_keyed_otherwise(self, salt_digest: str) -> bool:
        """Return whether its keys of people come from another salt, as far as it says.

        Raises:
            DamagedRevisionError: it is gone, or cannot be read.
        """
        return self.manifest().get("salt_digest", salt_digest) != salt_digest

    def verdict(self) -> dict[str, Any]:
        """Return the gate's verdict with which it was published.

        Raises:
            DamagedRevisionError: it is gone, or cannot be read.
        """
        return self._read(_VERDICT)

    def _read(self, name: str) -> dict[str, Any]:
        try:
            value = json.loads((self.path / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DamagedRevisionError(self.path / name) from error
        if not isinstance(value, dict):
            raise DamagedRevisionError(self.path / name)
        return value


def current(settings: Settings) -> Revision | None:
    """Return the revision that readers see; None before the first publication.

    The link is resolved once, so the answer stays whole while another one is swapped
    in. Open ``Revision.database`` and never a path through the link.
    """
    link = settings.published / "current"
    if not link.is_symlink():
        return None
    path = link.resolve()
    return Revision(path.name, path)


def revisions(settings: Settings) -> list[Revision]:
    """Return every revision on disk, oldest first."""
    if not settings.published.is_dir():
        return []
    found = [path for path in settings.published.iterdir() if _number(path.name)]
    return [Revision(p.name, p) for p in sorted(found, key=lambda p: _number(p.name))]


def next_name(settings: Settings) -> str:
    """Return the name after the highest one: numbers are never given twice."""
    known = revisions(settings)
    return f"rev-{_number(known[-1].name) + 1 if known else 1:04d}"


def point_at(settings: Settings, revision: Revision) -> None:
    """Make readers see a revision, in one step.

    The folder of the one that they saw until now bears the time of the swap, from which
    its retention counts.
    """
    seen = current(settings)
    if seen and seen.path.is_dir():
        os.utime(seen.path)
    link = settings.published / f"{HIDDEN}link"
    link.unlink(missing_ok=True)
    link.symlink_to(revision.name, target_is_directory=True)
    os.replace(link, settings.published / "current")  # noqa: PTH105 tests count it
    sync(settings.published)


def roll_back(settings: Settings, name: str) -> Revision:
    """Make readers see an older revision again; every file is checked first.

    Raises:
        UnknownRevisionError: no such revision is kept.
        DamagedRevisionError: a file differs from its digest.
        PublicationBusyError: another step publishes or erases.
    """
    with hold_published(settings):
        # Inside: a publication or an erasure may be removing what is named.
        revision = named(settings, name)
        check(revision)
        seen = current(settings)
        point_at(settings, revision)
    return Revision(name, revision.path, is_new=seen is None or seen.name != name)


def named(settings: Settings, name: str) -> Revision:
    """Return the revision of a name.

    Raises:
        UnknownRevisionError: no such revision is kept.
    """
    known = {revision.name: revision for revision in revisions(settings)}
    if name not in known:
        raise UnknownRevisionError(name, list(known))
    return known[name]


def check(revision: Revision) -> None:
    """Hold every file of a revision against the digests in its manifest.

    Raises:
        DamagedRevisionError: a file is missing or differs.
    """
    for name, digest in revision.manifest()["files"].items():
        path = revision.path / name
        if not path.is_file() or digest_of(path) != digest:
            raise DamagedRevisionError(path)


def sweep(settings: Settings) -> None:
    """Remove what a publication that died has left behind."""
    for path in settings.published.glob(f"{HIDDEN}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def is_readable(revision: Revision) -> bool:
    """Return whether a revision still says what it is."""
    try:
        revision.manifest()
    except DamagedRevisionError:
        return False
    return True


def is_whole(revision: Revision) -> bool:
    """Return whether a revision stands as it was published, every file read."""
    try:
        check(revision)
    except DamagedRevisionError:
        return False
    return True


def retire(settings: Settings) -> list[str]:
    """Remove what no reader needs any more; return the names of what went.

    The newest ``keep_revisions`` stay, and the current one, and any that was current
    until less than ``keep_revision_hours`` before the last swap.
    """
    old = _outlived(settings, revisions(settings))
    for revision in old:
        # Hidden first: a revision that died half removed must not look whole.
        hidden = settings.published / f"{HIDDEN}{revision.name}"
        os.rename(revision.path, hidden)  # noqa: PTH104 as above
        shutil.rmtree(hidden)
    return [revision.name for revision in old]


def _outlived(settings: Settings, known: Sequence[Revision]) -> list[Revision]:
    now = current(settings)
    if now is None:
        return []
    kept = max(settings.keep_revisions, FEWEST_KEPT)
    swapped_at = (settings.published / "current").lstat().st_mtime
    young_from = swapped_at - settings.keep_revision_hours * _HOUR
    return [
        revision
        for revision in known[:-kept]
        if revision.name != now.name and revision.path.stat().st_mtime < young_from
    ]


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _number(name: str) -> int:
    match = _NAME.fullmatch(name)
    return int(match[1]) if match else 0
