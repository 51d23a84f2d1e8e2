"""What the raw tables hold of one person: their ids, handles and words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.exports.redaction import identity_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from heartshare.exports.contract_types import (
        Column,
        ContractTable,
        ExportContract,
    )
    from heartshare.warehouse.connections import Connection

#: What platforms write where an account is gone: that is nobody.
_NOBODY = frozenset({"", "[deleted]", "[removed]", "deleted", "anonymous"})


class NobodyNamedError(InputError):
    """An erasure was asked for without saying of whom."""

    def __init__(self) -> None:
        super().__init__(
            "Name the person: a platform, and an account's id, handle or address."
        )


class SharedNameError(InputError):
    """A name stands for several accounts, and only one of them may be meant."""

    def __init__(self, platform_code: str, count: int) -> None:
        super().__init__(
            f"{count} accounts on {platform_code} bear that name. Nothing was erased. "
            "Name the id of the one that is meant."
        )


@dataclass
class KnownPerson:
    """One person on one platform, as far as the raw tables know them.

    ``identifiers`` are ids, handles and addresses in the spelling of the rows, of
    which ``handles`` are those that people write; ``texts`` is what they wrote.
    ``shared`` are names that other accounts bear too: they tell nobody apart.
    """

    platform_code: str
    identifiers: set[str]
    handles: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    row_count: int = 0


def find_person(
    connection: Connection,
    contracts: Sequence[ExportContract],
    platform_code: str,
    identifiers: Sequence[str],
) -> KnownPerson:
    """Return everything by which the rows of a platform know a person.

    A row that bears one of the identifiers tells the others: an old handle leads to
    the id, and the id to the new handle. A name that several accounts bear leads
    nowhere.

    Raises:
        NobodyNamedError: no identifier is anybody's.
        SharedNameError: several accounts bear a name, and none of their ids is given.
    """
    wanted = {_bare(name) for name in identifiers}
    wanted = {name for name in wanted if name.casefold() not in _NOBODY}
    if not wanted:
        raise NobodyNamedError
    person = KnownPerson(platform_code, set(wanted), set(wanted))
    tables = list(_tables(contracts, platform_code))
    owned = [table for table in _all_tables(contracts, platform_code) if table.owner]
    _set_shared_names_aside(connection, tables, person)
    while True:
        before = len(person.identifiers)
        person.row_count = 0
        for table, columns in tables:
            _read(connection, table, columns, person)
        for table in owned:
            _read_owned(connection, table, contracts, person)
        if len(person.identifiers) == before:
            return person


def _bare(name: str) -> str:
    """Return an identifier without the marks by which people call it."""
    return re.sub(r"^(?:@|/?u/)", "", name.strip())


def _set_shared_names_aside(
    connection: Connection,
    tables: Sequence[tuple[ContractTable, list[Column]]],
    person: KnownPerson,
) -> None:
    """Hold the names of a request against the accounts that bear them."""
    owners: dict[str, set[str]] = {}
    for table, columns in tables:
        for name, account_id in _owners(connection, table, columns, person.identifiers):
            owners.setdefault(name, set()).add(account_id)
    given = {name.casefold() for name in person.identifiers}
    for name, account_ids in owners.items():
        if len(account_ids) == 1:
            continue
        if not account_ids & given:
            raise SharedNameError(person.platform_code, len(account_ids))
        if account_ids - given:
            person.shared |= {n for n in person.identifiers if n.casefold() == name}
    person.identifiers -= person.shared
    person.handles -= person.shared


def _owners(
    connection: Connection,
    table: ContractTable,
    columns: Sequence[Column],
    names: Collection[str],
) -> list[tuple[str, str]]:
    """Return who bears one of some names in a table: the name and the account's id."""
    stable = next((c for c in columns if c.person_key == "stable"), None)
    found: list[tuple[str, str]] = []
    if stable is None:
        return found
    for column in columns:
        if column.person_key == "stable":
            continue
        rows = connection.execute(
            f'select distinct "{column.name}", lower(trim("{stable.name}")) '
            f'from raw."{table.name}" where {_condition(column)} '
            f"and \"{stable.name}\" <> ''",
            {"wanted": [name.casefold() for name in names]},
        ).fetchall()
        found += [(name.strip().casefold(), account_id) for name, account_id in rows]
    return found


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
    contracts: Sequence[ExportContract], platform_code: str
) -> Iterator[tuple[ContractTable, list[Column]]]:
    """Yield the platform's tables that name people, with those columns."""
    for table in _all_tables(contracts, platform_code):
        if columns := _keys(table):
            yield table, columns


