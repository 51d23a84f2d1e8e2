"""How exports come in: kept as they came, then loaded once each into raw tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from heartshare.errors import InputError
from heartshare.exports.books import FileIdentity, LoadedFile, insert_rows
from heartshare.exports.contract import contracts_digest, load_contracts
from heartshare.exports.erasing import ErasureSummary
from heartshare.exports.escaping import with_escaped_texts
from heartshare.exports.landed_files import (
    LandedFile,
    land_file,
    landed_files,
    verify,
)
from heartshare.exports.loading import load_exports
from heartshare.exports.raw_tables import create_raw_tables, text_columns
from heartshare.exports.reading import read_export
from heartshare.exports.redaction import is_redacted, read_any
from heartshare.exports.streaming import is_large, stream_export
from heartshare.exports.unchanged_loading import load_unchanged
from heartshare.exports.zones import in_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from heartshare.exports.contract_types import ExportContract
    from heartshare.exports.reading import ParsedExport
    from heartshare.warehouse.connections import Connection

__all__ = [
    "LandedFile",
    "LoadSummary",
    "create_raw_tables",
    "land_file",
    "landed_files",
    "load_landing",
    "text_columns",
]

#: Files that share it are typed by the same statements: contract, language, date order
#: and zone.
_BatchKey: TypeAlias = tuple[str, str, str, str | None]
#: A transaction takes in at most so many files or rows; then the next one begins.
_BATCH_FILES = 400
_BATCH_ROWS = 50_000


@dataclass
class LoadSummary:
    """What one load did; rows count the files of this load only.

    ``files_unchanged`` counts deliveries that brought nothing new and were not known of
    before. ``weeks_touched`` are the Mondays (UTC) of the days that new files cover;
    ``rejections`` and ``doubts`` are sentences about files: those that could not be
    read, and those of which not every row counts.
    """

    files_new: int = 0
    files_known: int = 0
    files_rejected: int = 0
    files_duplicate: int = 0
    files_unchanged: int = 0
    rows_in: int = 0
    rows_landed: int = 0
    rows_rejected: int = 0
    weeks_touched: list[str] = field(default_factory=list)
    rejections: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    erased: ErasureSummary = field(default_factory=ErasureSummary)


def load_landing(  # noqa: PLR0913 what sources declare comes in by name
    connection: Connection,
    landing_dir: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    contracts: Sequence[ExportContract] | None = None,
    zones: Mapping[str, str] | None = None,
    escaped: Collection[str] = (),
) -> LoadSummary:
    """Load every landed file that the manifest does not know into raw tables.

    A file that cannot be read gets a manifest row with status 'rejected' and its
    reason, and the others go on; it is tried again once a contract has changed.
    ``progress`` is called with files done and files to do. ``zones`` maps a source to
    the IANA zone of the local times in its files, where that is not the contract's; it
    counts for files that are loaded from now on, as does ``escaped``: the sources whose
    texts come with escaped marks though nothing in the record tells.
    """
    contracts = tuple(load_contracts() if contracts is None else contracts)
    connection.execute("set TimeZone = 'UTC'")
    create_raw_tables(connection, contracts)
    files = landed_files(landing_dir)
    loader = _Loader(connection, contracts, zones or {}, escaped)
    todo = [file for file in files if loader.is_new(file)]
    loader.summary.files_known = len(files) - len(todo)
    for done, file in enumerate(todo):
        if progress:
            progress(done, len(todo))
        loader.take(file)
    loader.flush_all()
    loader.summary.doubts += loader.misdated()
    loader.summary.files_unchanged = load_unchanged(connection, landing_dir, files)
    if progress:
        progress(len(todo), len(todo))
    loader.summary.weeks_touched = loader.weeks()
    return loader.summary


class _Loader:
    """Gathers parsed files by contract and loads them batch by batch."""

    def __init__(
        self,
        connection: Connection,
        contracts: tuple[ExportContract, ...],
        zones: Mapping[str, str],
        escaped: Collection[str],
    ) -> None:
        self.summary = LoadSummary()
        self._connection = connection
        self._zones = zones
        self._escaped = frozenset(escaped)
        self._contracts = {
            zone: in_zone(contracts, zone) for zone in (None, *zones.values())
        }
        self._digest = contracts_digest(contracts)
        self._batches: dict[_BatchKey, list[tuple[FileIdentity, ParsedExport]]] = {}
        self._waiting: Counter[_BatchKey] = Counter()
        self._loaded: list[str] = []
        self._known = self._read_manifest()
        self._sources = {
            sha: (source, name)
            for (sha, source), (status, name) in self._known.items()
            if status == "loaded"
        }

    def is_new(self, file: LandedFile) -> bool:
        return (file.sha256, file.source_name) not in self._known

    def take(self, file: LandedFile) -> None:
        who = FileIdentity(
            sha256=file.sha256,
            source_name=file.source_name,
            original_name=file.original_name,
            exported_at=file.exported_at.astimezone(UTC).replace(tzinfo=None),
        )
        twin = self._sources.get(file.sha256)
        if twin is not None:
            reason = f"same content as {twin[1]} of source {twin[0]}"
            self._note(who, "duplicate", reason)
            self.summary.files_duplicate += 1
            self.summary.doubts.append(
                f"{who.source_name}/{who.original_name} is not counted: it has the "
                f"{reason}"
            )
            return
        try:
            verify(file)
            zone = self._zones.get(file.source_name)
            contracts = self._contracts[zone]
            if file.source_name in self._escaped:
                contracts = with_escaped_texts(contracts)
            if is_large(file.path) and not is_redacted(file.path):
                self._stream(who, file, contracts)
                return
            export = read_any(file.path, file.original_name, contracts)
        except InputError as error:
            self._note(who, "rejected", str(error))
            self.summary.files_rejected += 1
            self.summary.rejections.append(f"{file.source_name}: {error}")
            return
        self._sources[file.sha256] = (file.source_name, file.original_name)
        key = (export.contract.code, export.language, export.date_order, zone)
        batch = self._batches.setdefault(key, [])
        batch.append((who, export))
        self._waiting[key] += sum(table.rows_in for table in export.tables)
        if len(batch) >= _BATCH_FILES or self._waiting[key] >= _BATCH_ROWS:
            self._flush(key)

    def _stream(
        self,
        who: FileIdentity,
        file: LandedFile,
        contracts: Sequence[ExportContract],
    ) -> None:
        read = partial(read_export, file.path, file.original_name, contracts)
        self._add(stream_export(self._connection, who, read))
        self._sources[file.sha256] = (file.source_name, file.original_name)

    def flush_all(self) -> None:
        for key in list(self._batches):
            self._flush(key)

    def weeks(self) -> list[str]:
        """Return the Mondays of all weeks that the loaded files' periods cover."""
        rows = self._connection.execute(
            """
            select distinct strftime(week_start, '%Y-%m-%d') from (
                select unnest(generate_series(
                    date_trunc('week', period_start)::timestamp,
                    date_trunc('week', period_end)::timestamp, interval 7 day
                )) as week_start
                from raw.export_manifest
                where list_contains(?, file_sha256) and status_code = 'loaded'
            ) order by 1
            """,
            [self._loaded],
        ).fetchall()
        return [week for (week,) in rows]

    def misdated(self) -> list[str]:
        """Return a sentence on each loaded file that is older than all its days."""
        rows = self._connection.execute(
            """
            select source_name, original_name, exported_at::date, period_start
            from raw.export_manifest
            where
                list_contains(?, file_sha256) and status_code = 'loaded'
                and period_start > exported_at::date + 1
            order by all
            """,
            [self._loaded],
        ).fetchall()
        return [
            f"{source}/{name} is dated {dated}, before the first day that it tells of, "
            f"{first}: exports that are dated later count before it. If that is wrong, "
            "see docs/runbook.md#file-with-a-wrong-moment"
            for source, name, dated, first in rows
        ]

    def _flush(self, key: _BatchKey) -> None:
        batch = self._batches.pop(key, [])
        self._waiting.pop(key, None)
        if not batch:
            return
        for loaded in load_exports(self._connection, batch):
            self._add(loaded)

    def _add(self, loaded: LoadedFile) -> None:
        self._loaded.append(loaded.identity.sha256)
        self.summary.files_new += 1
        self.summary.rows_landed += loaded.rows_landed
        self.summary.rows_rejected += loaded.rows_rejected
        self.summary.rows_in += loaded.rows_landed + loaded.rows_rejected
        if loaded.rows_rejected:
            who = loaded.identity
            self.summary.doubts.append(
                f"{who.source_name}/{who.original_name}: {loaded.rows_rejected} of "
                f"{loaded.rows_landed + loaded.rows_rejected} rows rejected, "
                f"{self._first_reject(who.sha256)}; `heartshare inspect` on the file "
                "names them"
            )

    def _first_reject(self, sha256: str) -> str:
        """Say which row of a file is the first that was rejected, and why."""
        ((number, reason),) = self._connection.execute(
            "select row_number, reason_text from raw.rejected_rows "
            "where file_sha256 = ? order by row_number, reason_text limit 1",
            [sha256],
        ).fetchall()
        return f"the first in row {number}: {reason}"

    def _note(self, who: FileIdentity, status: str, reason: str) -> None:
        """Write the manifest row of a file that brings no rows."""
        row = (
            *(who.sha256, who.source_name, who.original_name, None, self._digest),
            *(who.exported_at, None, None, 0, 0, 0, status, reason, None),
        )
        insert_rows(self._connection, "export_manifest", [row])
        self.summary.files_new += 1

    def _read_manifest(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Return the known files; rejected ones only while no contract changed."""
        self._connection.execute(
            "delete from raw.export_manifest "
            "where status_code = 'rejected' and contract_version <> ?",
            [self._digest],
        )
        rows = self._connection.execute(
            "select file_sha256, source_name, status_code, original_name "
            "from raw.export_manifest"
        ).fetchall()
        return {(sha, source): (status, name) for sha, source, status, name in rows}
