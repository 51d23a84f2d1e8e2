"""Let SQLAlchemy read DuckDB so that a result outlives the connection it came from.

Great Expectations fetches rows after it has handed the connection back. DuckDB answers
an empty list for a result whose connection was rolled back, without an error, so every
statement here runs on a cursor of its own and roll-back does nothing. That is the
reason why this dialect exists; see docs/adr/0003-the-verdict-is-ours.md.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import exc, pool, types
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine.default import DefaultDialect

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    from sqlalchemy.engine import URL, Connection

_LIVE: weakref.WeakSet[DuckDBConnection] = weakref.WeakSet()

#: A database that is no file; with a name behind it, connections share it.
_MEMORY = ":memory:"
#: Names of DuckDB types without their arguments. What is absent reads as NullType.
_TYPES: dict[str, Any] = {
    "TINYINT": types.SMALLINT,
    "UTINYINT": types.SMALLINT,
    "SMALLINT": types.SMALLINT,
    "USMALLINT": types.INTEGER,
    "INTEGER": types.INTEGER,
    "UINTEGER": types.BIGINT,
    "BIGINT": types.BIGINT,
    "UBIGINT": types.BIGINT,
    "HUGEINT": types.NUMERIC,
    "UHUGEINT": types.NUMERIC,
    "DOUBLE": types.DOUBLE,
    "FLOAT": types.FLOAT,
    "BOOLEAN": types.BOOLEAN,
    "VARCHAR": types.VARCHAR,
    "DATE": types.DATE,
    "TIME": types.TIME,
    "TIMESTAMP": types.TIMESTAMP,
    "UUID": types.UUID,
    "JSON": types.JSON,
    "BLOB": types.BLOB,
}


class DuckDBCursor:
    """A DB-API cursor on a DuckDB cursor of its own."""

    arraysize = 1
    rowcount = -1

    def __init__(self, connection: duckdb.DuckDBPyConnection, database: str) -> None:
        self._cursor = connection.cursor()
        if database:
            self._cursor.execute(f"USE {database}")  # cursors do not inherit it

    @property
    def description(self) -> Any:  # noqa: ANN401 - DB-API leaves the shape to the driver
        """The columns of the last statement, as the DB-API describes them."""
        return self._cursor.description

    def execute(
        self, sql: str, parameters: Sequence[Any] | None = None
    ) -> DuckDBCursor:
        """Run one statement with positional parameters."""
        self._cursor.execute(sql, list(parameters) if parameters else None)
        return self

    def executemany(self, sql: str, parameters: Sequence[Any]) -> DuckDBCursor:
        """Run one statement once per parameter list."""
        self._cursor.executemany(sql, [list(row) for row in parameters])
        return self

    def fetchone(self) -> Any:  # noqa: ANN401 - a row of any types
        """Return the next row, or None after the last."""
        return self._cursor.fetchone()

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next rows, one when no size is given."""
        return self._cursor.fetchmany(size or self.arraysize)

    def fetchall(self) -> list[Any]:
        """Return every row that is left."""
        return self._cursor.fetchall()

    def close(self) -> None:
        """Release the DuckDB cursor."""
        self._cursor.close()


