"""Which raw tables exist: one per contract table, and the loader's own books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.exports.contract import load_contracts
from heartshare.warehouse.gate_history import prepare_history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.exports.contract_types import ContractTable, ExportContract
    from heartshare.warehouse.connections import Connection

#: Columns that stand before a contract's own in every raw table.
PROVENANCE_COLUMNS = (
    ("_file_sha256", "varchar"),
    ("_row_number", "bigint"),
    ("_source_name", "varchar"),
    ("_exported_at", "timestamp"),
    ("_period_start", "date"),
    ("_period_end", "date"),
)

_BOOKS = (
    """
    create table if not exists raw.export_manifest (
        file_sha256 varchar, source_name varchar, original_name varchar,
        contract_code varchar, contract_version varchar, exported_at timestamp,
        period_start date, period_end date, rows_in bigint, rows_landed bigint,
        rows_rejected bigint, status_code varchar, reason_text varchar,
        drift_json varchar, primary key (file_sha256, source_name)
    )
    """,
    """
    create table if not exists raw.export_tables (
        file_sha256 varchar, table_name varchar, rows_in bigint, rows_landed bigint,
        rows_rejected bigint
    )
    """,
    """
    create table if not exists raw.rejected_rows (
        file_sha256 varchar, table_name varchar, row_number bigint,
        column_name varchar, value_text varchar, reason_code varchar,
        reason_text varchar
    )
    """,
    """
    create table if not exists raw.export_totals (
        file_sha256 varchar, table_name varchar, metric_code varchar,
        declared_value double
    )
    """,
    """
    create table if not exists raw.unchanged_exports (
        file_sha256 varchar, source_name varchar, seen_at timestamp
    )
    """,
    """
    create table if not exists raw.redacted_files (
        file_sha256 varchar, former_sha256 varchar
    )
    """,
    """
    create table if not exists raw.printed_figures (
        issue_code varchar, issue_week date, metric_id varchar, metric_version bigint,
        week_start date, segment_kind_code varchar, segment_code varchar, value double,
        is_mature boolean
    )
    """,
    """
    create table if not exists raw.printed_files (
        issue_code varchar, file_sha256 varchar
    )
    """,
)


def create_raw_tables(
    connection: Connection, contracts: Sequence[ExportContract] | None = None
) -> None:
    """Create every raw table and book that is missing, and add missing columns.

    Existing tables keep their rows; a column that a contract gained is null in them.
    """
    connection.execute("create schema if not exists raw")
    prepare_history(connection)  # models read the gate's own books as well
    for statement in _BOOKS:
        connection.execute(statement)
    existing = _existing_columns(connection)
    for contract in load_contracts() if contracts is None else contracts:
        for table in contract.tables:
            _create(connection, table, existing.get(table.name))
            existing[table.name] = {name for name, _ in raw_columns(table)}


def raw_columns(table: ContractTable) -> list[tuple[str, str]]:
    """Return name and type of each column of a raw table, in order."""
    own = [(column.name, column.raw_type) for column in table.stored_columns]
    return [*PROVENANCE_COLUMNS, *own, ("_extra", "varchar")]


def text_columns() -> list[tuple[str, str]]:
    """Return (raw table, column) of every text that is to be scored."""
    return list(
        dict.fromkeys(
            (table.name, column.name)
            for contract in load_contracts()
            for table in contract.tables
            for column in table.columns
            if column.is_text
        )
    )


def _existing_columns(connection: Connection) -> dict[str, set[str]]:
    rows = connection.execute(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'raw'"
    ).fetchall()
    columns: dict[str, set[str]] = {}
    for table, column in rows:
        columns.setdefault(table, set()).add(column)
    return columns


def _create(
    connection: Connection, table: ContractTable, existing: set[str] | None
) -> None:
    columns = raw_columns(table)
    if existing is None:
        body = ", ".join(f'"{name}" {kind}' for name, kind in columns)
        connection.execute(f'create table raw."{table.name}" ({body})')
        return
    for name, kind in columns:
        if name not in existing:
            connection.execute(
                f'alter table raw."{table.name}" add column "{name}" {kind}'
            )
