"""Draw the gate's history as one page: checks by weeks, incidents and waivers."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from heartshare.language import mark, mark_many, say, say_many
from heartshare.quality.gate import Decision, State
from heartshare.quality.incidents import (
    Ending,
    find_incidents,
    last_runs,
    worst_outcomes,
)
from heartshare.quality.page_style import (
    MARKS,
    STATES,
    VERDICTS,
    draw_cell,
    draw_list_in_english,
    draw_mark,
    draw_named_mark,
    mark_of,
    page,
    say_html,
    say_name,
    say_title,
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
.scroll { overflow-x: auto; position: relative; }
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
@media (max-width: 44rem) {
  .grid tbody th[scope=row] { white-space: normal; min-width: 9rem; max-width: 11rem;
    line-height: 1.25; padding: .15rem .5rem .15rem 0; } }
@media print { .scroll { overflow: visible; } body { max-width: none; } }
"""


_FOOTER = mark(
    "Made from the verdicts in this folder after every run. In SQL the same is in "
    "fct_gate_findings and agg_gate_weeks."
)
_ENDINGS = {
    Ending.OPEN: mark("open"),
    Ending.CLOSED: mark("closed"),
    Ending.RETIRED: mark("retired"),
}


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
    skip = say_html("Skip the grid: incidents as a list")
    body = "\n".join(
        [
            f"<a class='skip' href='#list'>{skip}</a>",
            _header(trend, incidents),
            "<main>",
            _open(incidents),
            _waivers(trend),
            (
                _grid(trend.runs)
                if trend.runs
                else f"<p>{say_html('The gate has not run yet.')}</p>"
            ),
            _past(incidents),
            "</main>",
            f"<footer><p>{escape(say(_FOOTER))}</p></footer>",
        ]
    )
    title = say("Data gate, {organisation}", organisation=trend.organisation)
    return page(title, body, _STYLE)


def _header(trend: Trend, incidents: Sequence[Incident]) -> str:
    weeks = _by_week(trend.runs)
    held = [week for week, runs in weeks.items() if _held(runs[0])]
    still = [week for week, runs in weeks.items() if _held(runs[-1])]
    open_now = [one for one in incidents if one.ending is Ending.OPEN]
    figures = [
        (len(weeks), *mark_many("week judged", "weeks judged")),
        (len(held), *mark_many("held at first", "held at first")),
        (len(set(held) - set(still)), *mark_many("of them mended", "of them mended")),
        (len(open_now), *mark_many("open incident", "open incidents")),
        (len(trend.waivers), *mark_many("waiver in force", "waivers in force")),
    ]
    items = "".join(
        f"<li><b>{number}</b>{escape(say_many(one, many, number))}</li>"
        for number, one, many in figures
    )
    span = (
        say("{first} to {last}", first=min(weeks).label, last=max(weeks).label)
        if weeks
        else ""
    )
    return (
        f"<header><p class='quiet'>{escape(trend.organisation)}</p>"
        f"<h1>{say_html('Data gate: is each week fit to publish?')}</h1>"
        f"<p>{escape(span)}</p>"
        f"<ul class='figures'>{items}</ul></header>"
    )


def _grid(runs: Sequence[GateRun]) -> str:
    weeks = _by_week(runs)
    years = [(year, len(list(group))) for year, group in groupby(weeks, _year)]
    over = "".join(
        f"<th scope='colgroup' colspan='{count}'>{year}</th>" for year, count in years
    )
    names = "".join(
        f"<th scope='col'><a href='{_link(found[-1])}' title='{_title(week)}'>"
        f"<span class='hidden'>{say_html('Week')} </span>"
        f"{week.monday.isocalendar().week}</a></th>"
        for week, found in weeks.items()
    )
    legend = "".join(
        f"<li>{draw_named_mark(kind, say(words))}</li>"
        for kind, (_, words) in MARKS.items()
    )
    mended = say_html("in outline: mended in a later run of the week")
    legend += (
        "<li><span class='mark held mended' aria-hidden='true'>\u00d7</span>"
        f"<span class='word'>{mended}</span></li>"
    )
    reading = say_html(
        "A column is a week and leads to its last run; empty cells were not asked. "
        "What fired stands in bold."
    )
    return (
        "<section aria-labelledby='grid'>"
        f"<h2 id='grid'>{say_html('Checks by week')}</h2>"
        f"<ul class='legend' aria-label='{say_html('Marks')}'>{legend}</ul>"
        f"<p class='quiet' id='reading'>{reading}</p>"
        "<div class='scroll' tabindex='0' role='region' aria-labelledby='grid'>"
        "<table class='grid' aria-describedby='reading'>"
        f"<thead><tr><td></td>{over}<td></td></tr><tr><td></td>{names}"
        f"<th scope='col' class='tally'>{say_html('Weeks')}</th></tr></thead>"
        f"{_verdict_rows(weeks)}{_check_rows(weeks)}</table></div></section>"
    )


