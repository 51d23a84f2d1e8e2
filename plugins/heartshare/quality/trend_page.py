"""Draw the gate's history as one page: checks by weeks, incidents and waivers."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from heartshare.quality.gate import Decision, State
from heartshare.quality.incidents import (
    Ending,
    find_incidents,
    last_runs,
    worst_outcomes,
)
from heartshare.quality.page_style import (
    MARKS,
    VERDICTS,
    draw_mark,
    draw_named_mark,
    mark_of,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heartshare.quality.gate import Outcome, Waiver
    from heartshare.quality.history import GateRun
    from heartshare.quality.incidents import Incident
    from heartshare.weeks import ReportingWeek

_LISTED_INCIDENTS = 40
_STYLE = """
.figures { display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; margin: 1rem 0 0;
  padding: 0; list-style: none; }
.figures b { display: block; font-size: 1.6rem; line-height: 1.2; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.4rem; margin: .5rem 0 1rem;
  padding: 0; list-style: none; font-size: .9rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 3px solid var(--good); }
.grid { font-size: .85rem; }
.grid th { font-weight: 400; text-align: left; white-space: nowrap; }
.grid td, .grid thead th[scope=col] { width: 1.75rem; min-width: 1.75rem;
  height: 1.5rem; padding: 0; text-align: center; vertical-align: middle; }
.grid thead th[scope=col] a { text-decoration: none; }
.grid thead th[scope=col] a:hover { text-decoration: underline; }
.grid thead th[scope=colgroup] { color: var(--muted); padding-left: .35rem;
  border-left: 1px solid var(--line); }
