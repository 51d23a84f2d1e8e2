"""Threads and turns: what the simulated communities consist of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from heartshare.demo.people import Person

POSITIVE_KINDS = frozenset(
    {
        "praise",
        "chat",
        "suggestion",
        "recommend",
        "defend",
        "original",
        "thanks",
        "accept",
    }
)
NEGATIVE_KINDS = frozenset({"complaint", "gripe", "retort", "outage"})
NEEDS_REPLY_KINDS = frozenset({"question", "request", "complaint", "outage"})


@dataclass(frozen=True)
class Words:
    """Who says what kind of thing about which theme."""

    person: Person
    kind: str
    theme: str


@dataclass(eq=False)
class Turn:
    """One post or comment; ``number`` counts within its thread from 1."""

    sequence: int
    thread: Thread
    number: int
    person: Person
    at: datetime
    kind: str
    theme: str
    text: str
    parent: Turn | None
    likes: int
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    #: The kind of the words, where they are others than the kind of the turn has.
    wording: str = ""

    @property
    def is_negative(self) -> bool:
        """Whether the text was meant as criticism."""
        return self.kind in NEGATIVE_KINDS

    @property
    def root(self) -> Turn:
        """The turn that opened the thread."""
        return self.thread.turns[0]


@dataclass(eq=False)
class Thread:
    """A topic or submission with its turns in time order."""

    number: int
    platform: str
    title: str
    theme: str
    turns: list[Turn] = field(default_factory=list)

    @property
    def last_at(self) -> datetime:
        """When the latest turn was written."""
        return self.turns[-1].at


@dataclass(frozen=True)
class LogEntry:
    """One row of the outreach and empowerment log."""

    at: datetime
    person: Person
    employee_code: str
    kind: str
    channel: str
    empowerment: str
    note: str


@dataclass(frozen=True)
class CommunityRecord:
    """Everything that was said and logged over the year."""

    threads: tuple[Thread, ...]
    log: tuple[LogEntry, ...]
