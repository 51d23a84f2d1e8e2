"""Routes of the gate: verdicts over the weeks, and the findings of one run."""

from datetime import UTC, datetime

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from heartshare.errors import HeartshareError
from heartshare.quality.explanation import often_text, waiver_text
from heartshare.quality.suites import load_suites
from heartshare.quality.waivers import WaiverFile, load_waivers
from heartshare.settings import Settings
from heartshare.ui.access import READS_GATE, SettingsDep
from heartshare.ui.judged_runs import (
    find_run,
    findings,
    judged_runs,
    newest_runs,
    trend,
)
from heartshare.ui.pages import page

ROUTER = APIRouter(prefix="/gate", dependencies=READS_GATE)


@ROUTER.get("")
def list_runs(request: Request, user: GetUserDep, settings: SettingsDep) -> Response:
    """Show every verdict, the checks over the weeks, and the waivers that count."""
    runs = judged_runs(settings.gate)
    recent = newest_runs(runs)
    waivers, problem = _waivers(settings)
    return page(
        request,
        user,
        settings,
        "gate.html.j2",
        section="gate",
        runs=runs,
        recent=recent,
        rows=trend(recent),
        waivers=waivers,
        problem=problem,
    )


@ROUTER.get("/{label}/{run}")
def show_run(
    request: Request, user: GetUserDep, settings: SettingsDep, label: str, run: str
) -> Response:
    """Show what one run found: why it matters, who owns it, what to do next."""
    found = find_run(settings.gate, label, run)
    if found is None:
        raise HTTPException(404, "The gate has no such run.")
    return page(
        request,
        user,
        settings,
        "gate_run.html.j2",
        section="gate",
        judged=found,
        findings=findings(settings, found.verdict) if found.verdict else [],
        often_text=often_text,
        waiver_text=waiver_text,
    )


def _waivers(settings: Settings) -> tuple[WaiverFile, str]:
    """Return the waivers, or none and why their file cannot be read."""
    today = datetime.now(UTC).astimezone(settings.timezone).date()
    try:
        suites = load_suites(settings.expectations / "suites")
        refs = {check.ref for suite in suites for check in suite.checks}
        path = settings.expectations / "waivers.yml"
        return load_waivers(path, refs, today=today), ""
    except (HeartshareError, OSError) as error:
        return WaiverFile((), ()), str(error)
