"""The same steps from a shell; the exit code says what to do next."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from heartshare.errors import HeartshareError
from heartshare.settings import Settings
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Callable

    from heartshare.exports.inspection import Inspection, RejectedRow
    from heartshare.orchestration.terminal import Terminal
    from heartshare.reporting.edition_periods import Period

_SHOWN_REJECTS = 20
_SHOWN_CHARACTERS = 60
EXIT_CODES = """Exit codes: 0 done; 2 wrong usage; 3 correct an input or a setting;
4 the gate holds the week; 5 something was busy, run it again; 1 a fault in
heartshare."""


class WeekType(click.ParamType[ReportingWeek]):
    """A week, as 2026-W46 or as its Monday's date."""

    name = "week"

    def convert(
        self,
        value: Any,  # noqa: ANN401 click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> ReportingWeek:
        """Return the week, or fail with our own explanation."""
        if isinstance(value, ReportingWeek):
            return value
        try:
            return ReportingWeek.parse(value)
        except HeartshareError as error:
            self.fail(str(error), param, ctx)


WEEK = click.option(
    "--week",
    type=WeekType(),
    help="Week, as 2026-W46 or its Monday; default: the last one that has ended.",
)


@click.group(epilog=EXIT_CODES, context_settings={"max_content_width": 88})
@click.option("-v", "--verbose", is_flag=True, help="Say more; show tracebacks.")
@click.version_option(package_name="heartshare")
@click.pass_context
def commands(context: click.Context, verbose: bool) -> None:  # noqa: FBT001 click
    """Is advocacy growing, where is it stuck, what should we do this week?

    Each command is one step of the weekly run, in this order: land, score, build, gate,
    publish, report. `run` does them all through Airflow, in this process.
    """
    context.obj = verbose


@commands.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def inspect(file: Path, as_json: bool) -> None:  # noqa: FBT001 click
    """Say what FILE is: contract, grain, period, rows good and rejected, and why.

    Nothing is loaded or copied. A file that no contract knows ends with exit code 3.
    """
    from heartshare.exports.inspection import inspect_file

    inspection = inspect_file(file)
    click.echo(inspection.to_json() if as_json else _described(inspection))


def _described(inspection: Inspection) -> str:
    """Return an inspection as text: totals, tables, drift, rejects and why."""
    period = inspection.period
    lines = [
        f"{inspection.file_name} is {inspection.contract}: {inspection.title}",
        f"Period: {f'{period[0]} to {period[1]}' if period else 'the file names none'}",
        (
            f"Rows: {inspection.rows_in} in, {inspection.rows_good} good, "
            f"{inspection.rows_rejected} rejected"
        ),
        *(
            f"  {table.table_name}: {table.grain}; {table.rows_in} in, "
            f"{table.rows_good} good, {table.rows_rejected} rejected"
            for table in inspection.tables
        ),
        *(
            f"Drift, {kind.replace('_', ' ')}: {', '.join(names)}"
            for kind, names in inspection.drift.items()
            if names
        ),
        *(
            f"Rejected: {row.table_name} row {row.row_number}{_cell(row)}: "
            f"{row.reason_text}"
            for row in inspection.rejects[:_SHOWN_REJECTS]
        ),
    ]
    if len(inspection.rejects) > _SHOWN_REJECTS:
        hidden = len(inspection.rejects) - _SHOWN_REJECTS
        lines.append(f"and {hidden} more; --json prints them all")
    return "\n".join(lines)


def _cell(row: RejectedRow) -> str:
    """Name the cell and what it holds, unless the whole row was rejected."""
    if row.column_name is None:
        return ""
    text = row.value_text or ""
    shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
    return f", {row.column_name} {shown!r}"


@commands.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--list", "is_list", is_flag=True, help="Name the sources; pull none.")
@click.option("--example", is_flag=True, help="Print a sources.yml to start from.")
@click.pass_context
def pull(
    context: click.Context,
    sources: tuple[str, ...],
    is_list: bool,  # noqa: FBT001 click
    example: bool,  # noqa: FBT001 click
) -> None:
    """Land what is new in each SOURCE, or in all: inbox folders and sources.yml.

    A source that fails does not stop the others; the exit code is that of the first.
    """
    from heartshare.orchestration.steps.pulling import pull_sources
    from heartshare.orchestration.steps.sources import describe_sources, example_sources

    def step(settings: Settings, terminal: Terminal) -> None:
        if is_list:
            click.echo("\n".join(describe_sources(settings)) or "No sources yet.")
            return
        now = datetime.now(UTC)
        pull_sources(settings, sources, now=now, progress=terminal.advance)

    if example:
        click.echo(example_sources(), nl=False)
    else:
        _run(context, step)


@commands.command()
@click.pass_context
def land(context: click.Context) -> None:
    """Pull what is new in every source, keep it in landing/, load it into raw tables.

    Sources that fail are told at the end; what the others brought is loaded.
    """
    from heartshare.orchestration.steps.landing import load_exports
    from heartshare.orchestration.steps.pulling import pull_sources

    def step(settings: Settings, terminal: Terminal) -> None:
        try:
            now = datetime.now(UTC)
            pull_sources(settings, now=now, progress=terminal.advance)
        finally:
            load_exports(settings, progress=terminal.advance)

    _run(context, step)


@commands.command()
@click.pass_context
def score(context: click.Context) -> None:
    """Give every new text a language and a tone."""
    from heartshare.orchestration.steps.scoring import score_texts

    _run(context, lambda settings, at: score_texts(settings, progress=at.advance))


@commands.command()
@WEEK
@click.pass_context
def build(context: click.Context, week: ReportingWeek | None) -> None:
    """Build and test the marts of a week, unless they are there already."""
    from heartshare.orchestration.steps.building import build_marts

    _run(
        context,
        lambda settings, at: build_marts(
            settings, _week(settings, week), progress=at.advance
        ),
    )


@commands.command()
@WEEK
@click.option("--explain", is_flag=True, help="Show the last verdict; judge nothing.")
@click.option("--all", "is_all", is_flag=True, help="Explain what passed as well.")
@click.option("--json", "as_json", is_flag=True, help="Explain as one JSON object.")
@click.option("--self-test", is_flag=True, help="Plant one fault per check in a copy.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --self-test: write who noticed which fault as JSON.",
)
@click.pass_context
def gate(  # noqa: PLR0913, PLR0917 click hands over one argument for each option
    context: click.Context,
    week: ReportingWeek | None,
    explain: bool,  # noqa: FBT001 click
    is_all: bool,  # noqa: FBT001 click
    as_json: bool,  # noqa: FBT001 click
    self_test: bool,  # noqa: FBT001 click
    output: Path | None,
) -> None:
    """Judge the marts of a week; exit code 4 when the week must be held.

    With --explain: what each check that did not pass asks, found and needs next. With
    --self-test: whether each check notices its fault; exit code 1 when one does not.
    """
    from heartshare.orchestration.steps.explaining import explain_week
    from heartshare.orchestration.steps.judging import judge_marts
    from heartshare.quality.gate import WeekHeldError

    def step(settings: Settings, _: Terminal) -> None:
        chosen = _week(settings, week)
        if explain:
            click.echo(explain_week(settings, chosen, is_all=is_all, as_json=as_json))
            return
        now = datetime.now(settings.timezone)
        verdict = judge_marts(
            settings, chosen, today=now.date(), at=now, is_forced=True
        )
        if not verdict.is_publishable:
            raise WeekHeldError(verdict)

    if (is_all or as_json) and not explain:
        raise click.UsageError("--all and --json go with --explain.")
    if self_test and (week or explain):
        raise click.UsageError("--self-test takes the week that the warehouse holds.")
    if output and not self_test:
        raise click.UsageError("--output goes with --self-test.")
    if self_test:
        _run(context, lambda settings, at: _self_test(settings, at, output))
        return
    _run(context, step)


def _self_test(settings: Settings, at: Terminal, output: Path | None) -> None:
    from heartshare.orchestration.steps.self_testing import DullGateError, self_test
    from heartshare.quality.self_test import write_matrix

    found = self_test(settings, progress=at.advance)
    for line in found.lines():
        click.echo(line)
    if output:
        write_matrix(found, output)
    if not found.is_passed:
        raise DullGateError(found)


@commands.command()
@click.argument("revisions", nargs=-1, metavar="[REVISION REVISION]")
@WEEK
@click.option("--diff", is_flag=True, help="Say what readers would notice; no more.")
@click.option("--list", "is_list", is_flag=True, help="Show the revisions on disk.")
@click.option("--json", "as_json", is_flag=True, help="--diff or --list as JSON.")
@click.option("--accept-breaking", is_flag=True, help="Readers may lose columns.")
@click.option("--roll-back", metavar="REVISION", help="Show readers this one again.")
@click.option("--to-postgres", is_flag=True, help="Copy what readers see; no more.")
@click.pass_context
def publish(  # noqa: PLR0913, PLR0917 click hands them by name
    context: click.Context,
    revisions: tuple[str, ...],
    week: ReportingWeek | None,
    diff: bool,  # noqa: FBT001 click
    is_list: bool,  # noqa: FBT001 click
    as_json: bool,  # noqa: FBT001 click
    accept_breaking: bool,  # noqa: FBT001 click
    roll_back: str | None,
    to_postgres: bool,  # noqa: FBT001 click
) -> None:
    """Publish the gated marts of a week as a new revision, or go back to an old one.

    With --diff: what a reader would notice if the marts in the warehouse were published
    now, or between two REVISIONS. A publication that takes tables, columns or types
    away is refused without --accept-breaking.
    """
    from heartshare.orchestration.steps import publishing

    others = sum([diff, is_list, roll_back is not None, to_postgres])
    if others > 1:
        raise click.UsageError(
            "Choose one of --diff, --list, --roll-back, --to-postgres."
        )
    if others and (week or accept_breaking):
        raise click.UsageError(
            "--week and --accept-breaking go with a publication, and with nothing else."
        )
    if revisions and not (diff and len(revisions) == 2):  # noqa: PLR2004 before, after
        raise click.UsageError("Two REVISIONS go with --diff, and with nothing else.")
    if as_json and not (diff or is_list):
        raise click.UsageError("--json goes with --diff or --list.")

    def step(settings: Settings, terminal: Terminal) -> None:
        if diff or is_list:
            click.echo(_seen(settings, revisions, is_list=is_list, as_json=as_json))
        elif to_postgres:
            publishing.copy_to_postgres(settings)
        elif roll_back is not None:
            revision = publishing.roll_back_to(settings, roll_back)
            again = "again" if revision.is_new else "already"
            terminal.say(f"Readers see {revision.name} {again} ({revision.path})")
        else:
            chosen = _week(settings, week)
            publishing.publish_marts(settings, chosen, accepts_breaking=accept_breaking)
            publishing.copy_if_wanted(settings)

    _run(context, step)


def _seen(
    settings: Settings, names: tuple[str, ...], *, is_list: bool, as_json: bool
) -> str:
    """Return the revisions on disk, or what differs, as text or JSON."""
    from heartshare.orchestration.steps.comparing import compare_publications
    from heartshare.warehouse.revision_diff_text import diff_lines
    from heartshare.warehouse.revision_listing import list_revisions, listing

    if is_list:
        states = list_revisions(settings)
        rows = [state.to_dict() for state in states]
        return json.dumps(rows, indent=2) if as_json else "\n".join(listing(states))
    pair = (names[0], names[1]) if names else None
    found = compare_publications(settings, pair)
    return (
        json.dumps(found.to_dict(), indent=2)
        if as_json
        else "\n".join(diff_lines(found))
    )


@commands.command()
@WEEK
@click.option("--send/--no-send", default=False, help="Also send it; default: no.")
@click.option(
    "--edition",
    type=click.Choice(["weekly", "monthly", "half-year"]),
    default="weekly",
    show_default=True,
    help="What to report on; a month and a half-year are named beside it.",
)
@click.option("--month", metavar="MONTH", help="With --edition monthly: 2026-10.")
@click.option("--half", metavar="HALF", help="With --edition half-year: 2026-H1.")
@click.option("--again", metavar="ISSUE", help="Render an archived issue; file none.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --again: keep what was rendered in this folder.",
)
@click.pass_context
def report(  # noqa: PLR0913, PLR0917 click hands over one argument for each option
    context: click.Context,
    week: ReportingWeek | None,
    send: bool,  # noqa: FBT001 click
    edition: str,
    month: str | None,
    half: str | None,
    again: str | None,
    into: Path | None,
) -> None:
    """Render the report of the published week into the archive.

    With --edition: that of a whole month, or of a half-year's recognition, from the
    marts of the week that closes it. A month has the weeks whose Thursday lies in it;
    all must be published. A half-year's ranking is final seven days after its end.

    With --again: render ISSUE (2026-W46, 2026-W46.r1, 2026-10 or all) from its own
    facts.json into a scratch folder and compare every file with the archived one; exit
    code 3 when one differs.
    """
    from heartshare.orchestration.steps.delivering import deliver_report
    from heartshare.orchestration.steps.reporting import render_report

    period = _period(edition, month, half)
    if period and (week or again):
        raise click.UsageError("--edition goes with neither --week nor --again.")
    if again and (week or send):
        raise click.UsageError("--again names its issue and sends nothing.")
    if into and not again:
        raise click.UsageError("--into goes with --again.")
    if again:
        _run(context, lambda settings, _: _render_again(settings, again, into))
        return
    if period:
        _run(context, lambda settings, _: _edition(settings, period, send=send))
        return

    def step(settings: Settings, _: Terminal) -> None:
        chosen = _week(settings, week)
        issue = render_report(settings, chosen, at=datetime.now(UTC))
        click.echo(issue.path / "index.html")
        if send:
            deliver_report(settings, chosen, at=datetime.now(UTC))

    _run(context, step)


def _period(edition: str, month: str | None, half: str | None) -> Period | None:
    """Return the month or half-year that an edition is of; None for the weekly one."""
    from heartshare.reporting.edition_periods import HalfYear, Month

    if bool(month) != (edition == "monthly"):
        raise click.UsageError("--edition monthly and --month go together.")
    if bool(half) != (edition == "half-year"):
        raise click.UsageError("--edition half-year and --half go together.")
    if month:
        return Month.parse(month)
    return HalfYear.parse(half) if half else None


def _edition(settings: Settings, period: Period, *, send: bool) -> None:
    from heartshare.orchestration.steps.delivering_editions import deliver_edition
    from heartshare.orchestration.steps.editions import render_edition

    issue = render_edition(settings, period, at=datetime.now(UTC))
    click.echo(issue.path / "index.html")
    if send:
        deliver_edition(settings, period, at=datetime.now(UTC))


def _render_again(settings: Settings, name: str, into: Path | None) -> None:
    from heartshare.orchestration.steps.rendering_again import (
        IssueDiffersError,
        render_again,
    )

    differing = []
    for issue in render_again(settings.archive, name, into):
        click.echo("\n".join(issue.lines()))
        differing += [] if issue.is_same else [issue.key]
    if differing:
        raise IssueDiffersError(differing)


@commands.command()
@WEEK
@click.option(
    "--late", is_flag=True, help="Pull late exports; build the newest exported week."
)
@click.pass_context
def run(context: click.Context, week: ReportingWeek | None, late: bool) -> None:  # noqa: FBT001
    """Run the whole week through Airflow in this process: pull, build, gate, report."""
    from heartshare.orchestration.partitions import Mode

    mode = Mode.LATE if late else Mode.LIVE
    settings = _settings()
    _embedded(context, settings, [_week(settings, week)], mode)


@commands.command()
@click.option("--from", "first", type=WeekType(), required=True, help="First week.")
@click.option("--to", "last", type=WeekType(), required=True, help="Last week.")
@click.pass_context
def backfill(context: click.Context, first: ReportingWeek, last: ReportingWeek) -> None:
    """Build, judge and publish weeks long gone, oldest first; no report is sent."""
    from heartshare.orchestration.partitions import Mode

    _embedded(context, _settings(), list(first.until(last)), Mode.BACKFILL)


@commands.command()
@WEEK
@click.option(
    "--size",
    type=click.IntRange(min=30),
    default=200,
    show_default=True,
    help="Texts in the sample.",
)
@click.option(
    "--read",
    "file",
    is_flag=False,
    flag_value=Path(),
    type=click.Path(path_type=Path),
    metavar="[FILE]",
    help="Read the labelled sheet back; default: where it was written.",
)
@click.option("--new-sample", is_flag=True, help="Draw anew; keep labels in both.")
@click.pass_context
def label(
    context: click.Context,
    week: ReportingWeek | None,
    size: int,
    file: Path | None,
    new_sample: bool,  # noqa: FBT001 click
) -> None:
    """Write a sample of the week's texts for people to label, or read it back.

    Labels give the week's tone its error bar; half an hour a week is enough.
    """
    from heartshare.orchestration.steps.label_reading import read_back
    from heartshare.orchestration.steps.labelling import write_sample

    def step(settings: Settings, _: Terminal) -> None:
        chosen = _week(settings, week)
        if file is None:
            drawn = write_sample(settings, chosen, size=size, is_new=new_sample)
            click.echo(drawn.instructions(chosen))
        else:
            named = file if file != Path() else None
            click.echo(read_back(settings, chosen, named).told())

    _run(context, step)


@commands.command()
@click.argument("platform")
@click.argument("account", nargs=-1, required=True)
@click.option("--requested-by", required=True, help="Who asked; stays on the list.")
@click.option("--reason", required=True, help="Why; stays on the list.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.pass_context
def forget(  # noqa: PLR0913, PLR0917 click hands them by name
    context: click.Context,
    platform: str,
    account: tuple[str, ...],
    requested_by: str,
    reason: str,
    yes: bool,  # noqa: FBT001 click
) -> None:
    """Erase a person: every ACCOUNT (id, handle or address) of theirs on PLATFORM.

    They go from landing/, the warehouse, every published revision and the archive, and
    are refused in every export that comes later. This cannot be undone. Build and
    publish the week again afterwards: `heartshare run`.
    """
    from heartshare.orchestration.steps.forgetting import ErasureRequest, forget_person

    if not yes:
        click.confirm(f"Erase {', '.join(account)} of {platform} for good?", abort=True)
    request = ErasureRequest(platform, account, requested_by, reason)

    def step(settings: Settings, terminal: Terminal) -> None:
        at = datetime.now(UTC)
        forget_person(settings, request, at=at, progress=terminal.advance)

    _run(context, step)


@commands.command()
@click.option("--issue", metavar="ISSUE", help="Rows of one issue, as 2026-W46.r1.")
@click.option("--open", "is_open", is_flag=True, help="Rows that wait for a person.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.option(
    "--settle",
    nargs=3,
    type=(str, str, click.Choice(["sent", "not-sent", "close"])),
    metavar="ISSUE RECIPIENT sent|not-sent|close",
    help="Answer for a row; not-sent has it sent once more, close does not.",
)
@click.option("--bounces", is_flag=True, help="Read what came back; who is suspended?")
@click.option("--lift", metavar="ADDRESS", help="Let a suspended address have mail.")
@click.option("--by", "person", default="", help="Settle or lift: who says so.")
@click.option("--because", "reason", default="", help="Settle or lift: why.")
@click.pass_context
def outbox(  # noqa: PLR0913, PLR0917 click hands them by name
    context: click.Context,
    issue: str | None,
    is_open: bool,  # noqa: FBT001 click
    as_json: bool,  # noqa: FBT001 click
    settle: tuple[str, str, str] | None,
    bounces: bool,  # noqa: FBT001 click
    lift: str | None,
    person: str,
    reason: str,
) -> None:
    """Show who was sent what and with what result, or settle a row nobody can know.

    RECIPIENT is an address, or the reference that the list shows in its place.
    """
    from heartshare.orchestration.steps.bouncing import lift_suspension
    from heartshare.orchestration.steps.settling import outbox_rows, settle_row
    from heartshare.reporting.outbox_listing import listing, row_facts

    if (person or reason) and not (settle or lift):
        raise click.UsageError("--by and --because go with --settle and --lift.")
    if settle and (issue or is_open):
        raise click.UsageError("--settle names its issue itself.")
    if sum(map(bool, (settle, bounces, lift))) > 1:
        raise click.UsageError("Choose one of --settle, --bounces, --lift.")

    def step(settings: Settings, _: Terminal) -> None:
        at = datetime.now(UTC)
        if bounces:
            _read_bounces(settings, at)
            return
        if lift:
            lift_suspension(settings, lift, person=person, reason=reason, at=at)
            return
        rows = (
            [settle_row(settings, *settle, person=person, reason=reason, at=at)]
            if settle
            else list(outbox_rows(settings, at=at, issue=issue, is_open=is_open))
        )
        if as_json:
            click.echo(json.dumps([row_facts(row, at) for row in rows], indent=2))
        else:
            click.echo("\n".join(listing(rows, at)))

    _run(context, step)


def _read_bounces(settings: Settings, at: datetime) -> None:
    from heartshare.orchestration.steps.bouncing import read_bounces
    from heartshare.reporting.outbox_listing import masked

    found = read_bounces(settings, at=at)
    click.echo(f"{found.read} bounces read, {found.left} files left alone.")
    for one in found.suspended:
        click.echo(f"suspended: {masked(one.recipient)}, {one.reason}")


@commands.command()
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Folder of the demo organisation's data.",
)
@click.pass_context
def demo(context: click.Context, home: Path) -> None:
    """Run the main job for a made-up organisation, through Airflow.

    Forty-two weeks of exports, a held week, its correction, the report and its
    delivery. A second run does only what is new.
    """
    from heartshare.demo.run import run_demo

    run_demo(home, is_verbose=context.obj)


@commands.command()
@click.option("--port", default=28086, show_default=True, help="Port of the pages.")
@click.pass_context
def up(context: click.Context, port: int) -> None:
    """Start Airflow's four services here; Ctrl-C stops them.

    The DAGs then run by themselves: every Monday, and whenever `_READY` appears in the
    inbox.
    """
    from heartshare.orchestration.services import run_services

    _run(context, lambda settings, _: run_services(settings, port))


@commands.command()
@click.option(
    "--coverage", is_flag=True, help="Also fail if one lacks a model or a unit test."
)
def metrics(coverage: bool) -> None:  # noqa: FBT001 click
    """List every metric with the model and column that hold it and its unit test."""
    from heartshare.reference.metric_coverage import (
        MetricCoverageError,
        coverage_lines,
        metric_coverage,
    )

    rows = metric_coverage(_settings().dbt_project)
    click.echo("\n".join(coverage_lines(rows)))
    gaps = [row for row in rows if row.gap]
    if coverage and gaps:
        click.echo(f"error: {MetricCoverageError(gaps)}", err=True)
        sys.exit(1)


@commands.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a page is stale.")
@click.option(
    "--dbt", "of_marts", is_flag=True, help="Document the built marts in the archive."
)
@click.pass_context
def docs(context: click.Context, check: bool, of_marts: bool) -> None:  # noqa: FBT001 click
    """Write the pages under docs/ that come from code, contracts and seeds.

    With --dbt, write what every model, column and metric means beside the archive's
    index instead.
    """
    if of_marts and check:
        raise click.UsageError("--check looks at docs/; --dbt writes to the archive.")
    if of_marts:
        from heartshare.orchestration.steps.documenting import document_marts

        _run(context, lambda settings, _: click.echo(document_marts(settings)))
        return
    stale = [path for path, text in _pages().items() if _text(path) != text]
    for path in stale:
        if not check:
            path.write_text(_pages()[path], encoding="utf-8")
        click.echo(f"{'stale' if check else 'written'}: {path.name}")
    if check and stale:
        sys.exit(1)


def _pages() -> dict[Path, str]:
    """Return the generated pages by the path where each belongs."""
    from heartshare.orchestration.dag_pages import dags_page
    from heartshare.reference.exports_page import exports_page
    from heartshare.reference.metrics_page import metrics_page
    from heartshare.reference.tonality_page import with_tonality

    root = _settings().dbt_project.parent
    seeds = root / "dbt_project" / "seeds"
    listening = root / "docs" / "listening.md"
    return {
        root / "docs" / "dags.md": dags_page(root / "dags"),
        root / "docs" / "exports.md": exports_page(),
        root / "docs" / "metrics.md": metrics_page(root / "dbt_project"),
        listening: with_tonality(_text(listening) or "", seeds / "tonality_rules.csv"),
    }


@commands.command("messages")
@click.option("--check", is_flag=True, help="Write nothing; fail if a file is stale.")
def catalogue_messages(*, check: bool) -> None:
    """Renew the catalogue of languages: what is said, and what is not yet translated.

    A new language begins as a copy of messages.pot under its code, such as fr.po.
    """
    from heartshare.reference.messages import catalogue_files

    settings = _settings()
    files = catalogue_files(settings.dbt_project, settings.expectations)
    stale = [path for path, text in files.items() if _text(path) != text]
    for path in stale:
        if not check:
            path.write_text(files[path], encoding="utf-8")
        click.echo(f"{'stale' if check else 'written'}: {path.name}")
    if check and stale:
        sys.exit(1)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def main() -> None:
    """Run the command line; our errors end in one sentence and their exit code."""
    is_verbose = any(argument in {"-v", "--verbose"} for argument in sys.argv[1:])
    status = 0
    try:
        commands(prog_name="heartshare")
    except HeartshareError as error:
        if is_verbose:
            traceback.print_exc()
        click.echo(f"{_family(error)}: {error}", err=True)
        status = error.exit_status
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    _leave(status)


def _leave(status: int) -> NoReturn:
    """End the process; where Airflow ran in it, without waiting for its threads.

    Its in-process server leaves threads that hold on to open modules, about which the
    libraries then complain on the terminal.
    """
    if "airflow" in sys.modules:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _family(error: HeartshareError) -> str:
    return {3: "Input", 4: "Held", 5: "Busy"}.get(error.exit_status, "Error")


def _settings() -> Settings:
    return Settings.from_env(os.environ)


def _week(settings: Settings, week: ReportingWeek | None) -> ReportingWeek:
    from heartshare.orchestration.partitions import last_closed_week

    return week or last_closed_week(datetime.now(UTC), settings.timezone)


def _run(context: click.Context, step: Callable[[Settings, Terminal], object]) -> None:
    """Run one step and show what it says."""
    from heartshare.orchestration.terminal import Terminal

    settings = _settings()
    settings.make_home()
    terminal = Terminal()
    with terminal.listening(is_verbose=context.obj):
        step(settings, terminal)


def _embedded(
    context: click.Context,
    settings: Settings,
    weeks: list[ReportingWeek],
    mode: Any,  # noqa: ANN401 Mode is imported lazily
) -> None:
    from heartshare.orchestration.embedded import run_weeks

    settings.make_home()
    for result in run_weeks(settings, weeks, mode, is_verbose=context.obj):
        click.echo(f"{result.dag_id} {result.state}")


if __name__ == "__main__":
    main()
