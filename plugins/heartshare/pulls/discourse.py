"""What a Discourse forum holds: its topics by their last activity, with every post.

Each answer lands as the JSON that the API gave, with two differences: topics of
categories that are not open to everybody are left out, and of whispers of the staff
nothing is left but that they exist.
"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any

from heartshare.pulls.asking import Line, base_url
from heartshare.pulls.source import AccessRefusedError, SourceOptionError
from heartshare.pulls.transports import patient_session
from heartshare.pulls.walks import Page, bounded_walks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heartshare.pulls.answers import Answer
    from heartshare.pulls.declarations import Declaration
    from heartshare.pulls.source import Account, PullRun, PullSummary
    from heartshare.pulls.walks import Errand

#: Posts that a topic's first page holds, and that its own reader asks for at once.
_PAGE_SIZE = 20
_GONE = frozenset({404, 410})
_REFUSED = 403
_WHISPER = 4
_KEPT_OF_WHISPERS = frozenset(
    {"id", "topic_id", "post_number", "post_type", "created_at"}
)


class DiscourseSource:
    """What is pulled from one forum, with an API key or as anybody may read it.

    ``restricted_categories`` are slugs of categories that are read though they are not
    open to everybody.
    """

    kind = "discourse"

    def __init__(self, account: Account, declaration: Declaration) -> None:
        self.account = account
        self.declaration = declaration

    def pull(self, run: PullRun) -> PullSummary:
        """Land the topics that were active since the last pull, with their posts.

        Raises:
            AccessRefusedError: the API key is not accepted, or the forum asks for one.
            SourceAwayError: the forum is away, or asks for too much patience.
        """
        with (
            closing(_Forum(run, self.account)) as forum,
            bounded_walks(run, self.declaration) as walks,
        ):
            allowed = self.declaration.options["restricted_categories"]
            reader = _Reader(forum, forum.open_categories(allowed))
            walks.read({"latest": reader.latest}, reader.errand)
        if reader.left_out:
            run.summary.doubts.append(
                "left out what stands in categories that are not open to everybody: "
                f"{len(reader.left_out)} topics"
            )
        return run.summary


class _Forum:
    """A forum as the connection's user sees it, or anybody where it names none."""

    def __init__(self, run: PullRun, account: Account) -> None:
        self.run = run
        self.line = Line(run, account.connection)
        self._address = base_url(account, run.source_name)
        if account.password and not account.login:
            problem = "its connection has an API key but not the key's user as login"
            raise AccessRefusedError(run.source_name, account.connection, problem)
        self._session = patient_session(self.line)
        self._session.headers.update(
            {"User-Agent": "heartshare", "Accept": "application/json"}
        )
        if account.password:
            self._session.headers.update(
                {"Api-Key": account.password, "Api-Username": account.login}
            )

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(
        self,
        path: str,
        query: Mapping[str, Any] | None = None,
        *,
        accept: frozenset[int] = frozenset(),
    ) -> Answer:
        """Return the answer to a query; a redirect is not followed: it may leak a key.

        Raises:
            AccessRefusedError, SourceOptionError, SourceAwayError: see ``Line.fetch``.
        """
        return self.line.fetch(
            lambda: self._session.get(
                f"{self._address}{path}", params=query, allow_redirects=False
            ),
            accept=accept,
        )

    def open_categories(self, allowed: tuple[str, ...]) -> set[int]:
        """Return the ids of categories that everybody may read, and allowed ones."""
        answer = self.get("/site.json")
        content = answer.json()
        found = content.get("categories") if isinstance(content, dict) else None
        if not isinstance(found, list):
            problem = "its host does not answer as a Discourse forum does"
            raise AccessRefusedError(
                self.run.source_name, self.line.connection, problem
            )
        unknown = set(allowed) - {category.get("slug") for category in found}
        if unknown:
            what = f"the forum shows no category {', '.join(sorted(unknown))}"
            raise SourceOptionError(self.run.source_name, what)
        return {
            category["id"]
            for category in found
            if not category.get("read_restricted") or category.get("slug") in allowed
        }


