"""Zones of employees recomputed: what ninety days up to a week's end show."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from warehouse.oracle.world import local_day, monday_of

if TYPE_CHECKING:
    from warehouse.oracle.world import Turn, World

DAY = timedelta(days=1)
LONG_AGO = date(1, 1, 1)


@dataclass
class Work:
    """One act of an employee: what, when, how long, and until when."""

    act: str
    at: datetime
    text: str | None = None
    has_commentary: bool = False
    gone_at: datetime | None = None

    @property
    def day(self) -> date:
        return local_day(self.at)

    @property
    def length(self) -> int:
        return len(self.text) if self.text else 0


@dataclass
class Record:
    """Everything of one employee who takes part."""

    enrolled: date
    work: list[Work] = field(default_factory=list)
    pieces: list[tuple[date, bool]] = field(default_factory=list)
    exchanges: list[tuple[str, str, str, date]] = field(default_factory=list)
    credits: list[tuple[str, date, Fraction]] = field(default_factory=list)
    networks: dict[str, list[tuple[date, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )


def enrolled(world: World) -> dict[str, date]:
    """Who takes part on the day of the build, and from when on."""
    today = local_day(world.as_of)
    rows: dict[str, list] = defaultdict(list)  # type: ignore[type-arg]
    for row in world.roster:
        rows[row.employee].append(row)
    found = {}
    for employee, own in rows.items():
        stands = all(
            row.has_opted_in and (row.opted_out_on is None or row.opted_out_on > today)
            for row in own
        )
        since = max(row.opted_in_on or LONG_AGO for row in own)
        if stands and since <= world.last_day:
            found[employee] = since
    return found


def seen(gone_at: datetime | None, world: World) -> datetime | None:
    """What goes after the week is still there for this build."""
    return gone_at if gone_at and gone_at < world.observed_until else None


def works(world: World, since: dict[str, date]) -> dict[str, list[Work]]:
    found: dict[str, list[Work]] = defaultdict(list)
    linked = {(row.platform, row.account) for row in world.roster}
    for turn in world.turns:
        if (turn.platform, turn.person) in linked and turn.person:
            gone = seen(turn.gone_at, world)
            found[turn.person].append(Work(turn.verb, turn.at, turn.body, False, gone))
    for post in world.posts:
        gone = seen(post.gone_at, world)
        owner = post.handle.removeprefix("li-")
        found[owner].append(Work("post", post.at, post.text, False, gone))
    once = set()
    for share in sorted(world.shares, key=lambda item: (item.at, not item.source)):
        same = (share.employee, share.platform, share.shared, local_day(share.at))
        if same not in once:
            once.add(same)
            found[share.employee].append(
                Work("share", share.at, None, share.has_commentary)
            )
    for note in world.notes:
        found[note.employee].append(Work(note.act, note.at))
    return {
        employee: [work for work in own if work.day >= since[employee]]
        for employee, own in found.items()
        if employee in since
    }


def is_piece(work: Work) -> bool:
    if work.act in ("create", "post"):
        return work.length >= 140
    return work.act == "reply" and work.length >= 280


def pieces(own: list[Work]) -> list[tuple[date, bool]]:
    """Original pieces: when first published, and whether they still stand.

    The same words are one piece as long as any copy stands; words that went and came
    back are two.
    """
    copies: dict[str, list[Work]] = defaultdict(list)
    for work in own:
        if is_piece(work) and work.text:
            words = " ".join(re.findall(r"[a-z0-9]+", work.text.lower()))
            copies[words].append(work)
    found = []
    for same in copies.values():
        same.sort(key=lambda work: work.at)
        first, until = same[0], same[0].gone_at
        for work in same[1:]:
            if until is not None and work.at > until:
                found.append((first.day, False))
                first, until = work, work.gone_at
            elif until is not None:
                until = None if work.gone_at is None else max(until, work.gone_at)
        found.append((first.day, until is None))
    return found


def take_exchanges(world: World, records: dict[str, Record]) -> None:
    """Direct answers between employees and outsiders, either way, that still stand."""
    turns = {turn.key: turn for turn in world.turns}
    for turn in world.turns:
        above = turns.get(turn.parent) if turn.parent else None
        if above is None or seen(turn.gone_at, world) or seen(above.gone_at, world):
            continue
        for mine, theirs, way in ((turn, above, "given"), (above, turn, "received")):
            if is_exchange(mine, theirs, records):
                records[mine.person or ""].exchanges.append(
                    (turn.thread, theirs.person or "", way, turn.day)
                )


def is_exchange(mine: Turn, theirs: Turn, records: dict[str, Record]) -> bool:
    return (
        mine.role == "employee"
        and theirs.role == "stakeholder"
        and mine.platform == "discourse"
        and mine.person in records
        and mine.day >= records[mine.person].enrolled
    )


def named(link: str | None, codes: set[str]) -> list[str]:
    """Employees whom a tracked link names, one or several."""
    return [code for code in re.split(r"[+,]", link or "") if code in codes]


def owed(world: World, since: dict[str, date]) -> dict[str, dict[str | None, Fraction]]:
    """Whom each conversion is owed to: own link first, last touch within 30 days."""
    codes = {row.employee for row in world.roster}
    found: dict[str, dict[str | None, Fraction]] = {}
    for one in world.conversions:
        people = named(one.link, codes)
        if not people and one.record:
            touches = [
                other
                for other in world.conversions
                if other.record == one.record
                and named(other.link, codes)
                and one.at - timedelta(days=30) <= other.at <= one.at
            ]
            last = max((touch.at for touch in touches), default=None)
            tied = [named(touch.link, codes) for touch in touches if touch.at == last]
            people = sorted({code for those in tied for code in those})
        credit: dict[str | None, Fraction] = defaultdict(Fraction)
        for code in people or [None]:
            takes_part = code in since and local_day(one.at) >= since[code]
            credit[code if takes_part else None] += Fraction(1, max(len(people), 1))
        found[one.key] = credit
    return found


def records(world: World) -> dict[str, Record]:
    since = enrolled(world)
    own_work = works(world, since)
    found = {employee: Record(day) for employee, day in since.items()}
    for employee, record in found.items():
        record.work = own_work.get(employee, [])
        record.pieces = pieces(record.work)
    take_exchanges(world, found)
    kinds = {one.key: (one.kind, local_day(one.at)) for one in world.conversions}
    for key, credit in owed(world, since).items():
        for code, part in credit.items():
            if code is not None:
                found[code].credits.append((*kinds[key], part))
    for network in world.networks:
        if network.employee in found:
            found[network.employee].networks[network.platform].append(
                (network.day, network.count)
            )
    return found


def network_figures(
    record: Record, first: date, last: date
) -> tuple[int | None, int | None]:
    """The network at the end, and its growth where a reading precedes the window."""
    size = growth = None
    for readings in record.networks.values():
        until_end = [item for item in readings if item[0] <= last]
        until_start = [item for item in readings if item[0] < first]
        if until_end:
            size = (size or 0) + max(until_end)[1]
            if until_start:
                growth = (growth or 0) + max(until_end)[1] - max(until_start)[1]
    return size, growth


def counts(record: Record, week: date) -> dict[str, object]:
    """What an employee did in ninety days, and thirteen weeks, up to a week's end."""
    last = week + 6 * DAY
    first = last - 89 * DAY
    standing = [work for work in record.work if work.gone_at is None]
    acts = [work for work in standing if first <= work.day <= last]
    shares = [work for work in acts if work.act == "share"]
    made = [day for day, stands in record.pieces if stands and first <= day <= last]
    ways: dict[tuple[str, str], set[str]] = defaultdict(set)
    for thread, outsider, way, day in record.exchanges:
        if first <= day <= last:
            ways[thread, outsider].add(way)
    both = [place for place, found in ways.items() if len(found) == 2]
    size, growth = network_figures(record, first, last)
    credited = {"lead": Fraction(0), "download": Fraction(0)}
    for kind, day, part in record.credits:
        if first <= day <= last:
            credited[kind] += part
    return {
        "act_count": len(acts),
        "active_week_count": len(
            {
                monday_of(work.day)
                for work in standing
                if week - timedelta(weeks=12) <= monday_of(work.day) <= week
            }
        ),
        "share_count": len(shares),
        "commented_share_count": sum(work.has_commentary for work in shares),
        "short_original_count": sum(
            work.act in ("create", "post") and work.length < 140 for work in acts
        ),
        "piece_count": len(made),
        "piece_month_count": len({(day.year, day.month) for day in made}),
        "exchange_count": len(both),
        "conversation_count": len({thread for thread, _ in both}),
        "lead_count": credited["lead"],
        "download_count": credited["download"],
        "network_count": size,
        "network_growth_count": growth,
    }


