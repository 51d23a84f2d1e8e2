"""Files of labelling: what was drawn, sheets with texts, labels in the inbox."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.listening.sheets import (
    UnreadableSheetError,
    read_sheet,
    write_sheet,
)
from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from heartshare.listening.sheets import SheetRow
    from heartshare.settings import Settings
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


class NoSampleError(InputError):
    """Labels are to be read of a week for which no sample was drawn here."""

    def __init__(self, week: ReportingWeek, path: Path) -> None:
        super().__init__(
            f"{path} does not exist, so nobody knows which texts of {week.label} were "
            f"drawn. Run `heartshare label --week {week.label}` first."
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


def inbox_file(settings: Settings, sheet_name: str) -> Path:
    """Return the programme file that holds the labels of a sheet."""
    return settings.inbox / SOURCE / f"{_PREFIX}{sheet_name}.csv"


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
        write_drawn(path, [one for one in drawn if one.text_code not in gone])
    for path in sorted(folder.glob("*")):
        if path.name.endswith(_SAMPLE_SUFFIX) or not path.is_file():
            continue
        try:
            rewrite(path, lambda row: scrub(row.text), without=gone)
        except UnreadableSheetError:
            unread.append(path)
    for path in sorted((settings.inbox / SOURCE).glob(f"{_PREFIX}*.csv")):
        _forget_in_programme_file(path, is_erased)
    return unread


def drawn_path(folder: Path, week: ReportingWeek) -> Path:
    """Return the file that remembers what was drawn of a week."""
    return folder / f"{week.label}{_SAMPLE_SUFFIX}"


def write_drawn(path: Path, drawn: Sequence[DrawnText]) -> None:
    """Remember what was drawn; the file appears whole or not at all."""
    write_whole(path, json.dumps([asdict(one) for one in drawn], indent=1).encode())


def read_drawn(week: ReportingWeek, path: Path) -> list[DrawnText]:
    """Return what was drawn of a week.

    Raises:
        NoSampleError: nothing was.
    """
    if not path.is_file():
        raise NoSampleError(week, path)
    return [DrawnText(**row) for row in json.loads(path.read_text())]


def filled_rows(sheet: Path) -> dict[str, tuple[str, str]]:
    """Return label and labeller of the rows of a sheet that somebody has filled."""
    if not sheet.is_file():
        return {}
    return {
        row.text_code: (row.label, row.labelled_by)
        for row in read_sheet(sheet)
        if row.label
    }


def drop_texts(sheet: Path) -> bool:
    """Take all texts out of a sheet; return whether labels of it were not read back.

    Reading back takes the texts of labelled rows. A sheet in which a labelled row still
    has its text stays as it is: somebody worked on it, and may go on.
    """
    try:
        if any(row.label and row.text for row in read_sheet(sheet)):
            return True
        rewrite(sheet, lambda _: "")
    except UnreadableSheetError:
        LOGGER.warning("%s is no sheet and may hold texts; delete it", sheet)
    return False


def rewrite(
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


def labellers_in(path: Path) -> set[str]:
    """Return who labelled what a programme file holds; nobody where it is missing."""
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["labelled_by"] for row in csv.DictReader(stream)} - {""}


def write_programme_file(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """Write labels without texts into the inbox; the same labels leave it untouched."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(rows)
    content = buffer.getvalue().encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content)


def _forget_in_programme_file(path: Path, is_erased: Callable[[str], bool]) -> None:
    """Write a file without an erased author's rows; its moment stays as it was."""
    moment = path.stat().st_mtime
    with path.open(encoding="utf-8", newline="") as stream:
        head, *rows = list(csv.reader(stream))
    at = head.index("author_key")
    kept = [row for row in rows if not is_erased(row[at])]
    if len(kept) < len(rows):
        write_programme_file(path, kept)
        os.utime(path, (moment, moment))
