"""What does a person see while steps run?

Sentences and progress go to the terminal, everything else that libraries say to a log.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from heartshare.orchestration.steps.progress import heard_by

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: A line of progress at least so often where a bar cannot be drawn.
_PLAIN_SECONDS = 5.0


class Terminal(logging.Handler):
    """Prints one line for each INFO sentence, and how far a long step is."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        super().__init__(logging.INFO)
        self.console = Console(
            file=stream or sys.stderr, highlight=False, soft_wrap=True
        )
        self._start = time.monotonic()
        self._told = 0.0
        self._open = False

    def say(self, text: str, style: str = "") -> None:
        """Print one sentence."""
        self._end_line()
        self.console.print(escape(text), style=style or None)

    def emit(self, record: logging.LogRecord) -> None:
        """Print what a step reports about itself."""
        style = "yellow" if record.levelno >= logging.WARNING else ""
        seconds = time.monotonic() - self._start
        self.say(f"[{seconds:5.1f} s] {record.getMessage()}", style)

    def advance(self, what: str, done: int, total: int) -> None:
        """Show how far a step is: on one line renewed, or now and then on a new one."""
        now = time.monotonic()
        if self.console.is_terminal:
            text = f"          {done:>5} of {total} {what}"[: self.console.width - 1]
            self.console.file.write(f"\r\x1b[2K{text}")
            self.console.file.flush()
            self._open = True
        elif now - self._told > _PLAIN_SECONDS:
            self.say(f"          {done} of {total} {what}")
            self._told = now

    def _end_line(self) -> None:
        if self._open:
            self.console.file.write("\r\x1b[2K")
            self._open = False

    @contextmanager
    def listening(self, *, is_verbose: bool = False) -> Iterator[None]:
        """Show what every step in this process says meanwhile."""
        logger = logging.getLogger("heartshare")
        before = logger.level, logger.propagate
        logger.addHandler(self)
        logger.setLevel(logging.DEBUG if is_verbose else logging.INFO)
        logger.propagate = False
        try:
            with heard_by(self.advance):
                yield
        finally:
            self._end_line()
            logger.removeHandler(self)
            logger.setLevel(before[0])
            logger.propagate = before[1]


@contextmanager
def output_to(log: Path) -> Iterator[IO[str]]:
    """Send all output of this process to a log; yield a stream to the terminal.

    File descriptors are swapped, because libraries keep their own handles on them.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    with log.open("a") as file, os.fdopen(os.dup(kept[1]), "w") as terminal:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield terminal
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for target, descriptor in zip((1, 2), kept, strict=True):
                os.dup2(descriptor, target)
                os.close(descriptor)
