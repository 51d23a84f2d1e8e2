"""The shipped dashboard in a real Superset and a real Chromium.

With HEARTSHARE_BI_PICTURES the pictures of its tabs are saved into that folder.
"""

import base64
import json
import os
import shutil
import stat
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
import yaml
from integration.bi.conftest import ROOT
from integration.bi.superset_server import running
from ui.chromium import PROGRAM, Tab, browser

pytestmark = [
    pytest.mark.bi,
    pytest.mark.skipif(PROGRAM is None, reason="needs Debian's chromium"),
]
BUNDLE = ROOT / "bi" / "dashboard"
DASHBOARD = yaml.safe_load((BUNDLE / "dashboards" / "advocacy.yaml").read_text())
POSITION = DASHBOARD["position"]
TABS = {key: POSITION[key]["meta"]["text"] for key in POSITION["TABS-main"]["children"]}
#: Largest picture that the documents take.
PICTURE_BYTES = 300_000
_DRAW_SECONDS = 300


def charts_below(key):
    """Names of the charts below a part of the dashboard."""
    part = POSITION[key]
    if part["type"] == "CHART":
        return {part["meta"]["sliceName"]}
    return set().union(*(charts_below(child) for child in part["children"]))


@pytest.fixture(scope="module")
def published(demo_home, tmp_path_factory):
    """A home that holds only the published revisions, which the test may swap."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(demo_home.path / "published", home / "published", symlinks=True)
    return home / "published"


@pytest.fixture(scope="module")
def superset(environment, published, tmp_path_factory):
    programs = environment("HEARTSHARE_BI_VENV", ".venv-bi", "gunicorn")
    folder = tmp_path_factory.mktemp("superset") / "bi"
    with running(programs, published.parent, folder) as server:
        yield server


class Visit:
    """A browser on the dashboard: what it asked for, and what each chart was told."""

    def __init__(self, tab, server):
        self.tab = tab
        self.hosts = set()
        self.answers = {}
        self._server = urlsplit(server.url).netloc

    def catch_up(self):
        """Read what has happened since the last time."""
        # What the page's own policy forbids never leaves the browser.
        refused = {
            event["requestId"]
            for event in self.tab.events("Network.loadingFailed")
            if event.get("blockedReason") == "csp"
        }
        for event in self.tab.events("Network.requestWillBeSent"):
            if event["requestId"] not in refused:
                self.hosts.add(urlsplit(event["request"]["url"]).netloc)
        self.hosts -= {"", self._server}
        for event in self.tab.events("Network.loadingFinished"):
            address = self._asked().get(event["requestId"])
            if address and address.path == "/api/v1/chart/data":
                form = json.loads(parse_qs(address.query)["form_data"][0])
                body = self.tab.call(
                    "Network.getResponseBody", requestId=event["requestId"]
                )
                self.answers[form["slice_id"]] = json.loads(body["body"])
        self.tab.forget_events()

    def _asked(self):
        return {
            event["requestId"]: urlsplit(event["response"]["url"])
            for event in self.tab.events("Network.responseReceived")
        }


@pytest.fixture(scope="module")
def visit(superset, tmp_path_factory):
    """A browser in which the administrator has logged in and opened the dashboard."""
    with browser(tmp_path_factory.mktemp("chromium")) as port:
        tab = Tab(port)
        tab.resize(1400, 1000)
        tab.go(f"{superset.url}/login/")
        for field, text in (("#username", "admin"), ("#password", superset.password)):
            tab.wait(f"document.querySelector('{field}') !== null", _DRAW_SECONDS)
            tab.evaluate(f"document.querySelector('{field}').focus()")
            tab.call("Input.insertText", text=text)
        tab.press("Enter", 13)
        tab.wait("!location.pathname.startsWith('/login')", _DRAW_SECONDS)
        tab.go(
            f"{superset.url}/superset/dashboard/advocacy/?standalone=1&show_filters=0"
        )
        yield Visit(tab, superset)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    given = os.environ.get("HEARTSHARE_BI_PICTURES")
    return Path(given) if given else tmp_path_factory.mktemp("pictures")


def height_of(key):
    """Pixels that a tab needs to be seen whole."""
    rows = (POSITION[row]["children"] for row in POSITION[key]["children"])
    tallest = (max(POSITION[one]["meta"]["height"] for one in row) for row in rows)
    return 110 + sum(8 * height + 18 for height in tallest)


@pytest.mark.parametrize("key", TABS, ids=TABS.get)
def test_every_chart_of_the_tab_shows_rows_and_no_error(key, superset, visit, pictures):
    names = charts_below(key)
    ids = {superset.found("chart", "slice_name", name): name for name in names}
    tab = visit.tab
    tab.resize(1400, height_of(key))

    tab.wait(f"document.querySelectorAll('[role=tab]').length >= {len(TABS)}", 300)
    tab.evaluate(
        "[...document.querySelectorAll('[role=tab]')]"
        f".find((one) => one.innerText.trim() === {json.dumps(TABS[key])}).click()"
    )
    tab.wait(
        "((pane) => !pane.querySelector('.loading, [data-test=\"loading-indicator\"]')"
        f" && pane.querySelectorAll('.slice_container').length >= {len(names)})"
        "(document.querySelector('.ant-tabs-tabpane-active'))",
        _DRAW_SECONDS,
    )
    # Bars and lines grow in; their last frame is what a reader sees.
    tab.evaluate("new Promise((done) => setTimeout(done, 2500))")
    visit.catch_up()

    assert {ids[one] for one in visit.answers if one in ids} == names
    for one, name in ids.items():
        results = visit.answers[one]["result"]
        assert all(result["error"] is None for result in results), name
        assert all(result["rowcount"] > 0 for result in results), name
    assert not tab.evaluate("document.querySelector('.ant-alert-error') !== null")
    picture = pictures / f"bi-{key.removeprefix('TAB-')}.png"
    shot = tab.call("Page.captureScreenshot", format="png")
    picture.write_bytes(base64.b64decode(shot["data"]))
    assert 50_000 < picture.stat().st_size < PICTURE_BYTES


def test_nothing_is_fetched_from_elsewhere(visit):
    visit.catch_up()

    assert visit.hosts == set()


def test_readers_look_and_do_not_write(superset, published):
    before = (published / "current" / "heartshare.duckdb").read_bytes()

    answer = superset.sql("create table marts.scribble as select 1 as line")

    assert answer.status_code >= 400, answer.text
    assert (published / "current" / "heartshare.duckdb").read_bytes() == before


def test_next_chart_after_a_swap_shows_the_new_revision(superset, published):
    count = {"expressionType": "SQL", "sqlExpression": "COUNT(*)", "label": "rows"}
    [before] = superset.rows_of("rpt_weekly_sources", count)
    revision = published / "rev-9999"
    shutil.copytree(published / "current", revision)
    path = revision / "heartshare.duckdb"
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute(
            "insert into marts.rpt_weekly_sources "
            "select * replace ('late_source' as source_name) "
            "from marts.rpt_weekly_sources limit 1"
        )
    path.chmod(0o444)
    (published / "next").symlink_to(revision.name)
    (published / "next").replace(published / "current")

    [after] = superset.rows_of("rpt_weekly_sources", count)

    assert after["rows"] == before["rows"] + 1


def test_secrets_are_for_their_owner_only(superset):
    for name in ("SUPERSET_SECRET_KEY", "SUPERSET_ADMIN_PASSWORD"):
        path = superset.folder / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(path.read_text()) >= 40
    assert stat.S_IMODE(superset.folder.stat().st_mode) == 0o700
