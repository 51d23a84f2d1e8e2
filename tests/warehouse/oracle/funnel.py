"""The funnel recomputed from its definition: seven states, evaluated day by day.

Promoted at once, demoted at the monthly review: on any day somebody stands on the
highest level that held since the review of the last day of the month before, that
review included. The thresholds are the defaults of the definition.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from warehouse.oracle.world import OURS, local_day, monday_of

if TYPE_CHECKING:
    from warehouse.oracle.world import Contact, Sign, Turn, World

RULES = (
    "observed",
    "participating",
    "identified",
    "activated",
    "nurtured",
    "empowered",
    "advocate",
)
#: Days of evidence that a move names, the day itself included.
EVIDENCE_DAYS = {0: 365, 1: 28, 2: 56, 3: 1, 4: 92, 5: 90, 6: 90}
DAY = timedelta(days=1)


@dataclass
class History:
    """What one person did, and what was done for the person, by day."""

    news: set[date] = field(default_factory=set)
    act_days: list[date] = field(default_factory=list)
    wordless_days: list[date] = field(default_factory=list)
    threads: list[tuple[date, str]] = field(default_factory=list)
    scores: list[tuple[date, int]] = field(default_factory=list)
    replies: list[date] = field(default_factory=list)
    answers: list[date] = field(default_factory=list)
    exchanges: list[date] = field(default_factory=list)
    empowered: list[date] = field(default_factory=list)
    advocacy: list[tuple[date, str]] = field(default_factory=list)
    responses: list[tuple[date, str, str]] = field(default_factory=list)
    evidence: dict[int, set[tuple[date, str]]] = field(
        default_factory=lambda: defaultdict(set)
    )

    @property
    def days(self) -> list[date]:
        """All days on which the person did anything, in words or without."""
        return self.act_days + self.wordless_days

    def sort(self) -> None:
        for series in (
            self.act_days,
            self.wordless_days,
            self.threads,
            self.scores,
            self.replies,
            self.answers,
            self.exchanges,
            self.empowered,
            self.advocacy,
            self.responses,
        ):
            series.sort()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Move:
    """Somebody's change of stage."""

    person: str
    day: date
    before: int | None
    after: int | None
    rule: str
    evidence: int
    is_organic: bool
    has_skipped: bool


def month_end(day: date) -> bool:
    return (day + DAY).month != day.month


def advocacy_kind(turn: Turn, above: Turn | None) -> str | None:
    """Recommend, answer another stakeholder's negative turn, or open well about us."""
    if turn.is_recommendation:
        return "recommend"
    if turn.sentiment != "positive" or turn.needs_reply:
        return None
    if turn.verb == "create":
        is_about_us = turn.is_praise or turn.mentions_org
        return "original_positive" if is_about_us else None
    is_other = (
        above is not None
        and above.role == "stakeholder"
        and above.person != turn.person
    )
    is_defence = is_other and above is not None and above.sentiment == "negative"
    return "defend" if is_defence else None


