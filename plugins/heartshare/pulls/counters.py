"""Which posts have counters that moved since the last pull, and are worth asking?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heartshare.pulls.walks import Walks


class Counters:
    """What counters of young posts said when they were last read, in the cursor."""

    def __init__(self, walks: Walks) -> None:
        self._seen = walks.seen
        self._young = walks.run.now - walks.overlap
        self._forget(before=self._young - walks.overlap - timedelta(days=1))

    def moved(
        self,
        post_id: str,
        moment: datetime,
        counts: Mapping[str, int],
        *,
        until: datetime | None,
    ) -> list[str] | None:
        """Return which counts moved since they were last read, and remember them.

        None says that the post, of that ``moment``, is older than ``until`` and is not
        looked at again. A count that is 0 has nothing to ask about.
        """
        if until is not None and moment < until:
            return None
        known = self._seen.get(post_id, {})
        if moment >= self._young:
            self._seen[post_id] = {"at": moment.isoformat(), **counts}
        return [
            name for name, count in counts.items() if count and count != known.get(name)
        ]

    def _forget(self, *, before: datetime) -> None:
        for post_id in list(self._seen):
            if datetime.fromisoformat(self._seen[post_id]["at"]) < before:
                del self._seen[post_id]
