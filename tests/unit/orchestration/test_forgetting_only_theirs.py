"""An erased person leaves with what is theirs and takes nothing of others along."""

import json
import zipfile
from datetime import UTC, datetime

import pytest

from heartshare.exports.landed_files import land_file
from heartshare.orchestration.steps.forgetting import ErasureRequest, forget_person
from heartshare.orchestration.steps.landing import load_exports
from heartshare.settings import Settings
from heartshare.warehouse.connections import open_reader

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
HANDLE = "marla_quill7"
WORDS = "The lamp on Tanner Lane has been dark since the storm"
OTHERS = "Somebody should tell the works depot about that lamp"


@pytest.fixture
def settings(tmp_path):
    home = {"HEARTSHARE_HOME": str(tmp_path), "HEARTSHARE_PERSON_SALT": "pepper"}
    return Settings.from_env(home)


@pytest.fixture
def exports(tmp_path_factory):
    return tmp_path_factory.mktemp("exports")


def land(settings, exports):
    for source, path in exports:
        land_file(path, source, settings.landing, AT)
    load_exports(settings)


def forget(settings, platform_code, identifier):
    request = ErasureRequest(platform_code, (identifier,), "privacy desk", "by letter")
    forget_person(settings, request, at=AT)


def rows_of(settings, query):
    with open_reader(settings.warehouse) as connection:
        return connection.execute(query).fetchall()


def bytes_that_hold(settings, *needles):
    return sorted(
        f"{path.relative_to(settings.home)}: {needle}"
        for path in settings.home.rglob("*")
        if path.is_file()
        for needle in needles
        if needle.casefold().encode() in path.read_bytes().lower()
    )


def x_archive(path, account_id, handle, *texts):
    posts = [
        {
            "tweet": {
                "id_str": f"{account_id}{number}",
                "created_at": "Tue Nov 10 12:39:02 +0000 2026",
                "full_text": text,
                "in_reply_to_screen_name": HANDLE,
                "in_reply_to_user_id_str": "881122",
            }
        }
        for number, text in enumerate(texts)
    ]
    account = [{"account": {"accountId": account_id, "username": handle}}]
    with zipfile.ZipFile(path, "w") as archive:
        for name, records in (("account", account), ("tweets", posts)):
            script = f"window.YTD.{name}.part0 = {json.dumps(records)}"
            archive.writestr(f"data/{name}.js", script)
    return path


def test_an_archive_goes_with_its_owner_and_other_archives_stay(settings, exports):
    short = "No, it is still dark"
    hers = x_archive(exports / "hers.zip", "881122", HANDLE, WORDS, short)
    ours = x_archive(exports / "ours.zip", "551133", "tannerford", OTHERS)
    land(settings, [("hers", hers), ("ours", ours)])
    forget(settings, "x", HANDLE)
    land(settings, [("hers_again", hers), ("ours_again", ours)])
    assert bytes_that_hold(settings, HANDLE, "881122", WORDS, short) == []
    posts = rows_of(
        settings,
        "select distinct post_text, reply_to_handle, reply_to_account_id "
        "from raw.x__archived_posts",
    )
    assert posts == [(OTHERS, None, None)]
    accounts = "select distinct account_handle from raw.x__archived_accounts"
    assert rows_of(settings, accounts) == [("tannerford",)]


def test_words_of_an_archive_go_from_quotations_too(settings, exports):
    hers = x_archive(exports / "hers.zip", "881122", HANDLE, WORDS)
    ours = x_archive(exports / "ours.zip", "551133", "tannerford", f"{WORDS}\n{OTHERS}")
    land(settings, [("hers", hers), ("ours", ours)])
    forget(settings, "x", HANDLE)
    posts = rows_of(settings, "select post_text from raw.x__archived_posts")
    assert posts == [(OTHERS,)]


def test_whoever_has_the_handle_for_a_display_name_stays(settings, exports):
    members = [
        {"id": "U0AAAAAA1", "name": HANDLE, "profile": {"display_name": "Marla"}},
        {"id": "U0AAAAAA2", "name": "mq", "profile": {"display_name": HANDLE}},
    ]
    users = exports / "users.json"
    users.write_text(json.dumps({"ok": True, "members": members}))
    land(settings, [("slack", users)])
    forget(settings, "slack", HANDLE)
    assert bytes_that_hold(settings, HANDLE) == []
    assert rows_of(settings, "select user_id from raw.slack__users") == [("U0AAAAAA2",)]


def test_whoever_shares_a_display_name_with_the_person_stays(settings, exports):
    items = [
        {
            "question_id": number,
            "creation_date": 1793000000,
            "answer_count": 0,
            "title": "Which lamp fits the posts in Tanner Lane?",
            "owner": {
                "user_id": number,
                "display_name": "Marla",
                "link": f"https://lamps.example.org/users/{number}/marla",
            },
        }
        for number in (7, 8)
    ]
    questions = exports / "questions.json"
    page = {"items": items, "quota_remaining": 9, "has_more": False}
    questions.write_text(json.dumps(page))
    land(settings, [("stackexchange", questions)])
    forget(settings, "stackexchange", "7")
    owners = "select owner_id from raw.stackexchange__questions"
    assert rows_of(settings, owners) == [("8",)]


def test_what_the_person_decided_about_others_stays_without_the_name(settings, exports):
    links = exports / "links.csv"
    links.write_text(
        "action_code,person_code,email,platform_code,account_id,account_handle,"
        "decided_by,decided_on\n"
        f"link,P1,,reddit,t2_otto,otto,{HANDLE},2026-11-02\n"
    )
    contacts = exports / "contacts.csv"
    contacts.write_text(
        "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date,"
        "Associated Company,Contact owner,Lifecycle Stage,Original Source,"
        "Original Source Drill-Down 1,Original Source Drill-Down 2\n"
        f"51,{HANDLE},Reed,reed@example.org,,New,2026-11-02 09:14,,{HANDLE},Lead,,,\n"
    )
    land(settings, [("programme", links), ("hubspot", contacts)])
    forget(settings, "reddit", HANDLE)
    assert bytes_that_hold(settings, HANDLE) == []
    decided = "select account_handle, decided_by from raw.programme__people_links"
    assert rows_of(settings, decided) == [("otto", "[erased]")]
    contact = rows_of(settings, "select record_id from raw.hubspot__contacts")
    assert contact == [("51",)]
