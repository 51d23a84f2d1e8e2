"""What a made-up world consists of: turns, contacts, employees, conversions, accounts.

These records are the one thing that the warehouse and the oracle share. The warehouse
gets them as tables (filling.py), the oracle reads them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Dublin")
UTC = ZoneInfo("UTC")
OURS = ("org", "employee")


def local_day(moment: datetime) -> date:
    """The day in the organisation's zone of a moment in UTC without a zone."""
    return moment.replace(tzinfo=UTC).astimezone(ZONE).date()


def utc_of(day: date, hour: int, minute: int, second: int) -> datetime:
    """The moment in UTC, without a zone, of a local clock time."""
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZONE)
    return local.astimezone(UTC).replace(tzinfo=None)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass
class Person:
    """Somebody with one account: key and account id are the same word."""

    key: str
    role: str
    platform: str


@dataclass
class Turn:
    """One act in a community, with what the models before have read from its text."""

    key: str
    platform: str
    person: str | None
    role: str
    verb: str
    thread: str
    at: datetime
    parent: str | None = None
    seen_parent: str | None = None
    seen_parent_person: str | None = None
    compound: float | None = None
    sentiment: str | None = None
    is_question: bool = False
    is_request: bool = False
    is_complaint: bool = False
    is_praise: bool = False
    is_recommendation: bool = False
    needs_reply: bool = False
    is_addressed: bool = False
    mentions_org: bool = False
    names_person: bool = False
    is_deflection: bool = False
    is_overheard: bool = False
    body: str = ""
    gone_at: datetime | None = None
    is_withdrawn: bool = False
    entities: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        return local_day(self.at)

    @property
    def week(self) -> date:
        return monday_of(self.day)


@dataclass
class Sign:
    """A reaction, plain repost or follow, as one list or notification tells of it.

    Of one act both may tell. A list without moments is dated by its export.
    """

    platform: str
    person: str | None
    kind: str
    target: str
    at: datetime
    told_by: str


@dataclass
class Contact:
    """An entry of the outreach log."""

    entry: str
    person: str | None
    platform: str
    at: datetime
    empowerment: str | None = None


@dataclass
class RosterRow:
    """One row of the employee roster."""

    employee: str
    has_opted_in: bool
    opted_in_on: date | None
    opted_out_on: date | None
    platform: str | None
    account: str | None
    handle: str | None


@dataclass
class Share:
    """A repost or quote in an export (source) or in the employees' notes (none)."""

    employee: str
    platform: str
    account: str
    source: str | None
    shared: str
    at: datetime
    has_commentary: bool


@dataclass
class Note:
    """Any other act of an employee: of the programme's file, or of an export."""

    employee: str
    act: str
    at: datetime
    reacted: str | None = None


@dataclass
class Post:
    """A post or video of an employee's own channel."""

    platform: str
    handle: str
    post: str
    text: str | None
    at: datetime
    gone_at: datetime | None = None


@dataclass
class Conversion:
    """A lead or download of the customer system."""

    key: str
    kind: str
    at: datetime
    link: str | None
    record: str | None


@dataclass
class Network:
    """A reading of an employee's followers and connections."""

    employee: str
    platform: str
    day: date
    count: int


@dataclass
class Reading:
    """One figure of an account and day, as one file states it."""

    account: str
    metric: str
    day: date
    value: float
    observed_at: datetime
    sha: str


@dataclass
class World:
    """Everything that happened, and the week whose end it is judged at."""

    first_day: date
    last_week: date
    as_of: datetime
    people: list[Person] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    roster: list[RosterRow] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    conversions: list[Conversion] = field(default_factory=list)
    networks: list[Network] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    @property
    def last_day(self) -> date:
        return self.last_week + timedelta(days=6)

    @property
    def observed_until(self) -> datetime:
        return min(utc_of(self.last_day + timedelta(days=1), 0, 0, 0), self.as_of)

    @property
    def weeks(self) -> list[date]:
        first = monday_of(self.first_day)
        count = (self.last_week - first).days // 7 + 1
        return [first + timedelta(weeks=number) for number in range(count)]

    @property
    def kept_turns(self) -> list[Turn]:
        """The turns that were not withdrawn, as the published facts hold them."""
        return [turn for turn in self.turns if not turn.is_withdrawn]

    def add(self, other: World) -> None:
        """Put another world beside this one; the two must not share keys."""
        self.people += other.people
        self.turns += other.turns
        self.signs += other.signs
        self.contacts += other.contacts
        self.roster += other.roster
        self.shares += other.shares
        self.notes += other.notes
        self.posts += other.posts
        self.conversions += other.conversions
        self.networks += other.networks
        self.readings += other.readings
