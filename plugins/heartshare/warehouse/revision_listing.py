"""Which revisions are on disk, and what is each of them?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from heartshare.warehouse.revisions import DamagedRevisionError, current, revisions
from heartshare.warehouse.schema_versions import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.settings import Settings
    from heartshare.warehouse.revisions import Revision

_KILOBYTE = 1024
_HEADER = ("revision", "week", "verdict", "schema", "tables", "size", "")


@dataclass(frozen=True)
class RevisionState:
    """One revision on disk; what it says of itself is None where it is damaged.

    ``problem`` names the first file that is missing; digests are not computed here.
    """

    name: str
    is_current: bool
    size_bytes: int
    week_label: str | None = None
    verdict: str | None = None
    schema_version: str | None = None
    table_count: int | None = None
    build_id: str | None = None
    problem: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the state as a row for JSON."""
        return asdict(self)


def list_revisions(settings: Settings) -> list[RevisionState]:
    """Return the state of every revision, oldest first.

    A current revision whose folder is gone is listed too: readers find nothing.
    """
    seen = current(settings)
    known = revisions(settings)
    if seen and all(each.name != seen.name for each in known):
        known.append(seen)
    return [
        _state(each, is_current=seen is not None and each.name == seen.name)
        for each in known
    ]


def listing(states: Sequence[RevisionState]) -> list[str]:
    """Return the states as lines of a table; one sentence where there are none."""
    if not states:
        return ["Nothing was ever published. Run `heartshare publish`."]
    rows = [_HEADER, *(_row(state) for state in states)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _row(state: RevisionState) -> tuple[str, ...]:
    remarks = ["current"] if state.is_current else []
    if state.problem:
        remarks.append(f"DAMAGED: {state.problem}")
    return (
        state.name,
        state.week_label or "?",
        state.verdict or "?",
        state.schema_version or "?",
        "?" if state.table_count is None else str(state.table_count),
        _size(state.size_bytes),
        "; ".join(remarks),
    )


def _state(revision: Revision, *, is_current: bool) -> RevisionState:
    size = sum(
        path.stat().st_size for path in revision.path.rglob("*") if path.is_file()
    )
    try:
        manifest = revision.manifest()
    except DamagedRevisionError:
        problem = "manifest.json is gone or cannot be read"
        return RevisionState(revision.name, is_current, size, problem=problem)
    missing = [
        name for name in manifest["files"] if not (revision.path / name).is_file()
    ]
    return RevisionState(
        revision.name,
        is_current,
        size,
        manifest["week_label"],
        manifest["verdict"],
        version_of(revision),
        len(manifest["tables"]),
        manifest["build_id"],
        f"{missing[0]} is gone" if missing else None,
    )


def _size(count: float) -> str:
    for unit in ("B", "KiB", "MiB"):
        if count < _KILOBYTE:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= _KILOBYTE
    return f"{count:.1f} GiB"