class Gathering:
    """Reads the turns and the contacts into the histories of the stakeholders."""

    def __init__(self, world: World) -> None:
        self.turns = {turn.key: turn for turn in world.kept_turns}
        self.roles = {person.key: person.role for person in world.people}
        self.found: dict[str, History] = defaultdict(History)
        self.to_us: dict[str, list[Turn]] = defaultdict(list)
        self.to_others: dict[str, list[Turn]] = defaultdict(list)

    def take_act(self, turn: Turn, person: str) -> None:
        above = self.turns.get(turn.seen_parent) if turn.seen_parent else None
        own = self.found[person]
        own.act_days.append(turn.day)
        own.threads.append((turn.day, turn.thread))
        if turn.compound is not None:
            own.scores.append((turn.day, round(turn.compound * 10_000)))
        for level in (0, 1, 2):
            own.evidence[level].add((turn.day, turn.key))
        self.take_direction(turn, person, above)
        if above and above.person and above.person != person:
            self.found[above.person].responses.append((turn.day, above.key, person))

    def take_signs(self, signs: list[Sign], first: date, until: datetime) -> None:
        """Reactions, reposts and follows, each once, from its earliest mention on."""
        earliest: dict[tuple[str, ...], datetime] = {}
        for sign in signs:
            if sign.person and self.roles[sign.person] == "stakeholder":
                act = (sign.person, sign.platform, sign.kind, sign.target)
                earliest[act] = min(sign.at, earliest.get(act, sign.at))
        for act, at in earliest.items():
            day = local_day(at)
            if at < until and day >= first:
                own = self.found[act[0]]
                own.wordless_days.append(day)
                own.evidence[0].add((day, "/".join(act)))

    def take_direction(self, turn: Turn, person: str, above: Turn | None) -> None:
        """Does the act turn to us, come back on our answer, or speak up for us?"""
        own = self.found[person]
        answers_us = above is not None and above.role in OURS
        is_to_us = turn.is_addressed or answers_us
        kind = advocacy_kind(turn, above)
        if is_to_us:
            own.replies.append(turn.day)
            self.to_us[person].append(turn)
        if above and answers_us and above.seen_parent_person == person:
            own.exchanges.append(turn.day)
            own.evidence[4] |= {(turn.day, turn.key), (turn.day, above.key)}
        if kind:
            own.advocacy.append((turn.day, turn.key))
            own.evidence[6].add((turn.day, turn.key))
        if kind or not is_to_us:
            self.to_others[person].append(turn)

    def take_named_reply(self, turn: Turn, person: str) -> None:
        """A reply by name is answered in its thread."""
        threaded = [act for act in self.to_us[person] if act.thread == turn.thread]
        answer = first_answer(threaded, turn.at)
        if answer:
            own = self.found[person]
            own.answers.append(answer.day)
            own.evidence[3] |= {(answer.day, answer.key), (answer.day, turn.key)}

    def take_contact(self, contact: Contact, person: str) -> None:
        """Who answered an outreach within 14 days, or acted within 60 on a gift."""
        own = self.found[person]
        day = local_day(contact.at)
        own.news.add(day)
        if contact.empowerment is None:
            answer = first_answer(self.to_us[person], contact.at)
            if answer:
                own.answers.append(answer.day)
                own.evidence[3].add((answer.day, answer.key))
            return
        for act in self.to_others[person]:
            if act.at > contact.at and act.day <= day + 60 * DAY:
                own.empowered.append(act.day)
                own.evidence[5].add((act.day, act.key))


def histories(world: World) -> dict[str, History]:
    """Everything that counts for each stakeholder who ever acted."""
    gathering = Gathering(world)
    gathering.take_signs(world.signs, world.weeks[0], world.observed_until)
    for turn in world.kept_turns:
        if turn.role == "stakeholder" and turn.person:
            gathering.take_act(turn, turn.person)
    for turn in world.kept_turns:
        person = turn.seen_parent_person
        if person is None:
            continue
        gathering.found[person].news.add(turn.day)
        is_ours = turn.role in OURS and turn.names_person
        if is_ours and gathering.roles[person] == "stakeholder":
            gathering.take_named_reply(turn, person)
    for contact in world.contacts:
        if contact.person:
            gathering.take_contact(contact, contact.person)
    for own in gathering.found.values():
        own.sort()
    return {person: own for person, own in gathering.found.items() if own.days}


def first_answer(acts: list[Turn], asked_at: datetime) -> Turn | None:
    """The first turn to us after a contact, if it comes within 14 days."""
    later = [act for act in acts if act.at > asked_at]
    first = min(later, key=lambda act: (act.at, act.key), default=None)
    limit = local_day(asked_at) + 14 * DAY
    return first if first and first.day <= limit else None


def within(series: list, day: date, days: int) -> list:  # type: ignore[type-arg]
    """The entries of the days up to and including the day."""
    first = day - (days - 1) * DAY
    if series and isinstance(series[0], tuple):
        begin = bisect_left(series, (first,))
        return series[begin : bisect_left(series, (day + DAY,))]
    return series[bisect_left(series, first) : bisect_right(series, day)]


def is_identified(own: History, day: date) -> bool:
    if len(set(within(own.act_days, day, 56))) < 4:
        return False
    if len({thread for _, thread in within(own.threads, day, 56)}) < 2:
        return False
    points = [score for _, score in within(own.scores, day, 90)]
    return len(points) >= 3 and Fraction(sum(points), len(points)) >= 500


