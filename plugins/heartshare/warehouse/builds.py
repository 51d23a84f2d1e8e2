"""Which build do the marts in the warehouse carry?

Marts are built in place, so a build is either the one they carry or history. The
table ``meta.builds`` says which, and whether that build ever finished.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from heartshare.weeks import ReportingWeek

_TABLE = """
create schema if not exists meta;
create table if not exists meta.builds (
    build_number bigint primary key,
    build_id varchar not null,
    week_start date not null,
    as_of timestamp not null,
    state_code varchar not null check (state_code in ('building', 'built'))
);
"""


@dataclass(frozen=True)
class Build:
    """One build of the marts: its name, its week, and until when exports counted.

    ``as_of`` is UTC, naive as everything in the warehouse.
    """

    build_id: str
    week_key: str
    as_of: datetime
    is_finished: bool


def identify_build(
    week: ReportingWeek,
    *,
    as_of: datetime,
    timezone: str,
    inputs: Sequence[str],
    project_digest: str,
) -> str:
    """Return the name of a build: equal inputs, rules and week have equal names.

    ``inputs`` are the SHA-256 of every file that the build may read, in any order.
    """
    parts = [week.key, as_of.isoformat(), timezone, project_digest, *sorted(inputs)]
    return hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()


def prepare_builds(connection: DuckDBPyConnection) -> None:
    """Create the table of builds where it does not exist."""
    connection.execute(_TABLE)


def latest_build(connection: DuckDBPyConnection) -> Build | None:
    """Return the build that the marts carry; None before the first."""
    prepare_builds(connection)
    rows = connection.execute(
        "select build_id, week_start::varchar, as_of, state_code = 'built' "
        "from meta.builds order by build_number desc limit 1"
    ).fetchall()
    return Build(*rows[0]) if rows else None


def open_build(
    connection: DuckDBPyConnection, week: ReportingWeek, build_id: str, as_of: datetime
) -> None:
    """Note that a build begins: until it is closed, the marts carry no whole build."""
    prepare_builds(connection)
    connection.execute(
        "insert into meta.builds select coalesce(max(build_number), 0) + 1, "
        "?, ?::date, ?, 'building' from meta.builds",
        [build_id, week.key, as_of],
    )


def close_build(connection: DuckDBPyConnection, build_id: str) -> None:
    """Note that the newest build, which must bear this name, is whole."""
    connection.execute(
        "update meta.builds set state_code = 'built' where build_id = ? "
        "and build_number = (select max(build_number) from meta.builds)",
        [build_id],
    )
