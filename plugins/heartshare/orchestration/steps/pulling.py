"""Step: bring what is new from every source into the landing folder."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from heartshare.errors import HeartshareError, InputError
from heartshare.exports.landed_files import land_chunks, remove_leftovers
from heartshare.exports.unchanged import note_unchanged
from heartshare.orchestration.metadata import (
    AirflowHome,
    airflow_variables,
    prepare_environment,
)
from heartshare.orchestration.steps.progress import silent
from heartshare.orchestration.steps.sources import declared_sources, list_sources
from heartshare.pulls.folder import FolderSource
from heartshare.pulls.objects import ObjectSource
from heartshare.pulls.registry import API_CLASSES, open_api
from heartshare.pulls.source import PullRun, PullSummary
from heartshare.pulls.state import PullState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from heartshare.exports.landing import LandedFile
    from heartshare.orchestration.steps.progress import Progress
    from heartshare.pulls.declarations import Declaration
    from heartshare.pulls.source import Lander, PullSource
    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)

#: No pull takes longer, so what was last written before it began is left over.
_LONGEST_PULL = timedelta(days=1)


class UnknownSourceError(InputError):
    """Somebody asked for a source that is neither declared nor in the inbox."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"There is no source {name}. Known: {', '.join(known) or 'none'}. Make a "
            "folder of that name in the inbox, or declare it in sources.yml "
            "(docs/sources.md)."
        )


class SourcesFailedError(HeartshareError):
    """Several sources could not be pulled; ends with the exit code of the first."""

    def __init__(self, failures: Sequence[HeartshareError], tried: int) -> None:
        super().__init__(
            f"{len(failures)} of {tried} sources failed. "
            + " ".join(str(failure) for failure in failures)
        )
        self.exit_status = failures[0].exit_status  # type: ignore[misc]


def pull_source(
    settings: Settings,
    source_name: str,
    *,
    now: datetime,
    progress: Progress = silent,
) -> PullSummary:
    """Land what is new in one source, from its inbox folder and where it is declared.

    ``now`` is UTC. Two processes never pull one source at once. That a platform's API
    was asked to the end is written down, also where it had nothing new: its exports
    have arrived then.

    Raises:
        UnknownSourceError: there is no such source.
        SourceBusyError: another process pulls it.
        HeartshareError: as its kind of source explains; what landed before is kept.
    """
    declared = declared_sources(settings).get(source_name)
    has_folder = (settings.inbox / source_name).is_dir()
    if declared is None and not has_folder:
        raise UnknownSourceError(source_name, list_sources(settings))
    state = PullState(settings.pulls / source_name, source_name)
    with state.hold():
        before = now - _LONGEST_PULL
        remove_leftovers(settings.landing / source_name, before=before)
        run = PullRun(
            source_name=source_name,
            now=now,
            cursor=state.read(),
            lander=_lander(settings, source_name),
            saver=state.save,
            progress=progress,
        )
        if has_folder:
            _pull_inbox(settings, run)
        if declared and declared.kind != "folder":
            with open_source(declared) as source:
                source.pull(run)
            if declared.kind in API_CLASSES and run.summary.is_complete:
                note_unchanged(settings.landing / source_name, None, now)
    _tell(source_name, run.summary)
    return run.summary


def pull_sources(
    settings: Settings,
    names: Sequence[str] = (),
    *,
    now: datetime,
    progress: Progress = silent,
) -> None:
    """Pull some sources, or all, one after the other; each that fails is told.

    Raises:
        UnknownSourceError: one of the names is no source; none was pulled.
        HeartshareError: what failed, after all the others had their turn.
    """
    known = list_sources(settings)
    for name in names:
        if name not in known:
            raise UnknownSourceError(name, known)
    chosen = list(names) or known
    _prepare_airflow(settings, chosen)
    failures: list[HeartshareError] = []
    for name in chosen:
        try:
            pull_source(settings, name, now=now, progress=progress)
        except HeartshareError as error:
            failures.append(error)
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise SourcesFailedError(failures, len(chosen))


@contextmanager
def open_source(declaration: Declaration) -> Iterator[PullSource]:
    """Open a source that lies elsewhere, with its Airflow connection's credentials."""
    if declaration.kind == "objects":
        from heartshare.orchestration.connections import open_remote

        with open_remote(declaration) as remote:
            yield ObjectSource(remote, declaration)
    else:
        from heartshare.orchestration.connections import account_of

        yield open_api(declaration, account_of(declaration))


def _prepare_airflow(settings: Settings, names: Iterable[str]) -> None:
    """Give Airflow a home of its own where a shell wants to read its connections."""
    declared = declared_sources(settings)
    kinds = {declared[name].kind for name in names if name in declared}
    if kinds <= {"folder"} or "AIRFLOW_HOME" in os.environ or "airflow" in sys.modules:
        return
    root = settings.dbt_project.parent
    path = settings.home / "airflow" / "embedded"
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    home = AirflowHome(path, root / "dags", root / "plugins")
    quiet = {"AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING"}
    prepare_environment(quiet | airflow_variables(home))


def _pull_inbox(settings: Settings, run: PullRun) -> None:
    """Land the new files of the inbox's folder of that name."""
    FolderSource(settings.inbox, only=run.source_name).take(run, settings.landing)


def _lander(settings: Settings, own_name: str) -> Lander:
    """Return how files of a source get into the landing folder."""

    def land(
        chunks: Iterable[bytes],
        name: str,
        *,
        exported_at: datetime,
        source_name: str | None = None,
    ) -> LandedFile:
        source = source_name or own_name
        return land_chunks(chunks, name, source, settings.landing, exported_at)

    return land


def _tell(source_name: str, summary: PullSummary) -> None:
    for doubt in summary.doubts:
        LOGGER.warning("%s: %s", source_name, doubt)
    if summary.ahead:
        name, moment = max(summary.ahead.items(), key=lambda pair: pair[1])
        LOGGER.warning(
            "%s: %d new files are dated after this pull, such as %s on %s: until then "
            "they count as the newest, and no week before has them. If that is wrong, "
            "see docs/runbook.md#file-with-a-wrong-moment",
            source_name,
            len(summary.ahead),
            name,
            f"{moment:%Y-%m-%d}",
        )
    if summary.files_waiting:
        LOGGER.warning(
            "%s: %d files may still be written and wait for the next pull",
            source_name,
            summary.files_waiting,
        )
    LOGGER.info("%s: %d new files landed", source_name, summary.files_new)
