"""The pages in a real Chromium, inside a real Airflow: log-in, roles, looks, orders.

Runs on request: pytest -m browser tests/ui. With HEARTSHARE_UI_HOME it reads a home
that is there already, and with HEARTSHARE_UI_PICTURES it saves pictures into a folder.
"""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from heartshare.orchestration.metadata import AirflowHome, migrate, run_airflow
from heartshare.orchestration.services import service_variables

from .chromium import PROGRAM, Tab, browser
from .conftest import ROOT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PROGRAM is None, reason="needs Debian's chromium"),
]
USERS = {"ada": "admin", "vera": "viewer"}
SECTIONS = ("archive", "gate", "inbox", "people", "people/links")
_START_SECONDS = 300
#: Contrast of every text against what lies behind it, by the formula of WCAG 2.
CONTRAST = """
(() => {
  const lum = (c) => { const f = c.map((v) => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2]; };
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (node) => { for (let n = node; n; n = n.parentElement) {
    const c = parse(getComputedStyle(n).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const bad = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !node.checkVisibility()) continue;
    const a = lum(parse(getComputedStyle(node).color).slice(0, 3));
    const b = lum(behind(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push([walk.currentNode.data.trim().slice(0, 40), ratio]);
  }
  return bad;
})()
"""
#: What assistive technology needs of a page.
STRUCTURE = """
({
  main: document.querySelectorAll('main').length,
  h1: document.querySelectorAll('h1').length,
  lang: document.documentElement.lang,
  cells: [...document.querySelectorAll('thead th')].every((c) => c.scope === 'col'),
  heads: [...document.querySelectorAll('tbody tr')].every(
    (r) => r.querySelector('th[scope=row]')),
  names: [...document.querySelectorAll('a, button, input:not([type=hidden]), select')]
    .filter((n) => !(n.innerText || n.closest('label')?.innerText || '').trim()).length,
  levels: [...document.querySelectorAll('h1, h2, h3')].map((h) => +h.tagName[1])
    .every((level, place, all) => !place || level - all[place - 1] <= 1),
})
"""


@pytest.fixture(scope="module", autouse=True)
def on_request(request):
    if "browser" not in (request.config.getoption("-m") or ""):
        pytest.skip("runs on request: pytest -m browser tests/ui")


@pytest.fixture(scope="module")
def house(tmp_path_factory, on_request):
    """Return the home that the pages show: a finished one, or an empty one."""
    given = os.environ.get("HEARTSHARE_UI_HOME")
    return Path(given) if given else tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(tmp_path_factory, house):
    """Run Airflow's api-server with two users; yield its address and its database."""
    folder = tmp_path_factory.mktemp("airflow")
    home = AirflowHome(folder / "services", ROOT / "dags", ROOT / "plugins")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    passwords = folder / "passwords.json"
    passwords.write_text(json.dumps({name: f"{name}-secret" for name in USERS}))
    variables = {
        **service_variables(home, port),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
            f"{name}:{role}" for name, role in USERS.items()
        ),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "HEARTSHARE_HOME": str(house),
        "HEARTSHARE_PERSON_SALT": "pepper",
        "HEARTSHARE_ORGANISATION": "Rivermark City Services",
        "HEARTSHARE_DBT_PROJECT": str(ROOT / "dbt_project"),
        "HEARTSHARE_EXPECTATIONS": str(ROOT / "expectations"),
    }
    migrate(home, variables)
    run_airflow(["dags", "reserialize"], variables)
    with api_server(variables, home.path / "api-server.log") as process:
        wait_until_up(f"http://127.0.0.1:{port}", process, home.path)
        yield f"http://127.0.0.1:{port}", home.database


