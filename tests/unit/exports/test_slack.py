"""A workspace's public channels land, whatever the zone of its files; nothing else."""

# ruff: noqa: DTZ001 - moments in the warehouse are naive UTC

import io
import json
import zipfile
from datetime import datetime

import pytest

from heartshare.exports.contract import load_contracts
from heartshare.exports.errors import ContractError, UnrecognisedExportError
from heartshare.exports.inspection import inspect_file
from heartshare.exports.mrkdwn import mrkdwn_to_text

EXPORT = "slack/workspace_with_private_channels.zip"


def packed(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, json.dumps(content))
    return buffer.getvalue()


def message(number, text="Hello"):
    return {"type": "message", "user": "U1", "text": text, "ts": f"{number}.000100"}


def test_public_channels_land_with_their_name_and_no_private_one_is_opened(
    desk, fixtures
):
    desk.load(fixtures / EXPORT)
    rows = desk.rows("select * from raw.slack__messages order by message_ts")
    assert [row["channel_name"] for row in rows] == ["garden"] * 5 + ["tickets"]
    (file,) = desk.manifest()
    assert (file["contract_code"], file["rows_in"]) == ("slack/export", 10)
    assert json.loads(file["drift_json"])["unread_parts"] == [
        "D04WHISPER0/2026-03-02.json",
        "board-only/2026-03-02.json",
        "dms.json",
        "groups.json",
    ]
    assert desk.rejects() == []


def test_moment_is_that_of_the_message_not_of_the_file(desk, fixtures):
    desk.load(fixtures / EXPORT)
    late = desk.one("select * from raw.slack__messages where body_text = 'Good night'")
    assert late["created_at"] == datetime(2026, 3, 3, 3, 36, 0, 500)
    assert str(desk.manifest()[0]["period_end"]) == "2026-03-03"


def test_thread_reactions_and_edits_are_kept_without_who_reacted(desk, fixtures):
    desk.load(fixtures / EXPORT)
    root, reply, *_ = desk.rows("select * from raw.slack__messages order by message_ts")
    assert root["thread_ts"] == reply["thread_ts"] == root["message_ts"]
    assert (root["reply_count"], root["reaction_counts_json"]) == (1, "[1, 2]")
    assert reply["reaction_counts_json"] is None
    assert reply["edited_at"] == datetime(2026, 3, 2, 8, 11)
    assert root["body_text"] == (
        "@U02BENBERG is the #garden open? See the hours & tell @here"
    )
    assert reply["body_text"] == "Yes, from ten. I typed <@U01> myself."


def test_addresses_and_phones_of_members_land_nowhere(desk, fixtures):
    desk.load(fixtures / EXPORT)
    members = desk.rows("select * from raw.slack__users order by user_id")
    assert [row["display_name"] for row in members] == ["Ida", "Ben Berg"]
    assert [row["is_guest"] for row in members] == [False, True]
    assert "example.org" not in str(members)
    assert "+00" not in str(members)


def test_export_without_its_list_of_channels_proves_nothing_public(write):
    content = packed({"garden/2026-03-02.json": [message(1)]})
    with pytest.raises(UnrecognisedExportError):
        inspect_file(write("no_list.zip", content))


def test_thousands_of_day_files_are_read(write):
    days = [
        f"2020-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)
    ]
    names = [f"channel-{number}" for number in range(9)]
    members = {
        f"{name}/{day}.json": [message(1_600_000_000 + index)]
        for name in names
        for index, day in enumerate(days)
    }
    members["channels.json"] = [{"id": name, "name": name} for name in names]
    inspection = inspect_file(write("large.zip", packed(members)))
    assert inspection.rows_good == len(members) - 1 + len(names)


def test_pages_of_the_api_land_in_the_same_tables(desk, fixtures):
    desk.load(fixtures / "slack" / "conversations.history C01GARDEN00 page 1.json")
    rows = desk.rows("select * from raw.slack__messages order by message_ts")
    assert [row["channel_id"] for row in rows] == ["C01GARDEN00"] * 2
    assert rows[0]["channel_name"] is None
    assert desk.manifest()[0]["contract_code"] == "slack/api"


@pytest.mark.parametrize(
    ("root", "table", "rows"),
    [
        ({"ok": True, "messages": []}, "slack__messages", 0),
        ({"ok": True, "channels": []}, "slack__channels", 0),
        ({"ok": True, "members": []}, "slack__channel_members", 0),
        ({"ok": True, "members": ["U1", "U2"]}, "slack__channel_members", 2),
        (
            {"ok": True, "members": [{"id": "U1", "name": "ida", "profile": {}}]},
            "slack__users",
            1,
        ),
    ],
    ids=["no messages", "no channels", "no members", "ids", "users"],
)
def test_each_answer_of_the_api_is_known(write, root, table, rows):
    inspection = inspect_file(write("answer.json", json.dumps(root)))
    assert [(each.table_name, each.rows_good) for each in inspection.tables] == [
        (table, rows)
    ]


@pytest.mark.parametrize("mark", ["is_private", "is_im"])
def test_private_conversation_is_rejected(write, mark):
    channel = {"id": "G1", "name": "board", "created": 1, mark: True}
    inspection = inspect_file(
        write("info.json", json.dumps({"ok": True, "channel": channel}))
    )
    assert [each.reason_code for each in inspection.rejects] == ["not_public"]
    assert "board" not in str(inspection.rejects)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("<@U02ABC|old.name>, look", "@U02ABC, look"),
        ("<#C01ABC>", "#C01ABC"),
        ("<!subteam^S01|@gardeners> and <!channel>", "@gardeners and @channel"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("<mailto:ida@example.org|write>", "write"),
        ("<https://example.org/?a=1&amp;b=2>", "https://example.org/?a=1&b=2"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&amp;lt; was typed", "&lt; was typed"),
    ],
)
def test_words_of_a_message(message, text):
    assert mrkdwn_to_text(message) == text


def test_listing_must_name_a_group_of_the_members(tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "logs.yml").write_text(
        "title: t\nversion: 1\nconfidence: indicative\nfile: {formats: [zip]}\n"
        "tables:\n  desk__logs:\n    grain: one row per log\n    restated: 'no'\n"
        "    members: '(?P<room>.+)/log\\.json'\n"
        "    listed_by: {members: 'rooms\\.json', value: name, parameter: hall}\n"
        "    records: [{path: '[]', present: [id]}]\n"
        "    columns:\n      log_id: {path: id, key: true}\n"
    )
    with pytest.raises(ContractError, match="named group"):
        load_contracts(tmp_path)
