"""What a file is and what would become of its rows, without loading it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from heartshare.exports.books import FileIdentity, LoadedFile
from heartshare.exports.contract import load_contracts
from heartshare.exports.loading import load_exports
from heartshare.exports.raw_tables import create_raw_tables
from heartshare.exports.reading import read_export
from heartshare.warehouse.connections import open_memory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heartshare.exports.contract_types import ExportContract
    from heartshare.warehouse.connections import Connection

_ANY_MOMENT = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class RejectedRow:
    """A row that would be rejected; ``row_number`` counts as a spreadsheet does."""

    table_name: str
    row_number: int
    column_name: str | None
    value_text: str | None
    reason_code: str
    reason_text: str


@dataclass(frozen=True)
class InspectedTable:
    """One table of the file and what would become of its rows."""

    table_name: str
    grain: str
    rows_in: int
    rows_good: int
    rows_rejected: int
    rows_totals: int


@dataclass(frozen=True)
class Inspection:
    """What a file is. ``period`` is null where the file does not tell."""

    file_name: str
    contract: str
    title: str
    language: str
    period: tuple[date, date] | None
    tables: tuple[InspectedTable, ...]
    rejects: tuple[RejectedRow, ...]
    drift: dict[str, list[str]]

    @property
    def rows_in(self) -> int:
        """Rows of all tables; total rows are no rows."""
        return sum(table.rows_in for table in self.tables)

    @property
    def rows_good(self) -> int:
        """Rows that would land."""
        return sum(table.rows_good for table in self.tables)

    @property
    def rows_rejected(self) -> int:
        """Rows that would be rejected."""
        return sum(table.rows_rejected for table in self.tables)

    @property
    def grain(self) -> str:
        """What one row of each table is."""
        return "; ".join(f"{each.table_name}: {each.grain}" for each in self.tables)

    def to_json(self) -> str:
        """Return the inspection as JSON, with sorted tables and dates as text."""
        period = self.period
        return json.dumps(
            {
                "file": self.file_name,
                "contract": self.contract,
                "title": self.title,
                "language": self.language,
                "rows_in": self.rows_in,
                "rows_good": self.rows_good,
                "rows_rejected": self.rows_rejected,
                "period": [day.isoformat() for day in period] if period else None,
                "drift": self.drift,
                "tables": [vars(table) for table in self.tables],
                "rejects": [vars(row) for row in self.rejects],
            },
            ensure_ascii=False,
            indent=2,
        )


def inspect_file(
    path: Path,
    *,
    original_name: str | None = None,
    contracts: Sequence[ExportContract] | None = None,
) -> Inspection:
    """Read a file exactly as landing would, in memory, and say what it found.

    Raises:
        InputError: no row of the file can be trusted; the message names the file,
            the nearest contract and the next step.
    """
    contracts = tuple(load_contracts() if contracts is None else contracts)
    name = original_name or path.name
    export = read_export(path, name, contracts)
    codes = {export.contract.code, export.contract.also_reads}
    used = [contract for contract in contracts if contract.code in codes]
    with open_memory() as connection:
        create_raw_tables(connection, used)
        identity = FileIdentity("inspected", "inspected", name, _ANY_MOMENT)
        (loaded,) = load_exports(connection, [(identity, export)])
        return Inspection(
            file_name=name,
            contract=export.contract.code,
            title=export.contract.title,
            language=export.language,
            period=_period(connection),
            tables=_tables(loaded),
            rejects=_rejects(connection),
            drift=export.drift.to_dict(),
        )


def _tables(loaded: LoadedFile) -> tuple[InspectedTable, ...]:
    grains = {rows.table.name: rows.table.grain for rows in loaded.export.tables}
    return tuple(
        InspectedTable(
            table_name=name,
            grain=grains[name],
            rows_in=counts.rows_in,
            rows_good=counts.rows_landed,
            rows_rejected=counts.rows_rejected,
            rows_totals=counts.rows_totals,
        )
        for name, counts in sorted(loaded.tables.items())
    )


def _period(connection: Connection) -> tuple[date, date] | None:
    row = connection.execute(
        "select period_start, period_end from raw.export_manifest"
    ).fetchone()
    return None if row is None or row[0] is None else (row[0], row[1])


def _rejects(connection: Connection) -> tuple[RejectedRow, ...]:
    rows = connection.execute(
        """
        select table_name, row_number, column_name, value_text, reason_code,
            reason_text
        from raw.rejected_rows order by table_name, row_number
        """
    ).fetchall()
    return tuple(RejectedRow(*row) for row in rows)
