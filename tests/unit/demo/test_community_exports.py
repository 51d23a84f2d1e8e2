"""Exports of the communities, the CRM and the programme."""

import csv
import io
import json
from importlib.resources import files

import pytest

from heartshare.demo import story
from heartshare.demo.writers import discourse, programme, reddit, web
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W30")


def _lines(content: bytes) -> list[dict]:
    return [json.loads(line) for line in content.splitlines()]


@pytest.fixture(scope="module")
def topics() -> dict[str, dict]:
    return {file.name: json.loads(file.content) for file in discourse.topic_files(WEEK)}


def test_a_topic_page_holds_twenty_posts_and_the_stream_names_all(topics):
    streams = 0
    for name, topic in topics.items():
        if "_page_" in name:
            continue
        posts = list(topic["post_stream"]["posts"])
        assert len(posts) <= 20
        for other, page in topics.items():
            if other.startswith(name.removesuffix(".json") + "_page_"):
                posts += page["post_stream"]["posts"]
        assert [post["id"] for post in posts] == topic["post_stream"]["stream"]
        assert topic["posts_count"] == len(posts)
        streams += len(posts) > 20
    assert streams > 0


def test_topics_are_exported_again_only_when_they_changed():
    first, last = WEEK.starts_at(story.ZONE), WEEK.ends_at(story.ZONE)
    text = f"{first:%Y-%m-%dT%H}", f"{last:%Y-%m-%dT%H}"
    for file in discourse.topic_files(WEEK):
        if "_page_" in file.name:
            continue
        topic = json.loads(file.content)
        moments = [post["updated_at"] for post in topic["post_stream"]["posts"]]
        moments.append(topic["last_posted_at"])
        assert max(moments) >= text[0]
        assert min(moments) < text[1]


def test_likes_are_the_action_with_id_two(topics):
    actions = [
        action
        for topic in topics.values()
        for post in topic["post_stream"]["posts"]
        for action in post["actions_summary"]
    ]

    assert {action["id"] for action in actions} == {2}


def test_posts_are_html_and_name_a_parent_only_in_replies(topics):
    for topic in topics.values():
        for post in topic["post_stream"]["posts"]:
            assert post["cooked"].startswith("<p>")
            parent = post["reply_to_post_number"]
            assert parent is None or 1 < parent < post["post_number"]


def test_reddit_authors_that_left_have_no_fullname():
    deleted = [
        row
        for label in ("2026-W20", "2026-W30", "2026-W44")
        for row in _lines(reddit.comments_file(ReportingWeek.parse(label)).content)
        if row["author"] == "[deleted]"
    ]

    assert deleted
    assert all("author_fullname" not in row for row in deleted)


def test_reddit_edits_are_false_or_a_moment():
    rows = _lines(reddit.comments_file(WEEK).content)
    kinds = {type(row["edited"]) for row in rows}

    assert kinds == {bool, float}
    assert not any(row["edited"] is True for row in rows)


def test_reddit_comments_hang_on_a_submission_or_a_comment():
    rows = _lines(reddit.comments_file(WEEK).content)

    assert {row["parent_id"][:3] for row in rows} == {"t1_", "t3_"}
    assert all(row["created"] - row["created_utc"] == 28_800 for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


def test_contacts_header_and_addresses():
    text = web.contacts_file(WEEK).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))

    assert text.splitlines()[0] == (
        "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date,"
        "Associated Company,Contact owner,Lifecycle Stage,Original Source,"
        "Original Source Drill-Down 1,Original Source Drill-Down 2"
    )
    assert all(
        not row["Email"] or row["Email"].endswith("@example.org") for row in rows
    )
    assert any(not row["Email"] for row in rows)


@pytest.mark.parametrize("table", sorted(programme.HEADERS))
def test_programme_headers_equal_the_templates(table):
    template = files("heartshare.exports").joinpath("templates", f"{table}.csv")

    assert programme.HEADERS[table] == template.read_text("utf-8").strip()


def test_programme_logs_grow_from_week_to_week():
    def sizes(week: ReportingWeek) -> list[int]:
        return [len(file.content) for file in programme.weekly_files(week)]

    earlier, later = sizes(WEEK), sizes(WEEK.shift(2))
    assert all(a < b for a, b in zip(earlier, later, strict=True))


def test_theme_weights_add_up_to_one():
    assert sum(theme.weight for theme in story.THEMES) == pytest.approx(1.0)
