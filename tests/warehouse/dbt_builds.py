"""Calls of dbt on a warehouse of a test, and what they left behind."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from heartshare.orchestration.dbt_manifest import invoke_parsed
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2] / "dbt_project"
WEEK = ReportingWeek.parse("2026-W09")
#: 9 March 2026, midnight in Dublin: the default as-of of the week, stated once.
AS_OF = "2026-03-09 00:00:00"
#: Of a small project of a test's own, called ``small``.
SMALL_PROFILE = """
small:
  target: local
  outputs:
    local:
      type: duckdb
      path: "{{ env_var('HEARTSHARE_WAREHOUSE') }}"
      threads: 1
      keep_open: "{{ env_var('HEARTSHARE_DBT_KEEP_OPEN') == 'true' }}"
"""
BUILT_SCHEMAS = ("intermediate", "marts", "reports", "audit")


@dataclass(frozen=True)
class Build:
    """What one dbt call left behind."""

    statuses: dict[str, str]
    messages: dict[str, str]

    def failures(self) -> dict[str, str]:
        return {
            node: self.messages[node]
            for node, status in self.statuses.items()
            if status not in {"success", "pass", "no-op"}
        }


def run_dbt(
    home: Path,
    warehouse: Path,
    *arguments: str,
    week: str = WEEK.key,
    as_of: str = AS_OF,
    project: Path = PROJECT,
) -> Build:
    """Call dbt in this process with the file held open, then close it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    command, *rest = arguments
    target = home / "target"
    variables = {"week": week, "as_of": as_of, "timezone": "Europe/Dublin"}
    lent = {"HEARTSHARE_WAREHOUSE": str(warehouse), "HEARTSHARE_DBT_KEEP_OPEN": "true"}
    with environment(DO_NOT_TRACK="1", **lent):
        answer = invoke_parsed(
            [
                "--quiet",
                "--no-use-colors",
                "--log-path",
                str(home / "logs"),
                command,
                *rest,
                "--project-dir",
                str(project),
                "--profiles-dir",
                str(project),
                "--target-path",
                str(target),
                "--vars",
                json.dumps(variables),
            ],
            project=project,
            warehouse=warehouse,
            target=target,
        )
    DuckDBConnectionManager.env().close()
    DuckDBConnectionManager.close_all_connections()
    results = getattr(answer.result, "results", None)
    assert results is not None, answer.exception
    return Build(
        statuses={item.node.unique_id: str(item.status) for item in results},
        messages={item.node.unique_id: item.message or "" for item in results},
    )


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def rows_by_table(warehouse: Path) -> dict[tuple[str, str], list[str]]:
    """Every built table as sorted rows, each written out in full."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            f"where table_schema in {BUILT_SCHEMAS} order by all"
        ).fetchall()
        return {
            (schema, name): [
                row
                for (row,) in connection.execute(
                    f"select cast(built as varchar) from {schema}.{name} as built "
                    "order by all"
                ).fetchall()
            ]
            for schema, name in tables
        }
