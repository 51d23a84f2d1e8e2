"""What communities on Reddit hold: submissions, comments, and who names us elsewhere.

Each answer lands as the JSON that the API gave, without what stands in communities that
are not open to everybody. Calls are authorised by praw's own core; its objects would
drop what they do not know, and its settings files could send a token elsewhere.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import prawcore

from heartshare.pulls.asking import Line, base_url
from heartshare.pulls.source import AccessRefusedError, SourceOptionError
from heartshare.pulls.transports import patient_session
from heartshare.pulls.walks import Page, bounded_walks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from requests import Response

    from heartshare.pulls.answers import Answer
    from heartshare.pulls.declarations import Declaration
    from heartshare.pulls.source import Account, PullRun, PullSummary
    from heartshare.pulls.walks import Errand, Fetch

_TOKEN_HOST = "https://www.reddit.com"  # noqa: S105 - an address
_API_HOST = "https://oauth.reddit.com"
_AGENT = "python:heartshare (reads what communities say)"
_PAGE_SIZE = 100
_TREE_SIZE = 500
_ENDED = 401
_REFUSED = 403
_GONE = frozenset({_REFUSED, 404})
#: Kinds of community whose contents only some may read.
_PRIVATE = frozenset({"private", "gold_only", "employees_only", "user_private"})


class RedditSource:
    """What is pulled from declared communities, and searches for declared terms."""

    kind = "reddit"

    def __init__(self, account: Account, declaration: Declaration) -> None:
        self.account = account
        self.declaration = declaration

    def pull(self, run: PullRun) -> PullSummary:
        """Land what is new, and again the threads of young submissions.

        Raises:
            AccessRefusedError: client id, secret or log-in are not accepted.
            SourceOptionError: a declared community does not exist.
            SourceAwayError: Reddit is away, or asks for too much patience.
        """
        options = self.declaration.options
        with (
            closing(_Reddit(run, self.account)) as api,
            bounded_walks(run, self.declaration) as walks,
        ):
            api.sign_in()
            reader = _Reader(api)
            lists: dict[str, Fetch] = {}
            for given in options["communities"]:
                name = given.removeprefix("/").removeprefix("r/").strip("/")
                path = f"/r/{quote(name, safe='+')}"
                lists[f"new-{name}"] = reader.submissions(f"{path}/new")
                lists[f"comments-{name}"] = reader.comments(f"{path}/comments")
            for term in options["terms"]:
                query = {"q": term, "sort": "new", "t": "all", "type": "link"}
                lists[f"search-{term}"] = reader.submissions("/search", **query)
            walks.read(lists, reader.errand)
        if reader.left_out:
            run.summary.doubts.append(
                f"left out what stands in communities that are not open to everybody: "
                f"{len(reader.left_out)} items"
            )
        return run.summary


class _TokenEndedError(Exception):
    """Reddit accepts our token no longer; said so before praw waits and retries."""


class _Requestor(prawcore.Requestor):
    """Praw's way to the network, which leaves waiting and retrying to the line."""

    def request(self, *args: Any, **kwargs: Any) -> Response:
        """Return an answer without what the line has obeyed already."""
        response = super().request(*args, **kwargs)
        if response.status_code == _ENDED:
            raise _TokenEndedError
        for name in list(response.headers):
            if name.lower().startswith("x-ratelimit-"):
                del response.headers[name]
        return response


