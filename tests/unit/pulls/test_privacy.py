"""Nothing that only one account may read reaches the disk."""

import json

import pytest

from heartshare.pulls.privacy import without_private


def status(visibility, text="Between us", **more):
    return {
        "id": "116000000000000001",
        "created_at": "2026-03-15T10:00:00.000Z",
        "visibility": visibility,
        "uri": "https://social.example.org/users/bea/statuses/1",
        "content": f"<p>{text}</p>",
        "account": {"id": "7", "acct": "bea", "uri": "https://social.example.org/bea"},
        "mentions": [{"acct": "warmhaus"}],
        "reblog": None,
        **more,
    }


def kept(content):
    return json.loads(without_private(json.dumps(content).encode()))


def test_answer_without_private_items_stays_as_it_came():
    body = b'[ {"visibility":"public", "content":"x"},\n {"visibility":"unlisted"} ]'
    assert without_private(body) is body


@pytest.mark.parametrize("visibility", ["private", "direct", "limited", None])
def test_private_status_keeps_its_place_and_moment_only(visibility):
    public = status("public", "For all")
    first, second = kept([status(visibility), public])
    assert second == public
    assert {name for name, value in first.items() if value} <= {
        "id",
        "created_at",
        "visibility",
        "account",
    }
    assert first.keys() == public.keys()
    assert first["account"] == {"id": "7", "acct": None, "uri": None}
    assert "Between us" not in json.dumps(first)


@pytest.mark.parametrize("wrap", ["status", "reblog", "quoted_status"])
def test_whatever_directly_holds_a_private_status_is_emptied_too(wrap):
    holder = {
        "id": "5",
        "type": "mention",
        "text": "Between us",
        wrap: status("direct"),
    }
    assert "Between us" not in json.dumps(kept([holder]))


def test_private_answer_deep_in_a_thread_is_found():
    thread = {"ancestors": [], "descendants": [status("public"), status("private")]}
    first, second = kept(thread)["descendants"]
    assert first["content"] == "<p>Between us</p>"
    assert second["content"] is None


def test_private_quote_does_not_take_the_public_post_with_it():
    quote = {"state": "accepted", "quoted_status": status("private")}
    found = kept(status("public", "For all", quote=quote))
    assert found["content"] == "<p>For all</p>"
    assert found["quote"]["quoted_status"]["content"] is None
