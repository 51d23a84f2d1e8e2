"""Operators run one step, hand on small JSON and translate our errors."""

import os
import shutil
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from heartshare.errors import InputError, TransientError
from heartshare.orchestration.assets import MARTS_WEEK, RAW_WEEK
from heartshare.orchestration.failures import (
    WeekHeldFailure,
    explained,
    failure_notice,
    notify_failure,
)
from heartshare.orchestration.operators import publish_marts
from heartshare.orchestration.operators.announce_week import (
    AnnounceLateWeekOperator,
    AnnounceWeekOperator,
)
from heartshare.orchestration.operators.build_models import BuildModelsOperator
from heartshare.orchestration.operators.choose_outcome import ChooseOutcomeOperator
from heartshare.orchestration.operators.hold_week import HoldWeekOperator
from heartshare.orchestration.operators.judge_marts import JudgeMartsOperator
from heartshare.orchestration.operators.list_sources import ListSourcesOperator
from heartshare.orchestration.operators.load_exports import LoadExportsOperator
from heartshare.orchestration.operators.publish_marts import PublishMartsOperator
from heartshare.orchestration.operators.pull_source import PullSourceOperator
from heartshare.orchestration.operators.render_report import RenderReportOperator
from heartshare.orchestration.operators.score_texts import ScoreTextsOperator
from heartshare.orchestration.operators.watch_week import WatchWeekOperator
from heartshare.orchestration.steps.maintaining import (
    back_up_warehouse,
    check_revisions,
)
from heartshare.orchestration.steps.worklists import WrittenWorklists
from heartshare.quality.gate import WeekHeldError
from heartshare.quality.run import latest_run, latest_verdict
from heartshare.warehouse.connections import WarehouseBusyError, open_writer
from heartshare.warehouse.revisions import current
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")


def context(week=WEEK, **conf):
    """What Airflow hands to a task of one run."""
    return {
        "dag_run": SimpleNamespace(
            partition_key=week.key if week else None,
            conf=conf,
            logical_date=None,
            run_after=datetime(2026, 11, 17, 5, tzinfo=UTC),
        ),
        "outlet_events": {
            asset: SimpleNamespace(extra=None, add_partitions=lambda keys: None)
            for asset in (RAW_WEEK, MARTS_WEEK)
        },
    }


def load(settings):
    for source in ListSourcesOperator(task_id="list").execute(context()):
        PullSourceOperator(task_id="pull", source_name=source).execute(context())
    return LoadExportsOperator(task_id="load").execute(context())


def judge(settings):
    BuildModelsOperator(task_id="build").execute(context())
    return JudgeMartsOperator(task_id="judge").execute(context())


@pytest.fixture
def published(settings, drop_overview):
    drop_overview(settings)
    load(settings)
    judge(settings)
    now = context()
    PublishMartsOperator(task_id="publish").execute(now)
    return now


def test_exports_are_pulled_and_loaded_once(settings, drop_overview):
    drop_overview(settings)
    first, second = load(settings), load(settings)
    assert (first["files_new"], first["rows_landed"]) == (1, 7)
    assert (second["files_new"], second["files_known"]) == (0, 1)
    assert ScoreTextsOperator(task_id="score").execute(context())["texts_seen"] == 0


def test_announcement_carries_mode_and_counts(settings):
    now = context(mode="backfill")
    loaded = {"files_new": 2, "rows_landed": 14}
    task = AnnounceWeekOperator(task_id="announce", loaded=loaded)
    assert task.execute(now) == "2026-11-09"
    assert now["outlet_events"][RAW_WEEK].extra == {
        "week": "2026-11-09",
        "mode": "backfill",
        **loaded,
    }


def test_late_files_have_the_newest_exported_week_built(settings, drop_overview):
    drop_overview(settings, week=WEEK.shift(-3))
    drop_overview(settings, week=WEEK)
    now, keys = context(week=None), []
    now["outlet_events"][RAW_WEEK].add_partitions = keys.extend
    task = AnnounceLateWeekOperator(task_id="announce", loaded=load(settings))
    task.execute(now)
    assert keys == ["2026-11-09"]
    assert now["outlet_events"][RAW_WEEK].extra["mode"] == "late"


