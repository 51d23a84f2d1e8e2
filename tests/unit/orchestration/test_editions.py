"""The edition step as a whole: whole months, revisions, the archive and the outbox."""

import json
from datetime import UTC, datetime

import pytest
from unit.orchestration.test_delivering import ANN, BOB, CAT, DEE, settings_of
from unit.orchestration.test_delivering import write_list as list_recipients
from unit.reporting import edition_marts, issues
from unit.reporting.test_delivery import ScriptedServer

from heartshare.orchestration.steps.delivering_editions import (
    NoEditionError,
    deliver_edition,
)
from heartshare.orchestration.steps.editions import (
    MonthNotWholeError,
    RevisionGoneError,
    due_editions,
    render_edition,
)
from heartshare.orchestration.steps.rendering_again import render_again
from heartshare.orchestration.steps.watching import OverdueError, watch_week
from heartshare.reporting.archive.issues import read_manifest
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.editions.half_year import NoProgrammeError
from heartshare.reporting.editions.periods import Month
from heartshare.settings import Settings
from heartshare.weeks import ReportingWeek

OCTOBER, HALF = edition_marts.OCTOBER, edition_marts.HALF
AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
HELD = issues.outcome("history/volume_within_band", state="failed")
NOTED = issues.outcome("history/volume_within_band", "warning", "failed")


@pytest.fixture
def settings(tmp_path):
    """A home whose gate let all weeks of October pass, a holiday with a note."""
    home = Settings.from_env(
        {
            "HEARTSHARE_HOME": str(tmp_path),
            "HEARTSHARE_ORGANISATION": edition_marts.ORGANISATION,
            "HEARTSHARE_MAIL_FROM": "reports@example.org",
            "HEARTSHARE_ARCHIVE_URL": "https://reports.example.org",
        }
    )
    for place, week in enumerate(OCTOBER.weeks):
        judge(home, week, *([NOTED] if place == 2 else []))
    return home


def judge(settings, week, *outcomes):
    """Let the gate judge a week once more."""
    runs = settings.gate / week.label
    number = len([*runs.glob("run-*")]) + 1
    write(runs / f"run-{number:04d}" / "verdict.json", verdict(week, *outcomes))


def verdict(week, *outcomes, build_id=issues.BUILD_ID):
    return issues.verdict(*outcomes, week=week, build_id=build_id).to_dict()


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def publish(settings, name, week, change="", build_id=issues.BUILD_ID):
    """Put a revision of a week on disk, with a change of its marts."""
    folder = settings.published / name
    write(folder / "verdict.json", verdict(week, build_id=build_id))
    manifest = {"week": week.key, "week_label": week.label, "build_id": build_id}
    write(folder / "manifest.json", manifest)
    with edition_marts.open_marts(str(folder / "heartshare.duckdb")) as connection:
        if change:
            connection.execute(change)


def said(issue):
    return json.loads((issue.path / "facts.json").read_text(encoding="utf-8"))


def test_month_is_filed_once_beside_the_weeks_and_renders_to_the_same_bytes(settings):
    publish(settings, "rev-0007", OCTOBER.closing_week)
    first = render_edition(settings, OCTOBER, at=AT)
    again = render_edition(settings, OCTOBER, at=AT)
    assert (first.key, first.is_new, again.is_new) == ("2026-10.r1", True, False)
    manifest = read_manifest(first.path)
    assert (manifest["week"], manifest["period"]) == ("2026-10-26", "2026-10")
    assert "8 more advocates in October 2026." in said(first)["headline"]
    index = (settings.archive / "index.html").read_text(encoding="utf-8")
    assert 'href="2026-10/r1/index.html"' in index
    assert "28 Sep to 1 Nov 2026" in index
    feed = (settings.archive / "atom.xml").read_text(encoding="utf-8")
    assert "https://reports.example.org/2026-10/r1/report.pdf" in feed
    [rendered] = render_again(settings.archive, "2026-10")
    assert rendered.lines() == ["2026-10.r1: the same bytes"]


