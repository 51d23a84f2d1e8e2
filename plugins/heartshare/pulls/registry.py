"""Which class pulls which kind of platform API?

Each is constructed as ``Class(account, declaration)``, is a ``PullSource``, and is
imported only when a source of its kind is pulled: platform clients are slow to load.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heartshare.pulls.declarations import Declaration
    from heartshare.pulls.source import Account, PullSource

#: Kind -> module below heartshare.pulls and class.
API_CLASSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "bluesky": ("bluesky", "BlueskySource"),
        "mastodon": ("mastodon", "MastodonSource"),
        "reddit": ("reddit", "RedditSource"),
        "youtube": ("youtube", "YoutubeSource"),
        "discourse": ("discourse", "DiscourseSource"),
    }
)


def open_api(declaration: Declaration, account: Account) -> PullSource:
    """Return the puller of a declared platform API."""
    module, name = API_CLASSES[declaration.kind]
    source: PullSource = getattr(import_module(f"heartshare.pulls.{module}"), name)(
        account, declaration
    )
    return source
