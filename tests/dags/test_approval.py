"""The approval in the DAG: there when it is required, and never in a person's stead."""

import importlib.util
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from heartshare.orchestration.operators.approve_report import ApproveReportOperator
from heartshare.orchestration.operators.deliver_report import DeliverReportOperator
from heartshare.orchestration.steps.approving import ApprovalTimedOutError
from heartshare.orchestration.steps.delivering import OtherIssueError
from heartshare.weeks import ReportingWeek

FILE = Path(__file__).parents[2] / "dags" / "publish_weekly_report.py"
WEEK = ReportingWeek.parse("2026-W46")


def parsed():
    spec = importlib.util.spec_from_file_location("publish_weekly_report_again", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.publish_weekly_report()


class Task:
    """A task of a run that rendered r1."""

    def xcom_pull(self, *, task_ids):
        return {"render_report": {"issue": "r1"}}[task_ids]


@pytest.fixture
def context():
    run = SimpleNamespace(partition_key=WEEK.key, conf={}, run_id="r1")
    return {"dag_run": run, "ti": Task(), "task_instance": SimpleNamespace()}


@pytest.fixture
def asked(settings):
    folder = settings.archive / WEEK.label / "r1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    facts = {
        "gate": {"verdict_code": "clean", "text": "Passed"},
        "growing": {"headline": "Yes."},
        "stuck": {"headline": "Nowhere."},
    }
    (folder / "facts.json").write_text(json.dumps(facts))
    return settings


def operator():
    return ApproveReportOperator(
        task_id="approve_report", response_timeout=timedelta(hours=1)
    )


def test_nobody_is_asked_by_default(settings):
    dag = parsed()
    assert dag.get_task("render_report").downstream_task_ids == {"deliver_report"}


def test_approval_stands_between_rendering_and_sending(settings, monkeypatch):
    monkeypatch.setenv("HEARTSHARE_APPROVAL", "required")
    monkeypatch.setenv("HEARTSHARE_APPROVAL_WAIT", "30m")
    dag = parsed()
    approval = dag.get_task("approve_report")
    assert dag.get_task("render_report").downstream_task_ids == {"approve_report"}
    assert approval.downstream_task_ids == {"deliver_report"}
    assert approval.response_timeout == timedelta(minutes=30)
    assert approval.defaults is None


def test_run_without_anybody_to_ask_sends_nothing(asked, context):
    context["dag_run"].conf = {"is_embedded": True}
    with pytest.raises(AirflowSkipException, match="report --send"):
        operator().execute(context)


def test_embedded_run_says_that_it_is_one(bag, settings, monkeypatch):
    from heartshare.orchestration.embedded import EmbeddedAirflow

    seen = {}

    def test(run_conf):
        seen.update(run_conf)
        return SimpleNamespace(get_task_instances=list, state="success")

    airflow = EmbeddedAirflow.__new__(EmbeddedAirflow)
    airflow._dags = {"publish_weekly_report": SimpleNamespace(test=test)}
    airflow.run("publish_weekly_report", {"week": WEEK.key, "mode": "live"})
    assert seen == {"week": WEEK.key, "mode": "live", "is_embedded": True}


def test_silence_fails_without_a_retry_and_sends_nothing(asked, context):
    event = {"error": "no response", "error_type": "timeout"}
    with pytest.raises(AirflowFailException, match="Nobody approved") as caught:
        operator().execute_complete(context, event)
    assert isinstance(caught.value.__cause__, ApprovalTimedOutError)


def file_newer_issue(settings):
    newer = settings.archive / WEEK.label / "r2"
    newer.mkdir()
    (newer / "manifest.json").write_text("{}")


def test_yes_to_one_issue_does_not_send_a_newer_one(asked, context, monkeypatch):
    monkeypatch.setenv("HEARTSHARE_APPROVAL", "required")
    file_newer_issue(asked)
    with pytest.raises(AirflowFailException, match="r1 of 2026-W46 was approved") as no:
        DeliverReportOperator(task_id="deliver_report").execute(context)
    assert isinstance(no.value.__cause__, OtherIssueError)


def test_replaced_issue_is_not_asked_about(asked, context):
    file_newer_issue(asked)
    with pytest.raises(AirflowSkipException, match="newer issue than r1"):
        operator().execute(context)


def test_no_counts_even_when_the_owners_cannot_be_told(asked, context, monkeypatch):
    def fail(*_, **__):
        raise ConnectionError

    monkeypatch.setattr(
        "heartshare.orchestration.operators.approve_report.tell_rejected", fail
    )
    event = {
        "chosen_options": ["Reject"],
        "params_input": {},
        "responded_at": datetime(2026, 11, 16, tzinfo=UTC),
        "responded_by_user": {"id": "1", "name": "Vera"},
    }
    answer = operator().execute_complete(context, event)
    assert answer["chosen_options"] == ["Reject"]


def test_missing_report_fails_before_anybody_is_asked(settings, context):
    with pytest.raises(AirflowFailException, match="holds no report"):
        operator().execute(context)
