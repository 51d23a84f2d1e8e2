"""Draws a world from a seed: people who come, leave and return, and awkward moments.

Several acts share a second; some lie on the last second of a month, of a year, or
beside the hour that summer time takes or gives. Nothing here decides what a figure
should be.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from warehouse.oracle.world import (
    OURS,
    Contact,
    Conversion,
    Network,
    Note,
    Person,
    Post,
    Reading,
    RosterRow,
    Share,
    Sign,
    Turn,
    World,
    utc_of,
)

PLATFORMS = ("discourse", "reddit", "x")
#: Which lists and notifications tell of acts without words.
TELLING = (
    ("bluesky", "reaction", "list"),
    ("bluesky", "reaction", "notification"),
    ("bluesky", "repost", "notification"),
    ("bluesky", "repost", "undated"),
    ("bluesky", "follow", "notification"),
    ("mastodon", "reaction", "notification"),
    ("mastodon", "reaction", "undated"),
    ("mastodon", "repost", "list"),
    ("mastodon", "repost", "notification"),
    ("mastodon", "repost", "undated"),
    ("mastodon", "follow", "notification"),
    ("x", "repost", "list"),
)
LENGTHS = (20, 60, 139, 140, 141, 200, 279, 280, 281, 320)
WORDS = ("park", "river", "bench", "lamp", "bus", "tree", "path", "road", "Night")
#: Minutes to midnight, month and year ends, and both hours of the change of clocks.
AWKWARD = (
    (31, 23, 59, 59),
    (1, 0, 0, 0),
    (30, 23, 59, 59),
    (29, 0, 59, 59),
    (29, 2, 0, 0),
    (26, 1, 30, 0),
    (28, 23, 59, 59),
)


@dataclass(frozen=True)
class Profile:
    """How large a world is, and of whom it is made."""

    seed: int
    name: str = "w"
    turns: int = 20_000
    stakeholders: int = 420
    admirers: int = 60
    employees: int = 12
    days: int = 607
    org_part: float = 0.16
    employee_part: float = 0.12
    odd_part: float = 0.06
    accounts: int = 6
    conversions: int = 400
    last_week: date = date(2026, 5, 25)
    as_of_day: date = date(2026, 6, 8)


class Draw:
    """One world in the making."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.random = random.Random(profile.seed)
        last_day = profile.last_week + timedelta(days=6)
        first_day = last_day - timedelta(days=profile.days)
        self.world = World(
            first_day, profile.last_week, utc_of(profile.as_of_day, 0, 0, 0)
        )

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    def moment(self) -> datetime:
        """Any moment of the world; one in twelve is an awkward one."""
        day = self.world.first_day + timedelta(
            days=self.random.randrange(self.profile.days + 1)
        )
        if self.chance(0.08):
            wanted, *clock = self.random.choice(AWKWARD)
            for _ in range(62):
                if day.day == wanted and day <= self.world.last_day:
                    break
                day = day + timedelta(days=1)
                if day > self.world.last_day:
                    day = self.world.first_day
            return utc_of(day, *clock)
        return utc_of(
            day,
            self.random.randrange(24),
            self.random.randrange(60),
            self.random.randrange(60),
        )

    def moment_after(self, moment: datetime, days: float) -> datetime:
        later = moment + timedelta(seconds=self.random.randrange(int(days * 86400) + 1))
        return min(later, self.world.observed_until - timedelta(seconds=1))

    # -- people and their moments ---------------------------------------------------

    def people(self) -> dict[str, list[Person]]:
        name = self.profile.name
        counts = {
            "stakeholder": self.profile.stakeholders,
            "admirer": self.profile.admirers,
            "org": 4,
            "employee": self.profile.employees,
            "bot": 2,
            "unknown": 3,
        }
        grouped: dict[str, list[Person]] = {}
        for role, count in counts.items():
            grouped[role] = [
                Person(
                    f"{name}-{role[0]}{number:03}",
                    "stakeholder" if role == "admirer" else role,
                    self.home(role, number),
                )
                for number in range(count)
            ]
            self.world.people.extend(grouped[role])
        return grouped

    @staticmethod
    def home(role: str, number: int) -> str:
        if role == "admirer":
            return ("bluesky", "mastodon", "x")[number % 3]
        return PLATFORMS[number % 3] if role == "stakeholder" else "discourse"

    def spells(self) -> list[tuple[datetime, datetime]]:
        """When somebody is about: once or more often, with weeks or a year between."""
        begin = self.moment()
        found = []
        for _ in range(self.random.choice((1, 1, 2, 3))):
            end = begin + timedelta(days=self.random.choice((3, 20, 60, 150, 400)))
            found.append((begin, end))
            begin = end + timedelta(days=self.random.choice((30, 88, 95, 130, 370)))
        return found

    def moments(
        self, grouped: dict[str, list[Person]]
    ) -> list[tuple[datetime, Person]]:
        """Who acts when, in order; some at the very second of somebody else."""
        profile = self.profile
        parts = {
            "org": profile.org_part,
            "employee": profile.employee_part if grouped["employee"] else 0.0,
            "bot": profile.odd_part / 2,
            "unknown": profile.odd_part / 2,
        }
        spells = {person.key: self.spells() for person in grouped["stakeholder"]}
        loudness = [1 / (rank + 8) for rank in range(len(grouped["stakeholder"]))]
        limit = self.world.observed_until - timedelta(seconds=1)
        found: list[tuple[datetime, Person]] = []
        for _ in range(profile.turns):
            role = next(
                iter(
                    self.random.choices(
                        ["stakeholder", *parts],
                        [1 - sum(parts.values()), *parts.values()],
                    )
                )
            )
            if role == "stakeholder" and grouped[role]:
                person = self.random.choices(grouped[role], loudness)[0]
                begin, end = self.random.choice(spells[person.key])
                length = int((end - begin).total_seconds())
                at = begin + timedelta(seconds=self.random.randrange(length))
                if at > limit or self.chance(0.05):
                    at = self.moment()
            else:
                person = self.random.choice(grouped[role] or grouped["org"])
                at = self.moment()
            if found and self.chance(0.05):
                at = found[self.random.randrange(len(found))][0]
            found.append((min(at, limit), person))
        return sorted(found, key=lambda item: item[0])

    # -- turns ----------------------------------------------------------------------

    def text(self, length: int) -> str:
        text = ""
        while len(text) < length:
            text += self.random.choice(WORDS) + " "
        return text[: length - 1] + self.random.choice("abcxyz")

    def body(self, said: list[str]) -> str:
        """A text of an employee; at times one that was said before, differently put."""
        if said and self.chance(0.12):
            again = self.random.choice(said)
            return self.random.choice((again, again.upper(), again.replace(" ", ", ")))
        text = self.text(self.random.choice(LENGTHS))
        said.append(text)
        return text

    def parent(self, person: Person, recent: list[Turn]) -> Turn | None:
        """Whom the person answers: mostly somebody who answered, or who waits."""
        near = [turn for turn in recent[-60:] if turn.person is not None]
        if not near or self.chance(0.3 if person.role == "stakeholder" else 0.12):
            return None
        to_me = [turn for turn in near if turn.seen_parent_person == person.key]
        if to_me and self.chance(0.6):
            return self.random.choice(to_me)
        waiting = [turn for turn in near if turn.role == "stakeholder"]
        if person.role in OURS and waiting and self.chance(0.85):
            return self.random.choice(waiting)
        return self.random.choice(near)

    def tone(self, turn: Turn) -> None:
        if not self.chance(0.2):
            drawn = self.random.choice((0.05, -0.05, self.random.gauss(0.2, 0.35)))
            turn.compound = round(max(-1.0, min(1.0, drawn)), 4)
            turn.sentiment = (
                "positive"
                if turn.compound >= 0.05
                else "negative"
                if turn.compound <= -0.05
                else "neutral"
            )
        turn.is_question = self.chance(0.15)
        turn.is_request = self.chance(0.08)
        turn.is_complaint = self.chance(0.1)
        turn.is_praise = self.chance(0.12)
        turn.is_recommendation = self.chance(0.1)
        turn.mentions_org = self.chance(0.3)

    def turn(
        self, number: int, at: datetime, person: Person, recent: list[Turn]
    ) -> Turn:
        above = self.parent(person, recent)
        key = f"{self.profile.name}-t{number:05}"
        turn = Turn(
            key=key,
            platform=above.platform if above else self.random.choice(PLATFORMS),
            person=None if person.role == "unknown" and number % 2 else person.key,
            role=person.role,
            verb="reply" if above else "create",
            thread=above.thread if above else f"h-{key}",
            at=at,
            parent=above.key if above else None,
        )
        if above and not above.is_withdrawn and not self.chance(0.03):
            turn.seen_parent = above.key
            turn.seen_parent_person = above.person
        self.tone(turn)
        ours = turn.role in OURS
        if turn.role == "stakeholder":
            asks = turn.is_question or turn.is_request or turn.is_complaint
            turn.needs_reply = asks
            answers_us = bool(turn.seen_parent and above and above.role in OURS)
            turn.is_addressed = answers_us or self.chance(0.35)
            turn.is_overheard = turn.platform == "x" and self.chance(0.1)
            turn.entities = tuple(
                entity for entity in ("own", "other", "third") if self.chance(0.2)
            )
        if ours and above:
            turn.names_person = self.chance(0.5)
            turn.is_deflection = self.chance(0.1)
        if self.chance(0.03):
            turn.gone_at = self.moment_after(at, 30) + timedelta(seconds=1)
            turn.is_withdrawn = turn.gone_at < self.world.observed_until
        return turn

    def turns(self, grouped: dict[str, list[Person]]) -> None:
        recent: list[Turn] = []
        said: dict[str, list[str]] = {}
        for number, (at, person) in enumerate(self.moments(grouped)):
            turn = self.turn(number, at, person, recent)
            if turn.role == "employee":
                turn.body = self.body(said.setdefault(person.key, []))
            recent.append(turn)
        self.world.turns = recent

    # -- what is done without words -------------------------------------------------

    def signs(self, people: list[Person]) -> None:
        """Everybody's reactions, reposts and follows; some never wrote a word.

        What employees do beside following is drawn with their channels.
        """
        for person in people:
            ways = [
                way
                for way in TELLING
                if person.role != "employee" or way[1] == "follow"
            ]
            for number in range(self.random.choice((0, 1, 1, 2, 6))):
                self.sign(person.key, f"{person.key}-{number}", ways)
        self.sign(None, f"{self.profile.name}-stranger", list(TELLING))

    def sign(
        self, person: str | None, target: str, ways: list[tuple[str, str, str]]
    ) -> None:
        """One act, at times known twice, or outside the days that count."""
        platform, kind, told_by = self.random.choice(ways)
        at = self.moment()
        if self.chance(0.06):
            at += timedelta(days=self.random.choice((-400, -20, 20)))
        self.world.signs.append(Sign(platform, person, kind, target, at, told_by))
        others = [
            other
            for where, what, other in ways
            if (where, what) == (platform, kind) and other != told_by
        ]
        if others and self.chance(0.4):
            again = self.moment_after(at, 9)
            self.world.signs.append(
                Sign(platform, person, kind, target, again, self.random.choice(others))
            )

    # -- what the programme keeps ---------------------------------------------------

    def contacts(self, stakeholders: list[Person]) -> None:
        first = len(self.world.contacts)
        for number in range(first, first + len(stakeholders)):
            person = self.random.choice(stakeholders)
            kind = self.random.choice((None, None, "kit", "role", "preview"))
            self.world.contacts.append(
                Contact(
                    f"{self.profile.name}-c{number}",
                    None if self.chance(0.03) else person.key,
                    person.platform,
                    self.moment(),
                    kind,
                )
            )

    def consent(self, number: int) -> tuple[bool, date | None, date | None]:
        first = self.world.first_day
        joined = first + timedelta(days=self.random.randrange(self.profile.days // 2))
        if number % 6 == 4:
            return False, None, None
        if number % 6 == 5:
            leaves = self.world.as_of.date() + timedelta(
                days=self.random.choice((-9, 9))
            )
            return True, joined, leaves
        return True, None if number % 6 == 3 else joined, None

    def roster(self, employees: list[Person]) -> None:
        for number, person in enumerate(employees):
            opted, joined, left = self.consent(number)
            accounts = [("discourse", person.key, None)]
            accounts.append(("linkedin", None, f"li-{person.key}"))
            for platform, account, handle in accounts:
                self.world.roster.append(
                    RosterRow(
                        person.key, opted, joined, left, platform, account, handle
                    )
                )

    def channel(self, person: Person) -> None:
        """Posts, shares, notes and the network of one employee."""
        said: list[str] = []
        for number in range(self.random.choice((0, 4, 25, 60))):
            at = self.moment()
            video = self.chance(0.1)
            post = Post(
                "youtube" if video else "linkedin",
                f"li-{person.key}",
                f"{person.key}-p{number}",
                self.body(said),
                at,
            )
            if self.chance(0.1):
                post.gone_at = self.moment_after(at, 40) + timedelta(seconds=1)
            if not video:
                self.world.posts.append(post)
        for number in range(self.random.choice((0, 3, 30, 60))):
            shared = Share(
                person.key,
                "discourse" if self.chance(0.5) else "linkedin",
                person.key,
                f"{person.key}-s{number}",
                f"{self.profile.name}-thing{self.random.randrange(300)}",
                self.moment(),
                self.chance(0.4),
            )
            if shared.platform == "linkedin":
                shared.source = None
            self.world.shares.append(shared)
        for number in range(self.random.choice((0, 10, 80))):
            act = self.random.choice(("react", "read", "follow"))
            shown = f"{person.key}-r{number}" if act == "react" and number % 2 else None
            self.world.notes.append(Note(person.key, act, self.moment(), shown))
        count = self.random.randrange(50, 900)
        for platform in ("linkedin", "discourse"):
            for _ in range(self.random.choice((0, 1, 12))):
                day = self.world.first_day + timedelta(
                    days=self.random.randrange(self.profile.days)
                )
                count += self.random.randrange(-5, 12)
                reading = Network(person.key, platform, day, count)
                known = {
                    (item.employee, item.platform, item.day)
                    for item in self.world.networks
                }
                if (person.key, platform, day) not in known:
                    self.world.networks.append(reading)

    def conversions(self, employees: list[Person]) -> None:
        name = self.profile.name
        for number in range(self.profile.conversions):
            tied = self.random.sample(employees, min(len(employees), 3))
            codes = [person.key for person in tied][: self.random.choice((1, 1, 2, 3))]
            link = self.random.choice(("+", ",")).join(codes) or None
            at = self.moment()
            if self.world.conversions and self.chance(0.1):
                at = self.world.conversions[-1].at
            elif self.world.conversions and self.chance(0.1):
                at = min(
                    self.world.conversions[-1].at + timedelta(days=30),
                    self.world.observed_until - timedelta(seconds=1),
                )
            self.world.conversions.append(
                Conversion(
                    f"{name}-v{number:04}",
                    self.random.choice(("lead", "download")),
                    at,
                    self.random.choice((link, link, None, None, "newsletter")),
                    self.random.choice((None, f"{name}-r{number // 4}")),
                )
            )

    def readings(self) -> None:
        """Accounts with totals, flows, both or gains only, with holes and twice."""
        for number in range(self.profile.accounts):
            account = f"{self.profile.name}-a{number}"
            metrics = [
                ("follower_count", (1.0, 0.15, 0.6, 0.2)[number % 4]),
                ("gained_count", (0.0, 0.9, 1.0, 0.8)[number % 4]),
                ("lost_count", (0.0, 0.9, 0.7, 0.0)[number % 4]),
            ]
            stock = self.random.choice((0, 40, 3000))
            for offset in range(-3, 120):
                day = self.world.last_day - timedelta(days=offset)
                if self.chance(0.1):
                    continue
                for metric, part in metrics:
                    if not self.chance(part):
                        continue
                    value = float(self.random.randrange(12))
                    if metric == "follower_count":
                        value = stock + value
                    self.reading(account, metric, day, value)

    def reading(self, account: str, metric: str, day: date, value: float) -> None:
        seen = datetime.combine(day, time(3)) + timedelta(days=1)
        stated = [(value, seen, "b")]
        if self.chance(0.1):
            stated.append((value + 1, seen + timedelta(days=3), "a"))
        if self.chance(0.1):
            stated.append((value + 2, seen, "c"))
        for figure, at, sha in stated:
            self.world.readings.append(Reading(account, metric, day, figure, at, sha))

    def draw(self) -> World:
        grouped = self.people()
        self.turns(grouped)
        self.contacts(grouped["stakeholder"])
        self.roster(grouped["employee"])
        for person in grouped["employee"]:
            self.channel(person)
        self.conversions(grouped["employee"])
        self.readings()
        self.signs(self.world.people)
        self.contacts(grouped["admirer"])
        return self.world


def draw_world(profile: Profile) -> World:
    """The world of a profile: the same seed gives the same world."""
    return Draw(profile).draw()
