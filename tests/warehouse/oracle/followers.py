"""Follower flow recomputed: what is known of an account, day after day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from warehouse.oracle.world import World


@dataclass(frozen=True)
class Flow:
    """One account and day for which a reading or a flow is known."""

    opening: int | None
    gained: int | None
    lost: int | None
    adjustment: int | None
    closing: int | None
    net: int | None
    gap_days: int | None
    churn: float | None
    has_reading: bool


def newest(world: World) -> dict[str, dict[date, dict[str, int]]]:
    """Of several statements on a day the one observed last, then of the later file."""
    said: dict[tuple[str, date, str], tuple[object, str, int]] = {}
    for reading in world.readings:
        if reading.day > world.last_day:
            continue
        place = (reading.account, reading.day, reading.metric)
        stated = (reading.observed_at, reading.sha, int(reading.value))
        if place not in said or stated[:2] > said[place][:2]:  # type: ignore[operator]
            said[place] = stated
    found: dict[str, dict[date, dict[str, int]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for (account, day, metric), (_, _, value) in said.items():
        found[account][day][metric] = value
    return found


def flows_of(days: dict[date, dict[str, int]]) -> dict[date, Flow]:
    """Walk through the days of one account; nothing is spread over missing days."""
    stock: int | None = None
    stock_day: date | None = None
    is_current = False
    found = {}
    for day in sorted(days):
        said = days[day]
        reading = said.get("follower_count")
        gained, lost = said.get("gained_count"), said.get("lost_count")
        # After a day that left the stock open, only a reading closes it again.
        opening = stock if is_current or reading is not None else None
        gap = (day - stock_day).days if opening is not None and stock_day else None
        summed = None
        if opening is not None and gained is not None and lost is not None:
            summed = opening + gained - lost
        closing = reading if reading is not None else summed
        adjustment = None
        if summed is not None and closing is not None and gap == 1:
            adjustment = closing - summed
        net = closing - opening if closing is not None and opening is not None else None
        churn = lost / opening if lost is not None and opening else None
        found[day] = Flow(
            opening,
            gained,
            lost,
            adjustment,
            closing,
            net,
            gap,
            churn,
            reading is not None,
        )
        is_current = closing is not None
        if closing is not None:
            stock, stock_day = closing, day
    return found


def all_flows(world: World) -> dict[tuple[str, date], Flow]:
    return {
        (account, day): flow
        for account, days in newest(world).items()
        for day, flow in flows_of(days).items()
    }
