"""Orders about people come from our page, are confirmed, and leave no name behind."""

import csv
import json
import stat

import pytest

from heartshare.orchestration.steps.erasure_requests import (
    UnknownRequestError,
    drop_request,
    read_request,
)
from heartshare.orchestration.steps.forgetting import ErasureRequest
from heartshare.ui.link_decisions import decisions

from .conftest import HERE, OWN, PAGE

FORM = {
    "platform": "reddit",
    "accounts": "marla_quill7, t2_x",
    "requested_by": "privacy desk",
    "reason": "by letter",
}
SHOWN = (
    "action_code",
    "person_code",
    "platform_code",
    "account_id",
    "account_handle",
    "decided_by",
)


@pytest.fixture
def review(admin, token_of):
    """Fill in the form; return the page on which it is confirmed."""

    def fill(**changes):
        data = {**FORM, "token": token_of(admin, "/heartshare/people"), **changes}
        return admin.post(
            "/heartshare/people/erasures/review", data=data, headers={**PAGE, **OWN}
        )

    return fill


def confirm(admin, page, **changes):
    import re

    token = re.findall(r'name="token" value="([^"]+)"', page.text)[0]
    data = {**FORM, "token": token, "repeated": FORM["accounts"], **changes}
    return admin.post("/heartshare/people/erasures", data=data, headers={**PAGE, **OWN})


def runs():
    from airflow.models import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return [
            (run.run_id, dict(run.conf), run.triggering_user_name, str(run.state))
            for run in session.scalars(
                select(DagRun).where(DagRun.dag_id == "forget_person")
            )
        ]


def waiting(settings):
    return list((settings.home / "erasure_requests").glob("*"))


def test_erasure_is_reviewed_then_started_without_a_name(dag, books, admin, review):
    page = review()
    assert page.status_code == 200
    assert "marla_quill7, t2_x" in page.text
    assert "No loaded row bears this account" in page.text
    assert (runs(), waiting(books)) == ([], [])

    answer = confirm(admin, page)

    assert answer.status_code == 303
    [(run_id, conf, name, state)] = runs()
    assert (name, state) == ("ada", "queued")
    assert list(conf) == ["request"]
    assert "marla" not in json.dumps(conf) + run_id
    assert read_request(books, conf["request"]) == ErasureRequest(
        "reddit", ("marla_quill7", "t2_x"), "privacy desk", "by letter"
    )
    [path] = waiting(books)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    shown = admin.get(answer.headers["location"], headers=PAGE).text
    assert "The erasure was started" in shown
    assert "marla" not in shown


def test_task_carries_out_the_request_and_drops_it(dag, books, admin, review):
    from types import SimpleNamespace

    confirm(admin, review())
    [(_, conf, _, _)] = runs()
    operator = dag.get_task("forget_person")
    assert operator.request_id == "{{ params.request }}"
    operator = type(operator)(
        task_id="forget",
        platform_code="",
        identifiers="",
        requested_by="",
        reason="",
        request_id=conf["request"],
    )
    run = SimpleNamespace(run_after=None)

    done = operator.run_step(books, {"dag_run": run})

    assert done["erasure_id"]
    assert "privacy desk" in books.erasures.read_text()
    assert waiting(books) == []
    with pytest.raises(UnknownRequestError):
        read_request(books, conf["request"])


@pytest.mark.parametrize("request_id", ["", "../x", "a" * 31, "A" * 32, "a" * 32])
def test_request_that_nobody_made_is_refused(request_id, settings):
    with pytest.raises(UnknownRequestError):
        read_request(settings, request_id)
    if len(request_id) == 32 and request_id.islower():
        drop_request(settings, request_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"repeated": "marla_quill7"},
        {"repeated": ""},
        {"accounts": "somebody_else", "repeated": "somebody_else"},
        {"platform": "discourse"},
        {"reason": "another"},
        {"token": "x"},
    ],
)
def test_only_what_was_reviewed_is_started(changes, dag, books, admin, review):
    answer = confirm(admin, review(), **changes)

    assert answer.status_code in {403, 422}
    assert (runs(), waiting(books)) == ([], [])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": HERE},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"{HERE}.evil.example"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
    ],
)
def test_order_of_another_site_does_nothing(headers, dag, pair, admin, token_of):
    token = token_of(admin, "/heartshare/people/links")
    link = {"key": "k1", "decision": "link", "token": token}
    review = {**FORM, "token": token_of(admin, "/heartshare/people")}
    for path, data in (
        ("/people/links", link),
        ("/people/erasures/review", review),
        ("/people/erasures", {**review, "repeated": FORM["accounts"]}),
    ):
        answer = admin.post(f"/heartshare{path}", data=data, headers=headers)
        assert answer.status_code == 403
    assert decisions(pair) == []
    assert (runs(), waiting(pair)) == ([], [])