class DuckDBConnection:
    """A DB-API connection whose commit and roll-back leave pending results alone."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, database: str = ""
    ) -> None:
        self._connection = connection
        self._database = database
        self._cursors: weakref.WeakSet[DuckDBCursor] = weakref.WeakSet()
        _LIVE.add(self)

    def cursor(self) -> DuckDBCursor:
        """Return a cursor that stays valid until this connection closes."""
        cursor = DuckDBCursor(self._connection, self._database)
        self._cursors.add(cursor)
        return cursor

    def commit(self) -> None:
        """Do nothing: each statement commits itself and the gate only reads."""

    def rollback(self) -> None:
        """Do nothing: a roll-back would empty results that are still to be fetched."""

    def close(self) -> None:
        """Close every cursor, then the connection."""
        for cursor in list(self._cursors):
            cursor.close()
        self._connection.close()
        _LIVE.discard(self)


def close_all() -> int:
    """Close every connection this module opened and return how many there were.

    Great Expectations keeps two engines per datasource and disposes of neither; while
    one is open the same process cannot open the file for writing.
    """
    live = list(_LIVE)
    for connection in live:
        connection.close()
    return len(live)


class DuckDBDialect(PGDialect):
    """PostgreSQL's SQL compiler over DuckDB's own catalogue; URL ``duckdb+gate:///``."""

    name = "duckdb"
    driver = "gate"
    default_paramstyle = "qmark"
    supports_statement_cache = True
    supports_server_side_cursors = False
    supports_sane_rowcount = False
    supports_sane_multi_rowcount = False
    postfetch_lastrowid = False
    # A type error in checks must surface as such, never as a fall-back query.
    _has_native_hstore = False

    @classmethod
    def import_dbapi(cls) -> Any:  # noqa: ANN401 - SQLAlchemy wants a module
        """Return the driver module."""
        import duckdb

        return duckdb

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        """Return the pool of exactly one connection."""
        return pool.StaticPool

    def create_connect_args(self, url: URL) -> Any:  # noqa: ANN401 - SQLAlchemy's pair
        """Split the URL into a path, read-only flag, attachments and DuckDB settings.

        ``attach=alias:path`` may be there several times; ``use`` is the alias that
        unqualified names mean.
        """
        query = dict(url.query)
        database = url.database or _MEMORY
        writable = database.startswith(_MEMORY)
        attached = query.pop("attach", ())
        options = {
            "database": database,
            "read_only": query.pop("read_only", "false" if writable else "true"),
            "attach": (attached,) if isinstance(attached, str) else attached,
            "use": query.pop("use", ""),
            "config": query,
        }
        return [], options

    def connect(self, *_args: Any, **options: Any) -> Any:  # noqa: ANN401
        """Open the file, attach others read-only or memory when asked, and wrap it."""
        connection = self.import_dbapi().connect(
            options["database"],
            read_only=options["read_only"] == "true",
            config=options["config"],
        )
        connection.execute("SET TimeZone = 'UTC'")
        for attached in options["attach"]:
            alias, _, path = attached.partition(":")
            quoted = path.replace("'", "''")
            mode = "" if path == _MEMORY else " (READ_ONLY)"
            connection.execute(f"ATTACH IF NOT EXISTS '{quoted}' AS {alias}{mode}")
        return DuckDBConnection(connection, options["use"])

    def initialize(self, connection: Connection) -> None:
        """Set constants instead of asking questions that only PostgreSQL answers."""
        self.server_version_info: Any = (16, 0)
        self.default_schema_name = "main"
        DefaultDialect.initialize(self, connection)

    def on_connect(self) -> None:
        """Need nothing on connecting."""

    def do_ping(self, _dbapi_connection: Any) -> bool:  # noqa: ANN401
        """Hold a file connection to be alive."""
        return True

    def get_default_isolation_level(self, _dbapi_connection: Any) -> Any:  # noqa: ANN401
        """Name the only level there is here."""
        return "AUTOCOMMIT"

    def _get_server_version_info(self, _connection: Connection) -> tuple[int, int]:
        return (16, 0)

    def _get_default_schema_name(self, _connection: Connection) -> str:
        return "main"

    # -- reflection, from duckdb_columns() and its like -------------------------------

    def get_columns(
        self,
        connection: Connection,
        table_name: str,
        schema: str | None = None,
        **_kw: Any,
    ) -> list[Any]:
        """Return a relation's columns in order.

        Raises:
            NoSuchTableError: when the schema holds no such table or view.
        """
        database, schema_name = _split(schema or "main")
        rows = connection.exec_driver_sql(
            "select column_name, data_type, is_nullable, column_default"
            " from duckdb_columns()"
            " where schema_name = ? and table_name = ?"
            " and database_name = coalesce(?, current_database())"
            " order by column_index",
            (schema_name, str(table_name), database),
        ).fetchall()
        if not rows:
            raise exc.NoSuchTableError(f"{schema_name}.{table_name}")
        return [
            {
                "name": name,
                "type": column_type(str(kind)),
                "nullable": null,
                "default": default,
            }
            for name, kind, null, default in rows
        ]

    def has_table(
        self,
        connection: Connection,
        table_name: str,
        schema: str | None = None,
        **_kw: Any,
    ) -> bool:
        """Tell whether a table or view of that name exists."""
        names = self.get_table_names(connection, schema)
        return str(table_name) in {*names, *self.get_view_names(connection, schema)}

    def get_schema_names(self, connection: Connection, **_kw: Any) -> list[str]:
        """Return the schemas of the current database."""
        return _names(connection, "schema_name", "duckdb_schemas()", None)

    def get_table_names(
        self, connection: Connection, schema: str | None = None, **_kw: Any
    ) -> list[str]:
        """Return a schema's tables."""
        return _names(connection, "table_name", "duckdb_tables()", schema or "main")

    def get_view_names(
        self, connection: Connection, schema: str | None = None, **_kw: Any
    ) -> list[str]:
        """Return a schema's views."""
        return _names(connection, "view_name", "duckdb_views()", schema or "main")

    def get_pk_constraint(self, *_args: Any, **_kw: Any) -> Any:  # noqa: ANN401
        """Report no primary key; dbt owns keys."""
        return {"constrained_columns": [], "name": None}

    def get_foreign_keys(self, *_args: Any, **_kw: Any) -> list[Any]:
        """Report no foreign keys; dbt owns relationships."""
        return []

    def get_indexes(self, *_args: Any, **_kw: Any) -> list[Any]:
        """Report no indexes."""
        return []


def column_type(text: str) -> types.TypeEngine[Any]:
    """Return the SQLAlchemy type of a DuckDB type name, NullType when there is none."""
    name, _, rest = text.partition("(")
    if name.strip() == "DECIMAL":
        precision, _, scale = rest.rstrip(")").partition(",")
        return types.NUMERIC(int(precision), int(scale))
    if text == "TIMESTAMP WITH TIME ZONE":
        return types.TIMESTAMP(timezone=True)
    if text.endswith("]"):
        return types.NullType()
    return cast("types.TypeEngine[Any]", _TYPES.get(name.strip(), types.NullType)())


def _split(schema: str) -> tuple[str | None, str]:
    database, dot, name = schema.rpartition(".")
    return (database, name) if dot else (None, schema)


def _names(
    connection: Connection, column: str, catalogue: str, schema: str | None
) -> list[str]:
    database, schema_name = _split(schema) if schema else (None, None)
    rows = connection.exec_driver_sql(
        f"select distinct {column} from {catalogue}"
        " where database_name = coalesce(?, current_database())"
        " and schema_name = coalesce(?, schema_name) order by 1",
        (database, schema_name),
    ).fetchall()
    return [row[0] for row in rows]


registry.register("duckdb.gate", __name__, "DuckDBDialect")