class _Reader:
    """Turns the answers into pages; ``left_out`` are topics not open to everybody."""

    def __init__(self, forum: _Forum, categories: set[int]) -> None:
        self._forum = forum
        self._categories = categories
        self.left_out: set[int] = set()

    def latest(self, begin: str | None, until: datetime | None) -> Page:
        """Read the topics, the last active first; each asks for all its posts.

        A topic that is active while pages are read moves to the front, so that those
        behind it may come twice, and none is passed over.
        """
        number = int(begin or 0)
        query = {"order": "activity", "no_definitions": "true", "page": number}
        answer = self._forum.get("/latest.json", query)
        content = answer.json()
        listed = content.get("topic_list") if isinstance(content, dict) else None
        topics = listed.get("topics") if isinstance(listed, dict) else None
        if not isinstance(listed, dict) or not isinstance(topics, list):
            what = f"it answers with status {answer.status} and no list of topics"
            raise SourceOptionError(self._forum.run.source_name, what)
        shown = [topic for topic in topics if self._is_public(topic)]
        body = answer.body
        if len(shown) < len(topics):
            self.left_out.update(t["id"] for t in topics if not self._is_public(t))
            listed["topics"] = shown
            # Who wrote what is left out must not stay behind either.
            content.pop("users", None)
            body = _bytes(content)
        # Pinned topics come first, however long nobody has said anything there.
        oldest = min(
            (m for t in topics if not _is_pinned(t) and (m := _moment(t))), default=None
        )
        following = (
            str(number + 1) if topics and listed.get("more_topics_url") else None
        )
        errands = list(_errands(shown, until))
        return Page(body, len(shown), following, oldest, errands)

    def errand(self, errand: Errand, begin: str | None) -> Page:
        """Return a topic's first page, then its further posts; empty if it is gone.

        Which posts are left is kept in the errand. The newest of them come first:
        where a topic has more pages than are read, its middle is left.
        """
        number = errand["of"]
        accept = _GONE | {_REFUSED}
        if begin is None:
            answer = self._forum.get(f"/t/{number}.json", accept=accept)
        else:
            ids, errand["ids"] = errand["ids"][:_PAGE_SIZE], errand["ids"][_PAGE_SIZE:]
            query = {"post_ids[]": ids}
            path = f"/t/{number}/posts.json"
            answer = self._forum.get(path, query, accept=accept)
        if not answer.is_good:
            self._tell_gone_from_refused(answer)
            return Page(answer.body, 0)
        content = answer.json()
        if content.get("archetype") == "private_message":
            return Page(answer.body, 0)
        posts = content["post_stream"]["posts"]
        if begin is None:
            read = {post["id"] for post in posts}
            stream = content["post_stream"].get("stream") or []
            errand["ids"] = [n for n in reversed(stream) if n not in read]
        following = str(int(begin or 0) + 1) if errand["ids"] else None
        whispers = [post for post in posts if post.get("post_type") == _WHISPER]
        for post in whispers:
            _empty(post)
        body = _bytes(content) if whispers else answer.body
        return Page(body, len(posts), following)

    def _is_public(self, topic: dict[str, Any]) -> bool:
        return topic.get("category_id") in self._categories and topic.get(
            "visible", True
        )

    def _tell_gone_from_refused(self, answer: Answer) -> None:
        """Raise if it is not this topic alone that is refused, but our key."""
        if answer.status == _REFUSED:
            self._forum.get("/latest.json")


def _errands(topics: list[dict[str, Any]], until: datetime | None) -> Iterator[Errand]:
    """Yield what recently active topics ask for: likes and edits move no list."""
    for topic in topics:
        moment = _moment(topic)
        if until is None or (moment is not None and moment >= until):
            name = f"topic-{topic['id']}"
            yield {"do": "topic", "of": topic["id"], "name": name}


def _empty(post: dict[str, Any]) -> None:
    for name in post:
        if name not in _KEPT_OF_WHISPERS:
            post[name] = None


def _is_pinned(topic: dict[str, Any]) -> bool:
    return bool(topic.get("pinned") or topic.get("pinned_globally"))


def _moment(topic: dict[str, Any]) -> datetime | None:
    """Return when somebody was last active in a topic."""
    text = topic.get("bumped_at") or topic.get("created_at") or ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _bytes(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
