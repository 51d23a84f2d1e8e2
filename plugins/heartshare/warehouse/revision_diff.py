"""What would a reader notice between one publication and another?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_memory, open_writer
from heartshare.warehouse.dictionary import DICTIONARY
from heartshare.warehouse.marts_copy import (
    is_keyed,
    published_query,
    published_schema,
    salt_digest,
)
from heartshare.warehouse.metric_moves import Move, moves_between
from heartshare.warehouse.revisions import (
    DamagedRevisionError,
    current,
    is_readable,
    revisions,
)
from heartshare.warehouse.row_differences import TableDifference, compare_rows
from heartshare.warehouse.schema_versions import (
    Schema,
    SchemaChange,
    changes_between,
    next_version,
    schema_of,
    version_of,
)
from heartshare.warehouse.sql_paths import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heartshare.settings import Settings
    from heartshare.warehouse.connections import Connection
    from heartshare.warehouse.dictionary import TableNotes
    from heartshare.warehouse.revisions import Revision

#: What the marts are called that the warehouse holds now.
CANDIDATE = "what would be published"


class NothingToCompareError(InputError):
    """There is no publication, or no whole build, to compare with."""

    def __init__(self, what: str, command: str) -> None:
        super().__init__(f"There is {what} to compare with. Run `{command}` first.")


@dataclass(frozen=True)
class RevisionDiff:
    """All that differs; ``tables`` are those that both have and that differ.

    ``is_rekeyed`` when every key of a person is another one, since the salt is: then
    keys are left out of what is compared.
    """

    before: str
    after: str
    week_before: str
    week_after: str
    version_before: str
    version_after: str
    schema_changes: Sequence[SchemaChange]
    tables: Sequence[TableDifference]
    moves: Sequence[Move]
    is_rekeyed: bool

    @property
    def is_breaking(self) -> bool:
        """Return whether readers' queries may fail."""
        return any(change.is_breaking for change in self.schema_changes)

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as JSON."""
        return {
            "before": self.before,
            "after": self.after,
            "week_before": self.week_before,
            "week_after": self.week_after,
            "schema_version_before": self.version_before,
            "schema_version_after": self.version_after,
            "is_breaking": self.is_breaking,
            "is_rekeyed": self.is_rekeyed,
            "schema_changes": [change.to_dict() for change in self.schema_changes],
            "tables": [table.to_dict(self.week_before) for table in self.tables],
            "metrics": [move.to_dict() for move in self.moves],
        }


@dataclass(frozen=True)
class _Side:
    """One of two publications: its name, and how to find a table of it."""

    name: str
    week: str
    version: str
    schema: Schema
    keys: Mapping[str, Sequence[str]]
    salt_digest: str | None
    relation: Callable[[str], str]


def compare_revisions(before: Revision, after: Revision) -> RevisionDiff:
    """Return what differs between two revisions on disk.

    Raises:
        DamagedRevisionError: a manifest or a database cannot be read.
    """
    with open_memory() as connection:
        changes = changes_between(schema_of(before), schema_of(after))
        return _compare(
            connection,
            _published(connection, before, "before"),
            _published(connection, after, "after"),
            changes,
        )


def compare_candidate(
    settings: Settings,
    tables: Sequence[str],
    notes: Mapping[str, TableNotes],
    *,
    wait_seconds: float = 0.0,
) -> RevisionDiff:
    """Return what would differ for readers if the warehouse's marts were published.

    Nothing is written. ``tables`` and ``notes`` are those of a publication.

    Raises:
        NothingToCompareError: nothing was ever published, or no build is whole.
        DamagedRevisionError: what readers see is gone or cannot be read.
        WarehouseBusyError: another step writes.
    """
    seen = current(settings)
    if seen is None:
        raise NothingToCompareError("no publication", "heartshare publish")
    with open_writer(settings, wait_seconds=wait_seconds) as connection:
        build = latest_build(connection)
        if build is None or not build.is_finished:
            raise NothingToCompareError("no whole build", "heartshare build")
        salt = settings.person_salt
        types = published_schema(connection, tables, salt)
        sources = {source.split(".")[1]: source for source in tables}

        def copied(table: str) -> str:
            query, values = published_query(connection, sources[table], salt)
            connection.execute(
                f"create or replace temp table candidate as {query}", values
            )
            return "temp.main.candidate"

        known = [each for each in revisions(settings) if is_readable(each)]
        version, changes = next_version(types, seen, known)
        keys = {table: note.key for table, note in notes.items()}
        candidate = _Side(
            CANDIDATE,
            build.week_key,
            version,
            types,
            keys,
            salt_digest(salt),
            copied,
        )
        return _compare(
            connection, _published(connection, seen, "before"), candidate, changes
        )


def _published(connection: Connection, revision: Revision, alias: str) -> _Side:
    if not revision.database.is_file():
        raise DamagedRevisionError(revision.database)
    connection.execute(f"attach {quoted(revision.database)} as {alias} (read_only)")
    manifest = revision.manifest()
    return _Side(
        revision.name,
        manifest["week"],
        version_of(revision),
        schema_of(revision),
        {name: entry.get("key", ()) for name, entry in manifest["tables"].items()},
        manifest.get("salt_digest"),
        lambda table: f'{alias}.marts."{table}"',
    )


def _compare(
    connection: Connection, before: _Side, after: _Side, changes: list[SchemaChange]
) -> RevisionDiff:
    is_rekeyed = _is_rekeyed(before, after)
    tables, moves = [], []
    for table in sorted({*before.schema} & {*after.schema} - {DICTIONARY}):
        types = {
            name: kind
            for name, kind in before.schema[table].items()
            if after.schema[table].get(name) == kind
            and not (is_rekeyed and is_keyed(name))
        }
        if not types:
            continue
        key = after.keys.get(table) or before.keys.get(table) or ()
        first, second = before.relation(table), after.relation(table)
        found = compare_rows(connection, table, first, second, types, key)
        if found.is_different:
            tables.append(found)
            moves += moves_between(connection, table, types, first, second, before.week)
    return RevisionDiff(
        before.name,
        after.name,
        before.week,
        after.week,
        before.version,
        after.version,
        changes,
        tables,
        moves,
        is_rekeyed,
    )


def _is_rekeyed(before: _Side, after: _Side) -> bool:
    """Return whether the salt changed; publications of long ago do not name theirs."""
    digests = {before.salt_digest, after.salt_digest} - {None}
    return len(digests) > 1
