"""The main job for the demo organisation, from exports to a delivered report.

Each stage goes through Airflow's DAGs in this process: a normal week; a week whose
exports are incomplete and which the gate must hold; its correction. What an earlier run
has done is found on disk and not done again.
"""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heartshare.demo import story
from heartshare.demo.labelling import LABELLED_WEEKS, answer_suggestions, label_week
from heartshare.demo.mail_catcher import catch_mail
from heartshare.demo.organisation import (
    write_correction,
    write_history,
    write_week,
)
from heartshare.demo.planted import find_planted_facts
from heartshare.errors import HeartshareError
from heartshare.orchestration.embedded import (
    LATE,
    WEEKLY,
    DagResult,
    EmbeddedAirflow,
    require_success,
)
from heartshare.orchestration.metadata import airflow_home
from heartshare.orchestration.partitions import Mode
from heartshare.orchestration.steps.delivering import latest_issue
from heartshare.orchestration.steps.editions import render_edition
from heartshare.orchestration.terminal import Terminal, output_to
from heartshare.quality.gate import GateVerdict
from heartshare.quality.history import read_runs
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.editions.periods import HalfYear, Month
from heartshare.settings import Settings
from heartshare.warehouse.connections import open_reader
from heartshare.warehouse.revisions import current

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.warehouse.revisions import Revision
    from heartshare.weeks import ReportingWeek

#: A demo must give the same keys everywhere; a real salt is long, secret and random.
_SALT = "demo-salt-of-rivermark-not-a-secret"
_OWNER = "owner@example.org"
_CALM_WEEK = story.BAD_WEEK.shift(-1)


class NotHeldError(HeartshareError):
    """The demo's bad week passed the gate."""

    def __init__(self, week: ReportingWeek, result: DagResult) -> None:
        super().__init__(
            f"The incomplete exports of {week.label} should have been held, but "
            f"{result.dag_id} ended as {result.state} ({', '.join(result.failed)})."
        )


class LostFactsError(HeartshareError):
    """The marts do not show what was planted in the exports."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"Planted, but not found in the marts: {', '.join(names)}.")


def run_demo(home: Path, *, is_verbose: bool = False) -> Path:
    """Do what is left to do and return the path of summary.json.

    Raises:
        NotHeldError: the gate let the bad week pass.
        LostFactsError: a planted fact is not in the published marts.
        RunFailedError: a task failed.
    """
    home = home.absolute()
    begun = time.monotonic()
    with catch_mail(home / "mail") as smtp_url:
        settings = _settings(home, smtp_url)
        with output_to(airflow_home(settings).log) as stream:
            terminal = Terminal(stream)
            with terminal.listening(is_verbose=is_verbose):
                _Demo(settings, terminal).run()
                summary = _summary(settings)
                path = home / "summary.json"
                path.write_text(json.dumps(summary, indent=2) + "\n")
    # Progress went to the error stream; what was made is the command's answer.
    _close(Terminal(sys.stdout), summary, path, time.monotonic() - begun)
    lost = [name for name, is_found in summary["planted"].items() if not is_found]
    if lost:
        raise LostFactsError(lost)
    return path


class _Demo:
    """The stages, each skipped when its result is on disk."""

    def __init__(self, settings: Settings, terminal: Terminal) -> None:
        self._settings = settings
        self._terminal = terminal
        self._airflow: EmbeddedAirflow | None = None

    def run(self) -> None:
        settings = self._settings
        if self._is_reported(story.BAD_WEEK):
            self._terminal.say(
                "Everything was done by an earlier run; looking for what is new.",
                "bold",
            )
        else:
            if not self._is_reported(_CALM_WEEK):
                self._stage(f"1  A normal week: {_CALM_WEEK.label}")
                self._write_history()
                self._through(_CALM_WEEK, Mode.LIVE, WEEKLY)
            if not self._was_held():
                self._stage(
                    f"2  A bad week: {story.BAD_WEEK.label}, exports incomplete"
                )
                self._label_the_past()
                write_week(settings.inbox, story.BAD_WEEK, bad=True)
                self._must_be_held(story.BAD_WEEK)
            self._stage(
                "3  The week's texts are labelled, the corrected exports arrive"
            )
            label_week(settings, story.BAD_WEEK, by=story.BAD_WEEK)
            write_correction(settings.inbox, story.BAD_WEEK)
        self._through(story.BAD_WEEK, Mode.LATE, LATE)
        self._make_editions()

    def _make_editions(self) -> None:
        """Make the editions that the demo's weeks allow: of a whole month, a half-year.

        The weekly report is delivered by now and stays whole whatever happens here.
        """
        half = HalfYear(story.BAD_WEEK.monday.year, 1)
        for period in (Month.of_week(story.BAD_WEEK), half):
            try:
                issue = render_edition(self._settings, period, at=datetime.now(UTC))
                self._terminal.say(f"Edition {issue.key}: {issue.path}", "dim")
            except HeartshareError as error:
                self._terminal.say(f"No edition of {period.label}: {error}", "dim")

    def _stage(self, title: str) -> None:
        self._terminal.say("")
        self._terminal.say(title, "bold")

    def _label_the_past(self) -> None:
        """Let people read samples of past weeks, and respond to their suggestions."""
        past = [week for week in LABELLED_WEEKS if week <= _CALM_WEEK]
        for week in past:
            label_week(self._settings, week, by=_CALM_WEEK)
        answer_suggestions(self._settings, _CALM_WEEK)
        self._terminal.say(f"Texts of {len(past)} weeks are labelled", "dim")

    def _write_history(self) -> None:
        """Write the exports while Airflow starts: each keeps one core busy."""
        done = self._settings.home / "history.txt"
        if not done.exists():
            with ThreadPoolExecutor(1) as writer:
                written = writer.submit(
                    write_history, self._settings.inbox, until=_CALM_WEEK
                )
                self._start_airflow()
            done.write_text(f"{len(written.result())} files until {_CALM_WEEK.label}\n")
        self._terminal.say(f"Exports of {story.AGENCY}: {done.read_text().strip()}")

    def _start_airflow(self) -> EmbeddedAirflow:
        if self._airflow is None:
            self._terminal.say("Starting Airflow in this process")
            self._airflow = EmbeddedAirflow(self._settings)
        return self._airflow

    def _through(
        self, week: ReportingWeek, mode: Mode, dag_ids: Sequence[str]
    ) -> DagResult:
        result = self._chain(week, mode, dag_ids)
        require_success(result, week, airflow_home(self._settings).log)
        return result

    def _must_be_held(self, week: ReportingWeek) -> None:
        result = self._chain(week, Mode.LIVE, WEEKLY)
        if not result.is_held:
            raise NotHeldError(week, result)

    def _chain(
        self, week: ReportingWeek, mode: Mode, dag_ids: Sequence[str]
    ) -> DagResult:
        for result in self._start_airflow().run_week(week, mode, dag_ids):
            self._terminal.say(result.sentence(week), "dim")
            last = result
        return last

    def _is_reported(self, week: ReportingWeek) -> bool:
        """Return whether the week's report was filed and handed to the outbox."""
        if not any((self._settings.archive / week.label).glob("r*/manifest.json")):
            return False
        folder = latest_issue(self._settings, week)
        return bool(Outbox(self._settings.outbox).rows(f"{week.label}.{folder.name}"))

    def _was_held(self) -> bool:
        """Return whether any run held the bad week: a later one may have passed it."""
        return any(
            run.verdict.week == story.BAD_WEEK and not run.verdict.is_publishable
            for run in read_runs(self._settings.gate)
        )


