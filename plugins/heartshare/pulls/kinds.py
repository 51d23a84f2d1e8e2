"""Which kinds of source can be declared, and with which fields each?

docs/sources.md and the shipped example are held against this table by a test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Shape = Literal["text", "texts", "count", "flag"]


@dataclass(frozen=True)
class Option:
    """One field of a source: its shape, its default and what it means.

    A ``text`` is str, ``texts`` a tuple of str (one text alone counts as a list of
    one), a ``count`` an int from zero, a ``flag`` a bool. None as default means that
    the field is not there unless declared; a required one has no default.
    """

    shape: Shape
    meaning: str
    default: str | tuple[str, ...] | int | bool | None = None
    is_required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of source.

    ``overlap_days`` is how far back a pull looks again unless the source says
    otherwise: what is younger may have changed without a sign.
    """

    title: str
    needs_connection: bool
    overlap_days: int
    options: Mapping[str, Option] = field(default_factory=dict)


#: Fields that a source of any kind may have.
COMMON = MappingProxyType(
    {
        "kind": Option("text", "What the source is.", is_required=True),
        "connection": Option("text", "Id of the Airflow connection that lets us in."),
        "timezone": Option(
            "text",
            "IANA zone of local times in this source's exports, before that of the "
            "export's contract.",
        ),
        "overlap_days": Option("count", "Days back that each pull looks at again."),
        "escaped_texts": Option(
            "flag",
            "Whether texts in its JSON come with escaped marks (ampersand, less, "
            "greater) where nothing in the record itself tells, as in dumps of Reddit.",
            default=False,
        ),
    }
)

_TERMS = Option(
    "texts",
    "What is searched for besides the handle; #word reads a hashtag.",
    default=(),
)
_MOST_PAGES = Option(
    "count",
    "Pages of an API that one pull reads at most; the next goes on there.",
    default=2000,
)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "folder": Kind(
            "the inbox's folder of that name",
            needs_connection=False,
            overlap_days=0,
        ),
        "objects": Kind(
            "a bucket, an SFTP server or any other object storage",
            needs_connection=False,
            overlap_days=0,
            options={
                "url": Option(
                    "text",
                    "Where to look: s3://bucket/prefix, sftp:///folder or "
                    "file:///folder.",
                    is_required=True,
                ),
                "include": Option(
                    "texts",
                    "Patterns of names (or, with a slash, of paths below the url) that "
                    "are read.",
                    default=("*",),
                ),
                "exclude": Option(
                    "texts", "Patterns that are not read, though included.", default=()
                ),
                "recursive": Option(
                    "flag", "Whether folders below the url are read too.", default=True
                ),
                "folders_are_sources": Option(
                    "flag",
                    "Whether each folder directly below the url is a source of its "
                    "own, as in the inbox.",
                    default=False,
                ),
                "settle_seconds": Option(
                    "count",
                    "How long a file must not have changed before it is read, where "
                    "uploads are not atomic (SFTP, folders).",
                    default=60,
                ),
            },
        ),
        "bluesky": Kind(
            "accounts on Bluesky",
            needs_connection=True,
            overlap_days=7,
            options={
                "accounts": Option(
                    "texts",
                    "Handles or DIDs whose posts are read; default: that of the "
                    "connection.",
                    default=(),
                ),
                "terms": _TERMS,
                "most_pages": _MOST_PAGES,
            },
        ),
        "mastodon": Kind(
            "the account of a token on a Mastodon server",
            needs_connection=True,
            overlap_days=7,
            options={"terms": _TERMS, "most_pages": _MOST_PAGES},
        ),
        "reddit": Kind(
            "communities on Reddit",
            needs_connection=True,
            overlap_days=7,
            options={
                "communities": Option(
                    "texts", "Names without r/ that are read.", is_required=True
                ),
                "terms": Option(
                    "texts", "What is searched for in all of Reddit.", default=()
                ),
                "most_pages": _MOST_PAGES,
            },
        ),
        "youtube": Kind(
            "channels on YouTube",
            needs_connection=True,
            overlap_days=7,
            options={
                "channels": Option(
                    "texts", "Ids of channels (UC...) that are read.", is_required=True
                ),
                "most_pages": _MOST_PAGES,
            },
        ),
        "discourse": Kind(
            "a Discourse forum",
            needs_connection=True,
            overlap_days=7,
            options={
                "restricted_categories": Option(
                    "texts",
                    "Slugs of categories that are read though they are not open to "
                    "everybody.",
                    default=(),
                ),
                "most_pages": _MOST_PAGES,
            },
        ),
    }
)
