"""Judge one build of one week and file the verdict where people can read it."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from heartshare.language import speaking
from heartshare.quality.checks import Scope, run_suites
from heartshare.quality.explanation import tell_checks
from heartshare.quality.gate import GateVerdict, apply_waivers, decide
from heartshare.quality.history import (
    SHOWN_WEEKS,
    GateRun,
    begun_runs,
    read_runs,
    record,
    run_folders,
)
from heartshare.quality.incidents import shown
from heartshare.quality.next_steps import load_next_steps
from heartshare.quality.notice import held_notice
from heartshare.quality.page import RunNote, draw_page
from heartshare.quality.suites import load_suites
from heartshare.quality.trend_page import Trend, draw_trend
from heartshare.quality.waivers import load_waivers
from heartshare.warehouse.connections import (
    WarehouseDamagedError,
    WarehouseMissingError,
    open_reader,
)
from heartshare.warehouse.revisions import current
from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from heartshare.quality.notice import HeldNotice
    from heartshare.quality.suites import Suite
    from heartshare.quality.waivers import WaiverFile
    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)


def run_gate(  # noqa: PLR0913 each says one thing about the run
    settings: Settings,
    week: ReportingWeek,
    build_id: str,
    *,
    today: date,
    at: datetime,
    as_of: datetime | None = None,
    published: Collection[str] = (),
) -> GateVerdict:
    """Judge the warehouse's build of a week; write verdict, page and held notice.

    The warehouse is read, never written, and no other connection of this process may
    hold it open for writing. ``published`` names the tables that would be
    published, with schema; without it the privacy checks guard all marts and reports.

    Files go to ``gate/<week>/run-NNNN/``; ``verdict.json`` comes last, so a folder that
    has one is complete. It says that the run was made ``at`` a moment, on a build in
    which exports counted until ``as_of``. ``gate/index.html`` is written anew.

    Raises:
        InputError: for an unusable suite or waiver file, or a missing warehouse.
    """
    suites = load_suites(settings.expectations / "suites")
    refs = {check.ref for suite in suites for check in suite.checks}
    waived = load_waivers(settings.expectations / "waivers.yml", refs, today=today)
    scope = Scope(
        settings.warehouse,
        week,
        settings.timezone,
        frozenset(published),
        _readers_see(settings),
    )
    outcomes = apply_waivers(
        week, run_suites(suites, scope), waived.waivers, today=today
    )
    verdict = decide(week, build_id, outcomes, waivers_ignored=waived.ignored)
    run = GateRun(verdict, _next_run(settings.gate / week.label), at, as_of)
    folder = run.path
    with speaking(settings.language):
        write_whole(folder / "index.html", _run_page(settings, run, suites))
    if not verdict.is_publishable:
        notice = notice_of(settings, verdict)
        write_whole(folder / "held.txt", f"{notice.subject}\n\n{notice.text}")
    stored = record(verdict, judged_at=at, as_of=as_of)
    write_whole(folder / "verdict.json", _json(stored))
    with speaking(settings.language):
        write_whole(settings.gate / "index.html", draw_trend(_trend(settings, waived)))
    LOGGER.info(
        "Gate for %s: %s, %d of %d checks passed",
        week.label,
        verdict.verdict,
        verdict.checks_passed,
        verdict.checks_total,
    )
    return verdict


def _run_page(settings: Settings, run: GateRun, suites: Sequence[Suite]) -> str:
    past = read_runs(settings.gate, until=run.week, skip_damaged=True)
    stories = tell_checks(
        run.verdict,
        suites,
        load_next_steps(settings.expectations / "next_steps.yml"),
        shown((*past, run), run.week, SHOWN_WEEKS),
    )
    note = RunNote(run.path.name, run.judged_at, run.as_of, trend="../../index.html")
    return draw_page(run.verdict, suites, stories, note)


def _trend(settings: Settings, waived: WaiverFile) -> Trend:
    runs = read_runs(settings.gate, skip_damaged=True)
    return Trend(
        organisation=settings.organisation,
        runs=shown(runs, runs[-1].week, SHOWN_WEEKS),
        waivers=waived.waivers,
        ignored=waived.ignored,
    )


def latest_run(settings: Settings, week: ReportingWeek) -> Path | None:
    """Return the folder of a week's last complete gate run, None before the first."""
    complete = run_folders(settings.gate / week.label)
    return complete[-1] if complete else None


def latest_verdict(settings: Settings, week: ReportingWeek) -> GateVerdict | None:
    """Return a week's last verdict, None before its first gate run.

    Raises:
        UnreadableVerdictError: when the file was changed or cut off.
    """
    folder = latest_run(settings, week)
    if folder is None:
        return None
    return _stored_verdict(folder)


def verdict_of_build(
    settings: Settings, week: ReportingWeek, build_id: str
) -> GateVerdict | None:
    """Return the last verdict on one build of a week, None where there is none."""
    for folder in reversed(run_folders(settings.gate / week.label)):
        verdict = _stored_verdict(folder)
        if verdict.build_id == build_id:
            return verdict
    return None


def _stored_verdict(folder: Path) -> GateVerdict:
    text = (folder / "verdict.json").read_text(encoding="utf-8")
    return GateVerdict.from_dict(json.loads(text))


def _readers_see(settings: Settings) -> Path | None:
    """Return the published database; None before the first, and for a damaged one.

    A revision that cannot be opened must not hold up the week that would replace it.
    """
    seen = current(settings)
    if seen is None:
        return None
    try:
        with open_reader(seen.database):
            return seen.database
    except (WarehouseMissingError, WarehouseDamagedError) as error:
        LOGGER.warning(
            "%s cannot be read, so nothing is compared with it: %s", seen.name, error
        )
        return None


def notice_of(settings: Settings, verdict: GateVerdict) -> HeldNotice:
    """Return the notice of a blocked week, in the language of the report.

    Raises:
        ValueError: when the verdict blocks nothing, so there is nothing to announce.
    """
    with speaking(settings.language):
        return held_notice(verdict, last_good=last_good_revision(settings))


def last_good_revision(settings: Settings) -> str | None:
    """Return what readers see, as ``rev-0041 (2026-W45)``; None before the first."""
    seen = current(settings)
    if seen is None:
        return None
    manifest = seen.path / "manifest.json"
    if not manifest.is_file():
        return seen.name
    label = json.loads(manifest.read_text(encoding="utf-8")).get("week_label")
    return f"{seen.name} ({label})" if label else seen.name


def _next_run(folder: Path) -> Path:
    """Return a new folder, numbered one above the highest, never one that was used."""
    runs = begun_runs(folder)
    last = int(runs[-1].name.removeprefix("run-")) if runs else 0
    run = folder / f"run-{last + 1:04d}"
    run.mkdir(parents=True)
    return run


def _json(stored: Mapping[str, Any]) -> str:
    return json.dumps(stored, indent=2, ensure_ascii=False) + "\n"
