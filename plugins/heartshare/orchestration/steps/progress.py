"""How does a step say how far it is, without knowing who listens?"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class Progress(Protocol):
    """Told what was done last, how many are done, and how many there are."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note."""


def silent(what: str, done: int, total: int) -> None:
    """Take no note."""


_listeners: list[Progress] = []


def report_progress(what: str, done: int, total: int) -> None:
    """Tell whoever listens in this process; operators hand this to their step."""
    for listener in _listeners:
        listener(what, done, total)


@contextmanager
def heard_by(listener: Progress) -> Iterator[None]:
    """Let a listener hear every step that runs in this process meanwhile."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
