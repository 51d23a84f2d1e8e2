"""Tables that are too wide for a phone: there each row becomes a short list.

The stylesheet lays the cells out; each then needs its column's head beside it, and the
roles that a browser takes from a table whose parts are no longer laid out as one.
"""

from __future__ import annotations

import re

_WIDE = re.compile(
    r'<div class="scroll(?! fits)([^"]*)"([^>]*)><table>(.*?)</table>', re.S
)
_HEAD = re.compile(r'<th scope="col"[^>]*>(.*?)</th>', re.S)
_ROLES = (
    ("<thead>", '<thead role="rowgroup">'),
    ("<tbody>", '<tbody role="rowgroup">'),
    ("<tr>", '<tr role="row">'),
    ('<th scope="col"', '<th role="columnheader" scope="col"'),
    ('<th scope="row"', '<th role="rowheader" scope="row"'),
)


def stacked(page: str) -> str:
    """Return a page whose wide tables can be stacked on a narrow screen."""
    return _WIDE.sub(_stacked, page)


def _stacked(found: re.Match[str]) -> str:
    kind, attributes, content = found.groups()
    heads = _HEAD.findall(content)
    before, body, after = _parts(content)
    rows = [_labelled(row, heads) for row in re.split(r"(?=<tr>)", body)]
    marked = f"{before}{''.join(rows)}{after}"
    for plain, told in _ROLES:
        marked = marked.replace(plain, told)
    return (
        f'<div class="scroll stacks{kind}"{attributes}><table role="table">'
        f"{marked}</table>"
    )


def _parts(content: str) -> tuple[str, str, str]:
    before, opened, rest = content.partition("<tbody>")
    body, closed, after = rest.partition("</tbody>")
    return before + opened, body, closed + after


def _labelled(row: str, heads: list[str]) -> str:
    labels = iter(heads[1:])
    return re.sub(
        "<td",
        lambda _: f'<td role="cell" data-label="{next(labels, "")}"',
        row,
    )
