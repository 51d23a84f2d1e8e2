"""Weeks of made-up talk: few words said often, subjects that drift, loud people.

Words are drawn by rank (Zipf) from a vocabulary of each subject. Subjects grow and
shrink from week to week, a few people write much, one repeats a slogan, a long text is
passed on by many, and one floods two weeks with random words. None of that is an issue.
"""

from __future__ import annotations

import csv
import itertools
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SYLLABLES = ("ba", "do", "fi", "gu", "ke", "lo", "mi", "nu", "pa", "re", "so", "tu")
SUBJECTS = 6
WORDS_OF_SUBJECT = 700
SLOGAN = "Zorblatt must resign"
PASSED_ON = (
    "please everybody sign our frabjous petition before the quimby bridge closes"
)
ISSUES = (
    "The login page keeps crashing {}",
    "login page keeps crashing again, {} {}",
    "is it me or the Login Page? It keeps crashing {}",
    "anybody else: login page keeps crashing! {} {} {}",
)


@dataclass(frozen=True)
class Talk:
    """How much is said, and which part of the last week is about the planted issue."""

    weeks: int
    texts_a_week: int
    last_week: date
    issue_ratio: float = 0.025
    flood_texts: int = 0
    seed: int = 20261109


def write_talk(path: Path, talk: Talk) -> None:
    """Write one row per text: key, person, text, moment, day and week."""
    columns = ("key", "person", "text", "occurred_at", "day", "week")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(_rows(talk))


def _rows(talk: Talk) -> Iterator[tuple[str, ...]]:
    chance = random.Random(talk.seed)
    first = talk.last_week - timedelta(days=7 * (talk.weeks - 1))
    numbers = itertools.count()
    for week, texts in enumerate(_weeks(talk, chance)):
        monday = first + timedelta(days=7 * week)
        for person, text in texts:
            day = monday + timedelta(days=chance.randrange(7))
            moment = f"{day} {chance.randrange(24):02d}:00:00"
            yield (
                f"{next(numbers):08d}",
                person,
                text,
                moment,
                day.isoformat(),
                monday.isoformat(),
            )


def _weeks(talk: Talk, chance: random.Random) -> Iterator[list[tuple[str, str]]]:
    """Yield the texts of each week with their authors, the last with the issue."""
    words = _vocabulary(chance)
    ranks = list(
        itertools.accumulate(1 / (rank + 2) for rank in range(WORDS_OF_SUBJECT))
    )
    shares = [1.0] * SUBJECTS
    for week in range(talk.weeks):
        shares = [min(4, max(0.25, s * chance.uniform(0.75, 1.33))) for s in shares]
        texts = []
        for _ in range(talk.texts_a_week):
            subject = chance.choices(words, weights=shares)[0]
            spoken = chance.choices(subject, cum_weights=ranks, k=chance.randint(4, 14))
            texts.append((_author(chance, talk), " ".join(spoken)))
        if week % 5 == 1:
            texts += [
                ("loud", f"{SLOGAN} {' '.join(chance.sample(words[0], 3))}")
                for _ in range(talk.texts_a_week // 20)
            ]
        if week % 5 == 3:
            texts += [(f"p{each}", PASSED_ON) for each in range(40)]
        if week == talk.weeks - 1:
            planted = round(talk.texts_a_week * talk.issue_ratio)
            for place in range(planted):
                rest = chance.choices(chance.choice(words), cum_weights=ranks, k=3)
                text = ISSUES[place % len(ISSUES)].format(*rest)
                texts[place] = (_author(chance, talk), text)
        if week in {talk.weeks - 4, talk.weeks - 1}:
            texts += _flood(talk, week)
        yield texts


def _flood(talk: Talk, week: int) -> list[tuple[str, str]]:
    """Return texts of one author, each of eight words that nobody else says."""
    chance = random.Random(week)
    numbers = [chance.randrange(26**6) for _ in range(8 * talk.flood_texts)]
    words = [
        f"x{''.join(chr(97 + n // 26**p % 26) for p in range(6))}" for n in numbers
    ]
    return [
        ("flooder", " ".join(words[first : first + 8]))
        for first in range(0, len(words), 8)
    ]


def _author(chance: random.Random, talk: Talk) -> str:
    """One text in five is by one of a few who write much."""
    if chance.random() < 0.2:
        return f"heavy{chance.randrange(10)}"
    return f"p{chance.randrange(talk.texts_a_week)}"


def _vocabulary(chance: random.Random) -> list[list[str]]:
    made = ["".join(parts) for parts in itertools.product(SYLLABLES, repeat=4)]
    chance.shuffle(made)
    common = made[:150]
    return [
        common + made[first : first + WORDS_OF_SUBJECT - len(common)]
        for first in range(150, 150 + SUBJECTS * WORDS_OF_SUBJECT, WORDS_OF_SUBJECT)
    ]