@contextmanager
def api_server(variables, log):
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", "api-server"],
            env={**os.environ, **variables},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_up(address, process, folder):
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "api-server.log").read_text()[-3000:]
        try:
            with urlopen(f"{address}/api/v2/monitor/health", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise AssertionError("the api-server was not up in time")


@pytest.fixture
def tab(tmp_path):
    with browser(tmp_path) as port:
        tab = Tab(port)
        tab.resize(1280, 900)
        yield tab


def log_in(tab, address, name, path="/heartshare/archive"):
    """Ask for a page as nobody, log in on the page that comes, and end where wanted."""
    tab.go(f"{address}{path}")
    tab.wait("location.pathname.startsWith('/auth/login')")
    tab.type_into("form input:not([type=password])", name)
    tab.type_into("form input[type=password]", f"{name}-secret")
    tab.press("Enter", 13)
    tab.wait(
        f"location.pathname === {json.dumps(path)} && document.querySelector('h1')"
    )


def picture(tab, name, *, whole=True, limit=1500):
    folder = os.environ.get("HEARTSHARE_UI_PICTURES")
    if folder:
        tab.picture(Path(folder) / f"ui-{name}.png", whole=whole, limit=limit)


def theme(tab, name):
    tab.evaluate(f"localStorage.setItem('theme', '{name}')")


def test_nobody_is_led_to_the_log_in_and_back(server, tab):
    address, _ = server
    log_in(tab, address, "vera", "/heartshare/gate")

    assert tab.evaluate("document.querySelector('h1').innerText") == "Gate history"
    assert "People" not in tab.evaluate("document.querySelector('nav').innerText")
    tab.go(f"{address}/heartshare/people")
    assert tab.evaluate("document.querySelector('h1').innerText") == "Not allowed"


def test_pages_hang_in_airflows_own(server, tab):
    address, _ = server
    log_in(tab, address, "ada")
    tab.go(f"{address}/plugin/heartshare")
    tab.wait("document.querySelector('iframe')")
    inner = "document.querySelector('iframe').contentDocument"
    tab.wait(f"{inner}.querySelector('h1')?.innerText === 'Report archive'")
    picture(tab, "inside-airflow", whole=False)

    for chosen in ("dark", "light"):
        # Another window of Airflow switches the theme; the page follows at once.
        tab.evaluate(
            f"localStorage.setItem('theme', '{chosen}');"
            "document.querySelector('iframe').contentWindow.dispatchEvent("
            "new StorageEvent('storage', {key: 'theme'}))"
        )
        tab.wait(f"{inner}.documentElement.dataset.theme === '{chosen}'")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_pages_can_be_read_at_every_width_and_theme(server, tab, width, chosen):
    address, _ = server
    log_in(tab, address, "ada")
    tab.resize(width, 844 if width < 600 else 900)
    theme(tab, chosen)
    run = "gate/2026-W46/run-0001" if _has_run(tab, address) else None
    for section in (*SECTIONS, *filter(None, (run,))):
        tab.forget_events()
        tab.go(f"{address}/heartshare/{section}")
        tab.wait("document.querySelector('h1') && document.styleSheets.length")

        assert tab.evaluate("document.documentElement.dataset.theme") == chosen
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{section} is {wide} px wide"
        assert tab.evaluate(CONTRAST) == [], section
        structure = tab.evaluate(STRUCTURE)
        assert structure == {
            "main": 1,
            "h1": 1,
            "lang": "en-GB",
            "cells": True,
            "heads": True,
            "names": 0,
            "levels": True,
        }, section
        asked = {
            one["request"]["url"] for one in tab.events("Network.requestWillBeSent")
        }
        assert all(url.startswith((address, "data:")) for url in asked), asked
        refused = [one["entry"]["text"] for one in tab.events("Log.entryAdded")]
        assert not [text for text in refused if "favicon" not in text], refused
        name = section.replace("/", "-").replace("-2026-W46-run-0001", "-run")
        if (width == 1280) == (chosen == "light"):
            picture(tab, f"{name}-{'wide' if width > 600 else 'narrow-dark'}")


def _has_run(tab, address):
    tab.go(f"{address}/heartshare/gate")
    return tab.evaluate("!!document.querySelector('a[href$=\"2026-W46/run-0001\"]')")


def test_keyboard_reaches_the_content_first(server, tab):
    address, _ = server
    log_in(tab, address, "ada")
    tab.press("Tab", 9)
    assert tab.evaluate("document.activeElement.innerText") == "Skip to the content"
    tab.press("Enter", 13)
    tab.wait("location.hash === '#content'")
    seen = set()
    for _ in range(12):
        tab.press("Tab", 9)
        focus = tab.evaluate(
            "[document.activeElement.tagName,"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        if focus[0] != "BODY":
            seen.add(focus[1])
    assert seen <= {"solid"}, seen


def test_person_is_erased_by_two_pages_and_no_name_is_kept(server, tab, house):
    address, database = server
    log_in(tab, address, "ada", "/heartshare/people")
    tab.evaluate("document.querySelector('select[name=platform]').value = 'reddit'")
    tab.type_into("input[name=accounts]", "marla_quill7")
    tab.type_into("input[name=requested_by]", "privacy desk")
    tab.type_into("input[name=reason]", "by letter")
    tab.evaluate("document.querySelector('main form button').click()")
    tab.wait("document.querySelector('h1')?.innerText === 'Confirm an erasure'")
    picture(tab, "people-confirm")
    tab.type_into("input[name=repeated]", "marla_quill7")
    tab.evaluate("document.querySelector('button.danger').click()")
    tab.wait("document.querySelector('[role=status]')?.innerText.includes('started')")
    assert "marla" not in tab.evaluate("document.documentElement.outerHTML")
    picture(tab, "people-started")

    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as base:
        rows = base.execute(
            "select run_id, conf, triggering_user_name, state from dag_run "
            "where dag_id = 'forget_person'"
        ).fetchall()
        kept = "\n".join(base.iterdump())
    assert len(rows) == 1
    assert rows[0][2:] == ("ada", "queued")
    assert "marla" not in kept
    for path in (house / "erasure_requests").glob("*.json"):
        assert "marla_quill7" in path.read_text()
        path.unlink()
