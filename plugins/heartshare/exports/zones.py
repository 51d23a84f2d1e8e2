"""How contracts read local times of a source whose zone is declared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.exports.contract_types import ContractTable, ExportContract


def in_zone(
    contracts: Sequence[ExportContract], zone: str | None
) -> tuple[ExportContract, ...]:
    """Return the contracts with the local times of another zone.

    Only columns that take the contract's zone change; one that states its own knows
    better than the source, such as a column of a tool that writes GMT.
    """
    if zone is None:
        return tuple(contracts)
    return tuple(
        replace(contract, tables=tuple(_table(each, zone) for each in contract.tables))
        for contract in contracts
    )


def _table(table: ContractTable, zone: str) -> ContractTable:
    columns = tuple(
        column if column.has_own_zone else replace(column, zone=zone)
        for column in table.columns
    )
    return replace(table, columns=columns)
