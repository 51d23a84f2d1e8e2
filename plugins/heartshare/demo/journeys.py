"""What each person intends to do over the year: how people climb, stay or leave."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.demo import people, story

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from datetime import datetime

    from heartshare.demo.people import Person

_OUTREACH_ENDS = story.day_index(story.OUTREACH_STOPS)
_GOLDEN = 0.6180339887
#: One irrational step per question, so that the answers do not depend on each other.
_STEPS = {"activate": 2**0.5, "nurture": 3**0.5, "empower": 5**0.5, "advocate": 7**0.5}
_HOURS = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
_HOUR_WEIGHTS = (2, 4, 5, 6, 5, 6, 5, 4, 4, 5, 6, 8, 9, 9, 7, 4)

#: Parts of the people at a step whom the agency takes to the next one quickly
#: (within four weeks) or later; the rest stay where they are.
ACTIVATED_QUICKLY = 0.62
ACTIVATED_AFTER_THE_STOP = 0.05
NURTURED_QUICKLY, NURTURED_LATER = 0.58, 0.24
EMPOWERED_QUICKLY, EMPOWERED_LATER = 0.50, 0.20
ADVOCATE_QUICKLY, ADVOCATE_LATER = 0.45, 0.15


@dataclass(frozen=True)
class Intent:
    """Something one person means to do at one moment.

    ``act`` is one of ask, talk, exchange, advocate, empower, outage, hello or help;
    ``kind`` names the text that goes with it.
    """

    at: datetime
    person: Person
    act: str
    kind: str
    theme: str
    is_named: bool = False
    has_outreach: bool = False


def plan_all() -> list[Intent]:
    """Return the intents of everybody, in time order."""
    plans: list[Intent] = []
    climbers = [p for p in people.stakeholders() if p.temper == "climber"]
    rng = story.dice("climbing order")
    rng.shuffle(climbers)
    ranks = {person.number: rank for rank, person in enumerate(climbers)}
    for person in people.stakeholders():
        own = story.dice(f"journey {person.number}")
        diary = _Diary(person, own)
        if person.temper == "climber":
            _climb(diary, ranks[person.number], len(climbers))
        else:
            _HABITS[person.temper](diary)
        plans.extend(diary.intents)
    plans.extend(_employee_plans())
    plans.extend(_staff_plans())
    plans.extend(_outage_plans())
    return sorted(plans, key=lambda intent: (intent.at, intent.person.number))


class _Diary:
    """Collects one person's intents and keeps them inside the story."""

    def __init__(self, person: Person, rng: random.Random) -> None:
        self.person = person
        self.rng = rng
        self.intents: list[Intent] = []
        self.favourites = [draw_theme(rng), draw_theme(rng)]

    def note(self, day: float, act: str, kind: str, **flags: bool) -> None:
        """Write an intent down for a day number, at a likely hour."""
        if not 0 <= day < story.DAY_COUNT:
            return
        theme = self.rng.choice([*self.favourites, draw_theme(self.rng)])
        at = story.local_moment(day, draw_hour(self.rng))
        self.intents.append(Intent(at, self.person, act, kind, theme, **flags))


def draw_theme(rng: random.Random) -> str:
    """Return a theme by its part of the talk; the rest is small talk ('none')."""
    rest = 1 - sum(theme.talk for theme in story.THEMES)
    codes = [theme.code for theme in story.THEMES] + ["none"]
    weights = [theme.talk for theme in story.THEMES] + [max(rest, 0.08)]
    return rng.choices(codes, weights)[0]


def draw_hour(rng: random.Random) -> float:
    """Return a local hour with minutes, busiest in the evening."""
    return rng.choices(_HOURS, _HOUR_WEIGHTS)[0] + rng.random()


def _quota(rank: int, ratio: float, question: str) -> bool:
    # Evenly spread instead of drawn: the pace of a step must not hide in chance.
    return rank * _STEPS[question] % 1 < ratio


def _passer_by(diary: _Diary) -> None:
    rng = diary.rng
    day = rng.uniform(0, story.DAY_COUNT)
    visits = rng.choices((1, 2, 3, 4), (36, 28, 21, 15))[0]
    for visit in range(visits):
        kind = rng.choices(
            ("question", "request", "complaint", "praise", "remark"),
            (40, 16, 16, 14, 14),
        )[0]
        act = "ask" if kind in ("question", "request", "complaint") else "talk"
        is_last = visit == visits - 1
        diary.note(day, act, kind, is_named=is_last and story.happens(rng, 0.4))
        day += rng.uniform(0.2, 12)