def test_token_of_somebody_else_or_of_another_form_is_refused(pair, as_role, token_of):
    ada, eve = as_role("admin"), as_role("admin", name="eve")
    for token in (
        token_of(eve, "/heartshare/people/links"),
        token_of(ada, "/heartshare/people"),
        "",
    ):
        data = {"key": "k1", "decision": "link", "token": token}
        answer = ada.post("/heartshare/people/links", data=data, headers=OWN)
        assert answer.status_code in {403, 422}
    assert decisions(pair) == []


def test_old_form_is_refused(pair, admin, token_of, monkeypatch):
    from heartshare.ui import forgery

    token = token_of(admin, "/heartshare/people/links")
    monkeypatch.setattr(forgery, "TOKEN_SECONDS", -1)
    data = {"key": "k1", "decision": "link", "token": token}

    answer = admin.post("/heartshare/people/links", data=data, headers=OWN)

    assert "too old" in answer.json()["detail"]


@pytest.mark.parametrize(
    "changes",
    [
        {"platform": "tiktok"},
        {"accounts": " , "},
        {"reason": " "},
        {"accounts": "a" * 501},
    ],
)
def test_request_that_names_nobody_is_not_reviewed(changes, books, review):
    answer = review(**changes)

    assert answer.status_code == 422
    assert "a" * 501 not in answer.text


def test_hostile_account_is_escaped(books, review):
    text = review(accounts="<svg onload=x>", reason='"><script>y').text

    assert "&lt;svg" in text
    assert "<svg" not in text
    assert "<script>y" not in text


def test_dag_that_is_not_there_starts_nothing(metadata_database, books, admin, review):
    from airflow.models import DagModel
    from airflow.utils.session import create_session
    from sqlalchemy import delete

    page = review()
    with create_session() as session:
        session.execute(delete(DagModel).where(DagModel.dag_id == "forget_person"))
    answer = confirm(admin, page)

    assert answer.status_code == 422
    assert "Nothing began" in answer.text
    assert waiting(books) == []


def order(admin, token_of, decision, key="k1"):
    token = token_of(admin, "/heartshare/people/links")
    return admin.post(
        "/heartshare/people/links",
        data={"key": key, "decision": decision, "token": token},
        headers=OWN,
    )


def lines(settings):
    path = settings.inbox / "programme_decisions" / "people_links.csv"
    with path.open(newline="") as opened:
        return [tuple(line[name] for name in SHOWN) for line in csv.DictReader(opened)]


def test_suggestions_are_shown_escaped(pair, admin):
    text = admin.get("/heartshare/people/links", headers=PAGE).text

    assert "Open (1)" in text
    assert "jolly_kite" in text
    assert "Jo &lt;u&gt;Lyle" in text
    assert "no rule links jolly_kite on discourse to anybody" in text


def test_link_is_written_as_the_contract_reads_it(pair, admin, token_of):
    from heartshare.exports.contract import load_contracts
    from heartshare.exports.redaction import read_any

    assert order(admin, token_of, "link").status_code == 303

    assert lines(pair) == [
        ("link", "pair-k1", "discourse", "forum/7", "jolly_kite", "ada"),
        ("link", "pair-k1", "reddit", "t2_abc", "JollyKite", "ada"),
    ]
    path = pair.inbox / "programme_decisions" / "people_links.csv"
    read = read_any(path, path.name, load_contracts())
    assert read.contract.code == "programme/people_links"
    assert read.tables[0].rows_in == 2
    text = admin.get("/heartshare/people/links", headers=PAGE).text
    assert "Open (0)" in text
    assert "same person" in text


def test_keeping_apart_takes_out_the_account_that_nothing_holds(pair, admin, token_of):
    order(admin, token_of, "apart")

    assert lines(pair) == [
        ("unlink", "pair-k1", "discourse", "forum/7", "jolly_kite", "ada")
    ]


