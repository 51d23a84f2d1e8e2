"""Give Great Expectations a DuckDB datasource of our own, and a cheaper expectation.

Importing this module imports Great Expectations, which costs seconds and hundreds of
megabytes: only ``quality.checks`` does so, and inside a function. Delete it when Great
Expectations ships a DuckDB datasource that passes tests/quality/test_datasource.py.
"""

import builtins
from types import ModuleType
from typing import Any, ClassVar, Literal

import sqlalchemy
from great_expectations.compatibility import pydantic
from great_expectations.datasource.fluent.config_str import ConfigStr
from great_expectations.datasource.fluent.interfaces import DataAsset
from great_expectations.datasource.fluent.sql_datasource import (
    QueryAsset,
    SQLDatasource,
    TableAsset,
)
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations import UnexpectedRowsExpectation

from heartshare.quality.dialect import DuckDBDialect

_ROW_COUNT = "unexpected_rows_query.row_count"


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Great Expectations' SQL engine, told which SQL DuckDB understands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dialect_module = _dialect_module()


class OffendingRowsExpectation(UnexpectedRowsExpectation):
    """No row offends, as ``UnexpectedRowsExpectation`` has it, but the rows only count.

    That one also fetches them, by running the query again, and throws them away in
    every result format but COMPLETE.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = (_ROW_COUNT,)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,  # noqa: ANN401 GX's type
    ) -> dict[str, Any]:
        count = metrics[_ROW_COUNT]
        return {"success": count == 0, "result": {"observed_value": count}}


class DuckDBTableAsset(TableAsset):
    """A table or view of the datasource's schema."""

    type: Literal["table"] = "table"


class DuckDBQueryAsset(QueryAsset):
    """The rows that a SELECT returns."""

    type: Literal["query"] = "query"


class DuckDBDatasource(SQLDatasource):
    """A DuckDB file, read-only unless its URL says ``read_only=false``.

    ``db_schema`` is the schema of all its table assets. Inside this class ``type`` is a
    field, so that annotations say ``builtins.type``.
    """

    asset_types: ClassVar[list[builtins.type[DataAsset]]] = [
        DuckDBTableAsset,
        DuckDBQueryAsset,
    ]

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]
    connection_string: ConfigStr | str
    db_schema: str | None = None

    _TableAsset: builtins.type[TableAsset] = pydantic.PrivateAttr(DuckDBTableAsset)
    _QueryAsset: builtins.type[QueryAsset] = pydantic.PrivateAttr(DuckDBQueryAsset)

    @property
    def schema_(self) -> str | None:
        """The schema that qualifies table assets."""
        return self.db_schema

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        """The engine that runs the metrics."""
        return DuckDBExecutionEngine

    @classmethod
    def _get_exec_engine_excludes(cls) -> set[str]:
        # What is not excluded is handed to create_engine, which refuses it.
        return super()._get_exec_engine_excludes() | {"db_schema"}


def _dialect_module() -> ModuleType:
    """Return the module on which Great Expectations looks up types and regex SQL.

    It chooses the SQL of a regular expression by attributes of this module. Dremio's
    is REGEXP_MATCHES, DuckDB's partial match; PostgreSQL's operator ``~`` would be
    read by DuckDB as a match of the whole text.
    """
    module = ModuleType("heartshare_duckdb_types")
    for name, value in vars(sqlalchemy).items():
        if isinstance(value, type):
            setattr(module, name, value)
    module.DremioDialect = DuckDBDialect  # type: ignore[attr-defined]
    return module
