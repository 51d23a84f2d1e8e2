"""How do gated marts become a revision that people and BI tools read?

Tables are copied out of the warehouse into a hidden directory, sealed with digests,
renamed and linked; a reader sees the old revision or the new one, never a part.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from heartshare.errors import GateError, InputError
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.marts_copy import copy_tables
from heartshare.warehouse.revisions import (
    Revision,
    current,
    digest_of,
    next_name,
    point_at,
    retire,
    revisions,
    sweep,
    sync,
)
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from heartshare.settings import Settings

PUBLISHABLE = ("clean", "published_with_notes")


class BlockedVerdictError(GateError):
    """Somebody tried to publish marts that the gate has blocked."""

    def __init__(self, week: ReportingWeek, verdict: object) -> None:
        super().__init__(
            f"The verdict on {week.label} is {verdict!r}: nothing is published. "
            "See docs/runbook.md#gate-blocked."
        )


class OtherBuildJudgedError(GateError):
    """The verdict, the marts and the request do not speak of the same build."""

    def __init__(self, what: str, found: object, wanted: str) -> None:
        super().__init__(
            f"{what} is of {found}, but {wanted} is to be published. Run "
            "`heartshare build` and `heartshare gate` again, then publish."
        )


class OlderWeekError(InputError):
    """Publishing would put an older week in place of a newer one."""

    def __init__(self, week: ReportingWeek, newer: str, name: str) -> None:
        super().__init__(
            f"Readers see {newer} ({name}); {week.label} is older and stays "
            "unpublished. `heartshare publish --roll-back NAME` shows an older state."
        )


@dataclass(frozen=True)
class _Candidate:
    """Marts that the gate has judged, with all that is said about them."""

    week: ReportingWeek
    build_id: str
    verdict: Mapping[str, Any]
    tables: Sequence[str]
    inputs: Sequence[Mapping[str, Any]]


def publish(  # noqa: PLR0913 each says one thing about what is published
    settings: Settings,
    *,
    week: ReportingWeek,
    build_id: str,
    verdict: Mapping[str, Any],
    tables: Sequence[str],
    inputs: Sequence[Mapping[str, Any]],
) -> Revision:
    """Publish the gated marts of one week and return the revision that readers see.

    ``tables`` are the warehouse names (schema.table) to copy; ``inputs`` say which
    files the build has read. A build that is already current changes nothing.

    Raises:
        BlockedVerdictError: the gate said no.
        OtherBuildJudgedError: verdict, marts and request name different builds.
        OlderWeekError: readers already see a newer week.
        MissingSaltError: no salt is set, and a table holds person keys.
    """
    candidate = _Candidate(week, build_id, verdict, tables, inputs)
    _require_fit(week, build_id, verdict)
    settings.published.mkdir(parents=True, exist_ok=True)
    with open_writer(settings) as connection:
        sweep(settings)
        seen = current(settings)
        if seen:
            manifest = seen.manifest()
            if manifest["build_id"] == build_id:
                return seen
            if manifest["week"] > week.key:
                raise OlderWeekError(week, manifest["week_label"], seen.name)
        _require_build(connection, build_id)
        revision = _left_behind(settings, seen, build_id, verdict)
        if revision is None:
            revision = _write(settings, connection, candidate)
        point_at(settings, revision)
        retire(settings)
    return Revision(revision.name, revision.path, is_new=True)


def _require_fit(
    week: ReportingWeek, build_id: str, verdict: Mapping[str, Any]
) -> None:
    if verdict.get("verdict") not in PUBLISHABLE:
        raise BlockedVerdictError(week, verdict.get("verdict"))
    if verdict.get("build_id") != build_id:
        raise OtherBuildJudgedError("The verdict", verdict.get("build_id"), build_id)
    judged = ReportingWeek.parse(str(verdict.get("week")))
    if judged != week:
        raise OtherBuildJudgedError("The verdict", judged.label, week.label)


def _require_build(connection: DuckDBPyConnection, build_id: str) -> None:
    """Other steps may have run since the gate: the marts must still be those judged."""
    build = latest_build(connection)
    if build is None or not build.is_finished or build.build_id != build_id:
        found = build.build_id if build and build.is_finished else "no whole build"
        raise OtherBuildJudgedError("What the warehouse holds", found, build_id)


def _left_behind(
    settings: Settings,
    seen: Revision | None,
    build_id: str,
    verdict: Mapping[str, Any],
) -> Revision | None:
    """Return a newer whole revision of this build whose link was never swapped."""
    known = revisions(settings)
    if not known or (seen and known[-1].name == seen.name):
        return None
    newest = known[-1]
    same = newest.manifest()["build_id"] == build_id and newest.verdict() == verdict
    return newest if same else None


def _write(
    settings: Settings, connection: DuckDBPyConnection, candidate: _Candidate
) -> Revision:
    """Write one revision under its final name, durable before it has that name."""
    name = next_name(settings)
    hidden = settings.published / f".tmp-{name}"
    parquet = hidden / "parquet"
    parquet.mkdir(parents=True)
    rows = copy_tables(connection, hidden, candidate.tables, settings.person_salt)
    _write_json(hidden / "verdict.json", candidate.verdict)
    files = sorted(path for path in hidden.rglob("*") if path.is_file())
    digests = {str(path.relative_to(hidden)): digest_of(path) for path in files}
    _write_json(
        hidden / "manifest.json",
        {
            "revision": name,
            "week": candidate.week.key,
            "week_label": candidate.week.label,
            "build_id": candidate.build_id,
            "verdict": candidate.verdict["verdict"],
            "code_version": version("heartshare"),
            "tables": {
                table: {
                    "rows": count,
                    "parquet_sha256": digests[f"parquet/{table}.parquet"],
                }
                for table, count in sorted(rows.items())
            },
            "files": digests,
            "inputs": [dict(item) for item in candidate.inputs],
        },
    )
    for path in (*files, hidden / "manifest.json"):
        path.chmod(0o444)
        sync(path)
    sync(parquet)
    sync(hidden)
    os.rename(hidden, settings.published / name)  # noqa: PTH104 tests count it
    sync(settings.published)
    return Revision(name, settings.published / name)


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))
