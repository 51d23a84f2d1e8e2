"""Puts rows of the warehouse beside rows of the oracle and lists what differs."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

TOLERANCE = 1e-9

Rows = dict[tuple[Any, ...], dict[str, Any]]


def rows_of(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    keys: list[str],
    columns: list[str],
) -> Rows:
    """The named columns of a table by its keys; the keys must tell the rows apart."""
    selected = connection.execute(
        f"select {', '.join([*keys, *columns])} from {table}"
    ).fetchall()
    width = len(keys)
    found = {
        row[:width]: dict(zip(columns, row[width:], strict=True)) for row in selected
    }
    assert len(found) == len(selected), f"{table}: {keys} are no key"
    return found


def same(one: object, other: object) -> bool:
    if isinstance(one, Fraction):
        one = float(one)
    if isinstance(one, float) and isinstance(other, int | float):
        return abs(one - other) <= TOLERANCE
    return one == other


def differences(
    expected: Mapping[tuple[Any, ...], dict[str, Any]], built: Rows
) -> list[str]:
    """Every row or figure that only one of both has, said in full."""
    found = [f"only the oracle has {key}" for key in expected.keys() - built.keys()]
    found += [f"only the warehouse has {key}" for key in built.keys() - expected.keys()]
    for key in sorted(expected.keys() & built.keys(), key=str):
        for column, value in built[key].items():
            if not same(expected[key][column], value):
                wanted = expected[key][column]
                found.append(f"{key} {column}: oracle {wanted}, warehouse {value}")
    return found
