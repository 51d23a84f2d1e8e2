"""A real browser for tests: Debian's Chromium, windowless, by its own protocol."""

import base64
import json
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

PROGRAM = shutil.which("chromium")
_START_SECONDS = 60
_ANSWER_SECONDS = 60


@contextmanager
def browser(folder):
    """Start Chromium with a profile of its own; end it and only it."""
    profile = folder / "profile"
    process = subprocess.Popen(
        [
            PROGRAM,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            "about:blank",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _port(profile / "DevToolsActivePort", process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Tab:
    """One tab: goes places, types, clicks, looks and takes pictures."""

    def __init__(self, port):
        from websockets.sync.client import connect

        with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=20) as page:
            target = next(one for one in json.load(page) if one["type"] == "page")
        self._socket = connect(target["webSocketDebuggerUrl"], max_size=None)
        self._number = 0
        self._events = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **params):
        """Send one command and return its answer."""
        self._number += 1
        self._socket.send(
            json.dumps({"id": self._number, "method": method, "params": params})
        )
        while True:
            message = json.loads(self._socket.recv(timeout=_ANSWER_SECONDS))
            if message.get("id") == self._number:
                assert "error" not in message, (method, message["error"])
                return message["result"]
            self._events.append(message)

    def events(self, method):
        """Return what has happened so far of one kind."""
        self.evaluate("1")
        return [one["params"] for one in self._events if one["method"] == method]

    def forget_events(self):
        self._events.clear()

    def evaluate(self, expression):
        """Return the value of an expression in the page; wait for a promise."""
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in answer, (expression, answer)
        return answer["result"].get("value")

    def wait(self, condition, seconds=45):
        """Come back as soon as a condition holds.

        A page that goes away meanwhile takes the question with it: ask the next one.
        """
        ask = (
            "new Promise((done) => { const until = Date.now() + 2000;"
            " const look = () => {"
            f" let found = null; try {{ found = !!({condition}); }} catch (e) {{}}"
            " if (found || Date.now() > until) done(found);"
            " else setTimeout(look, 50);"
            " }; look(); })"
        )
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if self.evaluate(ask):
                    return
            except AssertionError:
                continue
        shown = self.evaluate("location.href + ' ' + document.body.innerText")
        raise AssertionError(f"{condition} does not hold on {shown[:1500]}")

    def go(self, url):
        """Open an address and wait until the page is whole."""
        self.call("Page.navigate", url=url)
        self.wait(
            "document.readyState === 'complete' && location.href !== 'about:blank'"
        )

    def type_into(self, selector, text):
        """Put the text into a field as a person does, so that scripts notice."""
        self.wait(f"document.querySelector({json.dumps(selector)})")
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def press(self, key, code):
        """Press and release one key."""
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                text="\r" if key == "Enter" and kind == "keyDown" else "",
            )

    def resize(self, width, height):
        """Make the window so wide and high, in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def picture(self, path, *, whole=False, limit=1800):
        """Save what is seen, or the whole page up to a height, as a PNG."""
        size = self.evaluate(
            "[document.documentElement.clientWidth,"
            " document.documentElement.scrollHeight, window.innerHeight]"
        )
        height = min(size[1], limit) if whole else size[2]
        clip = {"x": 0, "y": 0, "width": size[0], "height": height, "scale": 1}
        shot = self.call(
            "Page.captureScreenshot",
            format="png",
            clip=clip,
            captureBeyondViewport=True,
            optimizeForSpeed=False,
        )
        Path(path).write_bytes(base64.b64decode(shot["data"]))


def _port(path, process):
    """Return the port on which Chromium listens, once it has written it down."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "Chromium has ended by itself"
        if path.exists() and (lines := path.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.1)
    raise AssertionError("Chromium did not start in time")