def test_month_with_a_week_held_or_never_judged_names_it_and_what_to_do(settings):
    publish(settings, "rev-0007", OCTOBER.closing_week)
    judge(settings, OCTOBER.weeks[1], HELD)
    with pytest.raises(MonthNotWholeError) as caught:
        render_edition(settings, OCTOBER, at=AT)
    assert "held by the data gate: 2026-W41" in str(caught.value)
    assert "heartshare gate --week 2026-W41 --explain" in str(caught.value)
    with pytest.raises(MonthNotWholeError, match="heartshare run --week 2026-W45"):
        render_edition(settings, OCTOBER.shift(1), at=AT)


def test_republished_closing_week_is_a_new_issue_and_a_later_week_is_none(settings):
    publish(settings, "rev-0007", OCTOBER.closing_week)
    render_edition(settings, OCTOBER, at=AT)
    publish(settings, "rev-0008", OCTOBER.closing_week.shift(1),
            "update marts.fct_metric_weeks set value = 50", "build8")  # fmt: skip
    assert render_edition(settings, OCTOBER, at=AT).key == "2026-10.r1"
    publish(settings, "rev-0009", OCTOBER.closing_week,
            "update marts.fct_metric_weeks set value = 5 where metric_id = "
            "'advocates_net_new' and week_start = date '2026-10-26'",
            "build9")  # fmt: skip
    corrected = render_edition(settings, OCTOBER, at=AT)
    assert corrected.key == "2026-10.r2"
    assert said(corrected)["issue"]["changes"] == [
        "Was: 8 more advocates in October 2026. Now: 9 more advocates in October 2026."
    ]
    assert "Corrected issue." in (corrected.path / "index.html").read_text()


def test_same_figures_from_another_revision_need_no_new_issue(settings):
    publish(settings, "rev-0007", OCTOBER.closing_week)
    render_edition(settings, OCTOBER, at=AT)
    publish(settings, "rev-0008", OCTOBER.closing_week, build_id="build8")
    assert render_edition(settings, OCTOBER, at=AT).is_new is False


def test_edition_says_which_marts_are_gone(settings):
    with pytest.raises(
        RevisionGoneError, match=r"unless readers see a newer.*edition-missing"
    ):
        render_edition(settings, OCTOBER, at=AT)


def test_half_year_is_made_of_the_first_week_after_its_freeze_and_stays(settings):
    publish(settings, "rev-0001", HALF.closing_week.shift(-1))
    with pytest.raises(RevisionGoneError):
        render_edition(settings, HALF, at=AT)
    publish(settings, "rev-0002", HALF.closing_week.shift(9))
    publish(settings, "rev-0003", HALF.closing_week.shift(5))
    first = render_edition(settings, HALF, at=AT)
    assert said(first)["issue"]["published_revision"] == "rev-0003"
    change = "update marts.fct_recognition_ledger set entry_kind_code = 'award'"
    publish(settings, "rev-0004", HALF.closing_week, change)
    assert render_edition(settings, HALF, at=AT).is_new is False


def test_due_is_what_a_week_closes_and_a_month_that_waited_for_it(settings):
    closing = OCTOBER.closing_week
    first = settings.gate / OCTOBER.weeks[0].label
    first.rename(first.with_name("aside"))
    assert due_editions(settings, closing) == []  # heartshare began within the month
    first.with_name("aside").rename(first)
    assert due_editions(settings, closing) == [OCTOBER]
    assert due_editions(settings, HALF.closing_week) == [HALF]
    judge(settings, OCTOBER.weeks[1], HELD)
    assert due_editions(settings, OCTOBER.weeks[1]) == []
    judge(settings, OCTOBER.weeks[1])
    assert due_editions(settings, OCTOBER.weeks[1]) == [OCTOBER]
    publish(settings, "rev-0007", closing)
    render_edition(settings, OCTOBER, at=AT)
    assert due_editions(settings, OCTOBER.weeks[1]) == []


