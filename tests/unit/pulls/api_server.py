"""A loopback server that stands for a platform's API, and can misbehave on request."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

from heartshare.pulls.source import PullRun

DATE = "Mon, 16 Mar 2026 05:00:00 GMT"


@dataclass
class Reply:
    """An answer; ``is_cut`` promises more bytes than it sends."""

    status: int = 200
    content: object = field(default_factory=dict)
    headers: dict = field(default_factory=dict)
    is_cut: bool = False


@dataclass
class Request:
    """What the server was asked, as it came; ``lists`` hold what stands repeatedly."""

    method: str
    path: str
    query: dict
    headers: dict
    content: object
    lists: dict


class ApiServer:
    """Answers with ``answer(request)``, unless a fault is due for the path."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        self._faults = []
        self.url = ""

    def fail(self, path, *replies):
        """Give these replies to the next calls whose path ends so."""
        self._faults.extend((path, reply) for reply in replies)

    def asked(self, path):
        """Return the requests whose path ends so."""
        return [r for r in self.requests if r.path.endswith(path)]

    def reply_to(self, request):
        self.requests.append(request)
        for number, (path, reply) in enumerate(self._faults):
            if request.path.endswith(path):
                del self._faults[number]
                return reply
        return self.answer(request)


@contextmanager
def serving(answer):
    """Run an ``ApiServer`` on a free port of this machine."""
    api = ApiServer(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one write per answer: two would wait for each other
        disable_nagle_algorithm = True

        def handle_any(self):
            parts = urlsplit(self.path)
            size = int(self.headers.get("content-length") or 0)
            raw = self.rfile.read(size)
            headers = {name.lower(): value for name, value in self.headers.items()}
            lists = parse_qs(parts.query)
            query = {name: values[-1] for name, values in lists.items()}
            content = json.loads(raw) if raw.startswith(b"{") else raw
            request = Request(self.command, parts.path, query, headers, content, lists)
            self.send(api.reply_to(request))

        do_GET = do_POST = handle_any  # noqa: N815 - as http.server names them

        def send(self, reply):
            body = reply.content
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
            headers = {"Content-Type": "application/json", **reply.headers}
            self.send_response_only(reply.status)
            self.send_header("Date", headers.pop("Date", DATE))
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + 10 * reply.is_cut))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = reply.is_cut

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Killed(BaseException):
    """What a process that is killed does not live to see."""


class Landing:
    """A landing folder and a cursor in memory, with all that was waited for.

    ``break_after`` landings the next one fails, as if the process had been killed.
    """

    def __init__(self):
        self.files = {}
        self.cursor = {}
        self.waits = []
        self.break_after = None

    def run(self, now, **given):
        """Return a pull that goes on where the last one saved."""
        return PullRun(
            "our_source",
            now,
            json.loads(json.dumps(self.cursor)),
            self._land,
            self._save,
            waiter=self.waits.append,
            **given,
        )

    def answers(self, start):
        """Return the landed files whose name begins so, parsed, in order of arrival."""
        return [
            json.loads(b) for b, name in self.files.items() if name.startswith(start)
        ]

    def _land(self, chunks, name, *, exported_at):
        if self.break_after is not None:
            if not self.break_after:
                raise Killed
            self.break_after -= 1
        content = b"".join(chunks)
        is_new = content not in self.files
        self.files.setdefault(content, name)
        return SimpleNamespace(sha256="", original_name=name, is_new=is_new)

    def _save(self, cursor):
        self.cursor = json.loads(json.dumps(cursor))


def declared(overlap_days=7, **options):
    """Return a declared source with the options of a platform API."""
    given = {"accounts": (), "terms": (), "most_pages": 500} | options
    return SimpleNamespace(overlap_days=overlap_days, options=given)