def test_export_that_came_again_unchanged_has_its_own_week_built(
    settings, drop_overview
):
    """A quiet week: the file of the week before is all that there is to deliver."""
    drop_overview(settings, week=WEEK.shift(-1))
    load(settings)
    (path,) = settings.inbox.glob("*/*.csv")
    again = path.with_name("overview_again.csv")
    shutil.copyfile(path, again)
    monday = WEEK.shift(1).starts_at(settings.timezone).timestamp() + 3600
    os.utime(again, (monday, monday))
    now, keys = context(week=None), []
    now["outlet_events"][RAW_WEEK].add_partitions = keys.extend
    loaded = load(settings)
    assert (loaded["files_new"], loaded["files_unchanged"]) == (0, 1)
    AnnounceLateWeekOperator(task_id="announce", loaded=loaded).execute(now)
    assert keys == [WEEK.key]
    assert load(settings)["files_unchanged"] == 0


def test_late_run_without_a_new_file_builds_nothing(settings):
    loaded = {"files_new": 0, "rows_landed": 0}
    task = AnnounceLateWeekOperator(task_id="announce", loaded=loaded)
    with pytest.raises(AirflowSkipException):
        task.execute(context(week=None))


def test_build_without_exports_fails_at_once(settings):
    with pytest.raises(AirflowFailException, match="heartshare land"):
        BuildModelsOperator(task_id="build").execute(context())


def test_same_build_is_not_built_twice(settings, drop_overview):
    drop_overview(settings)
    load(settings)
    task = BuildModelsOperator(task_id="build")
    first, second = task.execute(context()), task.execute(context())
    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["build_id"] == second["build_id"]


def test_clean_week_is_published_and_announced(settings, published):
    revision = current(settings)
    assert revision.manifest()["tables"]["agg_weekly_views"]["rows"] == 1
    assert [i["contract"] for i in revision.manifest()["inputs"]] == [
        "x/daily_overview"
    ]
    assert published["outlet_events"][MARTS_WEEK].extra == {
        "revision": "rev-0001",
        "is_new": True,
        "week": "2026-11-09",
        "mode": "live",
    }


def test_published_build_is_not_judged_again(settings, published):
    folder = latest_run(settings, WEEK)
    answer = judge(settings)
    assert answer["verdict"] == "clean"
    assert latest_run(settings, WEEK) == folder


def test_publication_tells_owners_whom_to_answer_unless_it_fills_up_the_past(
    settings, drop_overview, monkeypatch
):
    told = []

    def write(_, week):
        told.append(week.label)
        return WrittenWorklists((), 0)

    monkeypatch.setattr(publish_marts, "write_worklists", write)
    drop_overview(settings)
    load(settings)
    judge(settings)
    PublishMartsOperator(task_id="publish").execute(context(mode="backfill"))
    assert told == []
    PublishMartsOperator(task_id="publish").execute(context())
    assert told == ["2026-W46"]


def test_older_week_is_skipped_and_readers_keep_the_newer(
    settings, published, drop_overview
):
    older = WEEK.shift(-1)
    drop_overview(settings, week=older)
    load(settings)
    BuildModelsOperator(task_id="build").execute(context(older))
    JudgeMartsOperator(task_id="judge").execute(context(older))
    with pytest.raises(AirflowSkipException, match="2026-W46"):
        PublishMartsOperator(task_id="publish").execute(context(older))
    assert current(settings).name == "rev-0001"


def test_blocked_week_is_held_and_not_published(settings, drop_overview):
    drop_overview(settings, impressions=-5)
    load(settings)
    answer = judge(settings)
    assert answer["blocking"] == ["views.views_are_positive"]
    with pytest.raises(AirflowFailException, match="held"):
        PublishMartsOperator(task_id="publish").execute(context())
    with pytest.raises(WeekHeldFailure, match="views_are_positive"):
        HoldWeekOperator(task_id="hold").execute(context())
    assert current(settings) is None
    assert "HELD" in (latest_run(settings, WEEK) / "held.txt").read_text()


@pytest.mark.parametrize(
    ("verdict", "task"),
    [("clean", "go"), ("published_with_notes", "go"), ("blocked", "stop")],
)
def test_branch_follows_the_verdict(verdict, task):
    operator = ChooseOutcomeOperator(
        task_id="choose",
        verdict={"verdict": verdict},
        publish_task="go",
        hold_task="stop",
    )
    assert operator.choose_branch({}) == task


