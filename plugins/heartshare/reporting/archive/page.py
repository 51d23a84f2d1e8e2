"""Write the archive's index: one table that needs neither script nor style to read.

Each row says all of itself, so that a search may hide any of them.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from heartshare.language import language, mark, say
from heartshare.reporting.archive.feed import FEED
from heartshare.reporting.archive.search import SCRIPT, form, policy
from heartshare.reporting.charts.palette import (
    BAD,
    CAUTION,
    GOOD,
    HAIRLINE,
    INK,
    MUTED,
    TINT,
)
from heartshare.reporting.editions.periods import parse_period
from heartshare.reporting.wording import days_text
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_VERDICTS = {
    "clean": ("fine", mark("passed")),
    "published_with_notes": ("note", mark("passed with notes")),
    "blocked": ("held", mark("held: nothing published")),
}
_STYLE = f"""
body {{ margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; color: {INK};
  font: 1rem/1.5 system-ui, sans-serif; }}
h1 {{ font-size: 1.5rem; margin: 0; }}
p {{ color: {MUTED}; margin: .25rem 0 1.5rem; }}
table {{ border-collapse: collapse; width: 100%; }}
caption {{ text-align: left; color: {MUTED}; padding-bottom: .5rem; }}
th, td {{ text-align: left; vertical-align: top; padding: .6rem .75rem .6rem 0;
  border-bottom: 1px solid {HAIRLINE}; }}
