"""What does every pull offer and get: one look at one source, in one contract.

A puller is written against ``PullRun`` alone. It lands what it fetched, then saves the
cursor that covers it; so a pull that is killed anywhere repeats at most what it had
fetched since the last ``save``, and the same content lands once.
"""

from __future__ import annotations

import time
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from heartshare.errors import InputError, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

#: Clocks and time zones differ by less; what is dated later has a wrong moment.
_AHEAD = timedelta(days=1)
#: Longest time that one pull spends waiting altogether, in seconds.
PATIENCE_SECONDS = 15 * 60.0


class SourceAwayError(TransientError):
    """A source was busy, away or answered half: the same pull may work later."""

    def __init__(self, source_name: str, what: str) -> None:
        super().__init__(
            f"Source {source_name}: {what}. What has landed so far is kept; the next "
            f"attempt goes on there: `heartshare pull {source_name}`."
        )


class LandingUnwritableError(TransientError):
    """The landing folder takes no file now, whatever the source holds."""

    def __init__(self, source_name: str, error: OSError) -> None:
        super().__init__(
            f"Source {source_name}: the landing folder cannot be written "
            f"({error.strerror or error}). Make room or give heartshare the right to "
            "write there, then pull again: what has landed is kept."
        )


class AccessRefusedError(InputError):
    """A source does not let us in, or not that far."""

    def __init__(self, source_name: str, connection: str, what: str) -> None:
        super().__init__(
            f"Source {source_name}: {what}. Correct the Airflow connection "
            f"{connection} (host, login, password, extra), then pull again; "
            "docs/sources.md lists its fields."
        )


class SourceOptionError(InputError):
    """A source is declared with something that does not exist where it points."""

    def __init__(self, source_name: str, what: str) -> None:
        super().__init__(
            f"Source {source_name}: {what}. Correct its entry in sources.yml; "
            "docs/sources.md explains each field."
        )


@dataclass(frozen=True)
class Account:
    """An Airflow connection as pullers see it; never print ``password`` or ``extra``.

    ``connection`` is its id, for messages. ``host`` is as entered, so it may be a host
    name or a URL, or empty; ``schema`` is Airflow's field of that name.
    """

    connection: str
    host: str = ""
    login: str = ""
    password: str = field(default="", repr=False)
    port: int | None = None
    schema: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Landed(Protocol):
    """A file in the landing folder, as the exports package describes it."""

    @property
    def sha256(self) -> str:
        """Return the digest of its content."""

    @property
    def original_name(self) -> str:
        """Return the name that it came with."""

    @property
    def is_new(self) -> bool:
        """Tell whether this content had not landed from this source before."""


class Lander(Protocol):
    """Puts one file of a source into the landing folder, whole or not at all."""

    def __call__(
        self,
        chunks: Iterable[bytes],
        name: str,
        *,
        exported_at: datetime,
        source_name: str | None = None,
    ) -> Landed:
        """Write the chunks durably; an error that they raise leaves nothing.

        ``source_name`` is that of the run unless given.
        """


@dataclass
class PullSummary:
    """What one pull did, in files.

    ``files_known`` came again with content that had landed before, ``files_waiting``
    look unfinished and are left for the next pull. ``doubts`` are sentences about what
    an operator should look at; ``ahead`` are new files that are dated after the pull,
    with that moment. A pull that has not seen all that is new, because it
    stopped or was refused a part, is not ``is_complete``.
    """

    files_new: int = 0
    files_known: int = 0
    files_waiting: int = 0
    doubts: list[str] = field(default_factory=list)
    ahead: dict[str, datetime] = field(default_factory=dict)
    is_complete: bool = True

    def miss(self, doubt: str) -> None:
        """Say what this pull has not seen, and that it is not complete."""
        self.doubts.append(doubt)
        self.is_complete = False


class PullSource(Protocol):
    """One kind of source, ready to be pulled."""

    @property
    def kind(self) -> str:
        """Return the kind under which sources.yml declares it."""

    def pull(self, run: PullRun) -> PullSummary:
        """Land what is new, saving the cursor behind it; return ``run.summary``."""


def _no_progress(what: str, done: int, total: int) -> None:
    """Take no note."""


@dataclass
class PullRun:
    """One pull of one source, at the moment ``now`` (UTC, aware).

    ``cursor`` is what the last ``save`` stored, empty before the first one; puller and
    nobody else decides what is in it (JSON values). ``patience`` is how many seconds
    of waiting are left.
    """

    source_name: str
    now: datetime
    cursor: dict[str, Any]
    lander: Lander
    saver: Callable[[dict[str, Any]], None]
    patience: float = PATIENCE_SECONDS
    waiter: Callable[[float], None] = time.sleep
    progress: Callable[[str, int, int], None] = _no_progress
    summary: PullSummary = field(default_factory=PullSummary)

    def land(
        self,
        name: str,
        content: bytes | Iterable[bytes],
        *,
        exported_at: datetime | None = None,
        source_name: str | None = None,
    ) -> Landed:
        """Keep one fetched file, durably and once per content; count it.

        ``content`` may be an iterable of chunks, so that a file needs no memory of its
        size: an error raised while it is read leaves nothing behind. ``exported_at``
        is ``now`` and ``source_name`` the run's unless given. Characters of ``name``
        that no file name can hold become underscores.

        Raises:
            LandingUnwritableError: our own disk is full or refuses to be written.
        """
        chunks = [content] if isinstance(content, bytes) else content
        moment = self.now if exported_at is None else exported_at
        elsewhere = {} if source_name is None else {"source_name": source_name}
        try:
            landed = self.lander(
                chunks, safe_name(name), exported_at=moment, **elsewhere
            )
        except OSError as error:
            raise LandingUnwritableError(self.source_name, error) from error
        if landed.is_new:
            self.summary.files_new += 1
            if moment > self.now + _AHEAD:
                self.summary.ahead[landed.original_name] = moment
        else:
            self.summary.files_known += 1
        return landed

    def save(self, cursor: Mapping[str, Any]) -> None:
        """Store the cursor durably; call it after what it covers has landed."""
        self.cursor = deepcopy(dict(cursor))
        self.saver(self.cursor)

    def sleep(self, seconds: float) -> None:
        """Wait, for instance as long as Retry-After asks for; the only way to wait.

        Raises:
            SourceAwayError: more patience would be needed than is left.
        """
        wanted = max(0.0, seconds)
        if wanted > self.patience:
            raise SourceAwayError(
                self.source_name,
                f"it asks to wait {wanted:.0f} seconds, and {self.patience:.0f} are "
                "left for waiting in this pull",
            )
        self.patience -= wanted
        self.waiter(wanted)


_LONGEST_NAME = 160


def safe_name(name: str) -> str:
    """Return a name as one file name: no folders, no control characters, not hidden.

    It keeps at most 160 bytes, its suffix among them.
    """
    clean = "".join("_" if c in "/\\:\0" or not c.isprintable() else c for c in name)
    clean = clean.encode("utf-8", "replace").decode("utf-8").lstrip(".") or "_"
    if len(clean.encode()) <= _LONGEST_NAME:
        return clean
    stem, dot, suffix = clean.rpartition(".")
    end = f"{dot}{suffix}".encode()
    if not stem or len(end) > _LONGEST_NAME // 4:
        stem, end = clean, b""
    kept = stem.encode()[: _LONGEST_NAME - len(end)].decode("utf-8", "ignore")
    return kept + end.decode()
