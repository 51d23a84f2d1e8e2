"""Facts and verdicts for the tests of the report, from the small published file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
from unit.reporting import published

from heartshare.quality.gate import GateVerdict, Outcome, Severity, State, decide
from heartshare.reporting.weekly.facts import build_facts

if TYPE_CHECKING:
    from heartshare.weeks import ReportingWeek

BUILD_ID = "9f3c41a10b7e4c1d8a22"


def open_published(**options: Any) -> duckdb.DuckDBPyConnection:
    """Return a connection to a fresh small published file in memory."""
    connection = duckdb.connect()
    published.build(connection, **options)
    return connection


def outcome(ref: str, severity: str = "critical", state: str = "passed") -> Outcome:
    suite, _, key = ref.partition("/")
    return Outcome(
        ref=ref,
        suite=suite,
        key=key,
        severity=Severity(severity),
        state=State(state),
        why="A week far below its usual band is a missing export until proven.",
        observed="9 rows, 14 to 31 is usual",
        waived_by="Ana Silva" if state == "waived" else None,
        waived_until="2026-11-30" if state == "waived" else None,
        reason="the account paused" if state == "waived" else None,
    )


def verdict(
    *outcomes: Outcome,
    week: ReportingWeek = published.WEEK,
    build_id: str = BUILD_ID,
) -> GateVerdict:
    """Return a verdict on the week: clean unless outcomes say otherwise."""
    passed = [outcome(f"arrival/check_{number}") for number in range(3)]
    return decide(week, build_id, [*passed, *outcomes])


def facts(
    connection: duckdb.DuckDBPyConnection,
    judged: GateVerdict | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return the facts of an issue on the small published file."""
    options = {"organisation": "Rivermark City Services", **more}
    return build_facts(connection, judged or verdict(), published.WEEK, **options)


def figures(node: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Return every figure in facts with the path on which it stands."""
    if isinstance(node, dict):
        if set(node) == {"value", "text", "query"}:
            return [(path, node)]
        pairs = node.items()
    elif isinstance(node, list):
        pairs = enumerate(node)
    else:
        return []
    return [found for key, value in pairs for found in figures(value, f"{path}/{key}")]
