"""What the owners of a held week read."""

from dataclasses import replace

import pytest

from heartshare.language import speaking
from heartshare.quality.gate import Outcome, Severity, State, decide
from heartshare.quality.notice import held_notice
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
PASSED = Outcome(
    "totals.present",
    "totals",
    "present",
    Severity.CRITICAL,
    State.PASSED,
    "Nothing to compare with.",
    "12",
    "data-engineering",
)
FAILED = replace(
    PASSED,
    ref="totals.match",
    key="match",
    state=State.FAILED,
    why="Rows were lost <or doubled>.",
    observed="1 offending row",
    examples=("youtube_rivermark",),
)
WAIVED = replace(
    FAILED,
    ref="report.equal",
    suite="report",
    key="equal",
    state=State.WAIVED,
    waived_by="Aoife Byrne",
    waived_until="2026-11-20",
    reason="Known gap.",
)


def test_notice_holds_all_that_an_owner_needs():
    verdict = decide(WEEK, "b1", [PASSED, FAILED, WAIVED])
    notice = held_notice(verdict, last_good="rev-0041 (2026-W45)")
    assert notice.subject == "HELD: weekly report 2026-W46, one check failed"
    for wanted in (
        "totals.match (critical, failed)",
        "Why it matters: Rows were lost <or doubled>.",
        "Found: 1 offending row",
        "Examples: youtube_rivermark",
        "Owner: data-engineering",
        "heartshare gate --week 2026-W46 --explain",
        "last good revision, rev-0041 (2026-W45)",
        "nothing of this week has been published",
        "Look at totals first",
    ):
        assert wanted in notice.text
    assert "report.equal" not in notice.text


def test_notice_says_when_nothing_was_ever_published():
    notice = held_notice(decide(WEEK, "b1", [FAILED]), last_good=None)
    assert "readers see nothing" in notice.text


def test_notice_of_a_week_that_is_not_held_is_refused():
    with pytest.raises(ValueError, match="not held"):
        held_notice(decide(WEEK, "b1", [PASSED]), last_good=None)


def test_notice_leaves_out_an_owner_whom_nobody_named():
    notice = held_notice(decide(WEEK, "b1", [replace(FAILED, owner="")]), last_good="r")
    assert "Owner" not in notice.text


def test_notice_speaks_the_language_of_the_report():
    outcomes = [FAILED, replace(FAILED, ref="totals.other", state=State.BROKEN)]
    with speaking("de"):
        notice = held_notice(decide(WEEK, "b1", outcomes), last_good="rev-0041")
    assert notice.subject == (
        "ANGEHALTEN: Wochenbericht 2026-W46, 2 Prüfungen nicht bestanden"
    )
    for wanted in (
        "totals.match (kritisch, nicht bestanden)",
        "totals.other (kritisch, nicht durchführbar)",
        "Zuständig: data-engineering",
        "den letzten guten Datenstand, rev-0041",
        "Nächster Schritt: heartshare gate --week 2026-W46 --explain",
        "Legen Sie dann den berichtigten Export",
    ):
        assert wanted in notice.text
