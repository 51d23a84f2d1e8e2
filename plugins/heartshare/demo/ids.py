"""Ids as the platforms make them; several carry the moment of posting."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

X_EPOCH = 1_288_834_974_657
INSTAGRAM_EPOCH = 1_314_220_021_721
_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def milliseconds(at: datetime) -> int:
    """Return the Unix time of a moment in milliseconds."""
    return int(at.timestamp() * 1000)


def x_post_id(rng: random.Random, at: datetime) -> str:
    """Return a snowflake whose upper bits are the moment of posting."""
    return str((milliseconds(at) - X_EPOCH) << 22 | rng.getrandbits(22))


def x_moment(post_id: str) -> datetime:
    """Return the moment that an X post id encodes."""
    return datetime.fromtimestamp(((int(post_id) >> 22) + X_EPOCH) / 1000, UTC)


def linkedin_activity_id(rng: random.Random, at: datetime) -> str:
    """Return a LinkedIn activity id whose upper bits are the moment of posting."""
    return str(milliseconds(at) << 22 | rng.getrandbits(22))


def instagram_shortcode(rng: random.Random, at: datetime) -> str:
    """Return the shortcode of a permalink; it encodes the moment of upload."""
    number = (milliseconds(at) - INSTAGRAM_EPOCH) << 23 | rng.getrandbits(23)
    code = ""
    while number:
        number, rest = divmod(number, 64)
        code = _BASE64URL[rest] + code
    return code


def instagram_moment(shortcode: str) -> datetime:
    """Return the moment that an Instagram shortcode encodes."""
    number = 0
    for letter in shortcode:
        number = number * 64 + _BASE64URL.index(letter)
    return datetime.fromtimestamp(((number >> 23) + INSTAGRAM_EPOCH) / 1000, UTC)


def digits(rng: random.Random, prefix: str, length: int) -> str:
    """Return a number of a fixed length as text."""
    missing = length - len(prefix)
    return prefix + str(rng.randrange(10**missing)).zfill(missing)


def youtube_video_id(rng: random.Random, *, first: str = "") -> str:
    """Return eleven base64url characters, with a given start if wanted."""
    return first + "".join(rng.choice(_BASE64URL) for _ in range(11 - len(first)))
