"""What did the gate find in each of its runs? Kept in the warehouse, row after row.

The folders of gate/ are the records; ``meta.gate_runs`` and ``meta.gate_findings``
hold the same for SQL. dbt builds around them, forgetting keeps them, and a warehouse
that was lost gets them back from the folders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from heartshare.warehouse.connections import Connection

_TABLES = (
    "create schema if not exists meta",
    """
    create table if not exists meta.gate_runs (
        run_key varchar primary key, week_start date not null,
        run_number bigint not null, build_id varchar not null, as_of timestamp,
        judged_at timestamp, verdict_code varchar not null,
        check_count bigint not null, passed_count bigint not null
    )
    """,
    """
    create table if not exists meta.gate_findings (
        run_key varchar not null, position_number bigint not null,
        check_code varchar not null, suite_code varchar not null,
        severity_code varchar not null, state_code varchar not null,
        offending_count bigint, owner_name varchar not null, waived_by varchar,
        waived_until date, waiver_reason varchar, primary key (run_key, check_code)
    )
    """,
)


@dataclass(frozen=True)
class FindingRow:
    """What one check found; ``offending_count`` is null where nothing was counted."""

    check_code: str
    suite_code: str
    severity_code: str
    state_code: str
    offending_count: int | None
    owner_name: str
    waived_by: str | None = None
    waived_until: date | None = None
    waiver_reason: str | None = None


@dataclass(frozen=True)
class RunRow:
    """One run of the gate with its findings in suite order; times are UTC, naive.

    ``as_of`` and ``judged_at`` are null for runs from before they were kept.
    """

    run_key: str
    week_start: date
    run_number: int
    build_id: str
    as_of: datetime | None
    judged_at: datetime | None
    verdict_code: str
    check_count: int
    passed_count: int
    findings: Sequence[FindingRow]


def prepare_history(connection: Connection) -> None:
    """Create the tables of the history where they do not exist."""
    for statement in _TABLES:
        connection.execute(statement)


def note_runs(connection: Connection, runs: Iterable[RunRow]) -> int:
    """Append the runs that the history does not hold; return how many those were.

    What was noted once is never changed. A run is noted whole or not at all.
    """
    prepare_history(connection)
    known = {
        key
        for (key,) in connection.execute(
            "select run_key from meta.gate_runs"
        ).fetchall()
    }
    fresh = [run for run in runs if run.run_key not in known]
    for run in fresh:
        connection.execute("begin transaction")
        try:
            _insert(connection, run)
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
    return len(fresh)


def _insert(connection: Connection, run: RunRow) -> None:
    connection.execute(
        "insert into meta.gate_runs values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            run.run_key,
            run.week_start,
            run.run_number,
            run.build_id,
            run.as_of,
            run.judged_at,
            run.verdict_code,
            run.check_count,
            run.passed_count,
        ],
    )
    rows = [
        [
            run.run_key,
            position,
            one.check_code,
            one.suite_code,
            one.severity_code,
            one.state_code,
            one.offending_count,
            one.owner_name,
            one.waived_by,
            one.waived_until,
            one.waiver_reason,
        ]
        for position, one in enumerate(run.findings, start=1)
    ]
    if rows:
        connection.executemany(
            "insert into meta.gate_findings values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
