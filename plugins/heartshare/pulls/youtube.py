"""What YouTube's Data API tells of channels: their counters, and all their comments.

Each answer that holds counters of a channel or comments lands as the JSON that the API
gave. Lists of videos only tell which comments are worth asking for.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httplib2
from googleapiclient.discovery import build

from heartshare.pulls.asking import Line, base_url
from heartshare.pulls.source import (
    AccessRefusedError,
    SourceAwayError,
    SourceOptionError,
)
from heartshare.pulls.transports import patient_session
from heartshare.pulls.walks import Page, bounded_walks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from requests import Session

    from heartshare.errors import HeartshareError
    from heartshare.pulls.answers import Answer
    from heartshare.pulls.declarations import Declaration
    from heartshare.pulls.source import Account, PullRun, PullSummary
    from heartshare.pulls.walks import Errand, Fetch, Walks

_API_HOST = "https://youtube.googleapis.com"
_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_PAGE_SIZE = 100
#: Channels and videos that one call may name.
_BATCH_SIZE = 50
_ENDED = 401
#: Statuses whose reason decides.
_EXPLAINED = frozenset({400, _ENDED, 403, 404})
_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_BUSY = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "processingFailure"})
#: A page's token lives for some hours only, and may be older after a kill.
_STALE = "invalidPageToken"
#: Reasons that concern one video or comment: it is gone, private or shut.
_GONE = frozenset(
    {
        *("commentsDisabled", "videoNotFound", "commentNotFound", "forbidden"),
        *("parentCommentNotFound", "processingFailure", _STALE),
    }
)
#: A channel without videos may lack its playlist.
_EMPTY = frozenset({"playlistNotFound", _STALE})
#: Pauses before a call is made again that was refused as one too many, in seconds.
_PAUSES = (15.0, 30.0, 60.0)
#: Google's day ends at midnight there, and the quota begins anew.
_QUOTA_ZONE = ZoneInfo("America/Los_Angeles")


class YoutubeSource:
    """What is pulled of declared channels, with an API key or an OAuth token."""

    kind = "youtube"

    def __init__(self, account: Account, declaration: Declaration) -> None:
        self.account = account
        self.declaration = declaration

    def pull(self, run: PullRun) -> PullSummary:
        """Land the channels' counters, and comments of videos where these moved.

        Raises:
            AccessRefusedError: key or token are not accepted.
            SourceOptionError: a declared channel does not exist.
            SourceAwayError: YouTube is away, or the quota of the day is used up.
        """
        with (
            closing(_Youtube(run, self.account)) as api,
            bounded_walks(run, self.declaration) as walks,
        ):
            reader = _Reader(api, walks)
            playlists = reader.find_channels(self.declaration.options["channels"])
            lists: dict[str, Fetch] = {"channels": reader.channels}
            for channel, playlist in playlists.items():
                lists[f"uploads-{channel}"] = reader.uploads(playlist)
            walks.read(lists, reader.errand)
        return run.summary


class _Youtube:
    """Google's client, made from the description that ships with it."""

    def __init__(self, run: PullRun, account: Account) -> None:
        self.run = run
        self.account = account
        self.line = Line(run, account.connection)
        self._session = patient_session(self.line)
        self._session.headers["User-Agent"] = "heartshare"
        address = base_url(account, run.source_name, default=_API_HOST)
        extra = account.extra
        if extra.get("access_token"):
            self._authorise(str(extra["access_token"]))
        elif not extra.get("refresh_token"):
            if not account.password:
                problem = "its connection needs an API key as password"
                raise AccessRefusedError(run.source_name, account.connection, problem)
            # In a header, so that no URL that is logged anywhere holds it.
            self._session.headers["X-Goog-Api-Key"] = account.password
        self.api: Any = build(
            "youtube",
            "v3",
            http=_Http(self._session),
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": address},
        )

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(
        self,
        request: Callable[..., Any],
        *,
        gone: frozenset[str] = frozenset(),
        **query: object,
    ) -> tuple[Answer, str]:
        """Return the answer to a query, and the reason where it is one of ``gone``.

        An access token that ended is renewed, once.

        Raises:
            AccessRefusedError: the key or token are refused.
            SourceAwayError: the quota is used up, or calls are too many at every try.
        """
        given = {name: value for name, value in query.items() if value}
        answer, reason = self._ask(request, given)
        for pause in _PAUSES:
            if reason not in _BUSY:
                break
            self.run.sleep(pause)
            answer, reason = self._ask(request, given)
        if answer.is_good or reason in gone:
            return answer, reason
        raise self._refusal(answer, reason)

    def _ask(
        self, request: Callable[..., Any], query: Mapping[str, object]
    ) -> tuple[Answer, str]:
        if self._can_renew and "Authorization" not in self._session.headers:
            self._renew()
        call = request(**query)
        answer = self.line.fetch(call.execute, accept=_EXPLAINED)
        if answer.status == _ENDED and self._can_renew:
            self._renew()
            answer = self.line.fetch(request(**query).execute, accept=_EXPLAINED)
        return answer, _reason(answer)

    @property
    def _can_renew(self) -> bool:
        return bool(self.account.extra.get("refresh_token"))

    def _renew(self) -> None:
        """Obtain an access token, for about an hour."""
        extra = self.account.extra
        self._session.headers.pop("Authorization", None)
        given = {
            "grant_type": "refresh_token",
            "refresh_token": str(extra["refresh_token"]),
            "client_id": self.account.login,
            "client_secret": self.account.password,
        }
        address = str(extra.get("token_uri") or _TOKEN_URI)
        answer = self.line.fetch(
            lambda: self._session.post(address, data=given, allow_redirects=False),
            accept=_EXPLAINED,
        )
        content = answer.json()
        token = content.get("access_token") if isinstance(content, dict) else None
        if not token:
            problem = f"it renews no token ({answer.reason or answer.status})"
            raise AccessRefusedError(
                self.run.source_name, self.line.connection, problem
            )
        self._authorise(token)

    def _authorise(self, token: str) -> None:
        self._session.headers["Authorization"] = f"Bearer {token}"

    def _refusal(self, answer: Answer, reason: str) -> HeartshareError:
        """Return what to say where there is no answer."""
        source = self.run.source_name
        if reason in _USED_UP:
            moment = f"{_next_quota(self.run.now):%Y-%m-%d %H:%M} UTC"
            return SourceAwayError(source, f"its quota is used up until {moment}")
        if reason in _BUSY:
            return SourceAwayError(source, f"it answers every attempt with {reason}")
        what = f"it refuses us: {answer.reason or answer.status} ({reason})"
        return AccessRefusedError(source, self.line.connection, what)