def test_what_is_linked_already_is_not_parted(pair, admin, token_of):
    from heartshare.warehouse.connections import open_writer

    with open_writer(pair) as connection:
        connection.execute(
            "insert into intermediate.int_people__linked "
            "values ('p1', 'p1'), ('p8', 'p1')"
        )
    text = admin.get("/heartshare/people/links", headers=PAGE).text
    assert "Keep apart" not in text
    assert "Not the same person" in text
    answer = order(admin, token_of, "apart")
    assert answer.status_code == 422
    assert "whom this would part" in answer.text
    assert decisions(pair) == []


def test_pair_of_linked_people_is_dismissed_and_asked_about_again(
    pair, admin, token_of
):
    """Both belong to people: no line parts them, and the page stops asking."""
    from heartshare.warehouse.connections import open_writer

    with open_writer(pair) as connection:
        connection.execute(
            "insert into intermediate.int_people__linked "
            "values ('p1', 'p1'), ('p8', 'p1')"
        )
    assert order(admin, token_of, "dismiss").status_code == 303

    text = admin.get("/heartshare/people/links", headers=PAGE).text
    assert "Open (0)" in text
    assert "Not asked about any more (1)" in text
    assert "jolly_kite and JollyKite" in text
    assert decisions(pair) == []
    assert not (pair.inbox / "programme_decisions").exists()
    book = pair.home / "dismissed_pairs.json"
    assert stat.S_IMODE(book.stat().st_mode) == 0o600
    assert not any(word in book.read_text() for word in ("k1", "kite", "t2_abc"))

    assert order(admin, token_of, "withdraw").status_code == 303
    text = admin.get("/heartshare/people/links", headers=PAGE).text
    assert "Open (1)" in text
    assert "Not asked about any more" not in text


def test_dismissed_pair_that_is_suggested_no_more_leaves_the_file(pair):
    from datetime import date

    from heartshare.ui.dismissed_pairs import dismiss, dismissals

    day = date(2026, 11, 16)
    dismiss(pair, "k1", by="ada", on=day, suggested=["k1", "k2"])
    dismiss(pair, "k2", by="ada", on=day, suggested=["k1", "k2"])
    assert set(dismissals(pair, ["k1", "k2", "k3"])) == {"k1", "k2"}
    dismiss(pair, "k3", by="eve", on=day, suggested=["k2", "k3"])
    found = dismissals(pair, ["k1", "k2", "k3"])
    assert {key: each.by for key, each in found.items()} == {"k2": "ada", "k3": "eve"}


def test_withdrawing_nothing_makes_no_file(pair, admin, token_of):
    """A file without lines would be read as an export of nothing."""
    assert order(admin, token_of, "withdraw").status_code == 303
    assert not (pair.inbox / "programme_decisions").exists()


def test_order_beside_another_one_is_told_to_come_again(
    pair, admin, token_of, monkeypatch
):
    from filelock import FileLock

    monkeypatch.setattr("heartshare.ui.link_decisions._PATIENCE_SECONDS", 0.0)
    with FileLock(pair.home / "decisions.lock"):
        answer = order(admin, token_of, "link")
    assert answer.status_code == 503
    assert "Repeat it" in answer.text
    assert decisions(pair) == []


def test_second_thought_replaces_the_first_and_can_be_withdrawn(pair, admin, token_of):
    order(admin, token_of, "apart")
    order(admin, token_of, "link")
    assert [line[0] for line in lines(pair)] == ["link", "link"]

    order(admin, token_of, "withdraw")

    # One line without an account: an empty file would leave the one before in force.
    assert lines(pair) == [("link", "", "discourse", "", "", "ada")]
    assert decisions(pair) == []
    order(admin, token_of, "link")
    assert len(lines(pair)) == 2


@pytest.mark.parametrize(("decision", "key"), [("link", "k2"), ("marry", "k1")])
def test_order_on_what_is_not_there_writes_nothing(
    decision, key, pair, admin, token_of
):
    assert order(admin, token_of, decision, key).status_code == 404
    assert decisions(pair) == []


def test_erased_person_leaves_the_decisions(dag, pair, admin, token_of, review):
    order(admin, token_of, "link")
    page = review(accounts="t2_abc")
    confirm(admin, page, accounts="t2_abc", repeated="t2_abc")

    assert lines(pair) == []
