"""The tasks of publish_editions leave out what they must and hand on the periods."""

from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from unit.orchestration.test_editions import HALF, OCTOBER, judge, publish
from unit.orchestration.test_editions import settings as settings  # noqa: PLC0414

from heartshare.orchestration.operators.deliver_editions import DeliverEditionsOperator
from heartshare.orchestration.operators.render_editions import RenderEditionsOperator


def context(week, **conf):
    """What Airflow hands to a task of one run."""
    return {
        "dag_run": SimpleNamespace(partition_key=week.key, conf=conf, logical_date=None)
    }


@pytest.fixture
def render(settings, monkeypatch):
    monkeypatch.setenv("HEARTSHARE_HOME", str(settings.home))
    monkeypatch.setenv("HEARTSHARE_MAIL_FROM", "reports@example.org")
    return RenderEditionsOperator(task_id="render_editions")


def test_week_within_a_month_makes_no_edition(render):
    with pytest.raises(AirflowSkipException, match="2026-W46 closes no month"):
        render.execute(context(OCTOBER.closing_week.shift(2)))


def test_backfill_makes_no_edition(render):
    with pytest.raises(AirflowSkipException, match="A backfill sends no edition"):
        render.execute(context(OCTOBER.closing_week, mode="backfill"))


def test_closing_week_makes_the_edition_and_names_it(render, settings):
    publish(settings, "rev-0007", OCTOBER.closing_week)
    assert render.execute(context(OCTOBER.closing_week)) == ["2026-10"]
    assert (settings.archive / "2026-10" / "r1" / "report.eml").is_file()


def test_half_year_that_cannot_be_made_ends_in_our_words(render, settings):
    judge(settings, HALF.weeks[0])
    with pytest.raises(AirflowFailException, match="2026-W28, and no published"):
        render.execute(context(HALF.closing_week))


def test_edition_waits_for_a_person_where_sending_needs_one(render, monkeypatch):
    monkeypatch.setenv("HEARTSHARE_APPROVAL", "required")
    deliver = DeliverEditionsOperator(task_id="deliver_editions")
    pulled = SimpleNamespace(xcom_pull=lambda task_ids: ["2026-10"])
    with pytest.raises(AirflowSkipException, match="Read 2026-10 in the archive"):
        deliver.execute({**context(OCTOBER.closing_week), "ti": pulled})