tbody th {{ white-space: nowrap; font-weight: 600; }}
td a {{ white-space: nowrap; }}
form {{ margin: 0 0 1.5rem; }}
form[hidden], tr[hidden] {{ display: none; }}
label {{ display: block; font-weight: 600; }}
input {{ font: inherit; color: {INK}; box-sizing: border-box; width: 100%;
  max-width: 30rem; min-height: 2.75rem; padding: .25rem .75rem; margin: .25rem 0;
  border: 1px solid {MUTED}; border-radius: 4px; background: #fff; }}
:focus-visible {{ outline: 3px solid var(--accent, {GOOD}); outline-offset: 2px; }}
#found {{ margin: 0; }}
@media (max-width: 40rem) {{
  thead {{ position: absolute; clip-path: inset(50%); }}
  table, caption, tbody, tr, th, td {{ display: block; }}
  tr {{ border-bottom: 1px solid {HAIRLINE}; padding: .75rem 0; }}
  th, td {{ border: 0; padding: 0 0 .35rem; }}
}}
tr.superseded {{ background: {TINT}; }}
tr.superseded :is(th, td) {{ color: {MUTED}; }}
a {{ color: var(--accent, {GOOD}); }}
img {{ display: block; height: 2.25rem; width: auto; max-width: 16rem;
  margin: 0 0 .6rem; }}
.fine {{ color: {GOOD}; }} .note {{ color: {CAUTION}; }} .held {{ color: {BAD}; }}
small {{ display: block; color: {MUTED}; font-weight: 400; }}
"""


def index_page(
    manifests: Sequence[Mapping[str, Any]],
    organisation: str,
    definitions: str | None = None,
    brand: Mapping[str, Any] | None = None,
) -> str:
    """Return the index of an archive, from the manifests of its issues.

    Weeks run from the newest to the oldest, and the edition of a month or half-year
    stands above the week from whose marts it was made; within a week the issue that
    counts comes first, then the ones it replaced, then what was held. ``folder`` in
    each manifest is the name of the issue's folder and ``lines``, where given, what
    else the issue says, to be read and searched; ``definitions`` is the name of the
    page which says what every figure means, None where there is none. ``brand`` is
    the look that branding.brand_facts gave to an issue.
    """
    places = sorted({_place(manifest) for manifest in manifests}, reverse=True)
    rows = "\n".join(
        row
        for place in places
        for row in _week_rows([one for one in manifests if _place(one) == place])
    )
    title = say("Weekly advocacy reports of {organisation}", organisation=organisation)
    body = f"<p>{escape(say('No issue has been filed yet.'))}</p>"
    script = ""
    if rows:
        body = f"{form()}\n{_table(rows)}"
        script = f"<script>{SCRIPT}</script>\n"
    if definitions:
        link = f'<a href="{escape(definitions)}">'
        means = escape(say("What every figure means"))
        behind = escape(say("Models, columns, metrics and tests behind the report."))
        body += f"\n<p>{link}{means}</a>. {behind}</p>"
    logo = _logo((brand or {}).get("logo"))
    accent = f":root {{ --accent: {brand['accent']}; }}" if brand else ""
    never = say("Issues never change. A correction is a new issue of the same week.")
    feed = say("Feed of new and corrected issues")
    return f"""<!doctype html>
<html lang="{language()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy(has_logo=bool(logo))}">
<title>{escape(title)}</title>
<link rel="alternate" type="application/atom+xml" href="{FEED}">
<style>{_STYLE}{accent}</style>
</head>
<body>
<main>
{logo}<h1>{escape(title)}</h1>
<p>{escape(never)}</p>
{body}
<p><a href="{FEED}" aria-label="{escape(feed)}, Atom">{escape(feed)}</a></p>
</main>
{script}</body>
</html>
"""


def _logo(logo: Mapping[str, str] | None) -> str:
    if not logo:
        return ""
    kind = "svg+xml" if logo["kind"] == "svg" else "png"
    source = f"data:image/{kind};base64,{logo['data']}"
    return f'<img src="{source}" alt="{escape(logo["alt"])}">\n'


def _table(rows: str) -> str:
    """Return the table, with roles that survive its stacking on narrow screens."""
    heads = "".join(
        f'<th role="columnheader" scope="col">{escape(name)}</th>'
        for name in (say("Week"), say("Issue"), say("Data gate"), say("Files"))
    )
    return f"""<table role="table">
<caption>{escape(say("All issues, newest week first"))}</caption>
<thead role="rowgroup">
<tr role="row">{heads}</tr>
</thead>
<tbody role="rowgroup">
{rows}
</tbody>
</table>"""


def _place(manifest: Mapping[str, Any]) -> tuple[str, str]:
    """Return where an issue stands: by its week, editions above weekly issues."""
    return str(manifest["week"]), str(manifest.get("period", ""))


def _week_rows(manifests: Sequence[Mapping[str, Any]]) -> list[str]:
    issues = [one for one in manifests if one["revision"]]
    issues.sort(key=lambda one: int(one["revision"]), reverse=True)
    held = [one for one in manifests if not one["revision"]]
    held.sort(key=lambda one: str(one["folder"]), reverse=True)
    ordered = [*issues, *held]
    latest = int(issues[0]["revision"]) if issues else 0
    return [_row(one, latest) for one in ordered]


def _row(manifest: Mapping[str, Any], latest: int) -> str:
    revision = int(manifest["revision"])
    is_replaced = revision < latest
    tone, words = _VERDICTS[str(manifest["verdict"])]
    cells = [
        _period_cell(period)
        if (period := str(manifest.get("period", "")))
        else _week_cell(str(manifest["week"])),
        f'<td role="cell">{_issue_text(manifest, latest)}</td>',
        f'<td role="cell" class="{tone}">{escape(say(words))}</td>',
        f'<td role="cell">{_links(manifest)}</td>',
    ]
    style = ' class="superseded"' if is_replaced else ""
    return f'<tr role="row"{style}>{"".join(cells)}</tr>'


def _week_cell(key: str) -> str:
    week = ReportingWeek.parse(key)
    dates = days_text(week.monday, week.sunday)
    return f'<th role="rowheader" scope="row">{week.label}<small>{dates}</small></th>'


def _period_cell(label: str) -> str:
    """Return the cell of an edition: its label, and the days of its weeks."""
    weeks = parse_period(label).weeks
    dates = days_text(weeks[0].monday, weeks[-1].sunday)
    return f'<th role="rowheader" scope="row">{label}<small>{dates}</small></th>'


def _issue_text(manifest: Mapping[str, Any], latest: int) -> str:
    revision = int(manifest["revision"])
    moment = str(manifest["filed_at"])[:16].replace("T", " ")
    filed = say("filed {moment} UTC", moment=moment)
    lines = [str(manifest["headline"]), *manifest.get("lines", ())]
    if not revision:
        name = say("Held notice")
    elif revision < latest:
        name = say(
            "Revision {revision}, replaced by revision {latest}",
            revision=revision,
            latest=latest,
        )
    else:
        name = say("Revision {revision}", revision=revision)
    told = "".join(f"<small>{escape(line)}</small>" for line in lines if line)
    return f"{escape(name)}{told}<small>{escape(filed)}</small>"


def _links(manifest: Mapping[str, Any]) -> str:
    names = {
        "index.html": say("report"),
        "report.pdf": say("PDF"),
        "report.eml": say("email"),
        "facts.json": say("figures"),
        "notice.txt": say("notice"),
        "notice.eml": say("email"),
    }
    label, folder = str(manifest["week_label"]), str(manifest["folder"])
    return " · ".join(
        f'<a href="{escape(label)}/{escape(folder)}/{name}" '
        f'aria-label="{escape(_of_issue(words, manifest))}">{escape(words)}</a>'
        for name, words in names.items()
        if name in manifest["files"]
    )


def _of_issue(file: str, manifest: Mapping[str, Any]) -> str:
    return say("{file} of {issue}", file=file, issue=manifest["issue"])
