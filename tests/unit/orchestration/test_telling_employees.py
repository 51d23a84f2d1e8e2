"""Employees who asked are mailed their own figures, and nobody else's."""

import email
import hashlib
import json
import logging
from datetime import UTC, date, datetime
from email.policy import default

import duckdb
import pytest
from unit.reporting.test_delivery import SENDER, ScriptedServer
from unit.reporting.test_mailing_list import WORDY

from heartshare.language import speaking
from heartshare.orchestration.steps.delivering import deliver_report
from heartshare.reporting.archive.issues import Issue, file_issue
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.own_impact import own_impact
from heartshare.reporting.delivery.sending import freeze_email
from heartshare.settings import Settings
from heartshare.warehouse.forgetting import published_keys
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
ISSUE = "2026-W46.r1"
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
EVE, FAY, GUS, BOSS = (f"{n}@example.org" for n in ("eve", "fay", "gus", "boss"))
ROW = {
    "person_key": "",
    "period_start": date(2026, 7, 1),
    "counted_until": date(2026, 11, 15),
    "halfyear_piece_count": 3,
    "next_award_piece_count": 2,
    "halfyear_award_count": 0,
    "award_count": 1,
    "halfyear_share_count": 9,
    "halfyear_commented_share_count": 6,
    "halfyear_lead_count": 1.5,
    "halfyear_download_count": 29.0,
    "halfyear_conversation_count": 4,
    "network_count": 580,
    "network_growth_count": 18,
    "rank_number": 3,
    "is_frozen": False,
    "is_dormant": False,
    "zone_code": "sharer",
    "next_zone_code": "creator",
    "missing_share_count": None,
    "missing_piece_count": 2,
    "missing_piece_month_count": 1,
    "missing_active_week_count": None,
    "missing_exchange_count": None,
    "missing_network_code": None,
    "missing_result_code": None,
}
TYPES = {date: "date", int: "bigint", float: "double", bool: "boolean", str: "varchar"}


@pytest.fixture
def home(tmp_path):
    """Eve and Fay take part; Gus is on the roster and does not."""
    settings = settings_of(tmp_path)
    keys = published_keys(settings, ["key-eve"]) + published_keys(settings, ["key-fay"])
    publish(tmp_path, {**ROW, "person_key": keys[0]})
    publish(tmp_path, {**ROW, "person_key": keys[1], "halfyear_share_count": 77})
    fill_warehouse(tmp_path)
    file_report(tmp_path)
    return tmp_path


def publish(home, row):
    folder = home / "published" / "rev-0007"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text("{}")
    link = home / "published" / "current"
    if not link.is_symlink():
        link.symlink_to("rev-0007")
    columns = ", ".join(
        f"{name} {TYPES.get(type(value), 'bigint')}"
        if name not in {"missing_network_code", "missing_result_code"}
        else f"{name} varchar"
        for name, value in row.items()
    )
    with duckdb.connect(str(folder / "heartshare.duckdb")) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(
            f"create table if not exists marts.rpt_employee_impact ({columns})"
        )
        marks = ", ".join("?" * len(row))
        connection.execute(
            f"insert into marts.rpt_employee_impact values ({marks})", [*row.values()]
        )


def fill_warehouse(home):
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute(
            "create schema staging; create schema intermediate; "
            "create table staging.stg_programme__report_recipients ("
            "email_address varchar, recipient_name varchar, role_code varchar, "
            "sections varchar, valid_from date, valid_until date); "
            "create table staging.stg_programme__employee_roster ("
            "employee_code varchar, has_opted_in boolean, email_hash varchar); "
            "create table intermediate.int_employee_accounts__linked ("
            "employee_code varchar, person_key varchar)"
        )
        for code, address, takes_part in (
            ("E1", EVE, True),
            ("E2", FAY, True),
            ("E3", GUS, False),
        ):
            connection.execute(
                "insert into staging.stg_programme__employee_roster values (?, ?, ?)",
                [code, takes_part, hashlib.md5(address.encode()).hexdigest()],
            )
        connection.execute(
            "insert into intermediate.int_employee_accounts__linked values "
            "('E1', 'key-eve'), ('E1', 'key-eve'), ('E2', 'key-fay')"
        )


def file_report(home, revision="rev-0007"):
    facts = {
        "growing": {"headline": "Yes."},
        "issue": {"published_revision": revision},
    }
    files = {
        "index.html": b"x",
        "report.pdf": b"x",
        "report.eml": freeze_email(WORDY, issue=ISSUE, sender=SENDER, at=AT),
        "facts.json": json.dumps(facts).encode(),
    }
    place = home / "archive" / WEEK.label / "r1"
    file_issue(Issue(WEEK, "r1", place, is_new=True), files, at=AT, verdict="clean")


def settings_of(home, port=1):
    return Settings.from_env(
        {
            "HEARTSHARE_HOME": str(home),
            "HEARTSHARE_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "HEARTSHARE_PERSON_SALT": "salt",
            "HEARTSHARE_MAIL_FROM": SENDER,
        }
    )


