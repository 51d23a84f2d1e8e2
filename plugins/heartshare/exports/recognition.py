"""Which contract reads a file: decided by headers and keys, never by its name."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from heartshare.exports.errors import (
    AmbiguousExportError,
    UnreadableFileError,
    UnrecognisedExportError,
)
from heartshare.exports.heads import Heads
from heartshare.exports.json_records import has_path, value_at
from heartshare.exports.nearest import nearest_contract
from heartshare.exports.record_paths import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from heartshare.exports.contract_types import (
        ContractTable,
        ExportContract,
        Listing,
        RecordPath,
    )
    from heartshare.exports.documents import Document, JsonMember
    from heartshare.exports.json_records import JsonDocument
    from heartshare.exports.json_stream import JsonStream
    from heartshare.exports.parts import Part
    from heartshare.exports.record_paths import Json


@dataclass(frozen=True)
class Match:
    """One part of a file and the contract table that reads it.

    ``is_empty`` marks a JSON table known by its document alone: it has no record.
    """

    table: ContractTable
    part: Part | None = None
    part_number: int = 1
    delimiter: str = ""
    header: tuple[str, ...] = ()
    first_row: int = 0
    records: RecordPath | None = None
    is_empty: bool = False
    preamble: Mapping[str, str] = field(default_factory=dict)
    member: JsonMember | None = None
    columns: slice | None = None

    def cut(self, cells: list[str]) -> list[str]:
        """Return the cells of this table where several stand side by side."""
        if self.columns is None:
            return cells
        missing = len(self.header) - len(cells[self.columns])
        return cells[self.columns] + [""] * missing


@dataclass(frozen=True)
class Recognition:
    """A file's contract, what each part of it is, and the language of its headers."""

    contract: ExportContract
    matches: tuple[Match, ...]
    unread_parts: tuple[str, ...]
    language: str


def recognise(document: Document, contracts: Sequence[ExportContract]) -> Recognition:
    """Return the one contract that describes a document.

    Raises:
        UnrecognisedExportError: none does; names the nearest and what is missing.
        AmbiguousExportError: more than one does.
        UnreadableFileError: none does, and the text is in no known encoding.
    """
    named = [(each, _member_matches(document, each)) for each in contracts]
    found = [pair for pair in named if pair[1]]
    heads = Heads([] if found else document.parts)
    if not found:
        allowed = [each for each in contracts if document.format in each.formats]
        pairs = [(each, _matches(document, each, heads)) for each in allowed]
        found = [pair for pair in pairs if pair[1]]
    chosen = _strongest(found)
    if len(chosen) > 1:
        codes = [contract.code for contract, _ in chosen]
        raise AmbiguousExportError(document.name, codes)
    if not chosen:
        _refuse(document, contracts, heads)
    contract, matches = chosen[0]
    if document.stream is not None:
        # The beginning tells the contract; a table may first come up far behind it.
        matches = _json_matches(document.stream, contract.tables)
    matches = _with_other_tables(document, contract, contracts, matches, heads)
    return Recognition(
        contract=contract,
        matches=tuple(matches),
        unread_parts=_unread(document, contract, matches),
        language=_language(matches),
    )


def _strongest(
    found: list[tuple[ExportContract, list[Match]]],
) -> list[tuple[ExportContract, list[Match]]]:
    """Leave out fallbacks, contracts without a record, and what another one reads."""
    chosen = [pair for pair in found if not pair[0].is_fallback] or found
    filled = [pair for pair in chosen if not all(m.is_empty for m in pair[1])]
    chosen = filled or chosen
    read_by_others = {contract.also_reads for contract, _ in chosen}
    return [pair for pair in chosen if pair[0].code not in read_by_others]


def _matches(document: Document, contract: ExportContract, heads: Heads) -> list[Match]:
    if document.json is not None:
        return _json_matches(document.json, contract.tables)
    matches = []
    for index, part in enumerate(document.parts):
        matches += _part_matches(document, contract, heads, index, part)
    return matches


def _part_matches(
    document: Document,
    contract: ExportContract,
    heads: Heads,
    index: int,
    part: Part,
) -> list[Match]:
    """Return the tables of a part: one, or several that stand side by side."""
    if contract.is_blocks != part.is_block:
        return []
    if not set(contract.preamble_present) <= part.preamble.keys():
        return []
    candidates: dict[int, list[Match]] = {}
    for delimiter in part.delimiters:
        if delimiter and delimiter not in contract.delimiters:
            continue
        rows = heads.rows(index, delimiter)
        for position in range(min(contract.header_within, len(rows))):
            first = position + contract.header_rows
            preamble = part.preamble | _pairs(rows[:position])
            for columns, header in _headers(rows, position, contract):
                start = columns.start if columns else 0
                candidates.setdefault(start, []).extend(
                    Match(
                        table,
                        part,
                        index + 1,
                        delimiter,
                        header,
                        first,
                        preamble=preamble,
                        columns=columns,
                    )
                    for table in contract.tables
                    if (document.format == "zip" or not table.archive_only)
                    and _signed(table, header)
                )
    return [
        max(found, key=lambda each: len(each.table.present))
        for _, found in sorted(candidates.items())
        if found
    ]


def _pairs(rows: Sequence[tuple[str, ...]]) -> dict[str, str]:
    """Return what the lines above a header state: a name with a colon, then a value."""
    return {
        row[0].removesuffix(":"): row[1]
        for row in rows
        if len(row) > 1 and row[0].endswith(":")
    }


