"""What people and the agency write: texts put together from fragments."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from heartshare.demo import story

if TYPE_CHECKING:
    import random

#: Kinds that borrow openers and closers of another kind.
_FRAME = {
    "question": "question",
    "request": "request",
    "complaint": "complaint",
    "gripe": "",
    "praise": "praise",
    "chat": "chat",
    "expectation": "complaint",
    "distrust": "complaint",
    "trust": "praise",
}
_EMOJI_RATIO = 0.03


@lru_cache(maxsize=1)
def phrases() -> dict[str, Any]:
    """Return all fragments, as phrases.yml holds them."""
    text = files("heartshare.demo").joinpath("phrases.yml").read_text("utf-8")
    return yaml.safe_load(text)


def community_text(rng: random.Random, kind: str, theme: str) -> str:
    """Return one text of a kind about a theme ('none' for small talk)."""
    book = phrases()
    templates = book["kinds"][kind]
    own = templates.get(theme, [])
    general = templates["all"]
    template = rng.choice(own if own and rng.random() < _own_ratio(own) else general)
    body = _first_capital(fill(rng, template, theme))
    frame = _FRAME.get(kind, "")
    parts = [body]
    if frame:
        opener = rng.choice(book["openers"][frame])
        if opener.endswith(","):
            body = body[0].lower() + body[1:] if body[1:2].islower() else body
        parts = [opener, body, fill(rng, rng.choice(book["closers"][frame]), theme)]
    if frame in ("praise", "chat") and rng.random() < _EMOJI_RATIO:
        parts.append(rng.choice(book["emoji"]))
    return " ".join(part for part in parts if part)


def tone_of(kind: str) -> int:
    """Return how people feel who write texts of a kind: from -2 to 2."""
    tones: dict[str, int] = phrases()["tones"]
    return tones[kind]


def title_text(rng: random.Random, kind: str, theme: str) -> str:
    """Return the title of a thread that opens with a text of a kind."""
    titles = phrases()["titles"]
    pool = titles.get(kind) or titles["praise"]
    return _first_capital(fill(rng, rng.choice(pool), theme))


def post_text(rng: random.Random, style: str, theme: str, user: str = "") -> str:
    """Return the text of an owned-channel post in a content style."""
    template = rng.choice(phrases()["posts"][style])
    return _first_capital(fill(rng, template, theme, user=user))


def fill(rng: random.Random, template: str, theme: str, *, user: str = "") -> str:
    """Return a template with its slots filled from the theme and the lists."""
    book = phrases()
    words = book["themes"][theme]
    agency = story.AGENCY if story.happens(rng, 0.6) else story.SHORT_NAME
    return template.format(
        thing=rng.choice(words["things"]),
        topic=rng.choice(words["topics"]),
        place=rng.choice(book["places"]),
        when=rng.choice(book["whens"]),
        count=rng.choice(book["counts"]),
        number=rng.randrange(21, 999),
        agency=agency,
        user=user,
    )


def _own_ratio(own: list[str]) -> float:
    return min(0.4, 0.15 * len(own) + 0.1)


def _first_capital(text: str) -> str:
    return text[0].upper() + text[1:] if text else text