def test_backfill_renders_no_report(settings):
    with pytest.raises(AirflowSkipException, match="backfill"):
        RenderReportOperator(task_id="render").execute(context(mode="backfill"))


def test_report_of_an_unpublished_week_is_refused_and_the_owners_are_told(
    settings, mailbox
):
    """Only a week that the gate held has a notice of its own: this was silent."""
    with pytest.raises(AirflowFailException, match="nothing was ever published") as end:
        RenderReportOperator(task_id="render").execute(context())
    notify_failure(failed(end.value))
    assert b"nothing was ever published" in mailbox.envelopes[0].content


def test_watch_says_what_is_missing(settings, published):
    with pytest.raises(AirflowFailException, match=r"No report of 2026-W46"):
        WatchWeekOperator(task_id="watch").execute(context())


def test_backups_are_whole_and_few(settings, published):
    for day in ("2026-11-01", "2026-11-08", "2026-11-15"):
        back_up_warehouse(settings, day)
    kept = sorted(path.name for path in (settings.home / "backups").iterdir())
    assert kept == ["warehouse-2026-11-08.duckdb", "warehouse-2026-11-15.duckdb"]
    assert check_revisions(settings) == 1


def test_steps_refuse_a_warehouse_that_another_step_holds(settings, monkeypatch):
    from heartshare.orchestration.steps import landing

    monkeypatch.setattr(landing, "PATIENCE_SECONDS", 0.0)
    with open_writer(settings), pytest.raises(WarehouseBusyError):
        LoadExportsOperator(task_id="load").execute(context())


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InputError("wrong file"), AirflowFailException),
        (TransientError("busy"), TransientError),
        (ValueError("ours"), ValueError),
    ],
    ids=["input fails at once", "transient is retried", "a fault stays a fault"],
)
def test_errors_become_what_airflow_should_do(error, expected):
    with pytest.raises(expected) as caught, explained():
        raise error
    assert type(caught.value) is expected


def failed(error):
    return {
        **context(),
        "exception": error,
        "ti": SimpleNamespace(
            dag_id="build_marts", task_id="build_models", run_id="r1", try_number=3
        ),
        "dag": SimpleNamespace(doc_md="x\nIf red  docs/runbook.md#gate-blocked\n"),
    }


def test_failure_notice_names_task_reason_and_advice():
    notice = failure_notice(failed(InputError("dim_posts is broken")))
    assert notice.subject == "FAILED: build_marts, task build_models"
    for part in ("dim_posts is broken", "2026-11-09", "docs/runbook.md#gate-blocked"):
        assert part in notice.text


class Mailbox:
    def __init__(self):
        self.envelopes = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.envelopes.append(envelope)
        return "250 kept"


@pytest.fixture
def mailbox(monkeypatch):
    from aiosmtpd.controller import Controller

    from heartshare.demo.mail_catcher import _free_port

    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=_free_port())
    controller.start()
    monkeypatch.setenv("HEARTSHARE_SMTP_URL", f"smtp://127.0.0.1:{controller.port}")
    yield box
    controller.stop()


def test_owners_get_one_mail_about_a_failed_task(settings, mailbox):
    for _ in range(2):
        notify_failure(failed(InputError("dim_posts is broken")))
    assert [e.rcpt_tos for e in mailbox.envelopes] == [["owner@example.org"]]
    assert b"dim_posts is broken" in mailbox.envelopes[0].content


def test_held_week_sends_its_own_notice_once_and_no_failure_mail(
    settings, mailbox, drop_overview
):
    drop_overview(settings, impressions=-5)
    load(settings)
    judge(settings)
    for _ in range(2):
        with pytest.raises(WeekHeldFailure) as caught:
            HoldWeekOperator(task_id="hold").execute(context())
        notify_failure(failed(caught.value))
    assert len(mailbox.envelopes) == 1
    assert b"HELD" in mailbox.envelopes[0].content
    assert isinstance(caught.value.__cause__, WeekHeldError)
    assert not latest_verdict(settings, WEEK).is_publishable


def test_failure_to_tell_does_not_fail(settings, monkeypatch, caplog):
    monkeypatch.setenv("HEARTSHARE_SMTP_URL", "nonsense://")
    notify_failure(failed(InputError("why")))
    assert "could not be told" in caplog.text
