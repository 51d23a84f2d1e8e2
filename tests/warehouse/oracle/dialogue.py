"""Response, reciprocity and return visits recomputed from the turns."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from warehouse.oracle.world import OURS, UTC, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.oracle.world import Turn, World

DAY = timedelta(days=1)
SHORT, LONG = 24 * 3600, 72 * 3600
Place = tuple[date, str]


def seconds(earlier: datetime, later: datetime) -> int:
    return int((later - earlier).total_seconds())


def business_seconds(earlier: datetime, later: datetime) -> int:
    """Seconds from Monday to Friday, nine to five by the local clock."""
    begin = earlier.replace(tzinfo=UTC).astimezone(ZONE).replace(tzinfo=None)
    end = later.replace(tzinfo=UTC).astimezone(ZONE).replace(tzinfo=None)
    total = 0
    day = begin.date()
    while day <= end.date():
        if day.weekday() < 5:
            opens = datetime.combine(day, time(9))
            closes = opens + timedelta(hours=8)
            total += max(0, seconds(max(opens, begin), min(closes, end)))
        day += DAY
    return total


def is_inbound(turn: Turn) -> bool:
    """A turn of a stakeholder to the organisation."""
    return turn.role == "stakeholder" and turn.is_addressed


class Waits:
    """How long each turn to us waited, or has waited so far."""

    def __init__(self, world: World) -> None:
        self.until = world.observed_until
        self.answers: dict[str, list[datetime]] = defaultdict(list)
        for turn in world.kept_turns:
            if turn.role in OURS and turn.verb == "reply" and not turn.is_deflection:
                self.answers[turn.thread].append(turn.at)
        for moments in self.answers.values():
            moments.sort()

    def answered_at(self, turn: Turn) -> datetime | None:
        moments = self.answers.get(turn.thread, [])
        place = bisect_right(moments, turn.at)
        return moments[place] if place < len(moments) else None


def places(turn: Turn) -> Iterator[Place]:
    yield turn.week, turn.platform
    yield turn.week, "all"


def time_until(waits: list[tuple[int, bool]], left: Fraction) -> float | None:
    """Kaplan-Meier: hours until no more than this part is still without an answer."""
    at_risk = len(waits)
    survival = Fraction(1)
    ended: dict[int, int] = defaultdict(int)
    gone: dict[int, int] = defaultdict(int)
    for wait, is_answered in waits:
        gone[wait] += 1
        ended[wait] += is_answered
    for wait in sorted(gone):
        survival *= 1 - Fraction(ended[wait], at_risk)
        if ended[wait] and survival <= left:
            return wait / 3600
        at_risk -= gone[wait]
    return None


def response_rows(world: World) -> dict[Place, dict[str, object]]:
    """Response rates with maturity and Kaplan-Meier times, by week and platform."""
    waits = Waits(world)
    everything: dict[Place, list[tuple[Turn, int | None, int, int]]] = defaultdict(list)
    for turn in world.kept_turns:
        if not is_inbound(turn) or turn.is_overheard:
            continue
        answered = waits.answered_at(turn)
        wait = seconds(turn.at, answered) if answered else None
        seen = seconds(turn.at, waits.until)
        business = business_seconds(turn.at, answered or waits.until)
        for place in places(turn):
            everything[place].append((turn, wait, seen, business))
    return {place: figures(items) for place, items in everything.items()}


def figures(items: list[tuple[Turn, int | None, int, int]]) -> dict[str, object]:
    asked = [item for item in items if item[0].needs_reply]
    row: dict[str, object] = {"reply_request_count": len(asked)}
    for name, window in (("24h", SHORT), ("72h", LONG)):
        mature = [wait for _, wait, seen, _ in asked if seen >= window]
        answered = [wait for wait in mature if wait is not None and wait <= window]
        row[f"mature_{name}_count"] = len(mature)
        row[f"answered_{name}_count"] = len(answered)
        row[f"response_rate_{name}"] = len(answered) / len(mature) if mature else None
    for prefix, those in (("", items), ("request_", asked), ("business_", items)):
        times = [
            (
                business if prefix == "business_" else seen if wait is None else wait,
                wait is not None,
            )
            for _, wait, seen, business in those
        ]
        for name, left in (("p50", Fraction(1, 2)), ("p90", Fraction(1, 10))):
            column = f"{prefix}time_to_first_response_{name}_hours"
            row[column] = time_until(times, left)
    return row


def reciprocity_rows(world: World) -> dict[Place, tuple[int, int]]:
    """People with a turn to us in 28 days, and those to whom we also spoke."""
    to_us: dict[str, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    from_us: dict[str, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for turn in world.kept_turns:
        for platform in (turn.platform, "all"):
            if is_inbound(turn) and turn.person:
                to_us[platform][turn.day].add(turn.person)
            if turn.role in OURS and turn.seen_parent_person:
                from_us[platform][turn.day].add(turn.seen_parent_person)
    rows = {}
    for week in world.weeks:
        days = [week + timedelta(days=offset) for offset in range(-21, 7)]
        for platform, speakers in to_us.items():
            people = set().union(*(speakers.get(day, set()) for day in days))
            reached = set().union(*(from_us[platform].get(day, set()) for day in days))
            if people:
                rows[week, platform] = (len(people), len(people & reached))
    return rows


def return_rows(world: World) -> dict[Place, tuple[int, int, bool]]:
    """People with a turn to us, those back on a later day within 28 days, maturity."""
    days: dict[tuple[str, str], set[date]] = defaultdict(set)
    for turn in world.kept_turns:
        if is_inbound(turn) and turn.person:
            for platform in (turn.platform, "all"):
                days[platform, turn.person].add(turn.day)
    found: dict[Place, list[bool]] = defaultdict(list)
    for (platform, _), seen in days.items():
        for week in {day - timedelta(days=day.weekday()) for day in seen}:
            first = min(day for day in seen if week <= day < week + 7 * DAY)
            is_back = any(first < day <= first + 28 * DAY for day in seen)
            found[week, platform].append(is_back)
    return {
        place: (len(backs), sum(backs), place[0] + 34 * DAY <= world.last_day)
        for place, backs in found.items()
    }


def turn_rows(world: World) -> dict[Place, dict[str, int]]:
    """Counts of turns by side, of replies, and of those between stakeholders."""
    roles = {person.key: person.role for person in world.people}
    rows: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for turn in world.kept_turns:
        ours = turn.role in OURS
        above = turn.seen_parent_person
        speaks = ours or turn.role == "stakeholder"
        to_other = turn.verb == "reply" and speaks and above != turn.person
        for place in places(turn):
            row = rows[place]
            row["stakeholder_turn_count"] += turn.role == "stakeholder"
            row["org_turn_count"] += ours
            row["inbound_count"] += is_inbound(turn)
            row["peer_reply_count"] += bool(
                to_other
                and turn.role == "stakeholder"
                and above
                and roles[above] == "stakeholder"
            )
    return rows
