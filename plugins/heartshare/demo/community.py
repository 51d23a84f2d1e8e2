"""Plays the intents out: threads, replies, answers of staff and what follows them."""

from __future__ import annotations

import heapq
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from heartshare.demo import journeys, people, story
from heartshare.demo.threads import Board
from heartshare.demo.turns import (
    CommunityRecord,
    LogEntry,
    Turn,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from heartshare.demo.journeys import Intent
    from heartshare.demo.people import Person

ANSWER_RATIO = 0.70
ANSWER_RATIO_IN_THE_OUTAGE = 0.38
_THANKS_RATIO = 0.30
_RETORT_RATIO = 0.05
_OUTREACH_ENDS = story.OUTREACH_STOPS.starts_at(story.ZONE)
_STORY_ENDS = story.LAST_WEEK.ends_at(story.ZONE)
_EXCHANGE_FOLLOWS = (0.2, 1.6)


@lru_cache(maxsize=1)
def play() -> CommunityRecord:
    """Return the whole year of both communities; the same on every call."""
    stage = _Stage()
    for intent in journeys.plan_all():
        stage.call(intent.at, stage.act_out, intent)
    stage.run()
    return CommunityRecord(tuple(stage.board.threads), tuple(stage.log))


class _Stage:
    """Handles acts strictly in time order, so that replies follow what exists."""

    def __init__(self) -> None:
        self.rng = story.dice("community")
        self.board = Board(self.rng)
        self.log: list[LogEntry] = []
        self._queue: list[tuple[datetime, int, Callable[..., None], tuple]] = []
        self._calls = 0

    def call(self, at: datetime, action: Callable[..., None], *details: object) -> None:
        """Let an action happen at a moment, unless the story is over by then."""
        if at < _STORY_ENDS:
            self._calls += 1
            heapq.heappush(self._queue, (at, self._calls, action, details))

    def run(self) -> None:
        """Play everything that was called for, including what it causes."""
        while self._queue:
            at, _, action, details = heapq.heappop(self._queue)
            action(at, *details)

    def act_out(self, at: datetime, intent: Intent) -> None:
        """Turn one intent into a turn or a log entry."""
        getattr(self, f"_{intent.act}")(at, intent)

    def _hello(self, at: datetime, intent: Intent) -> None:
        self.board.open_thread(at, intent.person, "hello", intent.theme)

    def _help(self, at: datetime, intent: Intent) -> None:
        parent = self.board.find(
            intent.person, at, intent.theme, wanted=lambda turn: not turn.is_negative
        )
        if parent:
            self.board.reply(at, intent.person, "peer", parent.theme, parent)

    def _talk(self, at: datetime, intent: Intent) -> None:
        may_open = intent.kind in ("praise", "remark", "suggestion")
        if may_open and self.rng.random() < (0.4 if intent.kind == "praise" else 0.12):
            self.board.open_thread(at, intent.person, intent.kind, intent.theme)
            return
        friendly = intent.kind in ("chat", "praise", "suggestion")
        parent = self.board.find(
            intent.person,
            at,
            intent.theme,
            wanted=(lambda turn: not turn.is_negative) if friendly else None,
        )
        if parent is None:
            self.board.open_thread(at, intent.person, intent.kind, intent.theme)
        else:
            self.board.reply(at, intent.person, intent.kind, intent.theme, parent)

    def _ask(self, at: datetime, intent: Intent) -> None:
        turn = self._say(at, intent, open_ratio=0.30)
        if self.rng.random() < ANSWER_RATIO:
            named = intent.is_named and at < _OUTREACH_ENDS
            self.call(self._answer_moment(at), self._answer, turn, named, not named)

    def _outage(self, at: datetime, intent: Intent) -> None:
        turn = self._say(at, intent, open_ratio=0.08)
        if self.rng.random() < ANSWER_RATIO_IN_THE_OUTAGE:
            self.call(self._answer_moment(at), self._answer, turn, False, False)

    def _say(self, at: datetime, intent: Intent, *, open_ratio: float) -> Turn:
        parent = self.board.find(
            intent.person,
            at,
            intent.theme,
            wanted=lambda turn: turn.theme == intent.theme,
        )
        if parent is None or self.rng.random() < open_ratio:
            return self.board.open_thread(at, intent.person, intent.kind, intent.theme)
        return self.board.reply(at, intent.person, intent.kind, intent.theme, parent)

    def _exchange(self, at: datetime, intent: Intent) -> None:
        turn = self._say(at, intent, open_ratio=0.15)
        if intent.has_outreach:
            self._write_log(at + timedelta(hours=3), intent.person, "outreach", "")
        answer_at = self._answer_moment(at)
        self.call(answer_at, self._converse, turn, intent.is_named)

    def _converse(self, at: datetime, turn: Turn, named: bool) -> None:  # noqa: FBT001
        kind = "invite" if named else "answer"
        reply = self.board.answer(at, turn, kind, named=named)
        follows = at + timedelta(days=self.rng.uniform(*_EXCHANGE_FOLLOWS))
        self.call(follows, self._follow_up, reply, "accept" if named else "thanks")

    def _answer(
        self,
        at: datetime,
        turn: Turn,
        named: bool,  # noqa: FBT001
        may_follow: bool,  # noqa: FBT001
    ) -> None:
        if turn.deleted_at is not None:
            return
        reply = self.board.answer(at, turn, "answer", named=named)
        if not may_follow or turn.person.temper in ("climber", "fan"):
            return
        chance = self.rng.random()
        kind = "thanks" if chance < _THANKS_RATIO else "retort"
        if chance < _THANKS_RATIO + _RETORT_RATIO:
            follows = at + timedelta(hours=self.rng.uniform(1, 40))
            self.call(follows, self._follow_up, reply, kind)

    def _follow_up(self, at: datetime, reply: Turn, kind: str) -> None:
        if reply.parent is not None:
            self.board.reply(at, reply.parent.person, kind, reply.theme, reply)

    def _advocate(self, at: datetime, intent: Intent) -> None:
        turn = None
        if intent.kind == "defend":
            target = self.board.find(
                intent.person, at, intent.theme, wanted=lambda turn: turn.is_negative
            )
            if target:
                turn = self.board.reply(
                    at, intent.person, "defend", target.theme, target
                )
        if turn is None and intent.kind != "original":
            parent = self.board.find(
                intent.person,
                at,
                intent.theme,
                wanted=lambda turn: not turn.is_negative,
            )
            if parent:
                turn = self.board.reply(
                    at, intent.person, "recommend", intent.theme, parent
                )
        if turn is None:
            turn = self.board.open_thread(at, intent.person, "original", intent.theme)
        self.board.invite_replies(turn)

    def _empower(self, at: datetime, intent: Intent) -> None:
        self._write_log(at, intent.person, "empowerment", intent.kind)

    def _write_log(self, at: datetime, person: Person, kind: str, code: str) -> None:
        colleague = self.rng.choice(
            [one for one in people.staff() if one.platform == person.platform]
        )
        self.log.append(
            LogEntry(
                at=at,
                person=person,
                employee_code=colleague.employee_code,
                kind=kind,
                channel=self.rng.choice(("direct_message", "direct_message", "phone")),
                empowerment=code,
                note=_LOG_NOTES.get(code, "Invited to a first talk"),
            )
        )

    def _answer_moment(self, at: datetime) -> datetime:
        """Return when staff answer: within hours by day, the next morning by night."""
        local = at.astimezone(story.ZONE)
        hours = self.rng.lognormvariate(0.9, 0.8)
        if not 8 <= local.hour < 17:
            hours += (8 - local.hour) % 24 - 0.5
        if local.isoweekday() >= 6 and self.rng.random() < 0.25:
            hours += 20
        return at + timedelta(seconds=int(max(hours, 0.2) * 3600))


_LOG_NOTES = {
    "kit": "Sent the neighbourhood kit",
    "role": "Named as guide of a neighbourhood thread",
    "preview": "Access to the preview group",
    "recognition": "Thanked by name in the members' letter",
}