def _participant(diary: _Diary) -> None:
    rng = diary.rng
    start = rng.uniform(-110, story.DAY_COUNT - 20)
    for _ in range(rng.choice((1, 1, 2))):
        day = start
        for _ in range(rng.randrange(3, 8)):
            kind = rng.choices(
                ("question", "request", "complaint", "remark", "gripe", "suggestion"),
                (24, 10, 12, 26, 10, 18),
            )[0]
            act = "ask" if kind in ("question", "request", "complaint") else "talk"
            diary.note(day, act, kind)
            day += rng.uniform(19, 27)
        start = day + rng.uniform(20, 80)


def _critic(diary: _Diary) -> None:
    rng = diary.rng
    day = rng.uniform(-90, story.DAY_COUNT - 40)
    end = day + rng.uniform(60, 200)
    while day < end:
        kind = rng.choices(("complaint", "gripe", "question"), (45, 45, 10))[0]
        diary.note(day, "talk" if kind == "gripe" else "ask", kind)
        day += rng.uniform(8, 16)


def _fan(diary: _Diary) -> None:
    rng = diary.rng
    start = 14 + (diary.person.number * _GOLDEN) % 1 * (story.DAY_COUNT - 50)
    for gap in (0, 6, 11):
        diary.note(start + gap + rng.random(), "talk", "chat")
    _advocate(diary, start + 16)
    _chat_on(diary, start + 20, story.DAY_COUNT)


def _climb(diary: _Diary, rank: int, count: int) -> None:
    """Plan one climber; the quotas above decide how far and how fast it goes."""
    rng = diary.rng
    entry = 21 + rank / count * (story.DAY_COUNT + 10)
    gaps = (5 + rng.random() * 3, 5 + rng.random() * 3, 3 + rng.random() * 4)
    kinds = ("remark", "chat", "praise", "chat")
    for kind, before in zip(
        kinds, (sum(gaps), gaps[1] + gaps[2], gaps[2], 0.0), strict=True
    ):
        diary.note(entry - before, "talk", kind)
    activated = _activation_day(diary, rank, entry)
    if activated is None:
        _chat_on(diary, entry, entry + rng.uniform(60, 110))
        return
    diary.note(
        activated,
        "exchange",
        rng.choice(("question", "suggestion")),
        is_named=True,
        has_outreach=story.happens(rng, 0.7),
    )
    nurtured = _nurture_day(diary, rank, activated)
    if nurtured is None:
        _chat_on(diary, entry, activated + rng.uniform(60, 120))
        return
    _chat_on(diary, entry, story.DAY_COUNT)
    _keep_in_touch(diary, nurtured)
    empowered = _empowerment_day(diary, rank, nurtured)
    if empowered is None:
        return
    _empower(diary, empowered)
    start = _advocacy_day(diary, rank, empowered)
    if start is not None:
        _advocate(diary, start)


def _activation_day(diary: _Diary, rank: int, entry: float) -> float | None:
    day = entry + diary.rng.uniform(3, 18)
    ratio = ACTIVATED_QUICKLY if day < _OUTREACH_ENDS else ACTIVATED_AFTER_THE_STOP
    return day if _quota(rank, ratio, "activate") else None


def _nurture_day(diary: _Diary, rank: int, activated: float) -> float | None:
    rng = diary.rng
    if _quota(rank, NURTURED_QUICKLY, "nurture"):
        return _next_month(activated) + rng.uniform(1, 6)
    if _quota(rank, NURTURED_QUICKLY + NURTURED_LATER, "nurture"):
        return _next_month(_next_month(activated) + 1) + rng.uniform(1, 12)
    return None


def _empowerment_day(diary: _Diary, rank: int, nurtured: float) -> float | None:
    rng = diary.rng
    if _quota(rank, EMPOWERED_QUICKLY, "empower"):
        return nurtured + rng.uniform(2, 14)
    if _quota(rank, EMPOWERED_QUICKLY + EMPOWERED_LATER, "empower"):
        return nurtured + rng.uniform(35, 80)
    return None