def _all_tables(
    contracts: Sequence[ExportContract], platform_code: str
) -> Iterator[ContractTable]:
    for contract in contracts:
        if contract.code.partition("/")[0] == platform_code:
            yield from contract.tables


def _keys(table: ContractTable) -> list[Column]:
    return [
        column
        for column in identity_columns(table)
        if column.is_stored and column.raw_type == "varchar"
    ]


def _read(
    connection: Connection,
    table: ContractTable,
    columns: list[Column],
    person: KnownPerson,
) -> None:
    texts = _texts(table)
    names = ", ".join(f'"{column.name}"' for column in (*columns, *texts))
    wanted = [value.casefold() for value in person.identifiers]
    where = " or ".join(_condition(column) for column in columns)
    rows = connection.execute(
        f'select {names} from raw."{table.name}" where {where}', {"wanted": wanted}
    ).fetchall()
    person.row_count += len(rows)
    others = _names_of_others(connection, table, columns, rows, person)
    for row in rows:
        for column, value in zip(columns, row, strict=False):
            if not value or value.casefold() in _NOBODY or column.personal == "hash":
                continue
            if not _is_id(column) and value.strip().casefold() in others:
                person.shared.add(value)
            else:
                person.identifiers.add(value)
                if column.personal == "keep" and not _is_id(column):
                    person.handles.add(value)
        person.texts.update(text for text in row[len(columns) :] if text)


def _names_of_others(
    connection: Connection,
    table: ContractTable,
    columns: list[Column],
    rows: Sequence[tuple[str | None, ...]],
    person: KnownPerson,
) -> set[str]:
    """Return the names in a person's rows that other accounts of the table bear."""
    cells = [pair for row in rows for pair in zip(columns, row, strict=False)]
    ids = {value.casefold() for column, value in cells if value and _is_id(column)}
    ids |= {name.casefold() for name in person.identifiers}
    names = {value for column, value in cells if value and not _is_id(column)}
    found = _owners(connection, table, columns, names)
    return {name for name, account_id in found if account_id not in ids}


def _is_id(column: Column) -> bool:
    return column.person_key == "stable"


def _read_owned(
    connection: Connection,
    table: ContractTable,
    contracts: Sequence[ExportContract],
    person: KnownPerson,
) -> None:
    """Read the words in files that belong to the person as a whole."""
    owner, columns = next(
        (each, _keys(each))
        for contract in contracts
        for each in contract.tables
        if each.name == table.owner
    )
    where = " or ".join(_condition(column) for column in columns)
    texts = _texts(table)
    names = ", ".join(f'"{column.name}"' for column in texts) or "null"
    rows = connection.execute(
        f'select {names} from raw."{table.name}" where _file_sha256 in '
        f'(select _file_sha256 from raw."{owner.name}" where {where})',
        {"wanted": [value.casefold() for value in person.identifiers]},
    ).fetchall()
    person.row_count += len(rows)
    person.texts.update(text for row in rows for text in row if text)


def _texts(table: ContractTable) -> list[Column]:
    return [c for c in table.stored_columns if c.is_text or c.type_code == "html"]


def _condition(column: Column) -> str:
    if column.personal == "hash":
        hashes = "list_transform($wanted::varchar[], lambda name: md5(name))"
        return f'list_contains({hashes}, "{column.name}")'
    return f'list_contains($wanted::varchar[], lower(trim("{column.name}")))'


def _escaped(text: str) -> str:
    """Escape a name for a regular expression of the warehouse (RE2)."""
    return "".join(c if c.isalnum() or c == "_" else f"\\{c}" for c in text)
