"""Why a section is empty: no file came, none of the files speaks of it, or silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.language import mark, say
from heartshare.reporting.wording import list_text

if TYPE_CHECKING:
    from heartshare.reporting.scorecard import Published
    from heartshare.weeks import ReportingWeek

#: What the exports of a week may be silent about, and the sentence that says so.
NO_FOLLOWERS = mark(
    "Exports came for this week ({sources}), but none of them counts followers."
)
NO_ACCOUNT = mark(
    "Exports came for this week ({sources}), but none of them names an account of ours."
)
NO_VOLUME = mark(
    "Exports came for this week ({sources}), but none of them holds volume counts."
)
_NO_TALK = mark(
    "Exports came for this week ({sources}), but nobody wrote a word in any of them."
)
_NO_EXPORT = mark("No export came for this week, so nothing can be said.")
_NEVER_HEARD = mark("No export so far says who wrote what.")


def silence(published: Published, week: ReportingWeek) -> str:
    """Return why nobody was heard in a week; empty when somebody was.

    Told apart are a week without any export, exports that never held what people wrote,
    and exports that hold it, named, in a week in which nobody did.
    """
    rows = published.rows(
        "select value from marts.fct_metric_weeks where metric_id = 'mention_volume' "
        f"and segment_kind_code = 'all' and week_start = date '{week.key}'"
    )
    heard = rows[0]["value"] if rows else None
    if heard:
        return ""
    came = arrived(published, week)
    if not came:
        return say(_NO_EXPORT)
    if heard is None:
        return say(_NEVER_HEARD)
    return say(_NO_TALK, sources=list_text(came))


def unreported(published: Published, week: ReportingWeek, message: str) -> str:
    """Return why a figure that platforms report is absent: no export, or none with it.

    ``message`` is one of the sentences above, with a place for the sources.
    """
    came = arrived(published, week)
    return say(message, sources=list_text(came)) if came else say(_NO_EXPORT)


def arrived(published: Published, week: ReportingWeek) -> list[str]:
    """Return the sources whose files came for a week, by name."""
    return [
        row["source_name"].replace("_", " ")
        for row in published.week_rows("rpt_weekly_sources", week, "source_name")
    ]
