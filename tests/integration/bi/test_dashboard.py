"""The shipped dashboard in a real Superset and a real Chromium.

With HEARTSHARE_BI_PICTURES the pictures of its tabs are saved into that folder.
"""

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


@pytest.fixture(scope="module")
def tab(superset, tmp_path_factory):
    """A browser in which the administrator has logged in."""
    with browser(tmp_path_factory.mktemp("chromium")) as port:
        tab = Tab(port)
        tab.resize(1400, 1000)
        tab.go(f"{superset.url}/login/")
        for field, text in (("#username", "admin"), ("#password", superset.password)):
            tab.wait(f"document.querySelector('{field}') !== null")
            tab.evaluate(f"document.querySelector('{field}').focus()")
            tab.call("Input.insertText", text=text)
        tab.press("Enter", 13)
        tab.wait("!location.pathname.startsWith('/login')", _DRAW_SECONDS)
        yield tab


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    given = os.environ.get("HEARTSHARE_BI_PICTURES")
    return Path(given) if given else tmp_path_factory.mktemp("pictures")


def answers(tab):
    """What the server said to each chart that was drawn: by chart id."""
    found = {}
    for event in tab.events("Network.responseReceived"):
        address = urlsplit(event["response"]["url"])
        if address.path != "/api/v1/chart/data":
            continue
        form = json.loads(parse_qs(address.query)["form_data"][0])
        body = tab.call("Network.getResponseBody", requestId=event["requestId"])
        found[form["slice_id"]] = (
            event["response"]["status"],
            json.loads(body["body"]),
        )
    return found


@pytest.mark.parametrize("key", TABS, ids=TABS.get)
def test_every_chart_of_the_tab_shows_rows_and_no_error(key, superset, tab, pictures):
    names = charts_below(key)
    ids = {superset.found("chart", "slice_name", name): name for name in names}
    height = 340 + 8 * sum(
        max(POSITION[child]["meta"]["height"] for child in POSITION[row]["children"])
        for row in POSITION[key]["children"]
    )
    tab.go("about:blank#left")
    tab.forget_events()
    tab.resize(1400, height)

    tab.go(f"{superset.url}/superset/dashboard/advocacy/?standalone=1#{key}")
    tab.wait(
        'document.querySelectorAll(\'[data-test="chart-container"],'
        f" .chart-slice').length >= {len(names)}",
        _DRAW_SECONDS,
    )
    tab.wait(
        "document.querySelectorAll('.loading, [data-test=\"loading-indicator\"]')"
        ".length === 0 && document.querySelectorAll('.slice_container')"
        f".length >= {len(names)}",
        _DRAW_SECONDS,
    )
    tab.evaluate("new Promise((done) => setTimeout(done, 1500))")  # curves grow in

    seen = answers(tab)
    assert {ids[one] for one in seen if one in ids} == names
    for one, (status, body) in seen.items():
        assert status == 200, (ids.get(one), body)
        assert all(result["rowcount"] > 0 for result in body["result"]), ids.get(one)
        assert not any(result["error"] for result in body["result"]), ids.get(one)
    shown = tab.evaluate("document.body.innerText")
    assert "Unexpected error" not in shown
    assert "No results were returned" not in shown
    name = pictures / f"bi-{key.removeprefix('TAB-')}.png"
    tab.picture(name)
    assert name.stat().st_size < PICTURE_BYTES


def test_nothing_is_fetched_from_elsewhere(tab, superset):
    asked = {
        urlsplit(event["request"]["url"]).netloc
        for event in tab.events("Network.requestWillBeSent")
    }

    assert asked - {"", urlsplit(superset.url).netloc} == set()


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