def is_nurtured(own: History, day: date) -> bool:
    months = {(that.year, that.month) for that in own.exchanges if that <= day}
    window = {divmod(day.year * 12 + day.month - 1 - back, 12) for back in range(3)}
    return len(months & {(year, month + 1) for year, month in window}) >= 2


def is_advocate(own: History, day: date) -> bool:
    acts = within(own.advocacy, day, 90)
    if len(acts) < 3 or len({monday_of(that) for that, _ in acts}) < 2:
        return False
    keys = {key for _, key in acts}
    others = {who for that, act, who in own.responses if act in keys and that <= day}
    return len(others) >= 2


class Walk:
    """One person's way through the days; participating and activated have a memory."""

    def __init__(self, own: History) -> None:
        self.own = own
        self.is_participating = False
        self.is_activated = False

    def holds(self, day: date) -> dict[int, bool]:
        """Which of the seven rules hold at the end of the day."""
        own = self.own
        if len(set(within(own.act_days, day, 28))) >= 2:
            self.is_participating = True
        if within(own.answers, day, 1):
            self.is_activated = True
        if month_end(day):
            self.is_participating &= bool(within(own.act_days, day, 90))
            self.is_activated &= bool(within(own.replies, day, 90))
        return {
            0: bool(
                within(own.act_days, day, 365) or within(own.wordless_days, day, 365)
            ),
            1: self.is_participating,
            2: is_identified(own, day),
            3: self.is_activated,
            4: is_nurtured(own, day),
            5: bool(within(own.empowered, day, 90)),
            6: is_advocate(own, day),
        }


def top(held: dict[int, bool]) -> int | None:
    if not held[0]:
        return None
    return max(level for level, holds in held.items() if holds)


def reached(level: int | None) -> int:
    return -1 if level is None else level


def moves_of(person: str, own: History, last_day: date) -> list[Move]:
    """Stage by stage, judged on days with acts by or towards the person and reviews."""
    walk = Walk(own)
    moves: list[Move] = []
    stage: int | None = None
    reviewed: dict[int, bool] | None = None
    contacted = False
    news = own.news | set(own.days)
    nothing = dict.fromkeys(range(7), False)
    day = min(own.days) - DAY
    while day < last_day:
        day += DAY
        before = stage
        is_judged = day in news or month_end(day)
        if not is_judged and reviewed is None:
            continue
        held = walk.holds(day) if is_judged else nothing
        level = top(held)
        if reviewed is not None:
            stage = top(reviewed)
        if reached(level) > reached(stage):
            stage = level
        contacted |= held[3] or held[4] or held[5]
        if stage != before:
            is_level = reached(stage) > reached(before) and stage == level
            deciding = held if is_level else reviewed or held
            steps = range(reached(before) + 1, reached(stage))
            moves.append(
                Move(
                    person=person,
                    day=day,
                    before=before,
                    after=stage,
                    is_organic=is_level and stage == 6 and not contacted,
                    has_skipped=not all(deciding[step] for step in steps),
                    **explained(own, day, before, stage),
                )
            )
        reviewed = held if month_end(day) else None
    return moves


def explained(
    own: History, day: date, before: int | None, after: int | None
) -> dict[str, Any]:
    """The rule that decided a move, and how many acts its window holds.

    Up, it is the rule of the stage reached; down, that of the stage lost, as the review
    of the day before saw it.
    """
    is_up = reached(after) > reached(before)
    rule = after if is_up else before
    assert rule is not None
    until = day if is_up else day - DAY
    first = until - (EVIDENCE_DAYS[rule] - 1) * DAY
    # Whatever speaks for a rule twice counts from the first time on.
    since = {key: that for that, key in sorted(own.evidence[rule], reverse=True)}
    acts = [key for key, that in since.items() if first <= that <= until]
    return {"rule": RULES[rule], "evidence": len(acts)}


def all_moves(world: World) -> list[Move]:
    return [
        one
        for person, own in sorted(histories(world).items())
        for one in moves_of(person, own, world.last_day)
    ]


