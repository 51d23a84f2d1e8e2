"""Writes the demo organisation's exports, week by week, as they would arrive."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from heartshare.demo import story
from heartshare.demo.writers import (
    discourse,
    linkedin,
    meta,
    programme,
    reddit,
    web,
    x,
    youtube,
)
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heartshare.demo.writers.export_file import ExportFile

#: Days that the bad week's first X overview covers: Monday to Thursday.
_BAD_OVERVIEW_DAYS = 4


def write_history(inbox: Path, *, until: ReportingWeek) -> list[Path]:
    """Write every export up to and including a week and return the paths.

    The planted bad week comes as it happened: incomplete exports on Monday and
    corrected ones on Wednesday beside them.
    """
    paths: list[Path] = []
    for week in story.FIRST_WEEK.until(until):
        is_bad = week == story.BAD_WEEK
        paths += write_week(inbox, week, bad=is_bad)
        if is_bad:
            paths += write_correction(inbox, week)
    return paths


def write_week(inbox: Path, week: ReportingWeek, *, bad: bool = False) -> list[Path]:
    """Write the exports that arrive on the Monday after a week.

    With ``bad`` the YouTube table lacks a third of its rows and the X overview ends
    on Thursday.
    """
    return _drop(_weekly(week, bad=bad), inbox)


def write_correction(inbox: Path, week: ReportingWeek) -> list[Path]:
    """Write the complete YouTube and X exports that arrive on the Wednesday after."""
    corrected = (
        youtube.studio_file(week, again=story.correction_moment(week, 5)),
        x.overview_file(week, again=story.correction_moment(week, 6)),
    )
    return _drop(corrected, inbox)


def _weekly(week: ReportingWeek, *, bad: bool) -> Iterator[ExportFile]:
    if week == story.FIRST_WEEK:
        yield from programme.standing_files()
    yield meta.facebook_file(week)
    yield meta.instagram_file(week)
    yield x.content_file(week)
    yield x.overview_file(week, days=_BAD_OVERVIEW_DAYS if bad else 7)
    yield linkedin.content_file(week)
    yield linkedin.followers_file(week)
    yield youtube.studio_file(week, truncated=bad)
    yield from discourse.topic_files(week)
    yield reddit.submissions_file(week)
    yield reddit.comments_file(week)
    yield web.landing_file(week)
    yield web.contacts_file(week)
    yield from programme.weekly_files(week)


def _drop(files: Iterable[ExportFile], inbox: Path) -> list[Path]:
    return [file.drop(inbox) for file in files]


def main() -> None:
    """Write the whole history into the folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inbox", type=Path, help="folder that becomes the inbox")
    parser.add_argument("--until", default=story.LAST_WEEK.label, help="last week")
    options = parser.parse_args()
    write_history(options.inbox, until=ReportingWeek.parse(options.until))


if __name__ == "__main__":
    main()