class _Reddit:
    """An authorised session whose answers are kept as they came."""

    def __init__(self, run: PullRun, account: Account) -> None:
        self.run = run
        self.line = Line(run, account.connection, one_limit=True)
        if not account.login or not account.password:
            problem = "its connection needs a client id as login and its secret"
            raise AccessRefusedError(run.source_name, account.connection, problem)
        requestor = _Requestor(
            oauth_url=base_url(account, run.source_name, default=_API_HOST),
            reddit_url=base_url(account, run.source_name, default=_TOKEN_HOST),
            session=patient_session(self.line),
            user_agent=str(account.extra.get("user_agent") or _AGENT),
        )
        client = prawcore.TrustedAuthenticator(
            client_id=account.login, client_secret=account.password, requestor=requestor
        )
        self._authorizer = _authorizer(client, account)
        self._session = prawcore.session(authorizer=self._authorizer)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def sign_in(self) -> None:
        """Obtain a token, for about a day."""
        self._authorizer.access_token = None
        answer = self.line.fetch(self._authorizer.refresh)
        if not self._authorizer.access_token:
            problem = f"it gives no token ({answer.reason or 'no reason given'})"
            raise AccessRefusedError(
                self.run.source_name, self.line.connection, problem
            )

    def get(
        self,
        path: str,
        query: Mapping[str, object],
        *,
        accept: Collection[int] = (),
    ) -> Answer:
        """Return the answer to a query; a token that ended is renewed, once."""

        def ask() -> object:
            return self._session.request(method="GET", path=path, params=query)

        if not self._authorizer.is_valid():
            self.sign_in()
        answer = self.line.fetch(ask, accept={*accept, _ENDED})
        if answer.status == _ENDED:
            self.sign_in()
            answer = self.line.fetch(ask, accept=accept)
        return answer


def _authorizer(
    client: prawcore.TrustedAuthenticator, account: Account
) -> prawcore.Authorizer | prawcore.ReadOnlyAuthorizer | prawcore.ScriptAuthorizer:
    """Return how a token is had: for an account where one is named, else for nobody."""
    extra = account.extra
    if extra.get("refresh_token"):
        return prawcore.Authorizer(
            authenticator=client, refresh_token=str(extra["refresh_token"])
        )
    if extra.get("username") and extra.get("password"):
        return prawcore.ScriptAuthorizer(
            authenticator=client,
            username=str(extra["username"]),
            password=str(extra["password"]),
        )
    return prawcore.ReadOnlyAuthorizer(authenticator=client)