def standing(world: World, moves: list[Move]) -> dict[date, dict[str, int]]:
    """Who stands on which stage when each week closes."""
    ordered = sorted(moves, key=lambda one: one.day)
    place = 0
    now: dict[str, int] = {}
    found = {}
    for week in world.weeks:
        while place < len(ordered) and ordered[place].day <= week + 6 * DAY:
            one = ordered[place]
            if one.after is None:
                now.pop(one.person)
            else:
                now[one.person] = one.after
            place += 1
        found[week] = dict(now)
    return found


@dataclass(frozen=True)
class Arrival:
    """A stay that began from below, and what became of it."""

    person: str
    stage: int
    day: date
    left: date | None
    higher: date | None


def arrivals(moves: list[Move]) -> list[Arrival]:
    by_person: dict[str, list[Move]] = defaultdict(list)
    for one in moves:
        by_person[one.person].append(one)
    found = []
    for person, own in by_person.items():
        for place, one in enumerate(own):
            if one.after is None or reached(one.after) < reached(one.before):
                continue
            later = own[place + 1 :]
            higher = [next_.day for next_ in later if reached(next_.after) > one.after]
            found.append(
                Arrival(
                    person,
                    one.after,
                    one.day,
                    later[0].day if later else None,
                    min(higher, default=None),
                )
            )
    return found


def cohort(
    stays: list[Arrival], stage: int, first: date, last: date, days: int
) -> tuple[int, int]:
    """People who came up between the days, and those of them who went on in time."""
    people = {
        stay.person
        for stay in stays
        if stay.stage == stage and first <= stay.day <= last
    }
    went = {
        stay.person
        for stay in stays
        if stay.stage == stage
        and first <= stay.day <= last
        and stay.higher is not None
        and stay.higher <= stay.day + days * DAY
    }
    return len(people), len(went)


def median_stay(stays: list[Arrival], stage: int, closing: date) -> int | None:
    """Kaplan-Meier median of the stays that began in the 182 days up to the closing."""
    waits: list[tuple[int, bool]] = []
    for stay in stays:
        if stay.stage != stage or not closing - 181 * DAY <= stay.day <= closing:
            continue
        has_ended = stay.left is not None and stay.left <= closing
        end = stay.left if has_ended and stay.left else closing + DAY
        waits.append(((end - stay.day).days, has_ended))
    at_risk = len(waits)
    survival = Fraction(1)
    for days in sorted({wait for wait, _ in waits}):
        ended = sum(1 for wait, done in waits if wait == days and done)
        survival *= 1 - Fraction(ended, at_risk)
        if ended and survival <= Fraction(1, 2):
            return days
        at_risk -= sum(1 for wait, _ in waits if wait == days)
    return None


def weekly_rows(world: World, moves: list[Move]) -> dict[tuple[date, int], dict]:  # type: ignore[type-arg]
    """The figures of every week and stage."""
    stays = arrivals(moves)
    standings = standing(world, moves)
    before: dict[str, int] = {}
    rows = {}
    for week in world.weeks:
        now = standings[week]
        closing = week + 6 * DAY
        sizes = Counter(now.values())
        for stage in range(7):
            was = {person for person, at in before.items() if at == stage}
            held = {person for person in was if now.get(person) == stage}
            up = {person for person in was if now.get(person, -1) > stage}
            row: dict[str, object] = {
                "member_count": sizes[stage],
                "previous_member_count": len(was),
                "entered_count": sizes[stage] - len(held),
                "left_count": len(was) - len(held),
                "moved_up_count": len(up),
                "moved_down_count": len(was) - len(held) - len(up),
                "held_count": len(held),
                "median_days_in_stage": median_stay(stays, stage, closing),
            }
            row |= cohort_figures(stays, stage, closing)
            rows[week, stage] = row
        before = now
    return rows


def cohort_figures(
    stays: list[Arrival], stage: int, closing: date
) -> dict[str, object]:
    names = (
        "move_on_base_count",
        "move_on_count",
        "conversion_90d_base_count",
        "conversion_90d_count",
        "usual_base_count",
    )
    if stage == 6:
        return dict.fromkeys(names)
    figures: list[int] = []
    for days in (28, 90):
        last = closing - days * DAY
        figures += cohort(stays, stage, last - 55 * DAY, last, days)
    last = closing - (28 + 56) * DAY
    figures.append(cohort(stays, stage, last - 181 * DAY, last, 28)[0])
    return dict(zip(names, figures, strict=True))
