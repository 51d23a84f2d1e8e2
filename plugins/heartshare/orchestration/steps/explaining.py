"""Step: say what the gate found in a week, why it matters and what to do about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from heartshare.orchestration.steps.publishing import verdict_on
from heartshare.quality.explanation import explain, explain_data, tell_checks
from heartshare.quality.history import SHOWN_WEEKS, read_runs
from heartshare.quality.incidents import shown
from heartshare.quality.next_steps import load_next_steps
from heartshare.quality.suites import load_suites

if TYPE_CHECKING:
    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek


def explain_week(
    settings: Settings,
    week: ReportingWeek,
    *,
    is_all: bool = False,
    as_json: bool = False,
) -> str:
    """Return the week's last run explained, as text or as one JSON object.

    Checks that passed are told only with ``is_all``. The warehouse is not opened.

    Raises:
        NeverJudgedError: the gate has not judged the week.
        InputError: for unusable suites or a damaged record.
    """
    verdict = verdict_on(settings, week)
    stories = tell_checks(
        verdict,
        load_suites(settings.expectations / "suites"),
        load_next_steps(settings.expectations / "next_steps.yml"),
        shown(read_runs(settings.gate, until=week), week, SHOWN_WEEKS),
        is_all=is_all,
    )
    if as_json:
        return json.dumps(explain_data(verdict, stories), indent=2, ensure_ascii=False)
    return explain(verdict, stories)
