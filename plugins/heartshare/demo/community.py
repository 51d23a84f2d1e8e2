"""Plays the intents out: threads, replies, answers of staff and what follows them."""

from __future__ import annotations

import heapq
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from heartshare.demo import journeys, people, rewording, story, workplace
from heartshare.demo.threads import Board
from heartshare.demo.turns import CommunityRecord, LogEntry, Turn, Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from heartshare.demo.journeys import Intent
    from heartshare.demo.people import Person

#: Parts of the turns that are answered directly; an answer in the thread often serves
#: others too, so that about seven of ten find one.
ANSWER_RATIO = 0.58
ANSWER_RATIO_IN_THE_OUTAGE = 0.10
#: Parts of the answered who come back on it, by temper; a few of them are cross.
_FOLLOWING_RATIO = {"passer_by": 0.42, "participant": 0.10, "critic": 0.04}
_RETORT_RATIO = 0.12
_EXCHANGE_FOLLOWS = (0.2, 1.6)
_OPENING_RATIO = {"praise": 0.4, "remark": 0.12, "suggestion": 0.12}
_DESK_HOURS = range(7, 21)
_WEEKEND = (6, 7)
_OUTREACH_ENDS = story.OUTREACH_STOPS.starts_at(story.ZONE)
_STORY_ENDS = story.LAST_WEEK.ends_at(story.ZONE)
_LOG_NOTES = {
    "": "Invited to a first talk",
    "kit": "Sent the neighbourhood kit",
    "role": "Named as guide of a neighbourhood thread",
    "preview": "Access to the preview group",
    "recognition": "Thanked by name in the members' letter",
}


@lru_cache(maxsize=1)
def play() -> CommunityRecord:
    """Return the whole year of both communities; the same on every call."""
    stage = _Stage()
    for intent in journeys.plan_all():
        stage.call(intent.at, stage.act_out, intent)
    stage.run()
    workplace.write_pieces(stage.board, stage.log)
    rewording.reword(stage.board.threads)
    return CommunityRecord(tuple(stage.board.threads), tuple(stage.log))


