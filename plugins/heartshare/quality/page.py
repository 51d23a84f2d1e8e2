"""Draw a verdict as one self-contained HTML page that loads nothing from elsewhere."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from heartshare.quality.gate import Decision, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heartshare.quality.gate import GateVerdict, Outcome
    from heartshare.quality.suites import Suite

_HEADLINES = {
    Decision.CLEAN: "Fit to publish",
    Decision.PUBLISHED_WITH_NOTES: "Fit to publish, with notes",
    Decision.BLOCKED: "Held: nothing of this week is published",
}
_ORDER = {State.BROKEN: 0, State.FAILED: 1, State.WAIVED: 2, State.PASSED: 3}
_STYLE = """
:root { color-scheme: light; --ink: #1c2430; --quiet: #5b6675; --line: #d9dee5;
  --held: #9d1c2b; --note: #7a5200; --fine: #1d6b3f; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; color: var(--ink);
  background: #fff; font: 1rem/1.5 system-ui, "Liberation Sans", Arial, sans-serif; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2.25rem 0 0; font-size: 1.1rem; }
p { margin: .25rem 0; max-width: 45rem; }
.quiet, th { color: var(--quiet); }
.blocked { color: var(--held); } .published_with_notes { color: var(--note); }
.clean { color: var(--fine); }
table { width: 100%; margin-top: .6rem; border-collapse: collapse; }
th, td { padding: .45rem .75rem .45rem 0; border-top: 1px solid var(--line);
  text-align: left; vertical-align: top; font-size: .93rem; }
th { border-top: 0; font-weight: 600; }
td:first-child, th:first-child { width: 5.5rem; }
td:nth-child(3), th:nth-child(3) { width: 6rem; }
td:nth-child(4), th:nth-child(4) { width: 15rem; overflow-wrap: anywhere; }
.failed, .broken { color: var(--held); font-weight: 600; }
.minor { color: var(--note); font-weight: 600; }
.waived { color: var(--note); } .passed { color: var(--fine); }
code { font: .88em ui-monospace, "Liberation Mono", monospace; }
@media (max-width: 44rem) { table, tbody, tr, td { display: block; width: auto; }
  thead { display: none; } td { border: 0; padding: .1rem 0; width: auto !important; }
  tr { border-top: 1px solid var(--line); padding: .5rem 0; display: block; } }
"""


def draw_page(verdict: GateVerdict, suites: Sequence[Suite]) -> str:
    """Return the page: headline, likely cause, then suites in the order of causes.

    Within a suite what failed comes first. Everything shown is escaped.
    """
    described = {suite.name: suite for suite in suites}
    body = [
        (
            f"<h1 class='{verdict.verdict}'>{escape(verdict.week.label)}. "
            f"{_HEADLINES[verdict.verdict]}</h1>"
        ),
        (
            f"<p class='quiet'>Week of {verdict.week.key} to {verdict.week.sunday}. "
            f"{verdict.checks_passed} of {verdict.checks_total} checks passed. "
            f"Build <code>{escape(verdict.build_id)}</code></p>"
        ),
        *_cause(verdict),
    ]
    for name, outcomes in groupby(verdict.outcomes, key=lambda one: one.suite):
        body += _section(described.get(name), name, list(outcomes))
    body += [
        f"<p class='quiet'>{escape(sentence)}</p>"
        for sentence in verdict.waivers_ignored
    ]
    title = f"Data gate {verdict.week.label}"
    return (
        "<!doctype html>\n<html lang='en-GB'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body></html>\n"
    )


def _cause(verdict: GateVerdict) -> list[str]:
    if verdict.likely_cause is None:
        return []
    return [
        (
            f"<p>Look at <a href='#{escape(verdict.likely_cause)}'>"
            f"{escape(verdict.likely_cause)}</a> first. Suites run in order of causes, "
            "so the earliest failure is the likely reason for later ones.</p>"
        )
    ]


def _section(suite: Suite | None, name: str, outcomes: list[Outcome]) -> list[str]:
    rows = "".join(_row(one) for one in sorted(outcomes, key=lambda o: _ORDER[o.state]))
    detail = (
        f"<p>{escape(suite.asks)} <span class='quiet'>"
        f"Reads {escape(suite.asset.name)}; owner {escape(suite.owner)}.</span></p>"
        if suite
        else ""
    )
    return [
        f"<h2 id='{escape(name)}'>{escape(name.replace('_', ' ').capitalize())}</h2>",
        detail,
        (
            "<table><thead><tr><th scope='col'>State</th><th scope='col'>Check</th>"
            "<th scope='col'>Severity</th><th scope='col'>Found</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        ),
    ]


def _row(outcome: Outcome) -> str:
    is_minor = outcome.state is State.FAILED and not outcome.is_blocking
    found = [escape(outcome.observed)]
    if outcome.examples:
        found.append(_lines(f"<code>{escape(key)}</code>" for key in outcome.examples))
    if outcome.state is State.WAIVED:
        found.append(
            f"Waived by {escape(outcome.waived_by or '')} until "
            f"{escape(outcome.waived_until or '')}: {escape(outcome.reason or '')}"
        )
    return (
        f"<tr><td class='{'minor' if is_minor else outcome.state}'>{outcome.state}</td>"
        f"<td><code>{escape(outcome.key)}</code><br>{escape(outcome.why)}</td>"
        f"<td>{outcome.severity}</td><td>{_lines(found)}</td></tr>"
    )


def _lines(parts: Iterable[str]) -> str:
    return "<br>".join(parts)