.grid tbody th { padding: 0 1rem 0 .8rem; position: sticky; left: 0;
  background: #fff; }
.grid tbody tr:nth-child(odd) > * { background-color: var(--tint); }
.grid .group > * { background: #fff !important; }
.grid .group th { padding: .8rem 0 .15rem; font-weight: 700; }
.grid .fired th, .grid .verdicts th { font-weight: 700; }
.grid .verdicts tr > * { background: #fff !important; height: 1.9rem;
  border-bottom: 1px solid var(--line); }
.grid .tally, .grid thead th.tally { padding-left: .8rem; text-align: right;
  color: var(--muted); width: auto; }
@media print { .scroll { overflow: visible; } body { max-width: none; } }
"""


@dataclass(frozen=True)
class Trend:
    """What the page shows: runs by week and number, waivers, and where runs have pages.

    ``waivers`` are those in force on the day of the last run; ``ignored`` says of the
    others why they do not count.
    """

    organisation: str
    runs: Sequence[GateRun]
    waivers: Sequence[Waiver] = ()
    ignored: Sequence[str] = ()


def draw_trend(trend: Trend) -> str:
    """Return the page of the weeks that the runs cover, newest week to the right."""
    incidents = find_incidents(trend.runs)
    body = "\n".join(
        [
            "<a class='skip' href='#list'>Skip the grid: incidents as a list</a>",
            _header(trend, incidents),
            "<main>",
            _open(incidents),
            _waivers(trend),
            _grid(trend.runs) if trend.runs else "<p>The gate has not run yet.</p>",
            _past(incidents),
            "</main>",
            (
                "<footer><p>Made from the verdicts in this folder after every run. In "
                "SQL the same is in fct_gate_findings and agg_gate_weeks.</p></footer>"
            ),
        ]
    )
    return page(f"Data gate, {trend.organisation}", body, _STYLE)


def _header(trend: Trend, incidents: Sequence[Incident]) -> str:
    weeks = _by_week(trend.runs)
    held = [week for week, runs in weeks.items() if _held(runs[0])]
    still = [week for week, runs in weeks.items() if _held(runs[-1])]
    open_now = [one for one in incidents if one.ending is Ending.OPEN]
    figures = [
        (len(weeks), "week" + "s" * (len(weeks) != 1) + " judged"),
        (len(held), "held at first"),
        (len(set(held) - set(still)), "of them mended"),
        (len(open_now), "open incident" + "s" * (len(open_now) != 1)),
        (len(trend.waivers), "waiver" + "s" * (len(trend.waivers) != 1) + " in force"),
    ]
    items = "".join(f"<li><b>{number}</b>{words}</li>" for number, words in figures)
    span = ""
    if weeks:
        span = f"{min(weeks).label} to {max(weeks).label}"
    return (
        f"<header><p class='quiet'>{escape(trend.organisation)}</p>"
        f"<h1>Data gate: is each week fit to publish?</h1><p>{span}</p>"
        f"<ul class='figures'>{items}</ul></header>"
    )


def _grid(runs: Sequence[GateRun]) -> str:
    weeks = _by_week(runs)
    years = [(year, len(list(group))) for year, group in groupby(weeks, _year)]
    over = "".join(
        f"<th scope='colgroup' colspan='{count}'>{year}</th>" for year, count in years
    )
    names = "".join(
        f"<th scope='col'><a href='{_link(found[-1])}' "
        f"title='{week.label}, week of {week.key}'>"
        f"<span class='hidden'>Week </span>{week.monday.isocalendar().week}</a></th>"
        for week, found in weeks.items()
    )
    legend = "".join(
        f"<li>{draw_named_mark(kind, words)}</li>" for kind, (_, words) in MARKS.items()
    )
    legend += (
        "<li><span class='mark held mended' aria-hidden='true'>\u00d7</span>"
        "<span class='word'>in outline: mended in a later run of the week</span></li>"
    )
    return (
        "<section aria-labelledby='grid'><h2 id='grid'>Checks by week</h2>"
        f"<ul class='legend' aria-label='Marks'>{legend}</ul>"
        "<div class='scroll' tabindex='0' role='region' aria-labelledby='grid'>"
        "<table class='grid'><caption>A column is a week and leads to its last run; "
        "empty cells were not asked. What fired stands in bold.</caption>"
        f"<thead><tr><td></td>{over}<td></td></tr><tr><td></td>{names}"
        "<th scope='col' class='tally'>Weeks</th></tr></thead>"
        f"{_verdict_rows(weeks)}{_check_rows(weeks)}</table></div></section>"
    )


def _verdict_rows(weeks: Mapping[ReportingWeek, Sequence[GateRun]]) -> str:
    rows = []
    for name, place in (("Verdict, first run", 0), ("Verdict that holds", -1)):
        cells = "".join(
            f"<td>{draw_mark(*VERDICTS[runs[place].verdict.verdict])}</td>"
            for runs in weeks.values()
        )
        held = sum(_held(runs[place]) for runs in weeks.values())
        rows.append(
            f"<tr><th scope='row'>{name}</th>{cells}<td class='tally'>{held}</td></tr>"
        )
    return f"<tbody class='verdicts'>{''.join(rows)}</tbody>"


def _check_rows(weeks: Mapping[ReportingWeek, Sequence[GateRun]]) -> str:
    worst = {week: worst_outcomes(runs) for week, runs in weeks.items()}
    final = {week: runs[-1].outcomes for week, runs in weeks.items()}
    known: dict[str, Outcome] = {}
    for found in reversed(final.values()):
        known = {**known, **{r: one for r, one in found.items() if r not in known}}
    suites = dict.fromkeys(outcome.suite for outcome in known.values())
    parts = []
    for suite in suites:
        rows = "".join(
            _check_row(outcome, worst, final)
            for outcome in known.values()
            if outcome.suite == suite
        )
        title = escape(suite.replace("_", " ").capitalize())
        parts.append(
            f"<tbody><tr class='group'><th scope='rowgroup'>{title}</th>"
            f"<td colspan='{len(weeks) + 1}'></td></tr>{rows}</tbody>"
        )
    return "".join(parts)


def _check_row(
    outcome: Outcome,
    worst: Mapping[ReportingWeek, Mapping[str, Outcome]],
    final: Mapping[ReportingWeek, Mapping[str, Outcome]],
) -> str:
    cells, fired = [], 0
    for week, found in worst.items():
        one = found.get(outcome.ref)
        fired += one is not None and one.state is not State.PASSED
        cells.append(f"<td>{_cell(one, final[week].get(outcome.ref))}</td>")
    name = escape(outcome.key.replace("_", " "))
    return (
        f"<tr{' class=fired' if fired else ''}><th scope='row'>{name}</th>"
        f"{''.join(cells)}<td class='tally'>{fired or ''}</td></tr>"
    )


def _cell(worst: Outcome | None, last: Outcome | None) -> str:
    """Return the mark of a check's worst run in a week, in outline if it was mended."""
    if worst is None:
        return ""
    if last is not None and last.state is State.WAIVED:
        return draw_mark("waived")
    fired = worst.state is not State.PASSED
    is_mended = fired and last is not None and last.state is State.PASSED
    return draw_mark(mark_of(worst), is_mended=is_mended)


def _open(incidents: Sequence[Incident]) -> str:
    found = [one for one in incidents if one.ending is Ending.OPEN]
    table = _incident_table(found, "Checks that do not pass in the newest run.")
    return (
        "<section aria-labelledby='open'><h2 id='open'>Open incidents</h2>"
        f"{table or '<p>None: every check passed in the newest run.</p>'}</section>"
    )


def _past(incidents: Sequence[Incident]) -> str:
    found = [one for one in incidents if one.ending is not Ending.OPEN]
    more = len(found) - _LISTED_INCIDENTS
    rest = f"<p class='quiet'>{more} older ones are not listed.</p>" if more > 0 else ""
    caption = "From the run that found it to the run in which the check passed again."
    table = _incident_table(found[:_LISTED_INCIDENTS], caption)
    return (
        "<section aria-labelledby='list'><h2 id='list'>Closed incidents</h2>"
        f"{table or '<p>None.</p>'}{rest}</section>"
    )


def _incident_table(incidents: Sequence[Incident], caption: str) -> str:
    if not incidents:
        return ""
    heads = ("State", "Check", "Opened", "Closed", "Weeks", "Effect", "Owner")
    row = "".join(f"<th scope='col'>{head}</th>" for head in heads)
    return (
        f"<table class='rows'><caption>{caption}</caption><thead><tr>{row}</tr></thead>"
        f"<tbody>{''.join(_incident(one) for one in incidents)}</tbody></table>"
    )


def _incident(one: Incident) -> str:
    last = one.last_seen.outcomes[one.ref]
    kind = "passed" if one.ending is Ending.CLOSED else mark_of(last)
    state = "waived" if one.is_waived and one.ending is Ending.OPEN else str(one.ending)
    effect = "held the week" if one.has_blocked else "note"
    if one.is_waived:
        effect = f"waived by {last.waived_by} until {last.waived_until}: {last.reason}"
    closed = _run_link(one.closed_by) if one.closed_by else ""
    if one.ending is Ending.RETIRED:
        closed = "no longer asked"
    return (
        f"<tr><td>{draw_named_mark(kind, state)}</td>"
        f"<th scope='row'><code>{escape(one.ref)}</code></th>"
        f"<td>{_run_link(one.opened_by)}</td><td>{closed}</td>"
        f"<td>{len(one.weeks)}</td><td>{escape(effect)}</td>"
        f"<td>{escape(one.owner)}</td></tr>"
    )


def _waivers(trend: Trend) -> str:
    used = {
        (run.week, ref)
        for run in last_runs(trend.runs)
        for ref, outcome in run.outcomes.items()
        if outcome.state is State.WAIVED
    }
    rows = "".join(
        f"<tr><th scope='row'><code>{escape(one.ref)}</code></th>"
        f"<td>{one.week.label}</td><td>{escape(one.person)}</td>"
        f"<td>{escape(one.reason)}</td><td class='nowrap'>{one.until}</td>"
        f"<td>{'yes' if (one.week, one.ref) in used else 'not yet'}</td></tr>"
        for one in trend.waivers
    )
    heads = ("Check", "Week", "Person", "Reason", "Until", "Used")
    head = "".join(f"<th scope='col'>{name}</th>" for name in heads)
    table = (
        f"<table class='rows'><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if rows
        else "<p>None.</p>"
    )
    ignored = "".join(f"<li>{escape(text)}</li>" for text in trend.ignored)
    notes = f"<p>These do not count:</p><ul>{ignored}</ul>" if ignored else ""
    return (
        "<section aria-labelledby='waivers'><h2 id='waivers'>Waivers in force</h2>"
        f"{table}{notes}</section>"
    )


def _by_week(runs: Sequence[GateRun]) -> dict[ReportingWeek, list[GateRun]]:
    return {
        week: list(found) for week, found in groupby(runs, key=lambda run: run.week)
    }


def _held(run: GateRun) -> bool:
    return run.verdict.verdict is Decision.BLOCKED


def _year(week: ReportingWeek) -> int:
    return week.monday.isocalendar().year


def _link(run: GateRun) -> str:
    return escape(f"{run.week.label}/{run.path.name}/index.html")


def _run_link(run: GateRun) -> str:
    return (
        f"<a class='nowrap' href='{_link(run)}'>{run.week.label}, run {run.number}</a>"
    )
