"""How parsed exports enter the raw schema: files of one contract, one transaction.

Many small files share a transaction and its statements; each still enters whole,
together with its row in the manifest, or not at all.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from heartshare.exports.books import (
    FileIdentity,
    LoadedFile,
    TableCounts,
    write_books,
)
from heartshare.exports.conversion import literal, typed_select
from heartshare.exports.raw_tables import raw_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from heartshare.exports.contract_types import ContractTable
    from heartshare.exports.reading import ParsedExport
    from heartshare.warehouse.connections import Connection


_NO_PERIODS = "select null::int as _file_number, null::date as day"


class LostRowsError(Exception):
    """Rows read and rows accounted for differ: a defect of the engine itself."""


def load_exports(
    connection: Connection, files: Sequence[tuple[FileIdentity, ParsedExport]]
) -> list[LoadedFile]:
    """Load files of one contract, language and date order in a single transaction.

    Raises:
        LostRowsError: the accounts do not add up; nothing was loaded.
    """
    loaded = [LoadedFile(identity, export) for identity, export in files]
    with transaction(connection):
        typed = _type_tables(connection, loaded)
        settle(connection, loaded, typed)
        drop_typed(connection, typed)
    return loaded


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit what happens inside, or nothing of it."""
    connection.execute("begin transaction")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def typed_name(table: ContractTable) -> str:
    """Return the name of the temporary table that holds a table's typed rows."""
    return f"typed_{table.name}"


def settle(
    connection: Connection, loaded: Sequence[LoadedFile], typed: list[ContractTable]
) -> None:
    """Move typed rows of files to where they belong, count them and write the books.

    Raises:
        LostRowsError: the accounts do not add up.
    """
    files = [(file.identity, file.export.period) for file in loaded]
    note_files(connection, files, typed)
    for table in typed:
        typed_rows = f'temp."{typed_name(table)}"'
        land_typed(connection, table, typed_rows)
        for number, counts in count_typed(connection, table, typed_rows).items():
            loaded[number].tables[table.name] = counts
    balance(loaded)
    write_books(connection, loaded)


def drop_typed(connection: Connection, typed: list[ContractTable]) -> None:
    """Drop the temporary tables of a transaction."""
    for table in typed:
        connection.execute(f'drop table temp."{typed_name(table)}"')
    connection.execute("drop table temp.landing_files")


def _type_tables(
    connection: Connection, loaded: Sequence[LoadedFile]
) -> list[ContractTable]:
    """Type all rows of all files, one temporary table per contract table."""
    texts: dict[str, list[pa.Table]] = {}
    tables: dict[str, ContractTable] = {}
    for number, file in enumerate(loaded):
        for rows in file.export.tables:
            tables[rows.table.name] = rows.table
            texts.setdefault(rows.table.name, []).append(rows.arrow(number))
    export = loaded[0].export
    numbers = export.contract.number_format(export.language)
    choices = (export.language, export.date_order)
    for name, table in tables.items():
        connection.register("landing_text", pa.concat_tables(texts[name]))
        select = typed_select(table, numbers, "landing_text", choices)
        connection.execute(f'create temp table "{typed_name(table)}" as {select}')
        connection.unregister("landing_text")
    return list(tables.values())


def note_files(
    connection: Connection,
    files: Sequence[tuple[FileIdentity, tuple[date, date] | None]],
    typed: list[ContractTable],
) -> None:
    """Write the files of this transaction with their periods into a temporary table.

    A stated period wins; otherwise the first and last day of the period column.
    """
    rows = [
        (number, who.sha256, who.source_name, who.exported_at)
        + (period or (None, None))
        for number, (who, period) in enumerate(files)
    ]
    schema = pa.schema(
        [
            ("file_number", pa.int32()),
            ("file_sha256", pa.string()),
            ("source_name", pa.string()),
            ("exported_at", pa.timestamp("us")),
            ("stated_start", pa.date32()),
            ("stated_end", pa.date32()),
        ]
    )
    arrays = [list(column) for column in zip(*rows, strict=True)]
    connection.register("landing_identity", pa.table(arrays, schema=schema))
    periods = " union all ".join(
        f'select _file_number, "{table.period}"::date as day '
        f'from temp."{typed_name(table)}" where _reject is null and not _is_total'
        for table in typed
        if table.period
    )
    connection.execute(
        f"""
        create temp table landing_files as
        with days as ({periods or _NO_PERIODS}),
        spans as (
            select _file_number, min(day) as first_day, max(day) as last_day
            from days group by _file_number
        )
        select
            landing_identity.file_number, landing_identity.file_sha256,
            landing_identity.source_name, landing_identity.exported_at,
            coalesce(landing_identity.stated_start, spans.first_day) as period_start,
            coalesce(landing_identity.stated_end, spans.last_day) as period_end
        from landing_identity
        left join spans on landing_identity.file_number = spans._file_number
        """
    )
    connection.unregister("landing_identity")


