"""How do published marts get into PostgreSQL without a reader meeting a part of them?

Everything happens in one transaction: tables are loaded into a schema of their own,
which then takes the place of the one before. Whatever dies, PostgreSQL undoes it.
"""

from __future__ import annotations

import re
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg2
import psycopg2.errors
from psycopg2 import sql

from heartshare.errors import InputError, TransientError
from heartshare.warehouse.connections import open_reader
from heartshare.warehouse.postgres_tables import create_table, table_names
from heartshare.warehouse.revisions import check, digest_of
from heartshare.warehouse.schema_versions import version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heartshare.warehouse.revisions import Revision

SCHEMA, PREVIOUS, INCOMING = "marts", "marts_previous", "marts_incoming"
#: The table that tells a reader which revision they are looking at.
REVISION_TABLE = "published_revision"
_MARK = "heartshare revision, manifest "
#: Shorter than PostgreSQL's deadlock_timeout: a cycle with a reader ends on our side.
_LOCK_TIMEOUT = "400ms"
_PAUSE_SECONDS = 0.5
_ATTEMPTS = 60
_UNREADABLE = (
    "the address cannot be read (percent-encode what the password holds besides "
    "letters and digits)"
)
_Cursor: TypeAlias = Any


class PostgresAwayError(TransientError):
    """The server cannot be reached, or the connection broke."""

    def __init__(self, error: Exception) -> None:
        super().__init__(
            f"PostgreSQL cannot be reached, or let go: {_line(error)}. Readers of "
            "files are not affected. When it is back, run `heartshare publish "
            "--to-postgres`."
        )


class PostgresRefusedError(InputError):
    """The server does not let us do what a copy needs."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"PostgreSQL refuses the copy: {why}. docs/bi.md#postgresql-copy says how "
            "to prepare database and roles."
        )


class ReadersHoldError(TransientError):
    """Open transactions read the old tables and do not end."""

    def __init__(self, sessions: list[str]) -> None:
        super().__init__(
            "Open transactions still read the marts in PostgreSQL: "
            f"{', '.join(sessions) or 'unknown sessions'}. Nothing was changed. End "
            "them, then run `heartshare publish --to-postgres`."
        )


@dataclass(frozen=True)
class PostgresCopy:
    """What a copy did; ``is_new`` is false when the revision was there already."""

    revision: str
    is_new: bool
    tables: int = 0
    rows: int = 0


def copy_revision(
    address: str,
    revision: Revision,
    *,
    reader: str,
    keeps_previous: bool = True,
    pause: Callable[[float], None] = time.sleep,
) -> PostgresCopy:
    """Put a revision into the schema ``marts`` of a PostgreSQL database.

    ``address`` is what libpq understands, ``reader`` the role that may read. The schema
    before stays as ``marts_previous`` unless ``keeps_previous`` is false. The revision
    that is there already is not loaded again.

    Raises:
        DamagedRevisionError: a file of the revision is not what was published.
        PostgresAwayError: the server cannot be reached.
        PostgresRefusedError: role, rights or a foreign schema stand in the way.
        ReadersHoldError: an open transaction kept the old tables for a minute.
    """
    check(revision)
    mark = _MARK + digest_of(revision.path / "manifest.json")
    with _transaction(address) as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [_MARK])
        found = {name: _mark_of(cursor, name) for name in (SCHEMA, PREVIOUS, INCOMING)}
        for name, theirs in found.items():
            if theirs is not None and not theirs.startswith(_MARK):
                raise PostgresRefusedError(f"a schema {name} exists that is not ours")
        if found[SCHEMA] == mark:
            if not keeps_previous:
                _drop_previous(cursor, pause)
            return PostgresCopy(revision.name, is_new=False)
        if not _has_role(cursor, reader):
            raise PostgresRefusedError(f"there is no role {reader}")
        tables, rows = _load(cursor, revision, mark)
        _grant(cursor, reader)
        _swap(cursor, pause, keeps_previous=keeps_previous)
    return PostgresCopy(revision.name, is_new=True, tables=tables, rows=rows)


@contextmanager
def _transaction(address: str) -> Iterator[_Cursor]:
    try:
        connection = psycopg2.connect(address, application_name="heartshare")
    except (psycopg2.ProgrammingError, psycopg2.OperationalError) as error:
        if _may_quote(error, address):
            # Not even as a cause: what libpq could not read may be the password.
            raise PostgresRefusedError(_UNREADABLE) from None
        raise PostgresAwayError(error) from error
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        raise PostgresAwayError(error) from error
    except psycopg2.Error as error:
        raise PostgresRefusedError(_line(error)) from error
    finally:
        connection.close()


def _mark_of(cursor: _Cursor, schema: str) -> str | None:
    """Return what a schema's comment says; None where there is no such schema."""
    cursor.execute(
        "select coalesce(obj_description(oid, 'pg_namespace'), '') "
        "from pg_namespace where nspname = %s",
        [schema],
    )
    row = cursor.fetchone()
    return row[0] if row else None


def _has_role(cursor: _Cursor, role: str) -> bool:
    cursor.execute("select 1 from pg_roles where rolname = %s", [role])
    return cursor.fetchone() is not None


