"""What a Mastodon server tells an account: its posts, who answered, liked and named it.

Each answer lands as the JSON that the API gave, with two differences: lists of accounts
are put beside the status they belong to, and of items that are not public nothing is
left but that they exist.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from mastodon import Mastodon
from mastodon.types_base import PaginationInfo
from requests.utils import parse_header_links

from heartshare.pulls.asking import Line, base_url
from heartshare.pulls.counters import Counters
from heartshare.pulls.privacy import PUBLIC, without_private
from heartshare.pulls.source import AccessRefusedError, SourceOptionError
from heartshare.pulls.transports import patient_session
from heartshare.pulls.walks import Page, bounded_walks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heartshare.pulls.answers import Answer
    from heartshare.pulls.declarations import Declaration
    from heartshare.pulls.source import Account, PullRun, PullSummary
    from heartshare.pulls.walks import Errand, Fetch, Walks

_PAGE_SIZE = 40
#: Statuses by which a server hides an account's public posts from those without token.
_HIDDEN = frozenset({401, 403, 404, 422})
_GONE = frozenset({404, 410})
#: Notifications of what people did; none of moderation, none of requests.
_NOTIFICATIONS = ["mention", "favourite", "reblog", "follow", "quote"]
#: Lists that a status leads to, with the counter that tells of them.
_COUNTERS = {
    "favourited_by": "favourites_count",
    "reblogged_by": "reblogs_count",
    "quotes": "quotes_count",
}


class MastodonSource:
    """What is pulled with one account's token, as sources.yml declares it.

    ``terms`` are searched for, besides the account's handle; one that begins with #
    is read from the hashtag's timeline.
    """

    kind = "mastodon"

    def __init__(self, account: Account, declaration: Declaration) -> None:
        self.account = account
        self.declaration = declaration

    def pull(self, run: PullRun) -> PullSummary:
        """Land what is new and what may have changed since the last pull.

        Raises:
            AccessRefusedError: the token is not accepted, or not for that.
            SourceAwayError: the server is away, or asks for too much patience.
        """
        with (
            closing(_Server(run, self.account)) as server,
            bounded_walks(run, self.declaration) as walks,
        ):
            server.sign_in()
            reader = _Reader(server, walks)
            lists: dict[str, Fetch] = {
                "statuses": reader.statuses,
                "notifications": reader.notifications,
            }
            for term in [f"@{server.handle}", *self.declaration.options["terms"]]:
                if term.startswith("#"):
                    lists[f"hashtag-{term[1:]}"] = reader.tagged(term[1:])
                else:
                    lists[f"search-{term}"] = reader.found(term)
            walks.read(lists, reader.errand)
        return run.summary


class _Server:
    """A server as two see it: the account of the token, and anybody."""

    def __init__(self, run: PullRun, account: Account) -> None:
        self.run = run
        self.line = Line(run, account.connection)
        address = base_url(account, run.source_name)
        if not account.password:
            problem = "its connection needs an access token as password"
            raise AccessRefusedError(run.source_name, account.connection, problem)
        self._session = patient_session(self.line)
        self.ours, self.anybody = (
            Mastodon(
                access_token=token,
                api_base_url=address,
                session=self._session,
                ratelimit_method="throw",
                user_agent="heartshare",
            )
            for token in (account.password, None)
        )
        self.account_id = ""
        self.handle = ""

    def sign_in(self) -> None:
        """Learn whose token it is."""
        me = self.line.fetch(self.ours.account_verify_credentials).json()
        if not isinstance(me, dict) or "id" not in me or "acct" not in me:
            problem = "its host does not answer as a Mastodon server does"
            raise AccessRefusedError(
                self.run.source_name, self.line.connection, problem
            )
        self.account_id, self.handle = str(me["id"]), str(me["acct"])

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class _Reader:
    """Turns the answers into pages, and what a status's counters say into errands."""

    def __init__(self, server: _Server, walks: Walks) -> None:
        self._server = server
        self._walks = walks
        self._counters = Counters(walks)

    def statuses(self, begin: str | None, until: datetime | None) -> Page:
        """Read the account's public posts with counters, and what people did to them.

        They are asked for as anybody may, so that no others come; a server that shows
        them to nobody without a token is asked with it.
        """
        server = self._server

        def ask(client: Mastodon) -> object:
            return client.account_statuses(
                server.account_id, max_id=begin, limit=_PAGE_SIZE, exclude_direct=True
            )

        answer = server.line.fetch(lambda: ask(server.anybody), accept=_HIDDEN)
        if not answer.is_good:
            answer = server.line.fetch(lambda: ask(server.ours))
        items = self._items(answer, answer.json())
        return replace(_page(answer, items), errands=list(self._errands(items, until)))

    def notifications(self, begin: str | None, _until: datetime | None) -> Page:
        """Read who did what to the account, one by one rather than in groups."""
        client = self._server.ours
        answer = self._server.line.fetch(
            lambda: client.notifications(
                max_id=begin, limit=_PAGE_SIZE, types=_NOTIFICATIONS
            )
        )
        return _page(answer, self._items(answer, answer.json()))

    def tagged(self, hashtag: str) -> Fetch:
        """Return how the public statuses with a hashtag are read."""
        server = self._server

        def fetch(begin: str | None, _until: datetime | None) -> Page:
            answer = server.line.fetch(
                lambda: server.ours.timeline_hashtag(
                    hashtag, max_id=begin, limit=_PAGE_SIZE
                )
            )
            return _page(answer, self._items(answer, answer.json()))

        return fetch

    def found(self, term: str) -> Fetch:
        """Return how statuses with a term are read, as far as the server has them."""
        server = self._server

        def fetch(begin: str | None, _until: datetime | None) -> Page:
            offset = int(begin or 0)
            answer = server.line.fetch(
                lambda: server.ours.search_v2(
                    term,
                    resolve=False,
                    result_type="statuses",
                    offset=offset or None,
                    exclude_unreviewed=False,
                    limit=_PAGE_SIZE,
                )
            )
            content = answer.json()
            found = content.get("statuses") if isinstance(content, dict) else None
            items = self._items(answer, found)
            is_last = len(items) < _PAGE_SIZE
            following = None if is_last else str(offset + len(items))
            return replace(_page(answer, items), next=following)

        return fetch

    def errand(self, errand: Errand, begin: str | None) -> Page:
        """Return one page of what a status led to; empty where it is gone."""
        number, kind = errand["of"], errand["do"]
        server = self._server

        def ask() -> object:
            client = server.ours
            if kind == "context":
                return client.status_context(number)
            if kind == "quotes":
                return client.status_quotes(number, max_id=begin, limit=_PAGE_SIZE)
            if begin is None:
                return getattr(client, f"status_{kind}")(number)
            following = PaginationInfo(
                _pagination_method="GET",
                _pagination_endpoint=f"/api/v1/statuses/{number}/{kind}",
                max_id=begin,
            )
            return client.fetch_next(following)

        answer = server.line.fetch(ask, accept=_GONE)
        if not answer.is_good:
            return Page(answer.body, 0)
        content = answer.json()
        if kind == "context":
            return Page(without_private(answer.body), len(content["descendants"]))
        following = _next_id(answer) if content else None
        if kind == "quotes":
            return Page(without_private(answer.body), len(content), following)
        status = json.dumps({"id": number, "uri": errand["uri"]})
        body = f'{{"status": {status}, "{kind}": '.encode() + answer.body + b"}"
        return Page(body, len(content), following)

    def _items(self, answer: Answer, found: object) -> list[Any]:
        if isinstance(found, list):
            return found
        what = f"it answers with status {answer.status} and no list"
        raise SourceOptionError(self._server.run.source_name, what)

    def _errands(self, items: list[Any], until: datetime | None) -> Iterator[Errand]:
        """Yield what the account's own posts of a page ask for.

        A thread is read again while its post is young: answers to answers move no
        counter of it. Lists of accounts are read when their counter moved.
        """
        for item in items:
            moment = _moment(item)
            if item.get("reblog") or moment is None:
                continue
            if item.get("visibility") not in PUBLIC:
                continue
            number = str(item["id"])
            counts = {do: item.get(name) or 0 for do, name in _COUNTERS.items()}
            moved = self._counters.moved(number, moment, counts, until=until)
            if moved is None:
                continue
            if item.get("replies_count"):
                moved.insert(0, "context")
            about = {"of": number, "uri": item.get("uri")}
            for do in moved:
                yield {"do": do, "name": f"{do}-{number}", **about}


def _page(answer: Answer, items: list[Any]) -> Page:
    """Return the page that a list of dated items makes, without what is private."""
    oldest = min((m for item in items if (m := _moment(item))), default=None)
    body = without_private(answer.body)
    return Page(body, len(items), _next_id(answer) if items else None, oldest)


def _next_id(answer: Answer) -> str | None:
    """Return where the Link header says that the following page begins."""
    for link in parse_header_links(answer.headers.get("link", "")):
        if link.get("rel") == "next":
            found = parse_qs(urlsplit(link["url"]).query).get("max_id")
            return found[0] if found else None
    return None


def _moment(item: dict[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(item.get("created_at") or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
