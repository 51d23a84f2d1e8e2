"""How do gated marts become a revision that people and BI tools read?

Tables are copied out of the warehouse into a hidden directory, sealed with digests,
renamed and linked; a reader sees the old revision or the new one, never a part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.errors import GateError, InputError
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.locking import hold_published
from heartshare.warehouse.marts_copy import published_schema, salt_digest
from heartshare.warehouse.revision_writing import (
    Candidate,
    SchemaVersion,
    write_revision,
)
from heartshare.warehouse.revisions import (
    Revision,
    current,
    is_readable,
    is_whole,
    point_at,
    retire,
    revisions,
    sweep,
)
from heartshare.warehouse.schema_versions import (
    BreakingChangeError,
    next_version,
)
from heartshare.warehouse.whole_files import sync
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from heartshare.settings import Settings
    from heartshare.warehouse.dictionary import TableNotes

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


def publish(  # noqa: PLR0913 each says one thing about what is published
    settings: Settings,
    *,
    week: ReportingWeek,
    build_id: str,
    verdict: Mapping[str, Any],
    tables: Sequence[str],
    inputs: Sequence[Mapping[str, Any]],
    notes: Mapping[str, TableNotes] | None = None,
    accepts_breaking: bool = False,
) -> Revision:
    """Publish the gated marts of one week and return the revision that readers see.

    ``tables`` are the warehouse names (schema.table) to copy; ``inputs`` say which
    files the build has read; ``notes`` say by table what it means. A build that is
    already current, every file as published and under the same salt, changes nothing.

    Raises:
        BlockedVerdictError: the gate said no.
        OtherBuildJudgedError: verdict, marts and request name different builds.
        OlderWeekError: readers already see a newer week.
        MissingSaltError: no salt is set, and a table holds person keys.
        BreakingChangeError: readers would lose a table, a column or its type.
    """
    candidate = Candidate(
        week, build_id, verdict, tables, inputs, notes or {}, accepts_breaking
    )
    _require_fit(week, build_id, verdict)
    _make_folder(settings)
    with open_writer(settings) as connection, hold_published(settings):
        sweep(settings)
        known = [each for each in revisions(settings) if is_readable(each)]
        seen = _seen(settings, known)
        if seen:
            manifest = seen.manifest()
            is_same = manifest["build_id"] == build_id and _is_keyed_alike(
                settings, seen
            )
            if is_same and _is_shown(settings, seen):
                return seen
            if manifest["week"] > week.key:
                raise OlderWeekError(week, manifest["week_label"], seen.name)
        _require_build(connection, build_id)
        revision = _left_behind(settings, known, candidate)
        if revision is None:
            version = _version(connection, settings, candidate, seen, known)
            revision = write_revision(settings, connection, candidate, version)
        point_at(settings, revision)
        retire(settings)
    return Revision(revision.name, revision.path, is_new=True)


def _make_folder(settings: Settings) -> None:
    if not settings.published.is_dir():
        settings.published.mkdir(parents=True)
        sync(settings.published.parent)


def _seen(settings: Settings, known: Sequence[Revision]) -> Revision | None:
    """Return what readers see; the newest readable one when that is gone or broken."""
    now = current(settings)
    shown = [each for each in known if now and each.name == now.name]
    return next(iter(shown or known[-1:]), None)


def _is_keyed_alike(settings: Settings, revision: Revision) -> bool:
    """Return whether a revision names today's salt; those of long ago name none."""
    return revision.manifest().get("salt_digest") == salt_digest(settings.person_salt)


def _is_shown(settings: Settings, revision: Revision) -> bool:
    now = current(settings)
    return now is not None and now.name == revision.name and is_whole(revision)


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
    settings: Settings, known: Sequence[Revision], candidate: Candidate
) -> Revision | None:
    """Return a newer whole revision of this build whose link was never swapped."""
    now = current(settings)
    if not known or (now and known[-1].name == now.name):
        return None
    newest = known[-1]
    if newest.manifest()["build_id"] != candidate.build_id:
        return None
    if not (_is_keyed_alike(settings, newest) and is_whole(newest)):
        return None
    return newest if newest.verdict() == candidate.verdict else None


def _version(
    connection: DuckDBPyConnection,
    settings: Settings,
    candidate: Candidate,
    seen: Revision | None,
    known: Sequence[Revision],
) -> SchemaVersion:
    """Return the version of the candidate's schema, or refuse what would break."""
    types = published_schema(connection, candidate.tables, settings.person_salt)
    number, changes = next_version(types, seen, known)
    is_breaking = any(change.is_breaking for change in changes)
    if seen and is_breaking and not candidate.accepts_breaking:
        raise BreakingChangeError(changes, number, seen.name)
    return SchemaVersion(number, types, changes)
