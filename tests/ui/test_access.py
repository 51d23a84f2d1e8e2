"""Every route of the pages times every role, against Airflow's own auth manager."""

import subprocess
import sys

import pytest
from fastapi.routing import APIRoute

from heartshare.ui.app import create_app

from .conftest import OWN, PAGE, ROOT, SHA, WEEK

ROLES = ("anonymous", None, "viewer", "user", "op", "admin")
#: Route -> an address of it, and who gets in; everybody else is refused.
READERS = {"viewer", "user", "op", "admin"}
RULES = {
    ("GET", "/"): ("/", READERS),
    ("GET", "/assets/{name}"): ("/assets/heartshare.css", READERS),
    ("GET", "/archive"): ("/archive", READERS),
    ("GET", "/archive/files/{digest}/{label}/{folder}/{name}"): (
        "/archive/files/x/2026-W46/r1/index.html",
        READERS,
    ),
    ("GET", "/archive/{label}/{folder}/{name}"): (
        f"/archive/{WEEK.label}/r1/index.html",
        READERS,
    ),
    ("GET", "/gate"): ("/gate", READERS),
    ("GET", "/gate/{label}/{run}"): ("/gate/2026-W46/run-0001", READERS),
    ("GET", "/inbox"): ("/inbox", READERS),
    ("GET", "/inbox/files/{source}/{sha256}"): (f"/inbox/files/x_town/{SHA}", READERS),
    ("GET", "/people"): ("/people", {"admin"}),
    ("POST", "/people/erasures/review"): ("/people/erasures/review", {"admin"}),
    ("POST", "/people/erasures"): ("/people/erasures", {"admin"}),
    ("GET", "/people/links"): ("/people/links", {"admin"}),
    ("POST", "/people/links"): ("/people/links", {"admin"}),
}


def routes():
    """The routes that the application has; one of another kind is shown as such."""
    return [
        (method, route.path)
        for route in create_app().routes
        for method in (
            route.methods if isinstance(route, APIRoute) else [type(route).__name__]
        )
    ]


def test_every_route_has_a_rule():
    assert sorted(routes()) == sorted(RULES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "route"), sorted(RULES), ids=" ".join)
def test_role_gets_in_where_the_rule_says(role, method, route, as_role):
    path, allowed = RULES[method, route]
    client = as_role(role)

    answer = client.request(method, f"/heartshare{path}", headers={**PAGE, **OWN})

    if role == "anonymous":
        if method == "GET":
            assert answer.status_code == 303
            assert answer.headers["location"] == f"/auth/login?next=/heartshare{path}"
        else:
            assert answer.status_code == 401
        assert as_role(role).request(method, f"/heartshare{path}").status_code == 401
    elif role in allowed:
        assert answer.status_code in {200, 307, 404, 422}, answer.text
    else:
        assert answer.status_code == 403
        assert "Ask an administrator" in answer.text


@pytest.mark.parametrize("path", ["/archive", "/gate", "/inbox", "/people", "/nothing"])
def test_every_answer_guards_itself(path, admin, as_role):
    for client in (admin, as_role("anonymous"), as_role(None)):
        headers = client.get(f"/heartshare{path}", headers=PAGE).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "http" not in headers["content-security-policy"]
        assert headers["cache-control"] == "private, no-store"


def test_section_of_a_closed_dag_is_closed(admin, monkeypatch):
    """Permissions per DAG close a section by itself, and its link goes."""
    from airflow.api_fastapi.app import get_auth_manager

    manager = type(get_auth_manager())
    before = manager.is_authorized_dag

    def closed(self, *, method, user, access_entity=None, details=None):
        return details.id != "build_marts" and before(
            self, method=method, user=user, access_entity=access_entity, details=details
        )

    monkeypatch.setattr(manager, "is_authorized_dag", closed)

    assert admin.get("/heartshare/gate", headers=PAGE).status_code == 403
    page = admin.get("/heartshare/archive", headers=PAGE)
    assert page.status_code == 200
    assert "Gate history" not in page.text


@pytest.mark.parametrize(
    ("roles", "role", "status"),
    [("op,ADMIN", "op", 200), ("op", "admin", 403), ("Admin", "admin", 200)],
)
def test_setting_names_the_roles_for_people(roles, role, status, as_role, monkeypatch):
    monkeypatch.setenv("HEARTSHARE_PEOPLE_ROLES", roles)

    assert as_role(role).get("/heartshare/people", headers=PAGE).status_code == status


def test_roles_of_fab_are_known_by_name(settings):
    from types import SimpleNamespace as Thing

    from heartshare.ui.access import has_people_role

    admin = Thing(roles=[Thing(name="Viewer"), Thing(name="Admin")])
    assert has_people_role(admin, settings)
    assert not has_people_role(Thing(roles=[Thing(name="Viewer")]), settings)
    assert not has_people_role(Thing(), settings)


def test_stale_cookie_opens_nothing(as_role):
    client = as_role("anonymous")
    client.cookies.set("_token", "not.a.token")

    assert client.get("/heartshare/archive", headers=PAGE).status_code in {303, 403}
    assert client.get("/heartshare/people", headers=PAGE).status_code in {303, 403}


def test_token_in_the_header_opens_for_programs(as_role):
    token = as_role("viewer").cookies["_token"]
    client = as_role("anonymous")
    headers = {"authorization": f"Bearer {token}"}

    assert client.get("/heartshare/archive", headers=headers).status_code == 200
    assert client.get("/heartshare/people", headers=headers).status_code == 403


def test_plugin_loads_pages_only_where_they_are_served():
    code = (
        "import sys, heartshare_plugin as p; p.HeartsharePlugin.on_load();"
        "print('heartshare.ui.app' in sys.modules, 'duckdb' in sys.modules,"
        " p.HeartsharePlugin.external_views[0]['href'],"
        " p.HeartsharePlugin.fastapi_apps)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT / "plugins",
    )
    assert done.stdout.split() == ["False", "False", "/heartshare/", "[]"]
