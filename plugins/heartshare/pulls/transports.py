"""How a client library's calls come to ``Line.exchange``: its HTTP layer, ours below.

``requests`` carries Mastodon.py, praw and plain REST; ``httpx`` carries the AT Protocol
SDK. Both hand the library an answer that is complete.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import httpx
import requests
from requests.adapters import HTTPAdapter
from urllib3.response import HTTPResponse

from heartshare.pulls.answers import Answer
from heartshare.pulls.asking import BrokenCallError

if TYPE_CHECKING:
    from heartshare.pulls.asking import Line

#: Longest silence of a server within one call, in seconds.
TIMEOUT_SECONDS = 60.0
#: Largest answer that is taken, in bytes; pages of an API are far smaller.
MAX_BODY_BYTES = 64 * 1024**2
#: Headers that tell how a body travelled; ours is decoded and complete.
_OF_TRAVEL = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def patient_session(line: Line) -> requests.Session:
    """Return a ``requests`` session whose every call goes over the line."""
    session = requests.Session()
    adapter = _RequestsAdapter(line)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class PatientTransport(httpx.BaseTransport):
    """An ``httpx`` transport whose every call goes over the line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to a request, read to its end."""

        def send() -> Answer:
            try:
                response = self._inner.handle_request(request)
                try:
                    body = _bounded(_httpx_chunks(response))
                finally:
                    response.close()
            except (httpx.TransportError, httpx.DecodingError) as error:
                raise BrokenCallError(_kind(error)) from error
            return Answer(response.status_code, _plain(response.headers), body)

        request.read()
        answer = self._line.exchange(send, what=_what(request.method, request.url.path))
        return httpx.Response(
            answer.status, headers=dict(answer.headers), content=answer.body
        )

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class _RequestsAdapter(HTTPAdapter):
    """A ``requests`` adapter whose every call goes over the line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__(max_retries=0)

    def send(
        self,
        request: requests.PreparedRequest,
        *args: Any,
        **kwargs: Any,
    ) -> requests.Response:
        """Return the answer to a request, read to its end."""
        kwargs.update(stream=True, timeout=TIMEOUT_SECONDS)

        def send() -> Answer:
            try:
                with super(_RequestsAdapter, self).send(
                    request, *args, **kwargs
                ) as response:
                    body = _bounded(response.iter_content(1 << 16))
            except requests.RequestException as error:
                raise BrokenCallError(_kind(error)) from error
            return Answer(response.status_code, _plain(response.headers), body)

        path = request.path_url.partition("?")[0]
        answer = self._line.exchange(send, what=_what(request.method, path))
        return self.build_response(
            request,
            HTTPResponse(
                body=io.BytesIO(answer.body),
                headers=dict(answer.headers),
                status=answer.status,
                preload_content=False,
            ),
        )


def _httpx_chunks(response: httpx.Response) -> Any:  # noqa: ANN401 - bytes iterator
    decoded = httpx.Response(
        response.status_code, headers=response.headers, stream=response.stream
    )
    return decoded.iter_bytes()


def _bounded(chunks: Any) -> bytes:  # noqa: ANN401 - an iterable of bytes
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            problem = f"its answer has more than {MAX_BODY_BYTES:,} bytes"
            raise BrokenCallError(problem)
    return bytes(body)


def _plain(headers: Any) -> dict[str, str]:  # noqa: ANN401 - either library's
    return {
        name.lower(): value
        for name, value in headers.items()
        if name.lower() not in _OF_TRAVEL
    }


def _what(method: str | None, path: str) -> str:
    """Name a call without its query, which may hold what nobody should read."""
    return f"{method} {path}"


def _kind(error: Exception) -> str:
    """Name a failure of transport without its URL, which may hold a token."""
    return type(error).__name__
