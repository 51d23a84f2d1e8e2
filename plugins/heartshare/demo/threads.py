"""The boards of both communities: where a turn goes and who answers it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from heartshare.demo import people, story, texts
from heartshare.demo.turns import Thread, Turn, Words

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from heartshare.demo.people import Person

_QUIET_AFTER = timedelta(days=6)
_CLOSED_AFTER = timedelta(days=12)
_LONGEST_THREAD = 46
_NAMED_FOR_REDDIT = "Hi u/{handle}, "
_GREETINGS_WITH_NAME = ("Hi {first}, ", "Hello {first}, ", "Dear {first}, ")
_GREETINGS = ("Hello, ", "Good day, ", "Thank you for writing. ", "")
_FOREIGN_KINDS = {"es": "spanish", "de": "german"}
_RECENT_TURNS = 12


class Board:
    """All threads so far; finds places for new turns."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.threads: list[Thread] = []
        self._open: dict[str, list[Thread]] = {"discourse": [], "reddit": []}
        self._wanting: dict[str, list[Turn]] = {"discourse": [], "reddit": []}
        self._last_seconds: set[tuple[str, datetime]] = set()
        self._count = 0

    def open_thread(self, at: datetime, words: Words) -> Turn:
        """Start a thread and return its first turn."""
        platform = words.person.platform
        title = texts.title_text(self.rng, words.kind, words.theme)
        thread = Thread(len(self.threads) + 1, platform, title, words.theme)
        self.threads.append(thread)
        self._open[platform].append(thread)
        return self._add(at, thread, words, None)

    def reply(self, at: datetime, words: Words, parent: Turn) -> Turn:
        """Add a reply to a turn and return it."""
        return self._add(at, parent.thread, words, parent)

    def answer(self, at: datetime, turn: Turn, kind: str, *, named: bool) -> Turn:
        """Add the agency's answer to a turn; ``named`` addresses the person."""
        desk = [one for one in people.staff() if one.platform == turn.thread.platform]
        person = desk[turn.thread.number % len(desk)]
        if story.happens(self.rng, 0.3):
            person = self.rng.choice(desk)
        reply = self.reply(at, Words(person, kind, turn.theme), turn)
        reply.text = self._greeting(turn.person, named=named) + reply.text
        return reply

    def invite_replies(self, turn: Turn) -> None:
        """Mark a turn that draws replies: the next regulars look at it first."""
        wanted = self.rng.choices((1, 2, 3), (35, 45, 20))[0]
        self._wanting[turn.thread.platform].extend([turn] * wanted)

    def find(
        self,
        person: Person,
        at: datetime,
        theme: str,
        *,
        wanted: Callable[[Turn], bool] | None = None,
    ) -> Turn | None:
        """Return a recent turn of somebody else to reply to, or None."""
        attractive = self._attractive(person, at, wanted)
        if attractive is not None:
            return attractive
        threads = self._open_threads(person.platform, at)
        fitting = [one for one in threads if one.theme == theme] or threads
        for _ in range(5):
            if not fitting:
                return None
            thread = fitting[int(len(fitting) * self.rng.random() ** 0.7)]
            turns = [
                turn
                for turn in thread.turns[-_RECENT_TURNS:] + thread.turns[:1]
                if turn.person.account_id != person.account_id
                and turn.person.actor_class != "bot"
                and turn.deleted_at is None
                and (wanted is None or wanted(turn))
            ]
            if turns:
                return self.rng.choice(turns)
        return None

    def _attractive(
        self, person: Person, at: datetime, wanted: Callable[[Turn], bool] | None
    ) -> Turn | None:
        queue = self._wanting[person.platform]
        while queue and at - queue[0].at > _CLOSED_AFTER:
            queue.pop(0)
        if wanted is None or story.happens(self.rng, 0.25):
            return None
        for index, turn in enumerate(queue):
            seen = {
                one.person.account_id for one in turn.thread.turns if one.parent is turn
            }
            if turn.person.account_id != person.account_id and (
                person.account_id not in seen and wanted(turn)
            ):
                return queue.pop(index)
        return None

    def _open_threads(self, platform: str, at: datetime) -> list[Thread]:
        alive = [
            thread
            for thread in self._open[platform]
            if at - thread.last_at < _QUIET_AFTER
            and at - thread.turns[0].at < _CLOSED_AFTER
            and len(thread.turns) < _LONGEST_THREAD
        ]
        self._open[platform] = alive
        return alive

    def _greeting(self, person: Person, *, named: bool) -> str:
        if not named:
            return self.rng.choice(_GREETINGS)
        if person.platform == "reddit":
            return _NAMED_FOR_REDDIT.format(handle=person.handle)
        if story.happens(self.rng, 0.25):
            return f"@{person.handle} "
        return self.rng.choice(_GREETINGS_WITH_NAME).format(first=person.first_name)

    def _add(
        self,
        at: datetime,
        thread: Thread,
        words: Words,
        parent: Turn | None,
    ) -> Turn:
        at = self._own_second(thread.platform, at)
        text_kind = _FOREIGN_KINDS.get(words.person.language, words.kind)
        self._count += 1
        turn = Turn(
            sequence=self._count,
            thread=thread,
            number=len(thread.turns) + 1,
            person=words.person,
            at=at,
            kind=words.kind,
            theme=words.theme,
            text=texts.community_text(self.rng, text_kind, words.theme),
            parent=parent,
            likes=self._likes(words.kind),
        )
        self._age(turn)
        thread.turns.append(turn)
        return turn

    def _likes(self, kind: str) -> int:
        mean = {"original": 9.0, "piece": 6.0, "recommend": 5.0, "praise": 4.0}.get(
            kind, 1.6
        )
        return int(self.rng.expovariate(1 / mean))

    def _age(self, turn: Turn) -> None:
        if story.happens(self.rng, 0.012):
            turn.edited_at = turn.at + timedelta(minutes=self.rng.randrange(2, 900))
        elif (
            turn.person.temper == "passer_by"
            and turn.parent
            and story.happens(self.rng, 0.02)
        ):
            turn.deleted_at = turn.at + timedelta(hours=self.rng.randrange(5, 200))

    def _own_second(self, platform: str, at: datetime) -> datetime:
        at = at.replace(microsecond=0)
        while (platform, at) in self._last_seconds:
            at += timedelta(seconds=1)
        self._last_seconds.add((platform, at))
        return at
