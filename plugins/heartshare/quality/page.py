"""Draw one run of the gate as one page that loads nothing from elsewhere.

First what a person must do something about, each check with its whole story; then every
check by suite, in the order of causes.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from heartshare.language import mark, say
from heartshare.quality.explanation import (
    HEADLINES,
    advice,
    counts,
    often_text,
    waiver_text,
)
from heartshare.quality.findings import say_found
from heartshare.quality.gate import Decision, State
from heartshare.quality.page_style import (
    MARKS,
    SEVERITIES,
    STATES,
    VERDICTS,
    draw_cell,
    draw_list_in_english,
    draw_mark,
    draw_named_mark,
    mark_of,
    page,
    say_html,
    say_title,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from heartshare.quality.explanation import CheckStory
    from heartshare.quality.gate import GateVerdict, Outcome
    from heartshare.quality.suites import Suite

_ORDER = {State.BROKEN: 0, State.FAILED: 1, State.WAIVED: 2, State.PASSED: 3}
_STYLE = """
.verdict { display: flex; gap: .75rem; align-items: center; }
.verdict .mark { width: 1.9rem; height: 1.9rem; font-size: 1.25rem; flex: none; }
.verdict .passed { border-color: var(--good); border-radius: 50%; }
.about { display: flex; flex-wrap: wrap; gap: .2rem 1.75rem; margin: .75rem 0 0; }
.about div { display: flex; gap: .4rem; } .about dt { color: var(--muted); }
.about dd { margin: 0; }
.story { margin: 1rem 0; padding: 1rem 1.25rem 1.1rem; border: 1px solid var(--line);
  border-left: 5px solid var(--caution); border-radius: 4px; }
.story.held, .story.broken { border-left-color: var(--bad); }
.story.waived { border-left-color: var(--good); }
.story.info { border-left-color: var(--muted); }
.story header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; border: 0;
  justify-content: space-between; }
.story dl { display: grid; grid-template-columns: 5.5rem 1fr; gap: .3rem 1rem;
  margin: .7rem 0 0; }
.story dt { color: var(--muted); } .story dd { margin: 0; max-width: 44rem; }
.story .next { background: var(--tint); padding: .3rem .6rem; margin: -.1rem -.6rem;
  border-radius: 3px; }
.suite .rows { table-layout: fixed; }
.suite col.mark-column { width: 2rem; } .suite col.severity { width: 6rem; }
.suite col.found { width: 16rem; }
.suite summary { cursor: pointer; display: flex; flex-wrap: wrap; gap: .1rem 1rem;
  align-items: baseline; padding: .55rem 0; border-top: 1px solid var(--line); }
.suite summary h3 { min-width: 11rem; } .suite summary .count { margin-left: auto; }
.suite .count::after { content: "+"; display: inline-block; width: 1.4rem;
  text-align: right; color: var(--good); font-weight: 700; }
.suite details[open] .count::after { content: "\\2013"; }
.suite .rows { margin: 0 0 1rem; }
@media (max-width: 44rem) { .story dl { grid-template-columns: 1fr; gap: 0; }
  .story dt { margin-top: .4rem; } }
