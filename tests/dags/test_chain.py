"""The DAGs hand a week on as they do in production, minus the scheduler."""

import pytest

from heartshare.errors import InputError
from heartshare.quality.run import latest_verdict
from heartshare.warehouse.revisions import current, digest_of, revisions
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")


@pytest.fixture
def run(bag, settings):
    """Run one DAG for the week; return its state and the states of its tasks."""

    def start(dag_id, mode="live", **conf):
        conf = {"week": WEEK.key, "mode": mode, **conf}
        done = bag.dags[dag_id].test(run_conf=conf)
        states = {ti.task_id: str(ti.state) for ti in done.get_task_instances()}
        return str(done.state), states

    return start


def test_week_is_held_then_heals_by_a_late_export(run, settings, drop_overview):
    drop_overview(settings, impressions=-5)
    assert run("pull_exports")[0] == "success"
    state, tasks = run("build_marts")
    assert state == "failed"
    assert (tasks["hold_week"], tasks["publish_marts"]) == ("failed", "skipped")
    assert current(settings) is None

    drop_overview(settings, impressions=70_000)
    assert run("pull_late_exports", mode="late")[0] == "success"
    state, tasks = run("build_marts", mode="late")
    assert (state, tasks["hold_week"]) == ("success", "skipped")
    assert current(settings).manifest()["verdict"] == "clean"
    assert latest_verdict(settings, WEEK).is_publishable


def test_chain_that_ran_again_publishes_nothing_new(run, settings, drop_overview):
    drop_overview(settings)
    for _ in range(2):
        assert run("pull_exports")[0] == run("build_marts")[0] == "success"
    assert [revision.name for revision in revisions(settings)] == ["rev-0001"]


def test_step_that_died_is_repeated_to_the_same_bytes(
    run, settings, drop_overview, monkeypatch, tmp_path
):
    drop_overview(settings)
    run("pull_exports")
    from heartshare.orchestration.steps import building

    def die(*_):
        raise InputError("the process ended here")  # no retry, as after a kill

    with monkeypatch.context() as patch:
        patch.setattr(building, "close_build", die)
        assert run("build_marts")[0] == "failed"
    assert current(settings) is None
    assert run("build_marts")[0] == "success"
    first = digest_of(current(settings).path / "parquet/agg_weekly_views.parquet")

    monkeypatch.setenv("HEARTSHARE_HOME", str(tmp_path / "other"))
    other = type(settings).from_env(
        {
            "HEARTSHARE_HOME": str(tmp_path / "other"),
            "HEARTSHARE_DBT_PROJECT": str(settings.dbt_project),
        }
    )
    drop_overview(other)
    run("pull_exports")
    run("build_marts")
    again = digest_of(current(other).path / "parquet/agg_weekly_views.parquet")
    assert again == first
