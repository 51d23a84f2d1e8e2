"""Weeks run one after the other; an edition that cannot be made stops none of them."""

from datetime import UTC, datetime

import pytest
from unit.orchestration.test_editions import HELD, OCTOBER, judge, publish
from unit.orchestration.test_editions import settings as settings  # noqa: PLC0414

from heartshare.errors import HeartshareError
from heartshare.orchestration import embedded
from heartshare.orchestration.embedded import (
    EDITIONS,
    DagResult,
    EditionsFailedError,
    run_weeks,
)
from heartshare.orchestration.partitions import Mode
from heartshare.orchestration.steps.editions import due_editions, render_edition

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
AFTER = OCTOBER.closing_week.shift(1)


@pytest.fixture
def ran(settings, monkeypatch):
    """Weeks that were built and editions that were tried, in order, without Airflow."""
    done = []

    class Chain:
        """Judges each week as good where Airflow would, and makes editions for real."""

        def __init__(self, _):
            pass

        def run_week(self, week, mode, dag_ids):
            for dag_id in dag_ids:
                if dag_id == "build_marts":
                    judge(settings, week)
                    publish(settings, f"rev-{len(done):04d}", week)
                done.append((week.label, dag_id))
                yield self.run(week, dag_id)

        def run(self, week, dag_id):
            try:
                for period in (
                    due_editions(settings, week) if dag_id == EDITIONS else ()
                ):
                    render_edition(settings, period, at=AT)
            except HeartshareError as error:
                tasks = {"render_editions": "failed"}
                return DagResult(dag_id, "failed", tasks, 0.1, error)
            return DagResult(dag_id, "success", {"all": "success"}, 0.1)

    monkeypatch.setattr(embedded, "EmbeddedAirflow", Chain)
    return done


def editions(ran):
    return [label for label, dag_id in ran if dag_id == EDITIONS]


def test_month_with_a_held_week_is_told_and_stops_no_later_week(settings, ran):
    judge(settings, OCTOBER.weeks[1], HELD)
    weeks = [OCTOBER.closing_week, AFTER]
    with pytest.raises(EditionsFailedError) as caught:
        run_weeks(settings, weeks, Mode.LIVE)
    assert (AFTER.label, "publish_weekly_report") in ran
    assert editions(ran) == ["2026-W44"]
    assert "held by the data gate: 2026-W41" in str(caught.value)
    assert "heartshare gate --week 2026-W41 --explain" in str(caught.value)
    assert caught.value.exit_status == 4


def test_month_that_waited_for_a_late_week_is_made_with_it(settings, ran):
    judge(settings, OCTOBER.weeks[1], HELD)
    publish(settings, "rev-9999", OCTOBER.closing_week)
    results = run_weeks(settings, [OCTOBER.weeks[1]], Mode.LATE)
    assert [one.dag_id for one in results] == [*embedded.LATE, EDITIONS]
    assert (settings.archive / "2026-10" / "r1").is_dir()


def test_backfill_and_a_week_within_a_month_make_no_edition(settings, ran):
    run_weeks(settings, [OCTOBER.closing_week], Mode.BACKFILL)
    run_weeks(settings, [AFTER], Mode.LIVE)
    assert editions(ran) == []
