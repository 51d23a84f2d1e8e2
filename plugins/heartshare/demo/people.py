"""Who takes part: fictional stakeholders, staff, employees and a bot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from heartshare.demo import story

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_FIRST_NAMES = [
    "Adela",
    "Anselm",
    "Bente",
    "Birger",
    "Calum",
    "Carys",
    "Dagny",
    "Davin",
    "Edda",
    "Eamon",
    "Fenna",
    "Finbar",
    "Gerda",
    "Gwilym",
    "Halina",
    "Hollis",
    "Ilse",
    "Imre",
    "Jorun",
    "Jarek",
    "Keelin",
    "Kasimir",
    "Liesl",
    "Lorcan",
    "Maeve",
    "Magnus",
    "Nessa",
    "Niall",
    "Oona",
    "Osric",
    "Petra",
    "Piran",
    "Ragna",
    "Rhodri",
    "Saoirse",
    "Stellan",
    "Tamsin",
    "Tibor",
    "Ulla",
    "Ulric",
    "Vesna",
    "Viggo",
    "Wenda",
    "Wystan",
    "Yrsa",
    "Yorick",
    "Zelda",
    "Zoltan",
]
_NAME_STARTS = [
    "Ash",
    "Birch",
    "Cloud",
    "Dusk",
    "Elder",
    "Fern",
    "Gorse",
    "Hazel",
    "Iron",
    "Juniper",
    "Kestrel",
    "Larch",
    "Moss",
    "Nettle",
    "Otter",
    "Pebble",
    "Quill",
    "Rowan",
    "Sedge",
    "Thistle",
    "Umber",
    "Violet",
    "Willow",
    "Yarrow",
]
_NAME_ENDS = [
    "bank",
    "brook",
    "combe",
    "dale",
    "fold",
    "garth",
    "hurst",
    "keld",
    "lea",
    "mere",
    "nook",
    "ridge",
    "shaw",
    "stead",
    "thorpe",
]
_HANDLE_WORDS = [
    "amber",
    "brass",
    "copper",
    "dapper",
    "early",
    "fuzzy",
    "gentle",
    "humble",
    "indigo",
    "jolly",
    "keen",
    "lively",
    "mellow",
    "nimble",
    "olive",
    "plain",
    "quiet",
    "russet",
    "sandy",
    "teal",
    "upland",
    "velvet",
    "windy",
    "zesty",
]
_HANDLE_ANIMALS = [
    "badger",
    "curlew",
    "dipper",
    "egret",
    "finch",
    "grebe",
    "heron",
    "ibis",
    "jackdaw",
    "kite",
    "lapwing",
    "magpie",
    "newt",
    "owl",
    "plover",
    "quail",
    "raven",
    "stoat",
    "teal",
    "urchin",
    "vole",
    "wren",
]
_SPREAD = 7919


@dataclass(frozen=True)
class Person:
    """One account in a community; ``temper`` decides how it behaves."""

    number: int
    platform: str
    account_id: str
    handle: str
    display_name: str
    actor_class: str
    temper: str
    language: str = "en"
    employee_code: str = ""

    @property
    def first_name(self) -> str:
        """The name staff use when they address somebody."""
        return self.display_name.split()[0] if self.display_name else self.handle


@dataclass(frozen=True)
class Crowd:
    """How many stakeholders of each temper a platform has."""

    platform: str
    passer_by: int
    participant: int
    critic: int
    climber: int
    fan: int

    def tempers(self) -> Iterator[str]:
        """Yield one temper per person."""
        for temper in ("passer_by", "participant", "critic", "climber", "fan"):
            yield from [temper] * getattr(self, temper)


CROWDS = (
    Crowd("discourse", passer_by=312, participant=150, critic=32, climber=190, fan=16),
    Crowd("reddit", passer_by=118, participant=52, critic=14, climber=60, fan=6),
)
_STAFF = (
    ("discourse", "rivermark_orla", "Orla Tessaline"),
    ("discourse", "rivermark_piet", "Piet Marrowgate"),
    ("discourse", "rivermark_ines", "Ines Fallowby"),
    ("discourse", "rivermark_marek", "Marek Thornequist"),
    ("reddit", "RivermarkDesk", "Sunniva Oakhollow"),
    ("reddit", "RivermarkHelps", "Teodor Brackenwell"),
)
EMPLOYEE_COUNT = 12
OPTED_IN_COUNT = 8
TEAMS = ("Streets crew", "Parks crew", "Recycling depot", "Digital desk")
_FOREIGN_RATIO = 0.22


@lru_cache(maxsize=1)
def stakeholders() -> tuple[Person, ...]:
    """Return everybody outside the agency, in a stable order."""
    rng = story.dice("stakeholders")
    places = [(crowd.platform, one) for crowd in CROWDS for one in crowd.tempers()]
    return tuple(
        _stakeholder(rng, number, platform, temper)
        for number, (platform, temper) in enumerate(places)
    )


def _stakeholder(rng: random.Random, number: int, platform: str, temper: str) -> Person:
    handle = _handle(rng, number)
    foreign = temper in ("passer_by", "participant") and rng.random() < _FOREIGN_RATIO
    return Person(
        number=number,
        platform=platform,
        account_id=_account_id(platform, number),
        handle=handle,
        display_name=person_name(number) if platform == "discourse" else "",
        actor_class="stakeholder",
        temper=temper,
        language=rng.choice(("es", "de")) if foreign else "en",
    )


@lru_cache(maxsize=1)
def staff() -> tuple[Person, ...]:
    """Return the six staff accounts that speak for the agency."""
    return tuple(
        Person(
            number=2000 + index,
            platform=platform,
            account_id=_account_id(platform, 2000 + index),
            handle=handle,
            display_name=name if platform == "discourse" else "",
            actor_class="org",
            temper="staff",
            employee_code=f"R{index + 1:03d}",
        )
        for index, (platform, handle, name) in enumerate(_STAFF)
    )


@lru_cache(maxsize=1)
def employees() -> tuple[Person, ...]:
    """Return the twelve employees on the roster; the first eight opted in."""
    return tuple(
        Person(
            number=2100 + index,
            platform="discourse",
            account_id=_account_id("discourse", 2100 + index),
            handle=f"{person_name(1500 + index).split()[0].lower()}_at_work{index + 1}",
            display_name=person_name(1500 + index),
            actor_class="employee",
            temper="employee",
            employee_code=f"E{index + 1:03d}",
        )
        for index in range(EMPLOYEE_COUNT)
    )


@lru_cache(maxsize=1)
def bot() -> Person:
    """Return the forum's own bot."""
    return Person(2200, "discourse", "-2", "larkbot", "Larkbot", "bot", "bot")


def person_name(number: int) -> str:
    """Return the fictional name of a number; neighbours get unlike names."""
    mixed = number * _SPREAD
    first = _FIRST_NAMES[mixed % len(_FIRST_NAMES)]
    start = _NAME_STARTS[mixed // 7 % len(_NAME_STARTS)]
    return f"{first} {start}{_NAME_ENDS[mixed // 11 % len(_NAME_ENDS)]}"


def _handle(rng: random.Random, number: int) -> str:
    word = rng.choice(_HANDLE_WORDS)
    animal = rng.choice(_HANDLE_ANIMALS)
    return f"{word}_{animal}{number + 10}"


def _account_id(platform: str, number: int) -> str:
    if platform == "discourse":
        return str(1001 + number * 3)
    return "t2_" + base36(60_466_176 + number * 15_485_863)


def base36(number: int) -> str:
    """Return a number in the digits of Reddit's ids."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"
