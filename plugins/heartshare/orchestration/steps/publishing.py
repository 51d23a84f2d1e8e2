"""Step: publish the gated marts of a week as a new revision."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from heartshare.errors import GateError, InputError
from heartshare.orchestration.dbt_runner import published_tables
from heartshare.orchestration.published_notes import published_notes
from heartshare.orchestration.steps.building import (
    PATIENCE_SECONDS,
    loaded_files,
)
from heartshare.quality.gate import WeekHeldError
from heartshare.quality.run import latest_verdict
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.publication import publish
from heartshare.warehouse.revisions import current, roll_back

if TYPE_CHECKING:
    from heartshare.quality.gate import GateVerdict
    from heartshare.settings import Settings
    from heartshare.warehouse.postgres_copy import PostgresCopy
    from heartshare.warehouse.revisions import Revision
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


class NeverJudgedError(GateError):
    """A week is to be published on which the gate has never spoken."""

    def __init__(self, week: ReportingWeek) -> None:
        super().__init__(
            f"The gate has not judged {week.label}. "
            f"Run `heartshare gate --week {week.label}` first."
        )


class NothingPublishedError(InputError):
    """Something published is to be copied, and there is nothing."""

    def __init__(self) -> None:
        super().__init__("Nothing is published yet. Run `heartshare publish` first.")


class NoPostgresError(InputError):
    """A copy is to be made, and nobody has said where."""

    def __init__(self) -> None:
        super().__init__(
            "HEARTSHARE_POSTGRES_COPY is empty. Set it to the database that gets the "
            "copy; docs/bi.md#postgresql-copy says how to prepare it."
        )


def verdict_on(settings: Settings, week: ReportingWeek) -> GateVerdict:
    """Return the gate's last verdict on a week, fit or not.

    Raises:
        NeverJudgedError: there is none.
    """
    verdict = latest_verdict(settings, week)
    if verdict is None:
        raise NeverJudgedError(week)
    return verdict


def publish_marts(
    settings: Settings, week: ReportingWeek, *, accepts_breaking: bool = False
) -> Revision:
    """Publish the week on the strength of its last verdict; return the revision.

    Raises:
        WeekHeldError: the gate has blocked the week.
        NeverJudgedError: it has never judged it.
        OtherBuildJudgedError: the marts were built again since.
        OlderWeekError: readers already see a newer week.
        BreakingChangeError: readers would lose a table, a column or its type.
    """
    verdict = verdict_on(settings, week)
    if not verdict.is_publishable:
        raise WeekHeldError(verdict)
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        build = latest_build(connection)
        inputs = loaded_files(connection, build.as_of) if build else []
    revision = publish(
        settings,
        week=week,
        build_id=verdict.build_id,
        verdict=verdict.to_dict(),
        tables=published_tables(settings),
        inputs=inputs,
        notes=published_notes(settings),
        accepts_breaking=accepts_breaking,
    )
    LOGGER.info(
        "%s %s as %s (%s)",
        "Published" if revision.is_new else "Readers already see",
        week.label,
        revision.name,
        revision.path,
    )
    return revision


def roll_back_to(settings: Settings, name: str) -> Revision:
    """Make readers see another revision, in files and in PostgreSQL.

    Raises:
        UnknownRevisionError: no such revision is kept.
        DamagedRevisionError: a file differs from its digest.
    """
    revision = roll_back(settings, name)
    copy_if_wanted(settings)
    return revision


def copy_if_wanted(settings: Settings) -> None:
    """Copy what readers see into PostgreSQL where the settings name a database.

    Raises:
        PostgresAwayError: the server cannot be reached; files are published all the
            same.
    """
    if settings.postgres_copy:
        copy_to_postgres(settings)


def copy_to_postgres(
    settings: Settings, *, keeps_previous: bool = True
) -> PostgresCopy:
    """Copy what readers see into PostgreSQL, unless it is there already.

    Raises:
        NoPostgresError: the settings name no database.
        NothingPublishedError: there is no revision.
        PostgresAwayError: the server cannot be reached.
        PostgresRefusedError: role, rights or a foreign schema stand in the way.
        ReadersHoldError: an open transaction kept the old tables.
    """
    from heartshare.warehouse.postgres_copy import copy_revision

    if not settings.postgres_copy:
        raise NoPostgresError
    seen = current(settings)
    if seen is None:
        raise NothingPublishedError
    done = copy_revision(
        settings.postgres_copy,
        seen,
        reader=settings.postgres_reader,
        keeps_previous=keeps_previous,
    )
    if done.is_new:
        LOGGER.info(
            "Copied %s to PostgreSQL: %d tables, %d rows",
            done.revision,
            done.tables,
            done.rows,
        )
    else:
        LOGGER.info("PostgreSQL holds %s already", done.revision)
    return done
