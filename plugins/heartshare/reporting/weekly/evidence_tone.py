"""The tone of the week with what is known of its error, and the words that came up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from heartshare.reporting import tone_text
from heartshare.reporting.charts import series
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published

Row = dict[str, Any]

_FIGURES = {
    "calibrated_net_sentiment": "score",
    "net_sentiment_lower_bound": "score",
    "net_sentiment_upper_bound": "score",
    "net_sentiment_change": "score",
    "naive_net_sentiment": "score",
    "labelled_count": "count",
    "text_count": "count",
    "scored_count": "count",
    "scored_ratio": "ratio",
    "author_count": "count",
}


def tone(published: Published, week: ReportingWeek) -> Row:
    """Return the tone of all conversations: status, sentence and its figures."""
    where = f"week_start = date '{week.key}' and segment_kind_code = 'all'"
    rows = published.rows(f"select * from marts.rpt_weekly_tone where {where}")
    row = rows[0] if rows else None
    if row:
        last = row["last_calibrated_week"]
        row["last_label"] = (
            ReportingWeek(date.fromisoformat(last)).label if last else ""
        )
    figures = {
        name: published.figure(
            f"select {name} from marts.rpt_weekly_tone where {where}", unit
        ).to_dict()
        for name, unit in _FIGURES.items()
    }
    return {
        "status_code": row["calibration_status_code"] if row else "silent",
        "text": tone_text.tone(row),
        "figures": figures,
    }


def emerging(published: Published, week: ReportingWeek, names: dict[str, str]) -> Row:
    """Return the words that came up, clearest first, and the sentence on them.

    ``names`` holds the name of each theme by its code: words of a theme that broke out
    are told with its name.
    """
    rows = published.week_rows("rpt_weekly_emerging", week, "rank")
    issues = [_issue(row) for row in rows if row["issue_kind_code"] == "term"]
    themes = [
        {"name": names.get(row["issue_code"], row["issue_code"])} | _issue(row)
        for row in rows
        if row["issue_kind_code"] == "theme" and row["term_list"]
    ]
    code = rows[0]["term_evidence_code"] if rows else "enough"
    return {
        "text": tone_text.emerging(issues, code, themes),
        "rows": [*map(_plain, issues)],
        "themes": [*map(_plain, themes)],
    }


def _issue(row: Row) -> Row:
    words = (row["term_list"] or row["issue_code"]).split("|")
    return {
        "words": words,
        "mentions": row["mention_count"],
        "authors": row["author_count"],
        "started_on": series.day(row["started_on"]),
    }


def _plain(issue: Row) -> Row:
    day = issue["started_on"]
    return issue | {"started_on": day.isoformat() if day else None}