class _Reader:
    """Turns the answers into pages; ``left_out`` are items not open to everybody."""

    def __init__(self, api: _Reddit) -> None:
        self._api = api
        self._asked: set[str] = set()
        self.left_out: set[str] = set()

    def submissions(self, path: str, **query: str) -> Fetch:
        """Return how a list of submissions is read, the newest first."""

        def fetch(begin: str | None, until: datetime | None) -> Page:
            page, items = self._listing(path, begin, **query)
            return replace(page, errands=list(self._errands(items, until)))

        return fetch

    def comments(self, path: str) -> Fetch:
        """Return how a community's comments are read, under however old submissions."""

        def fetch(begin: str | None, _until: datetime | None) -> Page:
            return self._listing(path, begin)[0]

        return fetch

    def errand(self, errand: Errand, begin: str | None) -> Page:
        """Return a submission's tree, then what its stubs stand for; empty if gone.

        Stubs that are left are kept in the errand: ``ids`` of comments that the tree
        has not room for, ``deep`` ids of comments whose answers it does not show.
        """
        link = errand["of"]
        if begin is None:
            answer = self._tree(link)
            errand.update(ids=[], deep=[])
        elif errand["ids"]:
            ids = errand["ids"]
            answer = self._more(link, ids[:_PAGE_SIZE])
            errand["ids"] = ids[_PAGE_SIZE:]
        else:
            answer = self._tree(link, comment=errand["deep"][0])
            del errand["deep"][0]
        things = list(_things(answer.json())) if answer.is_good else []
        for thing in things:
            _queue(errand, thing)
        count = sum(thing["kind"] != "more" for thing in things)
        if begin is None and any(_is_private(thing) for thing in things):
            self.left_out.add(link)
            return Page(b"", 0)
        is_left = errand["ids"] or errand["deep"]
        return Page(answer.body, count, str(int(begin or 0) + 1) if is_left else None)

    def _tree(self, link: str, **below: str) -> Answer:
        """Ask for a submission's comments, or those below one of them."""
        query = {"limit": _TREE_SIZE, "sort": "old", **below}
        answer = self._api.get(f"/comments/{link}", query, accept=_GONE)
        if answer.status == _REFUSED and not _names_community(answer):
            # It is not this community alone that refuses us.
            self._api.get(f"/comments/{link}", query)
        return answer

    def _more(self, link: str, ids: list[str]) -> Answer:
        """Ask for comments that a tree had no room for."""
        query = {"api_type": "json", "link_id": f"t3_{link}", "sort": "old"}
        answer = self._api.get(
            "/api/morechildren", {**query, "children": ",".join(ids)}, accept=_GONE
        )
        content = answer.json()
        given = content.get("json") if isinstance(content, dict) else None
        if not isinstance(given, dict) or given.get("errors"):
            self._api.run.summary.miss(
                f"{len(ids)} comments under {link} were asked for and refused"
            )
        return answer

    def _listing(
        self, path: str, begin: str | None, **query: str
    ) -> tuple[Page, list[dict[str, Any]]]:
        """Return a list's page and its items that everybody may read."""
        given = {**query, "limit": _PAGE_SIZE, **({"after": begin} if begin else {})}
        answer = self._api.get(path, given)
        content = answer.json()
        listed = content.get("data") if isinstance(content, dict) else None
        things = listed.get("children") if isinstance(listed, dict) else None
        if not isinstance(listed, dict) or not isinstance(things, list):
            what = f"it answers GET {path} with status {answer.status} and no list"
            raise SourceOptionError(self._api.run.source_name, what)
        shown = [thing for thing in things if not _is_private(thing)]
        body = answer.body
        if len(shown) < len(things):
            self.left_out.update(t["data"]["id"] for t in things if _is_private(t))
            listed["children"] = shown
            body = json.dumps(content, ensure_ascii=False).encode()
        moments = [moment for thing in things if (moment := _moment(thing))]
        page = Page(body, len(shown), listed.get("after"), min(moments, default=None))
        return page, [thing["data"] for thing in shown]

    def _errands(
        self, items: list[dict[str, Any]], until: datetime | None
    ) -> Iterator[Errand]:
        """Yield the threads of young submissions; a list's newest comments tell more.

        What two lists hold is asked about once.
        """
        for item in items:
            moment = _moment({"data": item})
            is_old = until is not None and (moment is None or moment < until)
            if is_old or not item.get("num_comments") or item["id"] in self._asked:
                continue
            self._asked.add(item["id"])
            yield {"do": "thread", "of": item["id"], "name": f"thread-{item['id']}"}


def _things(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Yield every submission, comment and stub of an answer, however deep."""
    left = [node]
    while left:
        node = left.pop()
        if isinstance(node, list):
            left.extend(reversed(node))
        elif isinstance(node, dict):
            kind, data = node.get("kind"), node.get("data")
            if kind in {"t1", "t3", "more"} and isinstance(data, dict):
                yield node
                left.append(data.get("replies"))
            elif isinstance(data, dict):
                left.append(data.get("children") or data.get("things"))
            else:
                left.append(node.get("json"))


def _queue(errand: Errand, thing: dict[str, Any]) -> None:
    """Keep what a stub stands for, once."""
    if thing["kind"] != "more":
        return
    data = thing["data"]
    ids, deep = data.get("children") or [], errand["deep"]
    known = set(errand["ids"])
    errand["ids"].extend(number for number in ids if number not in known)
    parent = str(data.get("parent_id", "")).removeprefix("t1_")
    if not ids and parent and parent not in deep:
        deep.append(parent)


def _names_community(answer: Answer) -> bool:
    """Tell whether a refusal says that a community is private, banned or the like."""
    content = answer.json()
    return isinstance(content, dict) and bool(content.get("reason"))


def _is_private(thing: dict[str, Any]) -> bool:
    return thing["data"].get("subreddit_type") in _PRIVATE


def _moment(thing: dict[str, Any]) -> datetime | None:
    seconds = thing["data"].get("created_utc")
    if not isinstance(seconds, int | float):
        return None
    return datetime.fromtimestamp(seconds, UTC)
