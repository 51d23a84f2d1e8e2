"""What employees who take part do: pieces, conversations, shares, reads, networks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from heartshare.demo import channels, people, story
from heartshare.demo.turns import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heartshare.demo.people import Person
    from heartshare.demo.threads import Board
    from heartshare.demo.turns import LogEntry, Turn
    from heartshare.weeks import ReportingWeek

#: Who comes and goes: an employee who joins and stays silent, and one who leaves.
JOINS_LATE, JOINED_ON = "E009", date(2026, 6, 1)
OPTS_OUT, OPTED_OUT_ON = "E010", date(2026, 8, 31)
FIRST_OPTED_IN_ON = date(2026, 1, 19)
#: Weeks, counted from the first, in which employees publish an original piece, and how
#: many outsiders reply to each of them.
PIECE_WEEKS = {
    "E005": ((14, 22, 30, 34, 39), 1),
    "E006": ((31, 36, 40), 0),
    "E007": ((4, 9, 13, 17, 21, 25, 29, 33, 37, 40), 3),
}
#: Weeks in which an employee opens a thread of a line or two.
_NOTE_WEEKS = {"E004": (30, 35, 39)}
_EMPOWERED_LATELY = timedelta(days=80)
#: Days between shares of an employee, and which part of them has own words.
_SHARES = {
    "E002": (24, 0.0),
    "E003": (16, 0.7),
    "E004": (19, 0.2),
    "E007": (11, 0.6),
    OPTS_OUT: (15, 0.3),
}
_READERS = {"E001": 9, "E003": 12, "E007": 6, "E008": 20}
_SHARED_PLATFORM = "linkedin"
_NETWORKS = {
    "E001": (210, 1),
    "E002": (340, 3),
    "E003": (520, 6),
    "E005": (415, 4),
    "E006": (180, 0),
    "E007": (760, 14),
    "E008": (95, 1),
    OPTS_OUT: (260, 5),
}


@dataclass(frozen=True)
class Act:
    """Something an employee noted: a share, a read or a follow."""

    at: datetime
    employee_code: str
    act: str
    url: str
    has_commentary: bool


@dataclass(frozen=True)
class Reading:
    """How many people an employee is connected with on a day."""

    day: date
    employee_code: str
    count: int


@dataclass(frozen=True)
class Tracked:
    """Somebody who came to the website by the tracked link of an employee's piece."""

    at: datetime
    employee_code: str
    content: str
    theme: str
    becomes_lead: bool


def write_pieces(board: Board, log: Iterable[LogEntry]) -> None:
    """Add the employees' pieces and notes, and what follows them, to a board.

    Only people who are close to the agency by then reply, so that nobody becomes so by
    it.
    """
    board.rng = story.dice("employees' pieces")
    empowered = [one for one in log if one.kind == "empowerment"]
    for code, (weeks, replies) in PIECE_WEEKS.items():
        for week in weeks:
            piece = board.open_thread(*_opening(code, week, "piece"))
            _converse(board, piece, _close_people(empowered, piece.at), replies)
    for code, weeks in _NOTE_WEEKS.items():
        for week in weeks:
            board.open_thread(*_opening(code, week, "note"))


def _opening(code: str, week: int, kind: str) -> tuple[datetime, Words]:
    rng = story.dice(f"{kind} of {code} in {week}")
    at = story.local_moment(week * 7 + rng.randrange(3), rng.uniform(8, 12))
    return at, Words(person_of(code), kind, rng.choice(story.THEMES).code)


def _close_people(empowered: Iterable[LogEntry], at: datetime) -> list[Person]:
    lately = {
        one.person.number: one.person
        for one in empowered
        if one.person.platform == "discourse"
        and timedelta() < at - one.at < _EMPOWERED_LATELY
    }
    return [lately[number] for number in sorted(lately)]


def _converse(board: Board, piece: Turn, outsiders: list[Person], count: int) -> None:
    """Let outsiders reply to a piece; its author answers where several do."""
    rng = board.rng
    for outsider in rng.sample(outsiders, min(count, len(outsiders))):
        at = piece.thread.last_at + timedelta(hours=rng.uniform(1, 6))
        reply = board.reply(at, Words(outsider, "remark", piece.theme), piece)
        if count > 1:
            at = reply.at + timedelta(hours=rng.uniform(1, 5))
            board.reply(at, Words(piece.person, "word_back", piece.theme), reply)


def person_of(code: str) -> Person:
    """Return the employee with a code."""
    return next(one for one in people.employees() if one.employee_code == code)


@lru_cache(maxsize=1)
def acts() -> tuple[Act, ...]:
    """Return all acts that employees noted, by time."""
    found = [*_shares(), *_reads()]
    return tuple(sorted(found, key=lambda act: (act.at, act.employee_code, act.act)))


def _shares() -> Iterator[Act]:
    posts = [post for post in channels.posts() if post.platform == _SHARED_PLATFORM]
    for code, (gap, own_words) in _SHARES.items():
        rng = story.dice(f"shares of {code}")
        day = rng.uniform(2, gap)
        while day < _last_day(code):
            at = story.local_moment(day, rng.uniform(8, 20))
            recent = [post for post in posts if post.at < at][-6:]
            if recent:
                url = _url(rng.choice(recent).post_id)
                yield Act(at, code, "share", url, story.happens(rng, own_words))
            day += rng.uniform(gap * 0.8, gap * 1.2)


def _reads() -> Iterator[Act]:
    for code, gap in _READERS.items():
        rng = story.dice(f"reads of {code}")
        day = rng.uniform(0, 5)
        yield Act(
            story.local_moment(day, 8.5), code, "follow", "", has_commentary=False
        )
        while day < _last_day(code):
            at = story.local_moment(day, rng.uniform(12, 14))
            yield Act(at, code, "read", "", has_commentary=False)
            day += rng.uniform(gap * 0.7, gap * 1.3)


def _url(post_id: str) -> str:
    return f"https://www.linkedin.com/feed/update/urn:li:activity:{post_id}"


def _last_day(code: str) -> int:
    if code == OPTS_OUT:
        return (OPTED_OUT_ON - story.FIRST_WEEK.monday).days
    return story.DAY_COUNT


def readings(week: ReportingWeek) -> list[Reading]:
    """Return the sizes of networks, read at first and on each month's first Monday."""
    days = [
        past.monday
        for past in story.FIRST_WEEK.until(week)
        if past == story.FIRST_WEEK or past.monday.day <= 7  # noqa: PLR2004 a week
    ]
    return [
        Reading(day, code, opening + growth * number)
        for number, day in enumerate(days)
        for code, (opening, growth) in _NETWORKS.items()
        if code != OPTS_OUT or day < OPTED_OUT_ON
    ]


@lru_cache(maxsize=1)
def tracked() -> tuple[Tracked, ...]:
    """Return who came by the tracked links of pieces, by time."""
    found = []
    for code, (weeks, _) in PIECE_WEEKS.items():
        for number, week in enumerate(weeks, start=1):
            rng = story.dice(f"links of {code} in {week}")
            at, words = _opening(code, week, "piece")
            for visit in range(rng.choice((1, 2, 2))):
                found.append(
                    Tracked(
                        at=at + timedelta(minutes=int(rng.uniform(90, 2600))),
                        employee_code=code,
                        content=f"{code.lower()}-piece-{number}",
                        theme=words.theme,
                        becomes_lead=visit == 0 and number % 2 == 0,
                    )
                )
    return tuple(sorted(found, key=lambda one: one.at))
