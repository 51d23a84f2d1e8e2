"""How is a list read that begins with the newest, so that every pull reads the least?

The first pull walks back to the list's end. Each later one walks from the newest to
where the last one began, less an overlap: counters and late answers change there. A
walk that is interrupted stays in the cursor and is finished by a later pull. The cursor
is saved behind each landed page.

Cursor: ``{"streams": {name: {"newest": moment, "looked": moment, "first": "new",
"open": [leg]}}, "pending": [errand], "seen": {id: ...}}``. An errand is what an item
asks for, its replies for instance; it is kept with the page that holds the item, so
that it is run even after a kill.
"""

from __future__ import annotations

import copy
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from heartshare.pulls.declarations import Declaration
    from heartshare.pulls.source import PullRun

#: Interrupted walks of one list above which no new one begins before they are done.
_MOST_OPEN = 3
#: Pages that one errand may take; what lies behind them is left and said so.
_MOST_ERRAND_PAGES = 100
#: A clock is put back by so much without having been wrong before.
_CLOCK_ERROR = timedelta(hours=1)
#: Errands carry their kind, the id they are about, and what else they need as text.
Errand = dict[str, Any]


#: Gets one page: from where it begins (None: the newest), knowing the moment before
#: which items are not looked at again (None: all are).
Fetch: TypeAlias = "Callable[[str | None, datetime | None], Page]"
#: Gets one page of what an errand asks, from where it begins.
RunErrand: TypeAlias = "Callable[[Errand, str | None], Page]"


class PagesSpentError(Exception):
    """A pull has read as many pages as one pull may; the next goes on there."""


@dataclass(frozen=True)
class Page:
    """One answer of a list: ``count`` items, the ``oldest`` of that moment.

    ``next`` is where the following page begins, None after the last. ``errands`` are
    what its items ask for; a page that an errand got may ask for more.
    """

    body: bytes
    count: int
    next: str | None = None
    oldest: datetime | None = None
    errands: Sequence[Errand] = field(default_factory=list)


@contextmanager
def bounded_walks(run: PullRun, declaration: Declaration) -> Iterator[Walks]:
    """Give the walks of a declared source, and say so when its pages are spent."""
    overlap = timedelta(days=declaration.overlap_days)
    walks = Walks(run, overlap=overlap, most_pages=declaration.options["most_pages"])
    try:
        yield walks
    except PagesSpentError:
        run.summary.miss(
            f"stopped after {walks.pages} pages; the next pull goes on there"
        )


class Walks:
    """The walks of one pull; ``seen`` is the puller's own memory, in the cursor."""

    def __init__(self, run: PullRun, *, overlap: timedelta, most_pages: int) -> None:
        self.run = run
        self.overlap = overlap
        self.pages = 0
        self._most_pages = most_pages
        self._cursor = copy.deepcopy(run.cursor)
        self._streams: dict[str, Any] = self._cursor.setdefault("streams", {})
        self._pending: list[Errand] = self._cursor.setdefault("pending", [])
        self.seen: dict[str, Any] = self._cursor.setdefault("seen", {})

    def read(self, lists: Mapping[str, Fetch], errand: RunErrand) -> None:
        """Read what lists have new, the one not looked at for longest first.

        A list's name also begins its files' names. Errands are run by ``errand`` after
        the page that asked for them.

        Raises:
            PagesSpentError: this pull may read no further page.
        """
        self._finish_errands(errand)
        streams = {
            name: self._streams.setdefault(
                name, {"newest": None, "looked": "", "first": "new", "open": []}
            )
            for name in lists
        }
        for name in sorted(streams, key=lambda name: streams[name]["looked"]):
            stream = streams[name]
            self._begin(stream)
            while stream["open"]:
                self._follow(name, stream, lists[name], errand)

    def _finish_errands(self, errand: RunErrand) -> None:
        """Run what earlier pages asked for and nobody has run yet."""
        while self._pending:
            task = self._pending[0]
            self._spend()
            page = errand(task, task.get("next"))
            number = task["pages"] = task.get("pages", 0) + 1
            if page.count:
                self.run.land(f"{task['name']}-{number:04d}.json", page.body)
            self._pending.extend(page.errands)
            is_endless = number >= _MOST_ERRAND_PAGES
            if page.next is None or page.next == task.get("next") or is_endless:
                self._pending.pop(0)
            else:
                task["next"] = page.next
            self._save()
            if page.next is not None and is_endless:
                self.run.summary.miss(
                    f"{task['name']} has more than {number} pages; the rest is left"
                )

    def _begin(self, stream: dict[str, Any]) -> None:
        """Add a walk from the newest, to go before or after what is unfinished.

        They take turns at going first, so that pulls of few pages reach everything.
        """
        is_old_first = stream["open"] and stream["first"] == "new"
        stream["first"] = "old" if is_old_first else "new"
        if len(stream["open"]) >= _MOST_OPEN:
            return
        until = None
        if stream["newest"] is not None:
            newest = datetime.fromisoformat(stream["newest"])
            if newest - self.run.now > _CLOCK_ERROR:
                # The last walk began under a clock that ran ahead: nobody knows when.
                stream["newest"] = None
            else:
                until = (newest - self.overlap).isoformat()
        begun = self.run.now.isoformat()
        leg = {"begun": begun, "until": until, "next": None, "pages": 0}
        stream["open"].insert(len(stream["open"]) if is_old_first else 0, leg)

    def _follow(
        self,
        name: str,
        stream: dict[str, Any],
        fetch: Fetch,
        errand: RunErrand,
    ) -> None:
        """Read the first open leg to its end, landing and saving page by page."""
        leg = stream["open"][0]
        until = datetime.fromisoformat(leg["until"]) if leg["until"] else None
        is_over = False
        while not is_over:
            self._spend()
            page = fetch(leg["next"], until)
            leg["pages"] += 1
            if page.count:
                begun = datetime.fromisoformat(leg["begun"])
                number = f"{begun:%Y%m%dT%H%M%S}-{leg['pages']:04d}"
                self.run.land(f"{name}-{number}.json", page.body)
            reached = until is not None and page.oldest and page.oldest < until
            is_over = page.next in {None, leg["next"]} or bool(reached)
            if is_over:
                stream["open"].pop(0)
            stream["looked"] = self.run.now.isoformat()
            leg["next"] = page.next
            stream["newest"] = max(stream["newest"] or "", leg["begun"])
            self._pending.extend(page.errands)
            self._save()
            self.run.progress(name, leg["pages"], 0)
            self._finish_errands(errand)

    def _spend(self) -> None:
        if self.pages >= self._most_pages:
            raise PagesSpentError
        self.pages += 1

    def _save(self) -> None:
        """Store the cursor, without walks that have not begun."""
        kept = copy.deepcopy(self._cursor)
        for stream in kept["streams"].values():
            stream["open"] = [leg for leg in stream["open"] if leg["pages"]]
        self.run.save(kept)