def deliver(home, *lines, passes=1):
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.executemany(
            "insert into staging.stg_programme__report_recipients "
            "values (?, '', 'community', ?, null, null)",
            lines,
        )
    server = ScriptedServer()
    with server.running() as account:
        for _ in range(passes):
            deliver_report(settings_of(home, account.port), WEEK, at=AT)
    return [
        (address, email.message_from_bytes(content, policy=default))
        for address, content in server.taken
    ]


def test_employee_who_asked_gets_the_own_figures_once(home):
    taken = deliver(home, ("Eve@Example.org", "my_impact"), (BOSS, "all"), passes=2)

    assert [address for address, _ in taken] == [BOSS, "Eve@Example.org"]
    own = taken[1][1]
    text = own.get_content()
    assert own["Subject"] == "Your own impact, 2026-W46"
    assert "Shares: 9, of them 6 with your own words" in text
    assert "1.5 leads, 29 downloads, 4 conversations" in text
    assert "77" not in text
    assert "eve@" not in str(own).casefold()


def test_line_that_asks_for_both_gets_both(home):
    taken = deliver(home, (FAY, "page_one|my_impact"))

    assert [address for address, _ in taken] == [FAY, FAY]
    report, own = (message for _, message in taken)
    assert not list(report.iter_attachments())
    assert "Shares: 77" in own.get_content()


def test_nobody_is_told_of_another_and_a_note_says_why(home, caplog):
    caplog.set_level(logging.WARNING)
    taken = deliver(home, (GUS, "my_impact"), (BOSS, "my_impact"))

    assert taken == []
    assert "2 lines with my_impact go without" in caplog.text
    assert BOSS not in caplog.text


def test_who_did_not_ask_gets_the_report_alone(home):
    assert [address for address, _ in deliver(home, (EVE, "all"))] == [EVE]


def test_figures_that_readers_no_longer_see_are_told_to_nobody(home, caplog):
    newer = home / "published" / "rev-0008"
    (home / "published" / "rev-0007").rename(newer)
    link = home / "published" / "current"
    link.unlink()
    link.symlink_to("rev-0008")

    assert deliver(home, (EVE, "my_impact")) == []
    assert "another revision" in caplog.text


def test_address_that_two_employees_share_is_nobodys(home):
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute(
            "insert into staging.stg_programme__employee_roster values ('E2', true, ?)",
            [hashlib.md5(EVE.encode()).hexdigest()],
        )
    assert deliver(home, (EVE, "my_impact")) == []


def test_outbox_row_names_no_employee(home):
    deliver(home, (EVE, "my_impact"))
    rows = Outbox(home / "outbox.sqlite3").rows()
    (own,) = (row for row in rows if row.issue != ISSUE)
    assert own.issue.startswith(f"{ISSUE}.own-")
    assert "eve" not in own.issue


def test_text_says_what_is_there_and_what_the_next_zone_asks_for():
    text = own_impact(ROW, WEEK).text
    assert "Your half-year so far, 1 Jul to 15 Nov 2026" in text
    assert "Original pieces: 3 (2 more to your next award)" in text
    assert "Network: 580 followers and connections, +18 in ninety days" in text
    assert "Recognition: place 3 so far; it can still change" in text
    wanted = "Next zone: creator. It asks for: 2 original pieces; 1 month with a piece"
    assert wanted in text


def test_text_is_in_the_language_of_the_organisation():
    with speaking("de"):
        told = own_impact(ROW, WEEK)
    assert told.subject == "Ihre eigene Wirkung, 2026-W46"
    assert "Ihr Halbjahr bisher, 1. Juli bis 15. Nov 2026" in told.text
    assert "Leads 1,5, Downloads 29, Gespräche mit Außenstehenden 4" in told.text
    wanted = "Dafür fehlt: 2 eigene Beiträge; 1 Monat mit einem Beitrag"
    assert f"Nächste Zone: Gestaltend. {wanted}" in told.text


@pytest.mark.parametrize(
    ("change", "wanted", "unwanted"),
    [
        ({"rank_number": None}, "Zone: sharer", "Recognition"),
        ({"network_count": None}, "nobody has read it yet", "ninety days\n"),
        ({"network_growth_count": None}, "580 followers and connections\n", "+"),
        (
            {"is_dormant": True, "zone_code": None, "next_zone_code": "consumer"},
            "quiet for ninety days\nNext zone: consumer. It asks for: any one act",
            "pieces; ",
        ),
        ({"next_zone_code": None}, "Zone: sharer\n\n", "Next zone"),
        ({"missing_result_code": "result"}, "a first lead", "nobody counts"),
        ({"is_frozen": True}, "place 3\n", "so far; it"),
    ],
)
def test_what_is_unknown_is_not_made_up(change, wanted, unwanted):
    text = own_impact({**ROW, **change}, WEEK).text
    assert wanted in text
    assert unwanted not in text
