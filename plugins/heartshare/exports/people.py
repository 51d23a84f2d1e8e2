"""What the raw tables hold of one person: their ids, handles and words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heartshare.exports.redaction import identity_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heartshare.exports.contract_types import (
        Column,
        ContractTable,
        ExportContract,
    )
    from heartshare.warehouse.connections import Connection

#: Columns that say how somebody is called, which many people share.
_SHARED_NAMES = ("display_name", "full_name", "author_display_name", "recipient_name")
#: What platforms write where an account is gone: that is nobody.
_NOBODY = frozenset({"", "[deleted]", "[removed]", "deleted", "anonymous"})


@dataclass
class KnownPerson:
    """One person on one platform, as far as the raw tables know them.

    ``identifiers`` are ids, handles and addresses in the spelling of the rows, of
    which ``handles`` are those that people write; ``texts`` is what they wrote.
    """

    platform_code: str
    identifiers: set[str]
    handles: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    row_count: int = 0


def find_person(
    connection: Connection,
    contracts: Sequence[ExportContract],
    platform_code: str,
    identifiers: Sequence[str],
) -> KnownPerson:
    """Return everything by which the rows of a platform know a person.

    A row that bears one of the identifiers tells the others: an old handle leads to
    the id, and the id to the new handle.
    """
    wanted = {name.strip().removeprefix("@") for name in identifiers} - _NOBODY
    person = KnownPerson(platform_code, set(wanted), set(wanted))
    tables = list(_tables(connection, contracts, platform_code))
    while True:
        before = len(person.identifiers)
        person.row_count = 0
        for table, columns in tables:
            _read(connection, table, columns, person)
        if len(person.identifiers) == before:
            return person


def count_bare_mentions(
    connection: Connection, contracts: Sequence[ExportContract], name: str
) -> int:
    """Return in how many texts a name stands as a bare word, not called by @ or u/.

    A handle that is an ordinary word stands in many.
    """
    pattern = r"(?i)(^|[^\w@/.-])" + _escaped(name) + r"($|[^\w@-])"
    total = 0
    for contract in contracts:
        for table in contract.tables:
            for column in table.stored_columns:
                if column.is_text:
                    total += connection.execute(
                        f'select count(*) from raw."{table.name}" '
                        f'where regexp_matches("{column.name}", ?)',
                        [pattern],
                    ).fetchall()[0][0]
    return total


def _tables(
    connection: Connection, contracts: Sequence[ExportContract], platform_code: str
) -> Iterator[tuple[ContractTable, list[Column]]]:
    """Yield the platform's filled tables that name people, with those columns."""
    for contract in contracts:
        if contract.code.partition("/")[0] != platform_code:
            continue
        for table in contract.tables:
            columns = [
                column
                for column in identity_columns(table)
                if column.is_stored and column.raw_type == "varchar"
            ]
            if columns:
                yield table, columns


def _read(
    connection: Connection,
    table: ContractTable,
    columns: list[Column],
    person: KnownPerson,
) -> None:
    own = [column for column in columns if column.name not in _SHARED_NAMES]
    if not own:
        return
    texts = [c for c in table.stored_columns if c.is_text or c.type_code == "html"]
    names = ", ".join(f'"{column.name}"' for column in (*own, *texts))
    wanted = [value.casefold() for value in person.identifiers]
    where = " or ".join(_condition(column) for column in own)
    rows = connection.execute(
        f'select {names} from raw."{table.name}" where {where}', {"wanted": wanted}
    ).fetchall()
    person.row_count += len(rows)
    for row in rows:
        for column, value in zip(own, row, strict=False):
            if value and value.casefold() not in _NOBODY and column.personal != "hash":
                person.identifiers.add(value)
                if column.personal == "keep" and column.person_key != "stable":
                    person.handles.add(value)
        person.texts.update(text for text in row[len(own) :] if text)


def _condition(column: Column) -> str:
    if column.personal == "hash":
        hashes = "list_transform($wanted::varchar[], lambda name: md5(name))"
        return f'list_contains({hashes}, "{column.name}")'
    return f'list_contains($wanted::varchar[], lower(trim("{column.name}")))'


def _escaped(text: str) -> str:
    """Escape a name for a regular expression of the warehouse (RE2)."""
    return "".join(c if c.isalnum() or c == "_" else f"\\{c}" for c in text)
