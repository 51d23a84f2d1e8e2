"""Which tables does a warehouse hold that no model makes any more?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from heartshare.warehouse.connections import Connection

#: Schemas that dbt does not build; everything else is derived from them again.
KEPT_SCHEMAS = ("raw", "meta")


def drop_orphans(connection: Connection, made: Collection[str]) -> list[str]:
    """Drop what models of before have left behind; return its names (schema.table).

    ``made`` names every table and view that the project makes. Only their schemas are
    looked at: landing, the gate's history and schemas of somebody else stay.
    """
    known = {name.casefold() for name in made}
    schemas = {name.partition(".")[0] for name in known}.difference(KEPT_SCHEMAS)
    found = connection.execute(
        "select schema_name, table_name, 'table' from duckdb_tables() "
        "where database_name = current_database() union all "
        "select schema_name, view_name, 'view' from duckdb_views() "
        "where database_name = current_database() and not internal order by all"
    ).fetchall()
    orphans = []
    for schema, name, kind in found:
        full = f"{schema}.{name}"
        if schema.casefold() in schemas and full.casefold() not in known:
            connection.execute(f"drop {kind} {_named(schema)}.{_named(name)}")
            orphans.append(full)
    return orphans


def _named(name: str) -> str:
    """Return a name as SQL reads it, whatever somebody called a table by hand."""
    return '"' + name.replace('"', '""') + '"'
