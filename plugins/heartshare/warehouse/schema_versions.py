"""May a publication change the tables and columns that readers know?

Additions are a minor version, everything else a major one (docs/adr/0014).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from heartshare.errors import InputError
from heartshare.warehouse.connections import open_memory
from heartshare.warehouse.revisions import DamagedRevisionError
from heartshare.warehouse.sql_paths import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from heartshare.warehouse.revisions import Revision

#: Types by table and column, in the columns' order.
Schema: TypeAlias = "Mapping[str, Mapping[str, str]]"
#: What a revision counts as that names no version.
FIRST_VERSION = "1.0"
_SHOWN = 5


@dataclass(frozen=True)
class SchemaChange:
    """One table or column (then ``column`` is set) that came, went or has a new type.

    ``before`` and ``after`` are types; None where there is none.
    """

    table: str
    column: str | None
    before: str | None
    after: str | None

    @property
    def is_breaking(self) -> bool:
        """Return whether a query that works today may fail."""
        return self.before is not None

    def told(self) -> str:
        """Return the change as part of a sentence."""
        name = f"{self.table}.{self.column}" if self.column else f"table {self.table}"
        if self.before is None:
            return f"{name} added" + (f" ({self.after})" if self.column else "")
        if self.after is None:
            return f"{name} removed"
        return f"{name} retyped from {self.before} to {self.after}"

    def to_dict(self) -> dict[str, Any]:
        """Return the change as a row for JSON."""
        return {
            "table": self.table,
            "column": self.column,
            "before": self.before,
            "after": self.after,
            "is_breaking": self.is_breaking,
        }


class BreakingChangeError(InputError):
    """A publication would take away what readers use."""

    def __init__(
        self, changes: Sequence[SchemaChange], version: str, seen: str
    ) -> None:
        broken = [change.told() for change in changes if change.is_breaking]
        more = f" and {len(broken) - _SHOWN} more" if broken[_SHOWN:] else ""
        super().__init__(
            f"Readers of {seen} would lose: {', '.join(broken[:_SHOWN])}{more}. "
            "Nothing is published. See it all with `heartshare publish --diff`; then "
            f"publish schema {version} with `--accept-breaking`."
        )


def schema_of(revision: Revision) -> dict[str, dict[str, str]]:
    """Return the tables and columns of a revision, whatever version wrote it.

    Raises:
        DamagedRevisionError: neither manifest nor database say it.
    """
    tables = revision.manifest()["tables"]
    if all("columns" in entry for entry in tables.values()):
        return {table: dict(entry["columns"]) for table, entry in tables.items()}
    if not revision.database.is_file():
        raise DamagedRevisionError(revision.database)
    with open_memory() as connection:
        connection.execute(f"attach {quoted(revision.database)} as seen (read_only)")
        rows = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where database_name = 'seen' and schema_name = 'marts' "
            "order by table_name, column_index"
        ).fetchall()
        connection.execute("detach seen")
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def changes_between(before: Schema, after: Schema) -> list[SchemaChange]:
    """Return what changed, by table and column; a whole table is one change."""
    changes = []
    for table in sorted({*before, *after}):
        if table not in after:
            changes.append(SchemaChange(table, None, "table", None))
        elif table not in before:
            changes.append(SchemaChange(table, None, None, "table"))
        else:
            changes += _columns(table, before[table], after[table])
    return changes


def next_version(
    schema: Schema, seen: Revision | None, known: Iterable[Revision]
) -> tuple[str, list[SchemaChange]]:
    """Return the version of a schema, and what changes for readers of ``seen``.

    ``known`` are all revisions on disk: no number is given to two schemas of theirs.
    """
    if seen is None:
        return FIRST_VERSION, []
    changes = changes_between(schema_of(seen), schema)
    if not changes:
        return version_of(seen), []
    others = list(known)
    for other in reversed(others):
        if not changes_between(schema_of(other), schema):
            return version_of(other), changes
    taken = [_parsed(version_of(each)) for each in (*others, seen)]
    if any(change.is_breaking for change in changes):
        return f"{max(taken)[0] + 1}.0", changes
    major = _parsed(version_of(seen))[0]
    minor = max(number for first, number in taken if first == major)
    return f"{major}.{minor + 1}", changes


def version_of(revision: Revision) -> str:
    """Return the version of a revision's schema."""
    return str(revision.manifest().get("schema_version", FIRST_VERSION))


def _columns(
    table: str, before: Mapping[str, str], after: Mapping[str, str]
) -> list[SchemaChange]:
    names = [*before, *(name for name in after if name not in before)]
    return [
        SchemaChange(table, name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _parsed(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor)
