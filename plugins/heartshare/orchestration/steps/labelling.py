"""Step: give people a sample of the week's texts to read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.listening.sampling import ScoredText, draw_sample
from heartshare.listening.sheets import write_sheet
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.orchestration.steps.label_files import (
    DrawnText,
    drawn_path,
    drop_texts,
    filled_rows,
    labelling_folder,
    write_drawn,
)
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_writer

if TYPE_CHECKING:
    from pathlib import Path

    from heartshare.listening.sampling import SampledText
    from heartshare.settings import Settings
    from heartshare.warehouse.connections import Connection
    from heartshare.weeks import ReportingWeek


class WeekNotBuiltError(InputError):
    """The warehouse holds no scored texts of the week."""

    def __init__(self, week: ReportingWeek) -> None:
        super().__init__(
            f"{week.label} is not built, so nobody knows its texts. Run `heartshare "
            f"build --week {week.label}` first."
        )


class TooFewTextsError(InputError):
    """A week has too few texts for a sample to say anything."""

    def __init__(self, week: ReportingWeek, counts: TextCounts) -> None:
        super().__init__(
            f"{week.label} has {counts.texts} scored texts of {counts.authors} "
            f"stakeholders; fewer than {counts.least_texts} texts or "
            f"{counts.least_authors} people say too little about a week. There is "
            "nothing to label; the report states no tone for it."
        )


class LabelledSheetError(InputError):
    """A sheet that somebody has begun to fill would be overwritten."""

    def __init__(self, path: Path, count: int) -> None:
        super().__init__(
            f"{path} holds {count} labels already. Read them back with --read, or draw "
            "a new sample with --new-sample, which keeps the labels of texts that are "
            "in both."
        )


@dataclass(frozen=True)
class TextCounts:
    """How many texts and authors a week has, and how many it needs."""

    texts: int
    authors: int
    least_texts: int
    least_authors: int


@dataclass(frozen=True)
class SampleSummary:
    """The sheet that was written: its rows, of how many, and labels that it kept.

    ``unread_sheets`` are those of earlier weeks whose labels nobody read back.
    """

    path: Path
    texts: int
    population: int
    kept_labels: int
    unread_sheets: tuple[Path, ...] = ()

    def instructions(self, week: ReportingWeek) -> str:
        """Return what to do with the sheet, for whoever labels."""
        kept = f" {self.kept_labels} labels were kept." if self.kept_labels else ""
        return (
            f"{self.path}: {self.texts} of {self.population} texts of {week.label}."
            f"{kept}\n"
            "Open it in a spreadsheet and write into the column label how the author "
            "feels about what they write of:\n"
            "   2 delighted   1 pleased   0 neither, or as much of both   "
            "-1 displeased   -2 angry or hurt\n"
            "Judge the text alone; sarcasm counts as it is meant. Leave label empty "
            "where you cannot tell. Change no other column; save as CSV UTF-8.\n"
            f"Then: heartshare label --week {week.label} --read"
            + "".join(
                f"\n{sheet} holds labels that were not read back, and texts. Read "
                "it back (--week of that sheet, --read) or delete it."
                for sheet in self.unread_sheets
            )
        )


def write_sample(
    settings: Settings, week: ReportingWeek, *, size: int, is_new: bool = False
) -> SampleSummary:
    """Write the sheet of a week's sample; a sheet with labels only if ``is_new``.

    Texts in sheets of earlier weeks are emptied: nobody reads them any more. A sheet
    whose labels were not read back stays as it is and is named in what is returned.

    Raises:
        WeekNotBuiltError: the marts do not hold the week.
        TooFewTextsError: they hold too little of it.
        LabelledSheetError: the sheet has labels, and no new sample was asked for.
    """
    folder = labelling_folder(settings)
    sheet = folder / f"{week.label}.csv"
    kept = filled_rows(sheet)
    if kept and not is_new:
        raise LabelledSheetError(sheet, len(kept))
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        texts, minimum = _population(connection, week)
    sample = draw_sample(texts, week_key=week.key, size=size, minimum=minimum)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    drawn = [_drawn(each, week) for each in sample]
    write_drawn(drawn_path(folder, week), drawn)
    write_sheet(
        sheet,
        [
            (
                one.text_code,
                week.label,
                each.text.platform_code,
                each.text.text[: settings.text_limit],
                *kept.get(one.text_code, ("", "")),
            )
            for one, each in zip(drawn, sample, strict=True)
        ],
    )
    unread = tuple(
        path
        for path in sorted(folder.glob("*.csv"))
        if path.name[: len(week.label)] < week.label and drop_texts(path)
    )
    codes = {one.text_code for one in drawn}
    kept_count = len(codes & kept.keys())
    return SampleSummary(sheet, len(drawn), len(texts), kept_count, unread)


def _population(
    connection: Connection, week: ReportingWeek
) -> tuple[list[ScoredText], int]:
    """Return the scored texts of a week and how many of a class to draw at least."""
    build = latest_build(connection)
    if build is None or not build.is_finished or build.week_key < week.key:
        raise WeekNotBuiltError(week)
    rows = connection.execute(
        "select interaction_key, coalesce(person_key, interaction_key), "
        "sentiment_code, platform_code, texts.full_text "
        "from intermediate.int_interactions__classified "
        "left join intermediate.int_texts__gathered as texts using (full_text_key) "
        "where actor_class_code = 'stakeholder' and compound_score is not null "
        "and occurred_week = ?::date order by interaction_key",
        [week.key],
    ).fetchall()
    ((least_texts, least_authors, minimum),) = connection.execute(
        "select tone_text_minimum_count, tone_author_minimum_count, "
        "tone_stratum_sample_minimum_count from intermediate.int_thresholds__pivoted"
    ).fetchall()
    texts = [ScoredText(*row) for row in rows]
    authors = len({text.author_key for text in texts})
    if len(texts) < least_texts or authors < least_authors:
        counts = TextCounts(len(texts), authors, least_texts, least_authors)
        raise TooFewTextsError(week, counts)
    return texts, minimum


def _drawn(each: SampledText, week: ReportingWeek) -> DrawnText:
    """Return what is remembered of a drawn text.

    Its code begins with a letter, so that no spreadsheet takes it for a number, and
    holds no key that leads to the text elsewhere.
    """
    key = each.text.interaction_key
    digest = hashlib.md5(f"{week.key}|{key}".encode(), usedforsecurity=False)
    return DrawnText(
        text_code=f"t{digest.hexdigest()[:12]}",
        interaction_key=key,
        author_key=each.text.author_key,
        stratum_code=each.text.stratum_code,
        stratum_population_count=each.stratum_population_count,
        stratum_sample_count=each.stratum_sample_count,
    )