@pytest.mark.parametrize(
    ("kept", "due"),
    [("none", []), ("ranked", [HALF]), ("enrolled", [HALF])],
)
def test_half_year_without_a_programme_is_not_due_and_by_hand_says_why(
    settings, kept, due
):
    clear = {
        "ranked": "delete from marts.agg_halfyear_recognition; ",
        "enrolled": "update marts.agg_weekly_employees set enrolled_count = 0; ",
    }
    change = "".join(sql for part, sql in clear.items() if part != kept)
    publish(settings, "rev-0002", HALF.closing_week, change)
    assert due_editions(settings, HALF.closing_week) == due
    if due:
        assert render_edition(settings, HALF, at=AT).is_new
    else:
        with pytest.raises(NoProgrammeError, match="no employee is ranked") as caught:
            render_edition(settings, HALF, at=AT)
        assert "publish 2026-W28 again" in str(caught.value)


def test_edition_goes_once_to_those_who_ask_for_it(settings):
    publish(settings, "rev-0007", OCTOBER.closing_week)
    list_recipients(
        settings.home,
        (ANN, "owner", "all", None),
        (BOB, "community", "page_one", None),
        (CAT, "leadership", "page_one|monthly", None),
        (DEE, "leadership", "half_year", None),
    )
    server = ScriptedServer()
    with server.running() as account:
        sending = settings_of(settings.home, account)
        with pytest.raises(NoEditionError, match="--edition monthly --month 2026-10"):
            deliver_edition(sending, OCTOBER, at=AT)
        render_edition(settings, OCTOBER, at=AT)
        assert deliver_edition(sending, OCTOBER, at=AT) == {"sent": 2}
        assert deliver_edition(sending, OCTOBER, at=AT) == {"sent": 2}
    rows = Outbox(settings.outbox).rows("2026-10.r1")
    assert [row.recipient for row in rows] == [ANN, CAT]
    assert [row.attempts for row in rows] == [1, 1]


def test_watch_misses_an_edition_that_is_due_until_it_is_there(settings):
    closing = OCTOBER.closing_week
    with pytest.raises(OverdueError, match="closes 2026-10, and no edition of it"):
        watch_week(settings, closing, at=AT)
    publish(settings, "rev-0007", closing)
    render_edition(settings, OCTOBER, at=AT)
    with pytest.raises(OverdueError) as caught:
        watch_week(settings, closing, at=AT)
    assert not any("edition" in one for one in caught.value.findings)


def test_watch_remembers_a_month_that_waits_once_a_later_week_is_watched(settings):
    for week in OCTOBER.weeks:
        write(settings.archive / week.label / "r1" / "manifest.json", {})
    judge(settings, OCTOBER.weeks[1], HELD)
    later = OCTOBER.closing_week.shift(2)
    with pytest.raises(OverdueError, match="2026-W44 closes 2026-10, and no edition"):
        watch_week(settings, later, at=AT)
    judge(settings, OCTOBER.weeks[1])
    write(settings.archive / OCTOBER.label / "r1" / "manifest.json", {})
    with pytest.raises(OverdueError) as caught:
        watch_week(settings, later, at=AT)
    assert not any("edition" in one for one in caught.value.findings)


def test_watch_asks_for_no_month_from_before_the_first_report(settings):
    with pytest.raises(OverdueError) as caught:
        watch_week(settings, OCTOBER.closing_week.shift(2), at=AT)
    assert not any("edition" in one for one in caught.value.findings)


def test_every_month_of_ten_years_is_whole_with_its_closing_week():
    for number in range(120):
        month = Month(2026, 1).shift(number)
        after = ReportingWeek.containing(month.shift(1).first_day)
        assert month.closing_week in {after, after.shift(-1)}
