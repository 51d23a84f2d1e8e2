"""Functions of Python that SQL may call for a while, within one connection."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from duckdb.func import ARROW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from heartshare.warehouse.connections import Connection

_TYPES = {"string": "VARCHAR", "double": "DOUBLE", "bool": "BOOLEAN", "int64": "BIGINT"}


@contextmanager
def text_function(
    connection: Connection,
    name: str,
    function: Callable[[list[str]], pa.Array],
    result: pa.DataType,
) -> Iterator[None]:
    """Let SQL call ``name(text)`` while the context lasts.

    ``function`` receives the texts of a whole vector, none of them null, and returns as
    many values of the type ``result``. It runs on one core only.
    """

    def read_vector(texts: Any) -> Any:  # noqa: ANN401 DuckDB looks up named types
        return function(texts.to_pylist())

    connection.create_function(
        name, read_vector, ["VARCHAR"], type_name(result), type=ARROW
    )
    try:
        yield
    finally:
        # A function that outlives its connection is reported as a leak on the terminal.
        connection.remove_function(name)


def type_name(kind: pa.DataType) -> str:
    """Return the name that DuckDB has for an Arrow type of scalars, structs and lists.

    Raises:
        KeyError: for a type that no function of ours returns yet.
    """
    if hasattr(kind, "value_type"):
        return f"{type_name(kind.value_type)}[]"
    if hasattr(kind, "fields"):
        fields = ", ".join(f"{one.name} {type_name(one.type)}" for one in kind.fields)
        return f"STRUCT({fields})"
    return _TYPES[str(kind)]