def _verdict_rows(weeks: Mapping[ReportingWeek, Sequence[GateRun]]) -> str:
    rows = []
    names = (say("Verdict, first run"), say("Verdict that holds"))
    for name, place in zip(names, (0, -1), strict=True):
        cells = "".join(
            f"<td>{draw_mark(*VERDICTS[runs[place].verdict.verdict])}</td>"
            for runs in weeks.values()
        )
        held = sum(_held(runs[place]) for runs in weeks.values())
        rows.append(
            f"<tr><th scope='row'>{escape(name)}</th>{cells}"
            f"<td class='tally'>{held}</td></tr>"
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
        title = escape(say_title(suite))
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
    name = escape(say_name(outcome.key))
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
    table = _incident_table(found, say("Checks that do not pass in the newest run."))
    none = f"<p>{say_html('None: every check passed in the newest run.')}</p>"
    return (
        "<section aria-labelledby='open'>"
        f"<h2 id='open'>{say_html('Open incidents')}</h2>"
        f"{table or none}</section>"
    )


def _past(incidents: Sequence[Incident]) -> str:
    found = [one for one in incidents if one.ending is not Ending.OPEN]
    more = len(found) - _LISTED_INCIDENTS
    left_out = say_many(
        "One older one is not listed.",
        "{count} older ones are not listed.",
        more,
        count=more,
    )
    rest = f"<p class='quiet'>{escape(left_out)}</p>" if more > 0 else ""
    caption = say(
        "From the run that found it to the run in which the check passed again."
    )
    table = _incident_table(found[:_LISTED_INCIDENTS], caption)
    none = f"<p>{say_html('None.')}</p>"
    return (
        f"<section aria-labelledby='list'><h2 id='list'>{say_html('Closed incidents')}"
        f"</h2>{table or none}{rest}</section>"
    )


def _incident_table(incidents: Sequence[Incident], caption: str) -> str:
    if not incidents:
        return ""
    return _table(
        (
            say("State"),
            say("Check"),
            say("Opened"),
            say("Closed"),
            say("Weeks"),
            say("Effect"),
            say("Owner"),
        ),
        "".join(_incident(one) for one in incidents),
        f"<caption>{escape(caption)}</caption>",
    )


def _table(heads: Sequence[str], rows: str, caption: str = "") -> str:
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in heads)
    return (
        f"<table class='rows'>{caption}<thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _incident(one: Incident) -> str:
    last = one.last_seen.outcomes[one.ref]
    kind = "passed" if one.ending is Ending.CLOSED else mark_of(last)
    is_waived_now = one.is_waived and one.ending is Ending.OPEN
    state = say(STATES[State.WAIVED] if is_waived_now else _ENDINGS[one.ending])
    effect = say("held the week") if one.has_blocked else say("note")
    if one.is_waived:
        effect = say(
            "waived by {person} until {day}: {reason}",
            person=last.waived_by,
            day=last.waived_until,
            reason=last.reason,
        )
    closed = _run_link(one.closed_by) if one.closed_by else ""
    if one.ending is Ending.RETIRED:
        closed = say_html("no longer asked")
    return (
        f"<tr><td>{draw_named_mark(kind, state)}</td>"
        f"<th scope='row'><code>{escape(one.ref)}</code></th>"
        f"{draw_cell(say('Opened'), _run_link(one.opened_by))}"
        f"{draw_cell(say('Closed'), closed)}"
        f"{draw_cell(say('Weeks'), str(len(one.weeks)))}"
        f"{draw_cell(say('Effect'), escape(effect))}"
        f"{draw_cell(say('Owner'), escape(one.owner))}</tr>"
    )


def _waivers(trend: Trend) -> str:
    used = {
        (run.week, ref)
        for run in last_runs(trend.runs)
        for ref, outcome in run.outcomes.items()
        if outcome.state is State.WAIVED
    }
    rows = "".join(
        _waiver(one, is_used=(one.week, one.ref) in used) for one in trend.waivers
    )
    heads = (
        say("Check"),
        say("Week"),
        say("Person"),
        say("Reason"),
        say("Until"),
        say("Used"),
    )
    table = _table(heads, rows) if rows else f"<p>{say_html('None.')}</p>"
    notes = (
        f"<p>{say_html('These do not count:')}</p>{draw_list_in_english(trend.ignored)}"
        if trend.ignored
        else ""
    )
    return (
        "<section aria-labelledby='waivers'>"
        f"<h2 id='waivers'>{say_html('Waivers in force')}</h2>{table}{notes}</section>"
    )


def _waiver(one: Waiver, *, is_used: bool) -> str:
    used = say_html("yes") if is_used else say_html("not yet")
    return (
        f"<tr><th scope='row'><code>{escape(one.ref)}</code></th>"
        f"{draw_cell(say('Week'), one.week.label)}"
        f"{draw_cell(say('Person'), escape(one.person))}"
        f"{draw_cell(say('Reason'), escape(one.reason))}"
        f"{draw_cell(say('Until'), str(one.until), style='nowrap')}"
        f"{draw_cell(say('Used'), used)}</tr>"
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
    name = say("{week}, run {number}", week=run.week.label, number=run.number)
    return f"<a class='nowrap' href='{_link(run)}'>{escape(name)}</a>"


def _title(week: ReportingWeek) -> str:
    return escape(say("{week}, week of {day}", week=week.label, day=week.key))