def _headers(
    rows: Sequence[tuple[str, ...]], position: int, contract: ExportContract
) -> Iterator[tuple[slice | None, tuple[str, ...]]]:
    """Yield the headers of one line: blank cells divide tables side by side."""
    header = rows[position]
    for other in rows[position + 1 : position + contract.header_rows]:
        pairs = itertools.zip_longest(header, other, fillvalue="")
        header = tuple(_qualified(name, more, contract) for name, more in pairs)
    if not contract.is_side_by_side:
        yield None, header
        return
    cells = enumerate(header)
    for is_filled, run in itertools.groupby(cells, lambda cell: bool(cell[1])):
        if is_filled:
            positions = [at for at, _ in run]
            columns = slice(positions[0], positions[-1] + 1)
            yield columns, header[columns]


def _qualified(name: str, more: str, contract: ExportContract) -> str:
    """Return a header with what the row below it adds to its meaning."""
    if contract.header_qualifiers:
        found = contract.header_qualifiers.items()
        more = next((label for label, form in found if re.search(form, more)), "")
    return f"{name} [{more}]" if more else name


def _signed(table: ContractTable, header: tuple[str, ...]) -> bool:
    cells = set(header)
    if table.unpivot:
        names = cells | {cell.partition(" [")[0] for cell in header}
        is_key = not table.key_headers or header[0] in table.key_headers
        return len(header) > 1 and all(header) and is_key and table.headers <= names
    if cells & set(table.absent):
        return False
    return bool(table.present) and not _missing(table, cells)


def _missing(table: ContractTable, cells: set[str]) -> list[str]:
    """Return the signature's columns whose headers are all absent."""
    return [
        next(iter(table.column(name).headers))
        for name in table.present
        if not cells & table.column(name).headers.keys()
    ]


def _member_matches(document: Document, contract: ExportContract) -> list[Match]:
    """Return what an archive's JSON members are; no other member is opened for it."""
    matches = []
    listed = {
        table.name: _listed(document, table.listing)
        for table in contract.tables
        if table.listing
    }
    for member in document.members:
        wanted = [
            table
            for table in contract.tables
            if table.members
            and (path := re.fullmatch(table.members, member.name))
            and (
                table.listing is None
                or path[table.listing.parameter] in listed[table.name]
            )
        ]
        found = _json_matches(member.read(), wanted) if wanted else []
        matches += [replace(match, member=member) for match in found]
    return matches


def _listed(document: Document, listing: Listing) -> set[str]:
    """Return what an archive's listing member lists; nothing where it is absent."""
    return {
        text
        for member in document.members
        if re.fullmatch(listing.members, member.name)
        for _, record in member.read().records("[]")
        if (text := text_of(value_at(record, listing.value)))
    }


def _json_matches(
    document: JsonDocument | JsonStream, tables: Iterable[ContractTable]
) -> list[Match]:
    matches = []
    for table in tables:
        for records in table.records:
            first = next(
                (
                    record
                    for _, record in document.records(*records.where)
                    if isinstance(record, str if records.is_scalar else dict)
                ),
                None,
            )
            is_named = bool(records.document) and all(
                _states(document.root, proof) for proof in records.document
            )
            if first is None:
                if is_named and not (records.is_scalar and _holds(document, records)):
                    matches.append(Match(table, records=records, is_empty=True))
                continue
            if any(has_path(first, path) for path in records.absent):
                continue
            if records.is_scalar and not is_named:
                continue
            if is_named or all(has_path(first, path) for path in records.present):
                matches.append(Match(table, records=records))
    return matches


def _holds(document: JsonDocument | JsonStream, records: RecordPath) -> bool:
    return next(document.records(*records.where), None) is not None


def _states(root: Json, proof: str) -> bool:
    """Return whether a document has a path or, written ``path=value``, says a value."""
    path, equals, value = proof.partition("=")
    if equals:
        return text_of(value_at(root, path)) == value
    return has_path(root, path)


def _with_other_tables(
    document: Document,
    contract: ExportContract,
    contracts: Sequence[ExportContract],
    matches: list[Match],
    heads: Heads,
) -> list[Match]:
    """Add the parts that the contract leaves to another one."""
    other = next((each for each in contracts if each.code == contract.also_reads), None)
    if other is None:
        return matches
    if document.records is not None:
        return matches + _json_matches(document.records, other.tables)
    if matches[0].member:
        return matches
    taken = {match.part_number for match in matches}
    for index, part in enumerate(document.parts):
        if index + 1 not in taken:
            matches += _part_matches(document, other, heads, index, part)
    return matches


def _unread(
    document: Document, contract: ExportContract, matches: Sequence[Match]
) -> tuple[str, ...]:
    taken = {match.member.name for match in matches if match.member}
    taken.update(match.part.name for match in matches if match.part)
    taken.update(contract.known_parts)
    pattern = contract.ignored_members or "(?!)"
    return tuple(
        name
        for name in document.part_names
        if name not in taken and not re.fullmatch(pattern, name)
    )


def _language(matches: Sequence[Match]) -> str:
    votes: Counter[str] = Counter()
    for match in matches:
        for column in match.table.columns:
            votes.update(
                language
                for header, language in column.headers.items()
                if header in match.header
            )
    return votes.most_common(1)[0][0] if votes else "en"


def _refuse(
    document: Document, contracts: Sequence[ExportContract], heads: Heads
) -> None:
    problem = next((each.decode_problem for each in document.parts), None)
    if problem is not None:
        raise UnreadableFileError(
            document.name,
            f"line {problem.line} is not {problem.encoding} text",
            "Save it as UTF-8, or download the export again.",
        )
    nearest = nearest_contract(document, contracts, heads)
    raise UnrecognisedExportError(
        document.name,
        nearest.code if nearest else None,
        nearest.missing if nearest else (),
        delimiter=nearest.delimiter if nearest else "",
        is_archive=document.format == "zip",
    )