class _Http:
    """What Google's client takes for httplib2: our session, over the line."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def request(
        self,
        uri: str,
        method: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[httplib2.Response, bytes]:
        """Return status and headers, and the body of the answer."""
        response = self._session.request(
            method,
            uri,
            data=body,
            headers={"Accept": (headers or {}).get("accept", "application/json")},
            allow_redirects=False,
        )
        about = {**response.headers, "status": str(response.status_code)}
        return httplib2.Response(about), response.content


class _Reader:
    """Turns the answers into pages, and what videos' counters say into errands."""

    def __init__(self, api: _Youtube, walks: Walks) -> None:
        self._api = api
        self._walks = walks
        self._channels: list[Answer] = []

    def find_channels(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the playlist of each channel's uploads, keeping what was answered."""
        playlists: dict[str, str] = {}
        for start in range(0, len(ids), _BATCH_SIZE):
            answer, _ = self._api.get(
                self._api.api.channels().list,
                part="snippet,statistics,contentDetails",
                id=",".join(ids[start : start + _BATCH_SIZE]),
                maxResults=_BATCH_SIZE,
            )
            self._channels.append(answer)
            for item in _items(answer):
                related = item["contentDetails"]["relatedPlaylists"]
                playlists[item["id"]] = related.get("uploads", "")
        missing = [channel for channel in ids if channel not in playlists]
        if missing:
            what = f"there is no channel {', '.join(missing)}"
            raise SourceOptionError(self._api.run.source_name, what)
        return {channel: found for channel, found in playlists.items() if found}

    def channels(self, begin: str | None, _until: datetime | None) -> Page:
        """Read the counters of the channels, which every pull needs."""
        number = int(begin or 0)
        answer = self._channels[min(number, len(self._channels) - 1)]
        following = str(number + 1) if number + 1 < len(self._channels) else None
        return Page(answer.body, len(_items(answer)), following)

    def uploads(self, playlist: str) -> Fetch:
        """Return how a channel's videos are read, every time down to the oldest.

        People comment on old videos too; their counters tell, fifty in a call.
        """

        def fetch(begin: str | None, _until: datetime | None) -> Page:
            api = self._api.api
            answer, reason = self._api.get(
                api.playlistItems().list,
                gone=_EMPTY,
                part="contentDetails",
                playlistId=playlist,
                maxResults=_BATCH_SIZE,
                pageToken=begin,
            )
            if reason:
                return _unread(reason, begin)
            videos = [item["contentDetails"]["videoId"] for item in _items(answer)]
            if not videos:
                return Page(answer.body, 0, _following(answer))
            counted, _ = self._api.get(
                api.videos().list,
                part="snippet,statistics,status",
                id=",".join(videos),
                maxResults=_BATCH_SIZE,
            )
            errands = list(self._errands(_items(counted)))
            # No contract reads lists of videos, so nothing of them lands.
            return Page(answer.body, 0, _following(answer), errands=errands)

        return fetch

    def errand(self, errand: Errand, begin: str | None) -> Page:
        """Return one page of a video's threads, or of a thread's answers."""
        api, about = self._api.api, errand["of"]
        if errand["do"] == "threads":
            answer, reason = self._api.get(
                api.commentThreads().list,
                gone=_GONE,
                part="snippet,replies",
                videoId=about,
                order="time",
                maxResults=_PAGE_SIZE,
                pageToken=begin,
            )
        else:
            answer, reason = self._api.get(
                api.comments().list,
                gone=_GONE,
                part="snippet",
                parentId=about,
                maxResults=_PAGE_SIZE,
                pageToken=begin,
            )
        if reason == "processingFailure":
            self._api.run.summary.miss(
                f"YouTube fails to list the {errand['do']} of {about}"
            )
        if reason:
            return _unread(reason, begin)
        items = _items(answer)
        further = list(_further(items)) if errand["do"] == "threads" else []
        return Page(answer.body, len(items), _following(answer), errands=further)

    def _errands(self, videos: list[dict[str, Any]]) -> Iterator[Errand]:
        """Yield the threads of videos that are young or whose counter moved.

        Likes and edits of comments move no counter; a young video has most of them.
        """
        seen = self._walks.seen
        young = self._walks.run.now - self._walks.overlap
        for video in videos:
            number = video["id"]
            count = int(video.get("statistics", {}).get("commentCount") or 0)
            known = seen.get(number, {}).get("comments")
            seen[number] = {"comments": count}
            is_private = video.get("status", {}).get("privacyStatus") == "private"
            published = datetime.fromisoformat(video["snippet"]["publishedAt"])
            if count and not is_private and (count != known or published >= young):
                yield {"do": "threads", "of": number, "name": f"threads-{number}"}


def _unread(reason: str, begin: str | None) -> Page:
    """Return the page of a refused list: its last, or one from where it begins anew."""
    return Page(b"", 0, "" if reason == _STALE and begin else None)


def _further(threads: list[dict[str, Any]]) -> Iterator[Errand]:
    """Yield the threads that have more answers than the five that came with them."""
    for thread in threads:
        shown = (thread.get("replies") or {}).get("comments") or []
        if thread["snippet"].get("totalReplyCount", 0) > len(shown):
            number = thread["id"]
            yield {"do": "replies", "of": number, "name": f"replies-{number}"}


def _items(answer: Answer) -> list[dict[str, Any]]:
    content = answer.json()
    items = content.get("items") if isinstance(content, dict) else None
    return items if isinstance(items, list) else []


def _following(answer: Answer) -> str | None:
    found: str | None = answer.json().get("nextPageToken")
    return found


def _reason(answer: Answer) -> str:
    """Return Google's code for a failure, such as quotaExceeded; empty for success."""
    if answer.is_good:
        return ""
    content = answer.json()
    error = content.get("error") if isinstance(content, dict) else None
    listed = error.get("errors") if isinstance(error, dict) else None
    first = listed[0] if isinstance(listed, list) and listed else {}
    return str(first.get("reason") or answer.status)


def _next_quota(now: datetime) -> datetime:
    """Return when the next day of Google's quota begins, in UTC."""
    there = now.astimezone(_QUOTA_ZONE)
    midnight = datetime.combine(
        there.date() + timedelta(days=1), there.time().min, _QUOTA_ZONE
    )
    return midnight.astimezone(now.tzinfo)
