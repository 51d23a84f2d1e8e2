"""A report waits for a person: yes sends it, no and silence do not, and owners hear.

Airflow's own processes run here, and every answer comes in through its API. Silence is
waited for by state, with the shortest wait that leaves time to answer the others.
"""

import json
import os
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes, policy
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import duckdb
import pytest
from end_to_end.test_scheduler import heartshare_up

from heartshare.orchestration.metadata import airflow_home, migrate, run_airflow
from heartshare.orchestration.services import service_variables
from heartshare.reporting.archive.issues import Issue, file_issue
from heartshare.reporting.delivery.sending import MailContent, freeze_email
from heartshare.settings import Settings
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
AT = datetime(2026, 11, 16, 5, tzinfo=UTC)
DAG = "publish_weekly_report"
OTHERS = "pull_exports|pull_late_exports|watch_pipeline|maintain_warehouse"
OWNER, LEADER = "owner@example.org", "leader@example.org"


class Mailbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.mails += [(address, message["subject"]) for address in envelope.rcpt_tos]
        return "250 kept"

    def of(self, address):
        return [subject for to, subject in self.mails if to == address]


class Pages:
    """Airflow's API, as a user of it."""

    def __init__(self, port, passwords):
        self.base = f"http://127.0.0.1:{port}"
        self.passwords = passwords
        self.tokens = {}

    def call(self, method, path, body=None, user="admin"):
        if user not in self.tokens and path != "/auth/token":
            known = json.loads(self.passwords.read_text())
            login = {"username": user, "password": known[user]}
            self.tokens[user] = self.call("POST", "/auth/token", login)["access_token"]
        request = Request(
            self.base + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        if user in self.tokens:
            request.add_header("Authorization", f"Bearer {self.tokens[user]}")
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def start(self, run):
        body = {
            "dag_run_id": run,
            "logical_date": None,
            "conf": {"week": WEEK.label},
        }
        self.call("POST", f"/api/v2/dags/{DAG}/dagRuns", body)

    def run_state(self, run):
        return self.call("GET", f"/api/v2/dags/{DAG}/dagRuns/{run}")["state"]

    def tasks(self, run):
        path = f"/api/v2/dags/{DAG}/dagRuns/{run}/taskInstances"
        found = self.call("GET", path)["task_instances"]
        return {one["task_id"]: one["state"] for one in found}

    def question(self, run, method="GET", body=None, user="admin"):
        path = f"/api/v2/dags/{DAG}/dagRuns/{run}/taskInstances/approve_report/-1"
        return self.call(method, f"{path}/hitlDetails", body, user)

    def answer(self, run, option, user="admin"):
        body = {"chosen_options": [option], "params_input": {}}
        self.question(run, "PATCH", body, user)


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


@pytest.fixture
def waiting_home(settings, mailbox, monkeypatch):
    """A published week whose report lies in the archive and was sent to nobody."""
    monkeypatch.setenv("HEARTSHARE_OWNERS", OWNER)
    monkeypatch.setenv("HEARTSHARE_MAIL_FROM", "report@example.org")
    monkeypatch.setenv("HEARTSHARE_APPROVAL", "required")
    monkeypatch.setenv("HEARTSHARE_APPROVAL_WAIT", "60s")
    monkeypatch.setenv(
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", "admin:admin,vera:viewer"
    )
    home = Settings.from_env(os.environ)
    revision = home.published / "rev-0001"
    revision.mkdir(parents=True)
    manifest = {"week": WEEK.key, "week_label": WEEK.label, "build_id": "b1"}
    (revision / "manifest.json").write_text(json.dumps(manifest))
    (home.published / "current").symlink_to("rev-0001")
    facts = {
        "issue": {"published_revision": "rev-0001"},
        "gate": {"verdict_code": "clean", "text": "Data gate passed: 57 of 57 checks"},
        "growing": {"headline": "Yes, steadily. 1 more advocate this week."},
        "stuck": {"headline": "Between Identified and Activated."},
    }
    content = MailContent(subject="Weekly report 2026-W46", text="It grows.")
    mail = freeze_email(
        content, issue="2026-W46.r1", sender="report@example.org", at=AT
    )
    file_issue(
        Issue(WEEK, "r1", home.archive / WEEK.label / "r1", is_new=True),
        {
            "index.html": b"<p>It grows.</p>",
            "report.pdf": b"%PDF",
            "report.eml": mail,
            "facts.json": json.dumps(facts).encode(),
        },
        at=AT,
        verdict="clean",
    )
    with closing(duckdb.connect(str(home.warehouse))) as connection:
        connection.execute(
            "create schema staging; create table staging.stg_programme__"
            f"report_recipients as select '{LEADER}' as email_address, null as "
            "recipient_name, null as role_code, null as sections, null::date as "
            "valid_from, null::date as valid_until"
        )
    return home


@pytest.mark.slow
def test_report_goes_out_after_a_yes_and_never_after_no_or_silence(
    waiting_home, mailbox, port, wait_for, tmp_path
):
    home = airflow_home(waiting_home, "services")
    variables = service_variables(home, port)
    migrate(home, variables)
    run_airflow(["dags", "reserialize"], variables)
    run_airflow(
        ["dags", "pause", "--treat-dag-id-as-regex", "--yes", f"^({OTHERS})$"],
        variables,
    )
    log = tmp_path / "up.log"
    pages = Pages(port, home.path / "simple_auth_manager_passwords.json.generated")

    def known(run):
        return lambda: f"{run}: {pages.tasks(run)}; {mailbox.mails}"

    def ended(run):
        wait_for(
            lambda: pages.run_state(run) in {"success", "failed"},
            seconds=600,
            explain=known(run),
        )
        return pages.run_state(run), pages.tasks(run)

    def is_settled(run):
        """The scheduler knows that the asking half has ended: nobody answers sooner."""
        end = (
            f"event with state success for task instance TaskInstanceKey(dag_id='{DAG}'"
        )
        return any(
            end in line and f"task_id='approve_report', run_id='{run}'" in line
            for line in (home.path / "scheduler.log").read_text().splitlines()
        )

    def asked(run):
        pages.start(run)
        wait_for(
            lambda: (
                pages.tasks(run).get("approve_report") == "awaiting_input"
                and is_settled(run)
            ),
            seconds=600,
            explain=known(run),
        )

    with heartshare_up(waiting_home, port, log) as process:
        wait_for(
            lambda: "Airflow is ready" in log.read_text() or process.poll(),
            seconds=300,
            explain=log.read_text,
        )

        asked("rejected")
        question = pages.question("rejected")
        assert question["subject"] == "Send the weekly report 2026-W46, issue r1?"
        for wanted in (
            "Yes, steadily. 1 more advocate this week.",
            "Between Identified and Activated.",
            "clean. Data gate passed: 57 of 57 checks",
            str(waiting_home.archive / "2026-W46" / "r1" / "index.html"),
        ):
            assert wanted in question["body"]
        with pytest.raises(HTTPError) as refused:
            pages.answer("rejected", "Approve", user="vera")
        assert refused.value.code == 403
        pages.answer("rejected", "Reject")
        state, tasks = ended("rejected")
        assert (state, tasks["deliver_report"]) == ("success", "skipped")
        assert mailbox.mails == [(OWNER, "NOT SENT: weekly report 2026-W46 rejected")]

        asked("unanswered")
        state, tasks = ended("unanswered")
        assert (state, tasks["approve_report"]) == ("failed", "failed")
        assert tasks["deliver_report"] == "upstream_failed"
        wait_for(
            lambda: len(mailbox.mails) == 2, seconds=120, explain=known("unanswered")
        )
        assert (
            mailbox.of(OWNER)[1] == "FAILED: publish_weekly_report, task approve_report"
        )
        assert mailbox.of(LEADER) == []

        asked("approved")
        pages.answer("approved", "Approve")
        state, tasks = ended("approved")
        assert (state, tasks["deliver_report"]) == ("success", "success")
        assert mailbox.of(LEADER) == ["Weekly report 2026-W46"]

        pages.start("again")
        state, tasks = ended("again")
        assert (state, tasks["approve_report"]) == ("success", "success")
        assert mailbox.of(LEADER) == ["Weekly report 2026-W46"]
    assert process.returncode == 0, log.read_text()
