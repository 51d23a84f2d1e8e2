"""Which contract an unrecognised file comes nearest to, and what it lacks."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.exports.json_records import has_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.exports.contract_types import ContractTable, ExportContract
    from heartshare.exports.documents import Document
    from heartshare.exports.heads import Heads

#: The part of a signature from which a contract is worth naming as the nearest.
_NEAR = 0.5


@dataclass(frozen=True)
class Nearest:
    """A contract that almost fits, and the headers that a file lacks for it.

    ``delimiter`` is what divides the file's columns, where the contract knows another.
    """

    code: str
    missing: tuple[str, ...]
    delimiter: str = ""


def nearest_contract(
    document: Document, contracts: Sequence[ExportContract], heads: Heads
) -> Nearest | None:
    """Return the contract of which most of a signature is there, at least half."""
    best: tuple[float, Nearest] | None = None
    readers = [each for each in contracts if document.format in each.formats]
    for contract, table in ((c, t) for c in readers for t in c.tables):
        for cells, wanted, delimiter in _evidence(document, table, heads):
            missing = [name for name in wanted if not cells & wanted[name]]
            part = 1 - len(missing) / len(wanted)
            known = {header for column in table.columns for header in column.headers}
            score = part + len(cells & known) / (10 * max(1, len(cells | known)))
            if part >= _NEAR and (best is None or score > best[0]):
                other = "" if delimiter in contract.delimiters else delimiter
                best = score, Nearest(contract.code, tuple(missing), other)
    return best[1] if best else None


def _evidence(
    document: Document, table: ContractTable, heads: Heads
) -> list[tuple[set[str], dict[str, set[str]], str]]:
    """Return what a file has, what a table's signature wants, and the delimiter."""
    if document.json is not None:
        return [
            (
                {path for path in records.present if has_path(record, path)},
                {path: {path} for path in records.present},
                "",
            )
            for records in table.records
            for _, record in itertools.islice(document.json.records(records.path), 1)
            if records.present
        ]
    wanted = {
        next(iter(table.column(name).headers)): set(table.column(name).headers)
        for name in table.present
    }
    if not wanted:
        return []
    return [
        (set(row), wanted, delimiter)
        for index, part in enumerate(document.parts)
        for delimiter in part.delimiters
        for row in heads.rows(index, delimiter)
    ]
