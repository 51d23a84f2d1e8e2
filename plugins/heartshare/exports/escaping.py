"""Whether a platform sent a text with its marks escaped, and the text as it was typed.

Never guessed from the text itself: people do write ``&amp;``. Either a twin of the text
in the same record proves it, or the source is declared to send escaped texts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from heartshare.exports.json_records import value_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.exports.contract_types import (
        ContractTable,
        EscapeProof,
        ExportContract,
    )
    from heartshare.exports.record_paths import Json

#: Platforms escape these three; any other entity was typed by the author.
MARKS = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ESCAPED = re.compile("|".join(MARKS))


def is_escaped(proof: EscapeProof, record: Json) -> bool:
    """Return whether a record's texts are escaped: by its proof, else as declared."""
    twin = value_at(record, proof.path)
    if not isinstance(twin, str) or not twin:
        return proof.is_declared
    return re.match(proof.pattern, twin) is not None


def with_escaped_texts(
    contracts: Sequence[ExportContract],
) -> tuple[ExportContract, ...]:
    """Return the contracts for a source that is declared to send escaped texts."""
    return tuple(
        replace(contract, tables=tuple(_table(each) for each in contract.tables))
        for contract in contracts
    )


def _table(table: ContractTable) -> ContractTable:
    columns = tuple(
        replace(each, escape_proof=replace(each.escape_proof, is_declared=True))
        if each.escape_proof
        else each
        for each in table.columns
    )
    return replace(table, columns=columns)


def unescaped(text: str) -> str:
    """Return a text with its escaped marks undone, once."""
    return _ESCAPED.sub(lambda found: MARKS[found[0]], text)
