"""What Bluesky tells an organisation: its posts, who answered, liked and named it.

Each answer lands as the JSON that the API gave. Everything asked for is public.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from atproto import Client, Request
from atproto_client.models.dot_dict import DotDict

from heartshare.pulls.asking import Line, base_url
from heartshare.pulls.counters import Counters
from heartshare.pulls.source import AccessRefusedError, SourceOptionError
from heartshare.pulls.transports import TIMEOUT_SECONDS, PatientTransport
from heartshare.pulls.walks import Page, bounded_walks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heartshare.pulls.answers import Answer
    from heartshare.pulls.declarations import Declaration
    from heartshare.pulls.source import Account, PullRun, PullSummary
    from heartshare.pulls.walks import Errand, Fetch, Walks

DEFAULT_HOST = "https://bsky.social"
_PAGE_SIZE = 100
_DEEPEST = 1000
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})
_BAD_REQUEST = 400
#: What an item's errands ask, by kind: method, the list in its answer.
_ERRANDS = {
    "thread": ("app.bsky.feed.getPostThread", "thread"),
    "likes": ("app.bsky.feed.getLikes", "likes"),
    "reposts": ("app.bsky.feed.getRepostedBy", "repostedBy"),
    "quotes": ("app.bsky.feed.getQuotes", "posts"),
}
_COUNTERS = {"likes": "likeCount", "reposts": "repostCount", "quotes": "quoteCount"}


class BlueskySource:
    """What is pulled through one account, as sources.yml declares it.

    ``accounts`` are handles or DIDs whose posts are read; by default that of the
    connection. ``terms`` are searched for, besides the handles.
    """

    kind = "bluesky"

    def __init__(self, account: Account, declaration: Declaration) -> None:
        self.account = account
        self.declaration = declaration

    def pull(self, run: PullRun) -> PullSummary:
        """Land what is new and what may have changed since the last pull.

        Raises:
            AccessRefusedError: handle and app password are not accepted.
            SourceOptionError: a declared account does not exist.
            SourceAwayError: Bluesky is away, or asks for too much patience.
        """
        options = self.declaration.options
        with (
            closing(_Bluesky(run, self.account)) as api,
            bounded_walks(run, self.declaration) as walks,
        ):
            api.sign_in()
            reader = _Reader(api, walks)
            accounts = [name.removeprefix("@") for name in options["accounts"]]
            lists: dict[str, Fetch] = {"notifications": reader.notifications}
            for actor in accounts or [api.did]:
                lists[f"author_feed-{actor}"] = reader.feed_of(actor)
            handles = [name for name in accounts if not name.startswith("did:")]
            for term in [*(handles or [api.handle]), *options["terms"]]:
                lists[f"search-{term}"] = reader.posts_with(term)
            walks.read(lists, reader.errand)
        return run.summary


class _Bluesky:
    """A signed-in client whose answers are kept as they came."""

    def __init__(self, run: PullRun, account: Account) -> None:
        self.run = run
        self.account = account
        self.line = Line(run, account.connection)
        self.did = ""
        self.handle = ""
        address = base_url(account, run.source_name, default=DEFAULT_HOST)
        if not account.login or not account.password:
            problem = "its connection needs a handle as login and an app password"
            raise AccessRefusedError(run.source_name, account.connection, problem)
        self._request = Request(
            transport=PatientTransport(self.line), timeout=TIMEOUT_SECONDS
        )
        self.client = Client(address, request=self._request)

    def close(self) -> None:
        """Close the connections."""
        self._request.close()

    def get(self, method: str, **parameters: object) -> Answer:
        """Return the answer to a query; one with status 400 is returned as well.

        A session that ended meanwhile is opened anew, once.
        """
        given = {name: value for name, value in parameters.items() if value is not None}

        def ask() -> object:
            # The SDK's models would drop what they do not know; only its call is used.
            return self.client.invoke_query(method, params=DotDict(given))

        answer = self.line.fetch(ask, accept={_BAD_REQUEST})
        if answer.error in _EXPIRED:
            self.sign_in()
            answer = self.line.fetch(ask, accept={_BAD_REQUEST})
        return answer

    def sign_in(self) -> None:
        """Open a session."""
        login = self.account.login.removeprefix("@")

        def ask() -> object:
            return self.client.login(
                login, self.account.password, fetch_bsky_profile=False
            )

        opened = self.line.fetch(ask).json() or {}
        self.did, self.handle = opened.get("did", ""), opened.get("handle", login)


class _Reader:
    """Turns the answers into pages, and what a post's counters say into errands."""

    def __init__(self, api: _Bluesky, walks: Walks) -> None:
        self._api = api
        self._walks = walks
        self._counters = Counters(walks)

    def feed_of(self, actor: str) -> Fetch:
        """Return how an account's posts are read, with counters and answers to them."""

        def fetch(begin: str | None, until: datetime | None) -> Page:
            answer = self._api.get(
                "app.bsky.feed.getAuthorFeed",
                actor=actor,
                filter="posts_with_replies",
                limit=_PAGE_SIZE,
                cursor=begin,
            )
            page, items = self._page(answer, "feed", _feed_moment)
            return replace(page, errands=list(self._errands(items, until)))

        return fetch

    def notifications(self, begin: str | None, _until: datetime | None) -> Page:
        """Read who did what to the account of the connection."""
        answer = self._api.get(
            "app.bsky.notification.listNotifications", limit=_PAGE_SIZE, cursor=begin
        )
        return self._page(answer, "notifications", _indexed)[0]

    def posts_with(self, term: str) -> Fetch:
        """Return how anybody's posts that hold a term are read, the newest first."""

        def fetch(begin: str | None, _until: datetime | None) -> Page:
            answer = self._api.get(
                "app.bsky.feed.searchPosts",
                q=term,
                sort="latest",
                limit=_PAGE_SIZE,
                cursor=begin,
            )
            return self._page(answer, "posts", _sorted)[0]

        return fetch

    def errand(self, errand: Errand, begin: str | None) -> Page:
        """Return one page of what was asked about a post; empty where it is gone."""
        method, field = _ERRANDS[errand["do"]]
        if errand["do"] == "thread":
            answer = self._api.get(
                method, uri=errand["of"], depth=_DEEPEST, parentHeight=0
            )
        else:
            answer = self._api.get(
                method, uri=errand["of"], limit=_PAGE_SIZE, cursor=begin
            )
        if not answer.is_good:
            return Page(answer.body, 0)
        content = answer.json()
        found = content.get(field)
        return Page(answer.body, 1 if found else 0, content.get("cursor"))

    def _page(self, answer: Answer, field: str, moment: Any) -> tuple[Page, list[Any]]:  # noqa: ANN401
        """Return a list's page and its items; refuse what the API refuses."""
        content = answer.json()
        items = content.get(field) if isinstance(content, dict) else None
        if not answer.is_good or not isinstance(items, list):
            what = f"it refuses to list {field} ({answer.reason or answer.status})"
            raise SourceOptionError(self._api.run.source_name, what)
        moments = [found for item in items if (found := moment(item))]
        oldest = min(moments, default=None)
        return Page(answer.body, len(items), content.get("cursor"), oldest), items

    def _errands(self, items: list[Any], until: datetime | None) -> Iterator[Errand]:
        """Yield what the author's own posts of a page ask for.

        A thread is read again while its post is young: answers to answers move no
        counter of it. Lists of actors are read when their counter moved.
        """
        for item in items:
            post = item.get("post") or {}
            moment = _sorted(post)
            if item.get("reason") or moment is None:
                continue
            uri = post["uri"]
            counts = {do: post.get(name) or 0 for do, name in _COUNTERS.items()}
            moved = self._counters.moved(uri, moment, counts, until=until)
            if moved is None:
                continue
            if post.get("replyCount"):
                moved.insert(0, "thread")
            short = uri.rpartition("/")[2]
            for do in moved:
                yield {"do": do, "of": uri, "name": f"{do}-{short}"}


def _feed_moment(item: dict[str, Any]) -> datetime | None:
    """Return where an entry of a feed stands: a repost where it was reposted."""
    reason = item.get("reason") or {}
    return _moment(reason.get("indexedAt")) or _sorted(item.get("post") or {})


def _sorted(post: dict[str, Any]) -> datetime | None:
    """Return where Bluesky sorts a post: the earlier of what client and server say."""
    record = post.get("record") or {}
    moments = [_moment(record.get("createdAt")), _indexed(post)]
    return min((moment for moment in moments if moment), default=None)


def _indexed(item: dict[str, Any]) -> datetime | None:
    return _moment(item.get("indexedAt"))


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