def land_typed(connection: Connection, table: ContractTable, typed: str) -> None:
    """Move a table's typed rows to the raw table, the rejected rows or the totals.

    ``typed`` is the relation that holds them.
    """
    land_good(connection, table, typed)
    land_others(connection, table, typed)


def land_good(connection: Connection, table: ContractTable, typed: str) -> int:
    """Move the typed rows without a fault to the raw table, and count them."""
    columns = ", ".join(f'"{column}"' for column, _ in raw_columns(table))
    own = ", ".join(f'rows."{column.name}"' for column in table.stored_columns)
    ((count,),) = connection.execute(
        f"""
        insert into raw."{table.name}" ({columns})
        select files.file_sha256, rows._row_number, files.source_name,
            files.exported_at, files.period_start, files.period_end, {own},
            rows._extra
        from {typed} as rows
        inner join temp.landing_files as files on rows._file_number = files.file_number
        where rows._reject is null and not rows._is_total
        """
    ).fetchall()
    return int(count)


def land_others(connection: Connection, table: ContractTable, typed: str) -> None:
    """Move typed rows with a fault to the rejected rows, and totals to their book."""
    connection.execute(
        f"""
        insert into raw.rejected_rows
        select files.file_sha256, {literal(table.name)}, rows._row_number,
            rows._reject.column_name, rows._reject.value_text,
            rows._reject.reason_code, rows._reject.reason_text
        from {typed} as rows
        inner join temp.landing_files as files on rows._file_number = files.file_number
        where rows._reject is not null
        """
    )
    if table.totals:
        _land_totals(connection, table, typed)


def _land_totals(connection: Connection, table: ContractTable, typed: str) -> None:
    named = table.totals.metric if table.totals else None
    pairs = ", ".join(
        f"{{'metric_code': {_total_name(named, column.name)}, "
        f"'declared_value': rows.\"{column.name}\"::double}}"
        for column in table.stored_columns
        if column.is_number and column.metric
    )
    connection.execute(
        f"""
        insert into raw.export_totals
        select file_sha256, {literal(table.name)}, total.metric_code,
            total.declared_value
        from (
            select files.file_sha256, unnest([{pairs}]) as total
            from {typed} as rows
            inner join temp.landing_files as files
                on rows._file_number = files.file_number
            where rows._is_total and rows._reject is null
        ) as totals
        where total.declared_value is not null
        """
    )


def _total_name(metric: str | None, column: str) -> str:
    """Return what a declared total is called: by a cell of its row, or its column."""
    return f'rows."{metric}"' if metric else literal(column)


def count_typed(
    connection: Connection, table: ContractTable, typed: str
) -> dict[int, TableCounts]:
    """Count what became of a table's typed rows, by the number of their file."""
    found = connection.execute(
        f"""
        select _file_number,
            count(*) filter (_reject is null and not _is_total),
            count(*) filter (_reject is not null),
            count(*) filter (_reject is null and _is_total)
        from {typed} group by _file_number
        """
    ).fetchall()
    return {number: TableCounts(table.name, *counts) for number, *counts in found}


def balance(loaded: Sequence[LoadedFile]) -> None:
    """Hold what became of each row against the rows that were read.

    Raises:
        LostRowsError: the accounts do not add up.
    """
    for file in loaded:
        for rows in file.export.tables:
            name = rows.table.name
            counts = file.tables.setdefault(name, TableCounts(name))
            counts.rows_rejected += rows.reject_count
            if counts.rows_in + counts.rows_totals != rows.rows_in:
                message = (
                    f"{file.identity.original_name}: {rows.rows_in} rows of {name} "
                    f"read, {counts.rows_in + counts.rows_totals} accounted for"
                )
                raise LostRowsError(message)