def _settings(home: Path, smtp_url: str) -> Settings:
    """Set the environment that the DAGs' tasks read; return it as settings."""
    os.environ.update(
        {
            "HEARTSHARE_HOME": str(home),
            "HEARTSHARE_INBOX": str(home / "inbox"),
            "HEARTSHARE_ORGANISATION": story.AGENCY,
            "HEARTSHARE_TIMEZONE": story.ZONE.key,
            "HEARTSHARE_PERSON_SALT": _SALT,
            "HEARTSHARE_OWNERS": _OWNER,
            "HEARTSHARE_MAIL_FROM": "report@rivermark.example.org",
            "HEARTSHARE_SMTP_URL": smtp_url,
        }
    )
    return Settings.from_env(os.environ)


def _summary(settings: Settings) -> dict[str, Any]:
    week = story.BAD_WEEK
    issue = latest_issue(settings, week)
    revision = current(settings)
    if revision is None:
        raise HeartshareError("The demo ended, but nothing is published.")
    return {
        "week": week.label,
        "report_html": str(issue / "index.html"),
        "report_pdf": str(issue / "report.pdf"),
        "report_email": str(issue / "report.eml"),
        "published_db": str(revision.database),
        "manifest": str(revision.path / "manifest.json"),
        "verdict": str(revision.path / "verdict.json"),
        "planted": _planted(settings, revision),
    }


def _planted(settings: Settings, revision: Revision) -> dict[str, bool]:
    held = {
        verdict.week
        for path in settings.gate.glob("*/run-*/verdict.json")
        if not (
            verdict := GateVerdict.from_dict(json.loads(path.read_text()))
        ).is_publishable
    }
    with open_reader(revision.database) as connection:
        return find_planted_facts(connection, held)


def _close(
    terminal: Terminal, summary: dict[str, Any], path: Path, seconds: float
) -> None:
    verdict = json.loads(Path(summary["verdict"]).read_text())
    terminal.say("")
    terminal.say(f"{summary['week']} is published, reported and delivered", "bold")
    rows = [
        ("Report, page", summary["report_html"]),
        ("Report, PDF", summary["report_pdf"]),
        ("Report, email", summary["report_email"]),
        ("Published marts", summary["published_db"]),
        ("Manifest", summary["manifest"]),
        ("Verdict", f"{summary['verdict']} ({verdict['verdict']})"),
        ("Mail received", str(path.parent / "mail")),
        ("Summary", str(path)),
    ]
    for name, value in rows:
        terminal.say(f"  {name:<16} {value}")
    for name, is_found in summary["planted"].items():
        terminal.say(f"  {'found' if is_found else 'NOT FOUND':<16} {name}")
    terminal.say(f"Done in {seconds:.0f} s")
