"""What people of the programme do with the sheets of texts, and with their suggestions.

Both go through the product's own steps: the sheet is drawn by `heartshare label`,
filled here as a reader would, and read back; the suggestions are those that were built.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from heartshare.cells import harmless
from heartshare.demo import community, story, texts
from heartshare.demo.writers import programme
from heartshare.listening.sheets import read_sheet, write_sheet
from heartshare.orchestration.steps.label_reading import read_back
from heartshare.orchestration.steps.labelling import write_sample
from heartshare.warehouse.connections import open_writer

if TYPE_CHECKING:
    from pathlib import Path

    from heartshare.demo.turns import Thread, Turn
    from heartshare.listening.sheets import SheetRow
    from heartshare.settings import Settings
    from heartshare.weeks import ReportingWeek

#: Weeks whose texts were labelled: none before, and nobody had time in two of them.
LABELLED_WEEKS = tuple(
    week
    for week in story.LAST_WEEK.shift(-9).until(story.LAST_WEEK)
    if week not in (story.LAST_WEEK.shift(-6), story.LAST_WEEK.shift(-3))
)
SHEET_SIZE = 120
#: Parts of the texts that nobody can judge, and that are judged a step beside.
_BLANK_RATIO, _SLIP_RATIO = 0.02, 0.06
_READERS = ("Orla Tessaline", "Ines Fallowby")
_SENT_AT = time(14)
_OFFICE_HOUR = 9
_TUESDAY = timedelta(days=1)
_RESPONSES = ("done", "accepted", "declined", "ignored", "accepted")
#: Every third suggestion is left without a response.
_SILENT_EVERY = 3


def label_week(settings: Settings, week: ReportingWeek, *, by: ReportingWeek) -> None:
    """Draw the sheet of a built week, fill it and read it back, unless that was done.

    The file with the labels arrives on the Tuesday after the week ``by``.
    """
    file = settings.inbox / programme.SOURCE / f"tone_labels_{week.label}.csv"
    if file.exists():
        return
    drawn = write_sample(settings, week, size=SHEET_SIZE, is_new=True)
    tones = _tones(week)
    rows = read_sheet(drawn.path)
    write_sheet(drawn.path, [filled(row, tones) for row in rows])
    read_back(settings, week)
    _arrive(file, by, _SENT_AT)


def _tones(week: ReportingWeek) -> dict[str, int]:
    """Return how the author of each English text of a week feels, by its words."""
    found: dict[str, int] = {}
    for thread in community.play().threads:
        for turn in thread.turns:
            if week.starts_at(story.ZONE) <= turn.at < week.ends_at(story.ZONE) and (
                is_readable(turn)
            ):
                found[harmless(_shown(thread, turn))] = tone_of(turn)
    return found


def is_readable(turn: Turn) -> bool:
    """Return whether a stakeholder wrote a turn in a language that is scored."""
    person = turn.person
    return person.actor_class == "stakeholder" and person.language == "en"


def tone_of(turn: Turn) -> int:
    """Return how the author of a turn feels, from -2 to 2."""
    return texts.tone_of(turn.wording or turn.kind)


def true_net_sentiment(week: ReportingWeek) -> float:
    """Return the glad less the cross parts of a week's readable texts: -1 to 1."""
    tones = [
        tone_of(turn)
        for thread in community.play().threads
        for turn in thread.turns
        if week.starts_at(story.ZONE) <= turn.at < week.ends_at(story.ZONE)
        and is_readable(turn)
        and (turn.deleted_at is None or turn.deleted_at > story.export_moment(week, 30))
    ]
    return sum((tone > 0) - (tone < 0) for tone in tones) / len(tones)


def _shown(thread: Thread, turn: Turn) -> str:
    return f"{thread.title} {turn.text}" if turn.parent is None else turn.text


def filled(row: SheetRow, tones: dict[str, int]) -> tuple[str, ...]:
    """Return a row of a sheet as a reader fills it, who rarely slips by a step."""
    rng = story.dice(f"reading of {row.text_code}")
    tone = tones.get(row.text)
    reader = rng.choice(_READERS)
    chance = rng.random()
    if tone is None or chance < _BLANK_RATIO:
        label = ""
    elif chance < _BLANK_RATIO + _SLIP_RATIO:
        label = str(max(-2, min(2, tone + rng.choice((-1, 1)))))
    else:
        label = str(tone)
    text = row.text.removeprefix("'")
    return row.text_code, row.week, row.platform_code, text, label, reader


def answer_suggestions(settings: Settings, week: ReportingWeek) -> None:
    """Respond to the suggestions that were built for a week, unless that was done.

    The file arrives with the exports of the week that follows.
    """
    name = f"suggestion_responses_{week.label}.csv"
    if (settings.inbox / programme.SOURCE / name).exists():
        return
    with open_writer(settings) as connection:
        listed = connection.execute(
            "select suggestion_code, kind_code, theme_code "
            "from marts.fct_suggestions where week_start = ?::date "
            "order by suggestion_code",
            [week.key],
        ).fetchall()
    owners = {theme.code: theme.owner for theme in story.THEMES}
    rows: list[tuple] = []
    for number, (code, kind, theme) in enumerate(listed):
        if number % _SILENT_EVERY == _SILENT_EVERY - 1:
            continue
        response = _RESPONSES[number % len(_RESPONSES)]
        day = story.day_index(week.shift(1)) + 1 + number % 3
        at = story.local_moment(day, _OFFICE_HOUR + number % 7)
        moment = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        rows.append((code, week.key, kind, theme, response, moment, owners[theme], ""))
    programme.responses_file(week, rows).drop(settings.inbox)


def _arrive(file: Path, week: ReportingWeek, clock: time) -> None:
    day = week.shift(1).monday + _TUESDAY
    moment = datetime.combine(day, clock, tzinfo=UTC).timestamp()
    os.utime(file, (moment, moment))