def _load(cursor: _Cursor, revision: Revision, mark: str) -> tuple[int, int]:
    """Fill the incoming schema; return how many tables and rows."""
    incoming = sql.Identifier(INCOMING)
    cursor.execute(sql.SQL("drop schema if exists {} cascade").format(incoming))
    cursor.execute(sql.SQL("create schema {}").format(incoming))
    cursor.execute(sql.SQL("comment on schema {} is %s").format(incoming), [mark])
    rows = 0
    with (
        open_reader(revision.database) as marts,
        tempfile.TemporaryDirectory() as folder,
    ):
        names = table_names(marts)
        for name in names:
            rows += create_table(cursor, marts, INCOMING, name, Path(folder))
    _note_revision(cursor, revision)
    return len(names), rows


def _note_revision(cursor: _Cursor, revision: Revision) -> None:
    manifest = revision.manifest()
    target = sql.Identifier(INCOMING, REVISION_TABLE)
    cursor.execute(
        sql.SQL(
            "create table {} (revision text, week_start date, week_label text, "
            "build_id text, verdict text, schema_version text)"
        ).format(target)
    )
    cursor.execute(
        sql.SQL("insert into {} values (%s, %s, %s, %s, %s, %s)").format(target),
        [
            revision.name,
            *(manifest[name] for name in ("week", "week_label", "build_id", "verdict")),
            version_of(revision),
        ],
    )
    cursor.execute(
        sql.SQL("comment on table {} is %s").format(target),
        ["One row: the published revision that this schema is a copy of."],
    )


def _grant(cursor: _Cursor, reader: str) -> None:
    role, incoming = sql.Identifier(reader), sql.Identifier(INCOMING)
    for text in (
        "grant usage on schema {} to {}",
        "grant select on all tables in schema {} to {}",
    ):
        cursor.execute(sql.SQL(text).format(incoming, role))


def _swap(
    cursor: _Cursor, pause: Callable[[float], None], *, keeps_previous: bool
) -> None:
    """Put the incoming schema in place, once no open transaction reads the old one."""
    _lock(cursor, (SCHEMA, PREVIOUS), pause)
    previous = sql.Identifier(PREVIOUS)
    rename = sql.SQL("alter schema {} rename to {}")
    cursor.execute(sql.SQL("drop schema if exists {} cascade").format(previous))
    if _mark_of(cursor, SCHEMA) is not None:
        cursor.execute(rename.format(sql.Identifier(SCHEMA), previous))
    cursor.execute(rename.format(sql.Identifier(INCOMING), sql.Identifier(SCHEMA)))
    if not keeps_previous:
        cursor.execute(sql.SQL("drop schema if exists {} cascade").format(previous))


def _drop_previous(cursor: _Cursor, pause: Callable[[float], None]) -> None:
    _lock(cursor, (PREVIOUS,), pause)
    statement = sql.SQL("drop schema if exists {} cascade")
    cursor.execute(statement.format(sql.Identifier(PREVIOUS)))


def _lock(
    cursor: _Cursor, schemas: tuple[str, ...], pause: Callable[[float], None]
) -> None:
    """Take every table of the schemas for the rest of the transaction.

    A transaction that has read one table reads the others of the same revision: the
    names must not lead elsewhere before it ends.
    """
    cursor.execute(
        "select schemaname, tablename from pg_tables where schemaname = any(%s) "
        "order by schemaname, tablename",
        [list(schemas)],
    )
    tables = [sql.Identifier(*row) for row in cursor.fetchall()]
    if not tables:
        return
    statement = sql.SQL("lock table {} in access exclusive mode").format(
        sql.SQL(", ").join(tables)
    )
    cursor.execute(
        sql.SQL("set local lock_timeout = {}").format(sql.Literal(_LOCK_TIMEOUT))
    )
    for _ in range(_ATTEMPTS):
        cursor.execute("savepoint before_locks")
        try:
            cursor.execute(statement)
        except psycopg2.errors.LockNotAvailable:
            cursor.execute("rollback to savepoint before_locks")
            pause(_PAUSE_SECONDS)
        else:
            return
    raise ReadersHoldError(_holders(cursor, schemas))


def _holders(cursor: _Cursor, schemas: tuple[str, ...]) -> list[str]:
    cursor.execute(
        "select distinct a.pid, a.usename, a.application_name, a.state "
        "from pg_locks as l inner join pg_class as c on l.relation = c.oid "
        "inner join pg_namespace as n on c.relnamespace = n.oid "
        "inner join pg_stat_activity as a on l.pid = a.pid "
        "where n.nspname = any(%s) and a.pid <> pg_backend_pid() order by 1",
        [list(schemas)],
    )
    return [
        f"process {pid} of {user} ({application or 'no name'}, {state})"
        for pid, user, application, state in cursor.fetchall()
    ]


def _may_quote(error: Exception, address: str) -> bool:
    """Return whether a failed connection tells a part of the address's password.

    What comes from a server never does; what libpq says of an address it misread may.
    """
    if isinstance(error, psycopg2.ProgrammingError):
        return True
    said = _line(error)
    if said.startswith("connection to server"):
        return False
    login = re.search(r"//[^:]*:(.*)@|password\s*=\s*(.*)", address)
    secret = (login[1] or login[2] or "") if login else ""
    return any(part and part in said for part in re.split(r"[^\w%-]+", secret))


def _line(error: Exception) -> str:
    """Return the first line of what the server says."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