def _advocacy_day(diary: _Diary, rank: int, empowered: float) -> float | None:
    rng = diary.rng
    if _quota(rank, ADVOCATE_QUICKLY, "advocate"):
        return empowered + rng.uniform(7, 10)
    if _quota(rank, ADVOCATE_QUICKLY + ADVOCATE_LATER, "advocate"):
        return empowered + rng.uniform(40, 90)
    return None


def _chat_on(diary: _Diary, start: float, end: float) -> None:
    """Keep a friendly regular active on at least four days in any 56."""
    day = start
    while day < min(end, story.DAY_COUNT):
        day += diary.rng.uniform(8, 13)
        kind = diary.rng.choices(("chat", "remark"), (80, 20))[0]
        diary.note(day, "talk", kind)


def _keep_in_touch(diary: _Diary, day: float) -> None:
    """Plan one two-way exchange with the agency in each calendar month."""
    rng = diary.rng
    while day < story.DAY_COUNT:
        named = day < _OUTREACH_ENDS and story.happens(rng, 0.6)
        kind = rng.choice(("question", "suggestion", "request"))
        diary.note(day, "exchange", kind, is_named=named)
        day = _next_month(day) + rng.uniform(2, 24)


def _empower(diary: _Diary, day: float) -> None:
    while day < story.DAY_COUNT:
        diary.note(day, "empower", diary.rng.choice(EMPOWERMENTS))
        diary.note(day + diary.rng.uniform(2, 6), "advocate", "recommend")
        day += diary.rng.uniform(65, 80)


EMPOWERMENTS = ("kit", "role", "preview", "recognition")


_FIRST_ACTS = 3


def _advocate(diary: _Diary, day: float) -> None:
    """Plan advocacy: three acts in two weeks, then one about every twelve days."""
    rng = diary.rng
    lapses = story.happens(rng, 0.12)
    end = day + rng.uniform(100, 160) if lapses else story.DAY_COUNT
    acts = 0
    while day < end:
        kind = rng.choices(("recommend", "defend", "original"), (45, 30, 25))[0]
        diary.note(day, "advocate", kind)
        acts += 1
        day += rng.uniform(4, 6) if acts < _FIRST_ACTS else rng.uniform(9, 15)


def _next_month(day: float) -> float:
    """Return the day number of the first of the following calendar month."""
    date = story.day_of(int(day))
    length = calendar.monthrange(date.year, date.month)[1]
    return int(day) + length - date.day + 1


def _employee_plans() -> Iterator[Intent]:
    for person in people.employees()[: people.OPTED_IN_COUNT]:
        rng = story.dice(f"employee {person.number}")
        day = rng.uniform(0, 20)
        pace = rng.uniform(5, 14)
        while day < story.DAY_COUNT:
            at = story.local_moment(day, rng.uniform(8, 18))
            yield Intent(at, person, "help", "peer", draw_theme(rng))
            day += rng.expovariate(1 / pace) + 0.5


def _staff_plans() -> Iterator[Intent]:
    rng = story.dice("staff threads")
    for week in range(story.WEEK_COUNT):
        for person in rng.sample(people.staff(), 2):
            at = story.local_moment(week * 7 + rng.randrange(5), rng.uniform(9, 16))
            theme = rng.choice(story.THEMES).code
            yield Intent(at, person, "hello", "hello", theme)
        if week % 3 == 0:
            at = story.local_moment(week * 7 + 2, 6.5)
            yield Intent(at, people.bot(), "hello", "hello", "none")


def _outage_plans() -> Iterator[Intent]:
    """Plan the permit outage: many different people within three days."""
    rng = story.dice("outage")
    start = story.day_index(story.BURST_WEEK)
    crowd = [p for p in people.stakeholders() if p.language == "en"]
    angry = rng.sample([p for p in crowd if p.temper != "fan"], 46)
    for offset, count in ((1, 19), (2, 26), (3, 17)):
        for person in rng.sample(angry, count):
            at = story.local_moment(start + offset, draw_hour(rng))
            yield Intent(at, person, "outage", "outage", "permits")


_HABITS = {
    "passer_by": _passer_by,
    "participant": _participant,
    "critic": _critic,
    "fan": _fan,
}
