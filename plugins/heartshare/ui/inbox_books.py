"""What of the exports was loaded, what was rejected and why, and how did they drift?

Reads the landing folder and the loader's books. A rejected row is named by file, table,
row number, column and reason; its value is never read.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heartshare.exports.landed_files import META_SUFFIX
from heartshare.warehouse.connections import open_reader
from heartshare.warehouse.locking import hold_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from heartshare.settings import Settings
    from heartshare.warehouse.connections import Connection

#: Files on one page, and rejected rows of one file.
PAGE_FILES = 50
PAGE_ROWS = 200
STATUSES = ("loaded", "rejected", "duplicate")
#: How long a page waits for its turn while a step of the pipeline writes.
_PATIENCE_SECONDS = 1.0
_TROUBLED = "(status_code <> 'loaded' or rows_rejected > 0 or drift_json is not null)"
_COLUMNS = (
    "file_sha256, source_name, original_name, contract_code, exported_at, "
    "period_start, period_end, rows_in, rows_landed, rows_rejected, status_code, "
    "reason_text, drift_json"
)
_DRIFT = {
    "unknown_columns": "columns that the contract does not know",
    "missing_columns": "columns that the contract allows to be missing",
    "unread_parts": "parts that were not read",
    "duplicate_keys": "keys that came twice",
    "assumptions": "assumptions that were made",
    "without_period": "tables whose days nobody states",
}


@dataclass(frozen=True)
class BookedFile:
    """One landed file as the loader's manifest has it; moments are naive UTC."""

    sha256: str
    source_name: str
    original_name: str
    contract_code: str | None
    exported_at: datetime
    period_start: object
    period_end: object
    rows_in: int
    rows_landed: int
    rows_rejected: int
    status: str
    reason: str | None
    drift_json: str | None

    @property
    def drift(self) -> list[tuple[str, list[str]]]:
        """How it differs from its contract: what kind, and the entries."""
        found = json.loads(self.drift_json) if self.drift_json else {}
        return [
            (_DRIFT.get(kind, kind), list(map(str, of))) for kind, of in found.items()
        ]

    @property
    def next_step(self) -> str:
        """What somebody should do about it; empty where nothing is to do."""
        if self.status == "rejected":
            return (
                "Do what the reason says, then put the corrected file into the inbox "
                f"folder {self.source_name}. It is tried again by itself once its "
                "contract changes."
            )
        if self.status == "duplicate":
            return "Nothing, unless another export was meant: then export it again."
        if self.rows_rejected:
            return (
                "Correct the rejected rows at their origin and export again; "
                "heartshare inspect on the landed file shows them with their values."
            )
        if self.drift_json:
            return (
                "Check whether the platform has changed its export. Record what is new "
                f"in exports/contracts/{self.contract_code}.yml if it should be read."
            )
        return ""


@dataclass(frozen=True)
class SourceLine:
    """One source: what the manifest says of all its files together."""

    source_name: str
    file_count: int
    last_exported_at: datetime
    rows_landed: int
    rows_rejected: int
    rejected_count: int
    drift_count: int


@dataclass(frozen=True)
class RejectedRow:
    """Where a row was refused and why, without its value."""

    table_name: str
    row_number: int
    column_name: str | None
    reason_code: str
    reason: str


@dataclass(frozen=True)
class Filter:
    """Which files a reader wants to see."""

    source_name: str = ""
    status: str = ""
    is_troubled: bool = False
    page: int = 1


@dataclass
class Books:
    """One page of the loader's books; ``total`` counts what the filter lets through."""

    sources: list[SourceLine] = field(default_factory=list)
    files: list[BookedFile] = field(default_factory=list)
    total: int = 0
    unloaded: list[str] = field(default_factory=list)