def zone(found: dict[str, object]) -> dict[str, object]:
    """The highest zone whose rule holds, and what keeps a creator from the last."""
    number = {name: value or 0 for name, value in found.items()}
    is_sharer = number["share_count"] >= 2  # type: ignore[operator]
    is_creator = number["piece_count"] >= 2 and number["piece_month_count"] >= 2  # type: ignore[operator]
    results = ("lead_count", "download_count", "conversation_count")
    growth = found["network_growth_count"]
    failing = [
        ("too_few_shares", not is_sharer),
        ("too_few_active_weeks", number["active_week_count"] < 8),  # type: ignore[operator]
        ("too_few_exchanges", number["exchange_count"] < 5),  # type: ignore[operator]
        ("network_not_growing", growth is not None and growth <= 0),  # type: ignore[operator]
        ("no_result", not any(number[name] for name in results)),
        ("network_missing", growth is None),
    ]
    reason = next((name for name, applies in failing if applies), None)
    step = code = None
    if is_creator:
        code = "creator" if reason else "socially_engaged"
    elif is_sharer:
        code = "sharer"
        step = (
            "short_original"
            if number["short_original_count"]
            else "with_commentary"
            if number["commented_share_count"]
            else "plain"
        )
    elif number["act_count"]:
        code = "consumer"
    return {
        "zone_code": code,
        "sub_step_code": step,
        "is_dormant": not number["act_count"],
        "is_sharer": is_sharer,
        "is_creator": is_creator,
        "reason_code": reason if is_creator else None,
        "is_capped": is_creator and reason == "network_missing",
    }


def zone_rows(world: World) -> dict[tuple[str, date], dict[str, object]]:
    """One row per employee who takes part and week whose end that day precedes."""
    rows = {}
    for employee, record in records(world).items():
        for week in world.weeks:
            if week + 6 * DAY >= record.enrolled:
                found = counts(record, week)
                rows[employee, week] = found | zone(found)
    return rows
