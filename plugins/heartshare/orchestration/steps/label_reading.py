"""Step: read the labels of a sheet back into a file of the programme, without texts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.listening.sheets import UnreadableSheetError, read_labels
from heartshare.orchestration.steps.label_files import (
    drawn_path,
    inbox_file,
    labellers_in,
    labelling_folder,
    read_drawn,
    rewrite,
    write_programme_file,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek


class OtherLabellersError(InputError):
    """The labels of somebody else would be overwritten."""

    def __init__(
        self, sheet: Path, target: Path, theirs: Collection[str], ours: Collection[str]
    ) -> None:
        super().__init__(
            f"{target} holds labels by {', '.join(sorted(theirs))}, and {sheet} is "
            f"labelled by {', '.join(sorted(ours))}. Give the sheet a name of its own, "
            f"{sheet.stem}-2.csv say, and read it with --read FILE; a text with two "
            "labels counts with their mean. If it corrects the labels that are there, "
            "keep the names in labelled_by as they were."
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


def read_back(
    settings: Settings, week: ReportingWeek, file: Path | None = None
) -> LabelSummary:
    """Turn a labelled sheet into a programme file without texts, in the inbox.

    The same labels make the same file. Texts that are labelled leave the sheet where it
    lies in the labelling folder; their labels stay, so that they can be corrected.

    Raises:
        NoSampleError: no sample of the week was drawn here.
        UnreadableSheetError: the sheet is missing or cannot be read.
        OtherLabellersError: the file holds the labels of other people.
    """
    folder = labelling_folder(settings)
    sheet = file or folder / f"{week.label}.csv"
    drawn = read_drawn(week, drawn_path(folder, week))
    if not sheet.is_file():
        problem = "there is no such file. Name the labelled sheet with --read FILE."
        raise UnreadableSheetError(sheet, [problem])
    labels = read_labels(sheet, [one.text_code for one in drawn], week.label)
    is_ours = sheet.resolve().parent == folder.resolve()
    name = _sheet_name(sheet, week, is_ours=is_ours)
    target = inbox_file(settings, name)
    ours = {labelled_by for _, labelled_by in labels.values()} - {""}
    theirs = labellers_in(target)
    if ours and theirs and ours.isdisjoint(theirs):
        raise OtherLabellersError(sheet, target, theirs, ours)
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
    write_programme_file(target, rows)
    if is_ours:
        rewrite(sheet, lambda row: "" if row.text_code in labels else row.text)
    return LabelSummary(
        target, sheet, len(labels), len(drawn) - len(labels), is_emptied=is_ours
    )


def _sheet_name(sheet: Path, week: ReportingWeek, *, is_ours: bool) -> str:
    """Return the name of a sheet, the same each time that it is read.

    It holds the week, and for a sheet that lies elsewhere a digest of the place: two
    people may both have called theirs labels.csv.
    """
    stem = re.sub(r"[^\w.-]+", "_", sheet.stem)
    if is_ours:
        return stem if stem.startswith(week.label) else f"{week.label}_{stem}"
    place = str(sheet.resolve()).encode()
    digest = hashlib.md5(place, usedforsecurity=False).hexdigest()[:8]
    return f"{week.label}_{stem}_{digest}"
