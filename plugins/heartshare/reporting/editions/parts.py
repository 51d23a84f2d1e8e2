"""What an edition is built from: sections of cells, each number with its query.

A section reads the same on page, PDF and email: title, headline, sentences, a tag, at
most one chart and a few tables. Templates hold no words of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heartshare.reporting.wording import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.reporting.scorecard import Published

Row = dict[str, Any]


def section(  # noqa: PLR0913 - the parts that a section may have, all named
    name: str,
    title: str,
    headline: str = "",
    *,
    body: str = "",
    note: str = "",
    tag: Row | None = None,
    chart: Row | None = None,
    kind: str = "",
    tables: Sequence[Row] = (),
    figures: Row | None = None,
    is_question: bool = False,
    is_wide: bool = False,
    empty: str = "",
) -> Row:
    """Return one section; ``empty`` says why there is nothing, and then stands alone.

    ``kind`` names the drawing of ``chart``: split_line or waterfall. ``figures`` are
    those of the sentences. A question stands on page one, with its answer beside it;
    other sections stand two beside each other in print unless they are wide.
    """
    return {
        "id": name,
        "title": title,
        "headline": headline,
        "body": body,
        "note": note,
        "tag": tag,
        "chart": None if chart is None else chart | {"kind": kind},
        "tables": [one for one in tables if one["rows"]],
        "figures": figures or {},
        "is_question": is_question,
        "is_wide": is_wide,
        "empty": empty,
    }


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Row]]) -> Row:
    """Return a table: the first column names its row, the others are right-aligned."""
    return {"caption": caption, "heads": list(heads), "rows": [list(r) for r in rows]}


def words(text: str) -> Row:
    """Return a cell that holds words."""
    return {"text": text}


def cell(
    published: Published, query: str, unit: str, *, is_change: bool = False
) -> Row:
    """Return a cell that holds a number, with the query that yields it.

    What is not known shows as a dash: in a table the reason stands below it.
    """
    found = published.figure(query, unit, is_change=is_change).to_dict()
    return found | {"text": NOTHING} if found["value"] is None else found