class _Stage:
    """Handles acts strictly in time order, so that replies follow what exists."""

    def __init__(self) -> None:
        self.rng = story.dice("community")
        self.board = Board(self.rng)
        self.log: list[LogEntry] = []
        self._queue: list[tuple[datetime, int, Callable[..., None], tuple]] = []
        self._calls = 0
        self._handlers = {
            "hello": self._hello,
            "help": self._help,
            "talk": self._talk,
            "ask": self._ask,
            "outage": self._outage,
            "exchange": self._exchange,
            "advocate": self._advocate,
            "empower": self._empower,
        }

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
        self._handlers[intent.act](at, intent)

    def _hello(self, at: datetime, intent: Intent) -> None:
        self.board.open_thread(at, _words(intent))

    def _help(self, at: datetime, intent: Intent) -> None:
        self._reply_where(at, intent, "peer", negative=False)

    def _talk(self, at: datetime, intent: Intent) -> None:
        if story.happens(self.rng, _OPENING_RATIO.get(intent.kind, 0.0)):
            self.board.open_thread(at, _words(intent))
            return
        # Friendly people do not reply to criticism here: that would be a defence.
        friendly = intent.kind in ("chat", "praise", "suggestion")
        parent = self.board.find(
            intent.person,
            at,
            intent.theme,
            wanted=(lambda turn: not turn.is_negative) if friendly else None,
        )
        if parent is None:
            self.board.open_thread(at, _words(intent))
        else:
            self.board.reply(at, _words(intent), parent)

    def _ask(self, at: datetime, intent: Intent) -> None:
        turn = self._say(at, intent, opening_ratio=0.30)
        if story.happens(self.rng, ANSWER_RATIO):
            named = intent.is_named and at < _OUTREACH_ENDS
            manner = "named" if named else "plain"
            self.call(self._answer_moment(at), self._answer, turn, manner)

    def _outage(self, at: datetime, intent: Intent) -> None:
        turn = self._say(at, intent, opening_ratio=0.08)
        if story.happens(self.rng, ANSWER_RATIO_IN_THE_OUTAGE):
            self.call(self._answer_moment(at), self._answer, turn, "quiet")

    def _say(self, at: datetime, intent: Intent, *, opening_ratio: float) -> Turn:
        parent = self.board.find(
            intent.person,
            at,
            intent.theme,
            wanted=lambda turn: turn.theme == intent.theme,
        )
        if parent is None or story.happens(self.rng, opening_ratio):
            return self.board.open_thread(at, _words(intent))
        return self.board.reply(at, _words(intent), parent)

    def _exchange(self, at: datetime, intent: Intent) -> None:
        turn = self._say(at, intent, opening_ratio=0.15)
        if intent.has_outreach:
            self._write_log(at + timedelta(hours=3), intent.person, "outreach", "")
        invite = "invite" if intent.is_named else ""
        self.call(self._answer_moment(at), self._converse, turn, invite)

    def _converse(self, at: datetime, turn: Turn, invite: str) -> None:
        reply = self.board.answer(at, turn, invite or "answer", named=bool(invite))
        follows = at + timedelta(days=self.rng.uniform(*_EXCHANGE_FOLLOWS))
        self.call(follows, self._follow_up, reply, "accept" if invite else "thanks")

    def _answer(self, at: datetime, turn: Turn, manner: str) -> None:
        if turn.deleted_at is not None:
            return
        reply = self.board.answer(at, turn, "answer", named=manner == "named")
        following = _FOLLOWING_RATIO.get(turn.person.temper, 0.0)
        if manner == "plain" and story.happens(self.rng, following):
            cross = story.happens(self.rng, _RETORT_RATIO)
            kind = "retort" if cross else "thanks"
            follows = at + timedelta(hours=self.rng.uniform(1, 40))
            self.call(follows, self._follow_up, reply, kind)

    def _follow_up(self, at: datetime, reply: Turn, kind: str) -> None:
        if reply.parent is not None:
            words = Words(reply.parent.person, kind, reply.theme)
            self.board.reply(at, words, reply)

    def _advocate(self, at: datetime, intent: Intent) -> None:
        turn = None
        if intent.kind == "defend":
            turn = self._reply_where(at, intent, "defend", negative=True)
        if turn is None and intent.kind != "original":
            turn = self._reply_where(at, intent, "recommend", negative=False)
        if turn is None:
            words = Words(intent.person, "original", intent.theme)
            turn = self.board.open_thread(at, words)
        self.board.invite_replies(turn)

    def _reply_where(
        self, at: datetime, intent: Intent, kind: str, *, negative: bool
    ) -> Turn | None:
        parent = self.board.find(
            intent.person,
            at,
            intent.theme,
            wanted=lambda turn: turn.is_negative == negative,
        )
        if parent is None:
            return None
        theme = parent.theme if negative else intent.theme
        return self.board.reply(at, Words(intent.person, kind, theme), parent)

    def _empower(self, at: datetime, intent: Intent) -> None:
        self._write_log(at, intent.person, "empowerment", intent.kind)

    def _write_log(self, at: datetime, person: Person, kind: str, code: str) -> None:
        desk = [one for one in people.staff() if one.platform == person.platform]
        self.log.append(
            LogEntry(
                at=at,
                person=person,
                employee_code=self.rng.choice(desk).employee_code,
                kind=kind,
                channel=self.rng.choice(("direct_message", "direct_message", "phone")),
                empowerment=code,
                note=_LOG_NOTES[code],
            )
        )

    def _answer_moment(self, at: datetime) -> datetime:
        """Return when staff answer: within hours by day, the next morning by night."""
        local = at.astimezone(story.ZONE)
        hours = self.rng.lognormvariate(0.9, 0.8)
        if local.hour not in _DESK_HOURS:
            hours += (_DESK_HOURS.start - local.hour) % 24 - 0.5
        if local.isoweekday() in _WEEKEND and story.happens(self.rng, 0.25):
            hours += 20
        return at + timedelta(seconds=int(max(hours, 0.2) * 3600))


def _words(intent: Intent) -> Words:
    return Words(intent.person, intent.kind, intent.theme)
