"""Write the archive's index: one table that needs neither script nor style to read."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from heartshare.reporting.archive_feed import FEED
from heartshare.reporting.palette import BAD, CAUTION, GOOD, HAIRLINE, INK, MUTED, TINT
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_VERDICTS = {
    "clean": ("fine", "passed"),
    "published_with_notes": ("note", "passed with notes"),
    "blocked": ("held", "held: nothing published"),
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
tr.superseded td {{ color: {MUTED}; background: {TINT}; }}
a {{ color: {GOOD}; }}
.fine {{ color: {GOOD}; }} .note {{ color: {CAUTION}; }} .held {{ color: {BAD}; }}
small {{ display: block; color: {MUTED}; font-weight: 400; }}
"""


def index_page(
    manifests: Sequence[Mapping[str, Any]],
    organisation: str,
    definitions: str | None = None,
) -> str:
    """Return the index of an archive, from the manifests of its issues.

    Weeks run from the newest to the oldest; within a week the issue that counts comes
    first, then the ones it replaced, then what was held. ``folder`` in each manifest
    is the name of the issue's folder; ``definitions`` that of the page which says what
    every figure means, None where there is none.
    """
    weeks = sorted({str(manifest["week"]) for manifest in manifests}, reverse=True)
    rows = "\n".join(
        row
        for week in weeks
        for row in _week_rows([one for one in manifests if one["week"] == week])
    )
    title = f"Weekly advocacy reports of {organisation}"
    body = _table(rows) if rows else "<p>No issue has been filed yet.</p>"
    if definitions:
        body += (
            f'\n<p><a href="{escape(definitions)}">What every figure means</a>: '
            "models, columns, metrics and tests behind the report.</p>"
        )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="alternate" type="application/atom+xml" href="{FEED}">
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>Issues never change. A correction is a new issue of the same week.</p>
{body}
<p><a href="{FEED}" aria-label="Feed of new and corrected issues, Atom">Feed of new
and corrected issues</a></p>
</main>
</body>
</html>
"""


def _table(rows: str) -> str:
    return f"""<table>
<caption>All issues, newest week first</caption>
<thead>
<tr><th scope="col">Week</th><th scope="col">Issue</th><th scope="col">Data gate</th>\
<th scope="col">Files</th></tr>
</thead>
<tbody>
{rows}
</tbody>
</table>"""


def _week_rows(manifests: Sequence[Mapping[str, Any]]) -> list[str]:
    issues = [one for one in manifests if one["revision"]]
    issues.sort(key=lambda one: int(one["revision"]), reverse=True)
    held = [one for one in manifests if not one["revision"]]
    held.sort(key=lambda one: str(one["folder"]), reverse=True)
    ordered = [*issues, *held]
    latest = int(issues[0]["revision"]) if issues else 0
    return [
        _row(one, latest, span=len(ordered) if place == 0 else 0)
        for place, one in enumerate(ordered)
    ]


def _row(manifest: Mapping[str, Any], latest: int, *, span: int) -> str:
    revision = int(manifest["revision"])
    is_replaced = revision < latest
    tone, words = _VERDICTS[str(manifest["verdict"])]
    cells = [
        _week_cell(str(manifest["week"]), span) if span else "",
        f"<td>{_issue_text(manifest, latest)}</td>",
        f'<td class="{tone}">{words}</td>',
        f"<td>{_links(manifest)}</td>",
    ]
    style = ' class="superseded"' if is_replaced else ""
    return f"<tr{style}>{''.join(cells)}</tr>"


def _week_cell(key: str, span: int) -> str:
    week = ReportingWeek.parse(key)
    dates = f"{week.monday:%-d %b} to {week.sunday:%-d %b %Y}"
    return (
        f'<th scope="rowgroup" rowspan="{span}">{week.label}<small>{dates}</small></th>'
    )


def _issue_text(manifest: Mapping[str, Any], latest: int) -> str:
    revision = int(manifest["revision"])
    filed = f"filed {str(manifest['filed_at'])[:16].replace('T', ' ')} UTC"
    headline = escape(str(manifest["headline"]))
    if not revision:
        name = "Held notice"
    elif revision < latest:
        name = f"Revision {revision}, replaced by revision {latest}"
    else:
        name = f"Revision {revision}"
    return f"{name}<small>{headline}</small><small>{filed}</small>"


def _links(manifest: Mapping[str, Any]) -> str:
    names = {
        "index.html": "report",
        "report.pdf": "PDF",
        "report.eml": "email",
        "facts.json": "figures",
        "notice.txt": "notice",
        "notice.eml": "email",
    }
    label, folder = str(manifest["week_label"]), str(manifest["folder"])
    return " · ".join(
        f'<a href="{escape(label)}/{escape(folder)}/{name}" '
        f'aria-label="{words} of {escape(str(manifest["issue"]))}">{words}</a>'
        for name, words in names.items()
        if name in manifest["files"]
    )
