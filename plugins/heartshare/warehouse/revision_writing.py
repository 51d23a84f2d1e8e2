"""How are a revision's files written, so that a reader finds them whole or not at all?

Into a hidden folder, sealed with digests and made durable, then renamed: the name of a
revision stands for its bytes.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from heartshare.warehouse.dictionary import DICTIONARY, DICTIONARY_NOTES
from heartshare.warehouse.marts_copy import copy_tables, salt_digest
from heartshare.warehouse.revisions import HIDDEN, Revision, digest_of, next_name, sync

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from heartshare.settings import Settings
    from heartshare.warehouse.dictionary import TableNotes
    from heartshare.warehouse.schema_versions import SchemaChange
    from heartshare.weeks import ReportingWeek


@dataclass(frozen=True)
class Candidate:
    """Marts that the gate has judged, with all that is said about them."""

    week: ReportingWeek
    build_id: str
    verdict: Mapping[str, Any]
    tables: Sequence[str]
    inputs: Sequence[Mapping[str, Any]]
    notes: Mapping[str, TableNotes]
    accepts_breaking: bool


@dataclass(frozen=True)
class SchemaVersion:
    """The schema that a candidate would be published with."""

    number: str
    types: Mapping[str, Mapping[str, str]]
    changes: Sequence[SchemaChange] = field(default_factory=tuple)


def write_revision(
    settings: Settings,
    connection: DuckDBPyConnection,
    candidate: Candidate,
    version: SchemaVersion,
) -> Revision:
    """Write one revision under its final name, durable before it has that name."""
    name = next_name(settings)
    hidden = settings.published / f"{HIDDEN}{name}"
    parquet = hidden / "parquet"
    parquet.mkdir(parents=True)
    rows = copy_tables(
        connection, hidden, candidate.tables, settings.person_salt, candidate.notes
    )
    _write_json(hidden / "verdict.json", candidate.verdict)
    files = sorted(path for path in hidden.rglob("*") if path.is_file())
    digests = {str(path.relative_to(hidden)): digest_of(path) for path in files}
    manifest = {
        **_manifest(name, candidate, version, rows, digests),
        "salt_digest": salt_digest(settings.person_salt),
    }
    _write_json(hidden / "manifest.json", manifest)
    for path in (*files, hidden / "manifest.json"):
        path.chmod(0o444)
        sync(path)
    sync(parquet)
    sync(hidden)
    os.rename(hidden, settings.published / name)  # noqa: PTH104 tests count it
    sync(settings.published)
    return Revision(name, settings.published / name)


def _manifest(
    name: str,
    candidate: Candidate,
    schema: SchemaVersion,
    rows: Mapping[str, int],
    digests: Mapping[str, str],
) -> dict[str, Any]:
    return {
        "revision": name,
        "week": candidate.week.key,
        "week_label": candidate.week.label,
        "build_id": candidate.build_id,
        "verdict": candidate.verdict["verdict"],
        "code_version": version("heartshare"),
        "schema_version": schema.number,
        "schema_changes": [change.to_dict() for change in schema.changes],
        "tables": {
            table: {
                "rows": count,
                "parquet_sha256": digests[f"parquet/{table}.parquet"],
                "columns": schema.types[table],
                "key": _key(candidate, table),
            }
            for table, count in sorted(rows.items())
        },
        "files": digests,
        "inputs": [dict(item) for item in candidate.inputs],
    }


def _key(candidate: Candidate, table: str) -> list[str]:
    notes = {**candidate.notes, DICTIONARY: DICTIONARY_NOTES}.get(table)
    return list(notes.key) if notes else []


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))
