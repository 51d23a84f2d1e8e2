"""Which weekly metrics read otherwise than before, in a week that was published?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.warehouse.row_differences import PLACES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heartshare.warehouse.connections import Connection

METRICS = "fct_metric_weeks"
_NEEDED = ("metric_id", "week_start", "segment_kind_code", "segment_code", "value")
_SHOWN = 10


@dataclass(frozen=True)
class Move:
    """One metric over everybody in one week, before and after; None is not reported.

    ``size`` is the change as a part of the larger figure, 0 to 2; 1 where a figure
    came or went.
    """

    metric_id: str
    week_start: str
    before: float | None
    after: float | None
    size: float

    def to_dict(self) -> dict[str, Any]:
        """Return the move as JSON."""
        return {
            "metric_id": self.metric_id,
            "week_start": self.week_start,
            "before": self.before,
            "after": self.after,
            "relative_change": self.size,
        }


def moves_between(  # noqa: PLR0913, PLR0917 two relations and what is known of them
    connection: Connection,
    table: str,
    types: Mapping[str, str],
    before: str,
    after: str,
    last: str,
) -> list[Move]:
    """Return the largest moves of weekly metrics up to the Monday ``last``.

    Only the table of metrics has any. At most ten, the largest first, one for each
    metric: that of the week in which it moved most, of several equal ones the latest.
    """
    if table != METRICS or not set(_NEEDED) <= set(types):
        return []
    whole = "segment_kind_code = 'all' and segment_code = 'all'"
    rows = connection.execute(
        f"""
        with first as (select * from {before} where {whole}),
        second as (select * from {after} where {whole}),
        moves as (
            select
                metric_id,
                week_start,
                first.value as before,
                second.value as after,
                coalesce(abs(first.value - second.value)
                    / greatest(abs(first.value), abs(second.value)), 1.0) as size
            from first
            full outer join second using (metric_id, week_start)
            where week_start <= ?::date and round(first.value, {PLACES})
                is distinct from round(second.value, {PLACES})
        )
        select metric_id, week_start::varchar, before, after, size
        from moves
        qualify row_number() over (
            partition by metric_id order by size desc, week_start desc
        ) = 1
        order by size desc, metric_id
        limit {_SHOWN}
        """,
        [last],
    ).fetchall()
    return [Move(*row) for row in rows]