"""


_FOOTER = mark(
    "Counts are rows; keys of examples are hashed or codes. No value of the data is "
    "quoted on this page."
)


@dataclass(frozen=True)
class RunNote:
    """Which run a page is of: its name, when it judged, and until when exports counted.

    ``trend`` is where the page of all weeks lies, seen from this one.
    """

    name: str
    judged_at: datetime | None = None
    as_of: datetime | None = None
    trend: str | None = None


def draw_page(
    verdict: GateVerdict,
    suites: Sequence[Suite],
    stories: Sequence[CheckStory],
    note: RunNote,
) -> str:
    """Return the page of one run. Everything shown is escaped, and no value is quoted.

    ``stories`` are those of the checks that did not pass, in suite order.
    """
    body = "\n".join(
        [
            f"<a class='skip' href='#checks'>{say_html('Skip to all checks')}</a>",
            _header(verdict, note),
            "<main>",
            _findings(verdict, stories),
            _all_checks(verdict, {suite.name: suite for suite in suites}),
            _ignored(verdict),
            "</main>",
            f"<footer><p>{escape(say(_FOOTER))}</p></footer>",
        ]
    )
    title = say("Data gate {week}", week=verdict.week.label)
    return page(title, body, _STYLE)


def _header(verdict: GateVerdict, note: RunNote) -> str:
    kind, _ = VERDICTS[verdict.verdict]
    week = verdict.week
    facts = [
        (say("Run"), escape(note.name)),
        (say("Judged"), _moment(note.judged_at)),
        (say("Exports until"), _moment(note.as_of)),
        (say("Build"), f"<code>{escape(verdict.build_id)}</code>"),
    ]
    about = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>"
        for name, value in facts
        if value
    )
    sign = "&#10003;" if kind == "passed" else MARKS[kind][0]
    trend = (
        f"<nav aria-label='{say_html('Data gate')}'>"
        f"<a href='{escape(note.trend)}'>{say_html('All weeks')}</a></nav>"
        if note.trend
        else ""
    )
    span = say("Week of {first} to {last}.", first=week.key, last=week.sunday)
    return (
        f"<header>{trend}<h1 class='verdict'><span class='mark {kind}' "
        f"aria-hidden='true'>{sign}</span><span>{escape(week.label)}: "
        f"{escape(say(HEADLINES[verdict.verdict]))}</span></h1>"
        f"<p>{escape(span)} {escape(counts(verdict))}</p>"
        f"<dl class='about'>{about}</dl></header>"
    )


def _findings(verdict: GateVerdict, stories: Sequence[CheckStory]) -> str:
    if not stories:
        nothing = (
            say("No check ran, so nobody knows whether the week is right.")
            if verdict.verdict is Decision.BLOCKED
            else say("Every check passed. There is nothing to do.")
        )
        heading = say_html("What to do")
        return f"<section><h2>{heading}</h2><p>{escape(nothing)}</p></section>"
    outcomes = {outcome.ref: outcome for outcome in verdict.outcomes}
    ordered = sorted(
        stories,
        key=lambda one: (not one.is_blocking, _ORDER[outcomes[one.ref].state]),
    )
    cards = "\n".join(_card(one, outcomes[one.ref]) for one in ordered)
    heading = say_html("What did not pass, and what to do")
    first = advice(verdict)
    lead = f"<p>{escape(first)}</p>" if first else ""
    return (
        f"<section aria-labelledby='findings'><h2 id='findings'>{heading}</h2>"
        f"{lead}\n{cards}</section>"
    )


def _card(story: CheckStory, outcome: Outcome) -> str:
    kind = mark_of(outcome)
    effect = f"{say(STATES[outcome.state])}, {say(SEVERITIES[outcome.severity])}"
    if story.is_blocking:
        effect = say("{state}, holds the week", state=effect)
    waiver = waiver_text(story)
    fields = [
        (say("Asks"), escape(say(story.asks))),
        (say("Why"), escape(say(story.why))),
        (say("Found"), _found(story)),
        (say("Next step"), f"<div class='next'>{escape(say(story.next_step))}</div>"),
        (
            say("Waiver"),
            escape(say("Waived {waiver}", waiver=waiver)) if waiver else "",
        ),
        (say("Before"), escape(often_text(story))),
        (say("Owner"), escape(story.owner)),
    ]
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{text}</dd>" for name, text in fields if text
    )
    return (
        f"<article class='story {kind}' id='{escape(story.ref)}'><header>"
        f"<h3><code>{escape(story.ref)}</code></h3>{draw_named_mark(kind, effect)}"
        f"</header><dl>{rows}</dl></article>"
    )


def _found(story: CheckStory) -> str:
    found = escape(say_found(story.found))
    if not story.examples:
        return found
    keys = ", ".join(f"<code>{escape(key)}</code>" for key in story.examples)
    # The keys are put in last: they are escaped already, and the words are not.
    examples = escape(say("Examples: {examples}", examples="\0")).replace("\0", keys)
    return f"{found}<br>{examples}"


def _all_checks(verdict: GateVerdict, suites: Mapping[str, Suite]) -> str:
    parts = []
    for name, found in groupby(verdict.outcomes, key=lambda one: one.suite):
        parts.append(_suite(suites.get(name), name, list(found)))
    order = say(
        "In the order of causes: when an export is cut, the first suites say so before "
        "the last ones notice."
    )
    return (
        "<section aria-labelledby='checks'>"
        f"<h2 id='checks'>{say_html('All checks')}</h2>"
        f"<p class='quiet'>{escape(order)}</p>\n" + "\n".join(parts) + "</section>"
    )


def _suite(suite: Suite | None, name: str, outcomes: list[Outcome]) -> str:
    passed = sum(one.state is State.PASSED for one in outcomes)
    asks = escape(say(suite.asks)) if suite else ""
    reads = ""
    if suite:
        told = say_html(
            "Reads {table}. Owner: {owner}.",
            table=suite.asset.name,
            owner=suite.owner,
        )
        reads = f"<p class='quiet'>{told}</p>"
    share = say("{passed} of {count} passed", passed=passed, count=len(outcomes))
    rows = "".join(_row(one) for one in sorted(outcomes, key=lambda o: _ORDER[o.state]))
    is_open = " open" if passed < len(outcomes) else ""
    heads = "".join(
        f"<th scope='col'>{escape(head)}</th>"
        for head in (say("Check, and why it matters"), say("Severity"), say("Found"))
    )
    return (
        f"<div class='suite' id='{escape(name)}'><details{is_open}><summary>"
        f"<h3>{escape(say_title(name))}</h3><span class='quiet'>{asks}</span>"
        f"<span class='count'>{escape(share)}</span></summary>"
        f"{reads}"
        "<table class='rows'><colgroup><col class='mark-column'><col>"
        "<col class='severity'><col class='found'></colgroup><thead><tr>"
        f"<td><span class='hidden'>{say_html('State')}</span></td>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></details></div>"
    )


def _row(outcome: Outcome) -> str:
    return (
        f"<tr><td>{draw_mark(mark_of(outcome))}</td>"
        f"<th scope='row'><code>{escape(outcome.key)}</code><br>"
        f"{escape(say(outcome.why))}</th>"
        f"{draw_cell(say('Severity'), escape(say(SEVERITIES[outcome.severity])))}"
        f"{draw_cell(say('Found'), escape(say_found(outcome.observed)))}</tr>"
    )


def _ignored(verdict: GateVerdict) -> str:
    if not verdict.waivers_ignored:
        return ""
    heading = say_html("Waivers that do not count")
    return (
        f"<section aria-labelledby='ignored'><h2 id='ignored'>{heading}</h2>"
        f"{draw_list_in_english(verdict.waivers_ignored)}</section>"
    )


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