@contextmanager
def reading(settings: Settings) -> Iterator[Connection | None]:
    """Open the warehouse for one short look between the steps; None before it exists.

    Raises:
        WarehouseBusyError: a step holds it for longer than a reader should wait.
    """
    if not settings.warehouse.exists():
        yield None
        return
    with (
        hold_warehouse(settings, wait_seconds=_PATIENCE_SECONDS),
        open_reader(settings.warehouse) as connection,
    ):
        yield connection


def read_books(settings: Settings, wanted: Filter) -> Books:
    """Return sources and one page of files, newest first.

    Raises:
        WarehouseBusyError: as ``reading``.
    """
    with reading(settings) as connection:
        if connection is None or not _has_table(connection, "export_manifest"):
            return Books(unloaded=_unloaded(settings.landing, set()))
        where, values = _condition(wanted)
        total = connection.execute(
            f"select count(*) from raw.export_manifest where {where}", values
        ).fetchall()[0][0]
        rows = connection.execute(
            f"select {_COLUMNS} from raw.export_manifest where {where} "
            "order by exported_at desc, source_name, original_name, file_sha256 "
            "limit $limit offset $offset",
            {**values, "limit": PAGE_FILES, "offset": (wanted.page - 1) * PAGE_FILES},
        ).fetchall()
        known = connection.execute(
            "select file_sha256[:16], source_name from raw.export_manifest"
        ).fetchall()
        return Books(
            sources=_sources(connection),
            files=[BookedFile(*row) for row in rows],
            total=total,
            unloaded=_unloaded(settings.landing, set(known)),
        )


def read_file(
    settings: Settings, sha256: str, source_name: str
) -> tuple[BookedFile, list[RejectedRow]] | None:
    """Return one file with the first of its rejected rows; None if it is unknown.

    Raises:
        WarehouseBusyError: as ``reading``.
    """
    with reading(settings) as connection:
        if connection is None or not _has_table(connection, "export_manifest"):
            return None
        found = connection.execute(
            f"select {_COLUMNS} from raw.export_manifest "
            "where file_sha256 = ? and source_name = ?",
            [sha256, source_name],
        ).fetchall()
        if not found:
            return None
        rows = connection.execute(
            "select table_name, row_number, column_name, reason_code, reason_text "
            "from raw.rejected_rows where file_sha256 = ? "
            "order by table_name, row_number, column_name limit ?",
            [sha256, PAGE_ROWS],
        ).fetchall()
        return BookedFile(*found[0]), [RejectedRow(*row) for row in rows]


def _unloaded(landing: Path, known: set[tuple[str, str]]) -> list[str]:
    """Return the landed files that no load has seen; a digest begins their names."""
    return [
        f"{meta.parent.name}/{meta.name.removesuffix(META_SUFFIX)[18:]}"
        for meta in sorted(landing.glob(f"*/*{META_SUFFIX}"))
        if not meta.name.startswith(".")
        and (meta.name[:16], meta.parent.name) not in known
    ]


def _condition(wanted: Filter) -> tuple[str, dict[str, object]]:
    parts: list[str] = ["true"]
    values: dict[str, object] = {}
    if wanted.source_name:
        parts.append("source_name = $source")
        values["source"] = wanted.source_name
    if wanted.status in STATUSES:
        parts.append("status_code = $status")
        values["status"] = wanted.status
    if wanted.is_troubled:
        parts.append(_TROUBLED)
    return " and ".join(parts), values


def _sources(connection: Connection) -> list[SourceLine]:
    rows = connection.execute(
        """
        select
            source_name, count(*), max(exported_at), sum(rows_landed),
            sum(rows_rejected), count(*) filter (where status_code = 'rejected'),
            count(drift_json)
        from raw.export_manifest group by source_name order by source_name
        """
    ).fetchall()
    return [SourceLine(*row) for row in rows]


def _has_table(connection: Connection, name: str) -> bool:
    return bool(
        connection.execute(
            "select 1 from information_schema.tables "
            "where table_schema = 'raw' and table_name = ?",
            [name],
        ).fetchall()
    )
