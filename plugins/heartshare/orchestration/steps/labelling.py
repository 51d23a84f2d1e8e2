"""Step: give people a sample of the week's texts to read, and read their labels."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import logging
import os
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.listening.sampling import ScoredText, draw_sample
from heartshare.listening.sheets import (
    UnreadableSheetError,
    read_labels,
    read_sheet,
    write_sheet,
)
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.warehouse.builds import latest_build
from heartshare.warehouse.connections import open_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from heartshare.listening.sampling import SampledText
    from heartshare.listening.sheets import SheetRow
    from heartshare.settings import Settings
    from heartshare.warehouse.connections import Connection
    from heartshare.weeks import ReportingWeek

LOGGER = logging.getLogger(__name__)
#: The inbox folder of the programme's own files.
SOURCE = "programme"
_SAMPLE_SUFFIX = ".sample.json"
_PREFIX = "tone_labels_"
_COLUMNS = (
    "sheet_name",
    "text_week",
    "interaction_key",
    "author_key",
    "stratum_code",
    "stratum_population_count",
    "stratum_sample_count",
    "tone_label",
    "labelled_by",
)


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


class NoSampleError(InputError):
    """Labels are to be read of a week for which no sample was drawn here."""

    def __init__(self, week: ReportingWeek, path: Path) -> None:
        super().__init__(
            f"{path} does not exist, so nobody knows which texts of {week.label} were "
            f"drawn. Run `heartshare label --week {week.label}` first."
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
    """The sheet that was written: its rows, of how many, and labels that it kept."""

    path: Path
    texts: int
    population: int
    kept_labels: int

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
        )


@dataclass(frozen=True)
class LabelSummary:
    """What was read back: labels, rows without one, and the file that holds them."""

    path: Path
    sheet: Path
    labelled: int
    unlabelled: int
    is_emptied: bool

    def told(self) -> str:
        """Return what was read, what became of the texts, and what comes next."""
        texts = (
            f"The texts of labelled rows were taken out of {self.sheet}."
            if self.is_emptied
            else f"{self.sheet} still holds texts of people: delete it."
        )
        return (
            f"{self.labelled} labels read, {self.unlabelled} rows without one. "
            f"{self.path} holds them without the texts.\n{texts}\n"
            "Then: heartshare run, or heartshare land and heartshare build."
        )


@dataclass(frozen=True)
class DrawnText:
    """What is remembered of a text that was drawn; not the text."""

    text_code: str
    interaction_key: str
    author_key: str
    stratum_code: str
    stratum_population_count: int
    stratum_sample_count: int


def labelling_folder(settings: Settings) -> Path:
    """Return the folder of the sheets and of what was drawn for them."""
    return settings.home / "labelling"


def write_sample(
    settings: Settings, week: ReportingWeek, *, size: int, is_new: bool = False
) -> SampleSummary:
    """Write the sheet of a week's sample; a sheet with labels only if ``is_new``.

    Texts in sheets of earlier weeks are emptied: nobody reads them any more.

    Raises:
        WeekNotBuiltError: the marts do not hold the week.
        TooFewTextsError: they hold too little of it.
        LabelledSheetError: the sheet has labels, and no new sample was asked for.
    """
    folder = labelling_folder(settings)
    sheet = folder / f"{week.label}.csv"
    kept = _filled_rows(sheet)
    if kept and not is_new:
        raise LabelledSheetError(sheet, len(kept))
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        texts, minimum = _population(connection, week)
    sample = draw_sample(texts, week_key=week.key, size=size, minimum=minimum)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    drawn = [_drawn(each, week) for each in sample]
    _write_drawn(_drawn_path(folder, week), drawn)
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
    for path in sorted(folder.glob("*.csv")):
        if path.name[: len(week.label)] < week.label:
            _drop_texts(path)
    codes = {one.text_code for one in drawn}
    return SampleSummary(sheet, len(drawn), len(texts), len(codes & kept.keys()))


def read_back(
    settings: Settings, week: ReportingWeek, file: Path | None = None
) -> LabelSummary:
    """Turn a labelled sheet into a programme file without texts, in the inbox.

    The same labels make the same file. Texts that are labelled leave the sheet where it
    lies in the labelling folder; their labels stay, so that they can be corrected.

    Raises:
        NoSampleError: no sample of the week was drawn here.
        UnreadableSheetError: the sheet is missing or cannot be read.
    """
    folder = labelling_folder(settings)
    sheet = file or folder / f"{week.label}.csv"
    drawn = _read_drawn(week, _drawn_path(folder, week))
    if not sheet.is_file():
        problem = "there is no such file. Name the labelled sheet with --read FILE."
        raise UnreadableSheetError(sheet, [problem])
    labels = read_labels(sheet, [one.text_code for one in drawn], week.label)
    name = re.sub(r"[^\w.-]+", "_", sheet.stem)
    target = settings.inbox / SOURCE / f"{_PREFIX}{name}.csv"
    rows = [
        (
            name,
            week.key,
            *list(asdict(one).values())[1:],
            *labels[one.text_code],
        )
        for one in sorted(drawn, key=lambda one: one.text_code)
        if one.text_code in labels
    ]
    _write_programme_file(target, rows)
    is_ours = sheet.resolve().parent == folder.resolve()
    if is_ours:
        _rewrite(sheet, lambda row: "" if row.text_code in labels else row.text)
    return LabelSummary(
        target, sheet, len(labels), len(drawn) - len(labels), is_emptied=is_ours
    )


def forget_in_sheets(
    settings: Settings,
    is_erased: Callable[[str], bool],
    scrub: Callable[[str], str],
) -> list[Path]:
    """Take erased people out of sheets, samples and programme files with labels.

    ``is_erased`` says it of an author's key; ``scrub`` takes them out of what others
    wrote. Returns the files of the labelling folder that cannot be read.
    """
    folder = labelling_folder(settings)
    unread: list[Path] = []
    gone: set[str] = set()
    for path in sorted(folder.glob(f"*{_SAMPLE_SUFFIX}")):
        drawn = [DrawnText(**row) for row in json.loads(path.read_text())]
        gone |= {one.text_code for one in drawn if is_erased(one.author_key)}
        _write_drawn(path, [one for one in drawn if one.text_code not in gone])
    for path in sorted(folder.glob("*")):
        if path.name.endswith(_SAMPLE_SUFFIX) or not path.is_file():
            continue
        try:
            _rewrite(path, lambda row: scrub(row.text), without=gone)
        except UnreadableSheetError:
            unread.append(path)
    for path in sorted((settings.inbox / SOURCE).glob(f"{_PREFIX}*.csv")):
        _forget_in_programme_file(path, is_erased)
    return unread


def _population(
    connection: Connection, week: ReportingWeek
) -> tuple[list[ScoredText], int]:
    """Return the scored texts of a week and how many of a class to draw at least."""
    build = latest_build(connection)
    if build is None or not build.is_finished or build.week_key < week.key:
        raise WeekNotBuiltError(week)
    rows = connection.execute(
        "select scored.interaction_key, scored.author_person_key, "
        "scored.sentiment_code, threaded.platform_code, threaded.full_text "
        "from intermediate.int_tone_texts__matched as scored "
        "inner join intermediate.int_interactions__threaded as threaded "
        "using (interaction_key) where scored.segment_kind_code = 'all' "
        "and scored.week_start = ?::date order by scored.interaction_key",
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


def _drawn_path(folder: Path, week: ReportingWeek) -> Path:
    return folder / f"{week.label}{_SAMPLE_SUFFIX}"


def _write_drawn(path: Path, drawn: Sequence[DrawnText]) -> None:
    _replace(path, json.dumps([asdict(one) for one in drawn], indent=1).encode())


def _read_drawn(week: ReportingWeek, path: Path) -> list[DrawnText]:
    if not path.is_file():
        raise NoSampleError(week, path)
    return [DrawnText(**row) for row in json.loads(path.read_text())]


def _filled_rows(sheet: Path) -> dict[str, tuple[str, str]]:
    """Return label and labeller of the rows of a sheet that somebody has filled."""
    if not sheet.is_file():
        return {}
    return {
        row.text_code: (row.label, row.labelled_by)
        for row in read_sheet(sheet)
        if row.label
    }


def _drop_texts(sheet: Path) -> None:
    try:
        _rewrite(sheet, lambda _: "")
    except UnreadableSheetError:
        LOGGER.warning("%s is no sheet and may hold texts; delete it", sheet)


def _rewrite(
    sheet: Path,
    text_of: Callable[[SheetRow], str],
    *,
    without: Collection[str] = (),
) -> None:
    """Write a sheet again with other texts, and without some rows; labels stay."""
    write_sheet(
        sheet,
        [
            (
                row.text_code,
                row.week,
                row.platform_code,
                text_of(row).removeprefix("'"),
                row.label,
                row.labelled_by.removeprefix("'"),
            )
            for row in read_sheet(sheet)
            if row.text_code not in without
        ],
    )


def _write_programme_file(path: Path, rows: Sequence[Sequence[object]]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(rows)
    content = buffer.getvalue().encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        _replace(path, content)


def _forget_in_programme_file(path: Path, is_erased: Callable[[str], bool]) -> None:
    """Write a file without an erased author's rows; its moment stays as it was."""
    moment = path.stat().st_mtime
    with path.open(encoding="utf-8", newline="") as stream:
        head, *rows = list(csv.reader(stream))
    at = head.index("author_key")
    kept = [row for row in rows if not is_erased(row[at])]
    if len(kept) < len(rows):
        _write_programme_file(path, kept)
        os.utime(path, (moment, moment))


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(content)
    partial.replace(path)
