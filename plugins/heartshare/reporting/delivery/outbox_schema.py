"""What the outbox file holds, and how a file of an earlier release gets there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

_SCHEMA = """
create table if not exists issues (
    issue text primary key,
    digest text not null,
    enqueued_at text not null
) without rowid;
create table if not exists deliveries (
    issue text not null references issues,
    recipient text not null,
    address text not null,
    state text not null,
    attempts integer not null,
    smtp_code integer,
    smtp_text text not null,
    owner text not null,
    changed_at text not null,
    retry_at text,
    lease_until text,
    handed_over_at text,
    settled_by text,
    primary key (issue, recipient)
) without rowid;
create table if not exists settlements (
    issue text not null,
    recipient text not null,
    settled_at text not null,
    person text not null,
    state_before text not null,
    state_after text not null,
    reason text not null default ''
);
create table if not exists bounces (
    digest text primary key,
    issue text not null,
    recipient text not null,
    kind text not null,
    status text not null,
    noticed_at text not null
) without rowid;
create table if not exists suspensions (
    recipient text primary key,
    since text not null,
    reason text not null
) without rowid;
create table if not exists snapshots (
    issue text not null,
    recipient text not null,
    role_code text not null,
    sections text not null,
    valid_from text,
    valid_until text,
    has_pdf integer not null,
    taken_at text not null,
    primary key (issue, recipient)
) without rowid;
"""
#: Tables with a recipient in them: an erasure goes through all.
PERSONAL_TABLES = ("settlements", "deliveries", "bounces", "suspensions", "snapshots")


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables that are missing and add what earlier releases did not have."""
    connection.execute("pragma journal_mode = wal")
    connection.executescript(_SCHEMA)
    columns = {row[1] for row in connection.execute("pragma table_info(settlements)")}
    if "reason" not in columns:
        connection.execute(
            "alter table settlements add column reason text not null default ''"
        )
        connection.commit()
