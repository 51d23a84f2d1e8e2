"""Real exports, where they are at hand, are read without the loss of a row."""

import csv
import json
from pathlib import Path

import pytest

from heartshare.exports.errors import UnrecognisedExportError
from heartshare.exports.inspection import inspect_file

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
CONTRACTS = {
    "discourse_api": {"discourse/topic"},
    "facebook_insights_legacy": {"facebook/insights_posts"},
    "ga4": {"ga4/report_rows"},
    "mastodon_api": {"mastodon/api"},
    "mastodon_archive": {"mastodon/archive"},
    "meta_business_suite": {"facebook/posts", "instagram/posts"},
    "reddit": {"reddit/submissions", "reddit/comments"},
    "slack_api": {"slack/api"},
    "stackexchange_api": {"stackexchange/questions"},
    "tiktok_studio": {"tiktok/content"},
    "twitter_api_v1": {"x/search"},
    "x_analytics_current": {"x/posts", "x/daily_overview"},
    "x_analytics_legacy": {"x/tweet_activity"},
    "youtube_studio": {"youtube/studio"},
}
#: Neither has a record of ours: versions of a status without its id, and hashtags.
UNKNOWN = {
    "status_history_edits_mastodon_social.json",
    "trends_tags_mastodon_social.json",
}
#: The array stands there twice, once empty. The table came out of its zip, whose name
#: said of which days it is.
DRIFT = {
    "outbox_dealingwith_excerpt.json": {"duplicate_keys": ["orderedItems"]},
    "Tabellendaten_excerpt.csv": {
        "without_period": [
            (
                "youtube__videos counts nowhere until the name of the file states its "
                "days, such as 2026-03-02_2026-03-08"
            )
        ]
    },
}
FILES = sorted(SAMPLES.glob("*/*")) if SAMPLES.is_dir() else []

pytestmark = pytest.mark.skipif(not FILES, reason="the folder of samples is absent")


def records(path):
    """Count the records of a file with other means than the engine's."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".ndjson":
        return len([line for line in text.splitlines() if line.strip()])
    if path.suffix == ".json":
        return _in_json(path.parent.name, json.loads(text))
    rows = [row for row in csv.reader(text.splitlines(keepends=True)) if any(row)]
    if path.parent.name == "ga4":
        return sum(row[0][0] != "#" and row[1][0].isdigit() for row in rows)
    header_rows = 2 if path.parent.name == "facebook_insights_legacy" else 1
    return len(rows) - header_rows


def _in_json(folder, root):
    if folder == "slack_api":
        return len(root.get("messages") or root.get("members") or [root["channel"]])
    if folder == "stackexchange_api":
        parts = [part for item in root["items"] for part in _parts(item)]
        return len(root["items"]) + len(parts)
    if folder.startswith(("mastodon", "twitter")):
        return _social(root)
    topics = root.get("topic_list", {}).get("topics", [])
    return len(topics) or 1 + len(root["post_stream"]["posts"])


def _social(root):
    """Count statuses at any depth, activities, and groups of notifications."""
    if isinstance(root, list):
        return sum(map(_social, root))
    if not isinstance(root, dict):
        return 0
    marks = ({"uri", "visibility"}, {"id_str", "retweet_count"}, {"group_key"})
    is_record = root.get("type") == "Create" or any(
        mark <= root.keys() for mark in marks
    )
    # A quoted tweet is no record: it may be one that the search did not ask for.
    kept = {"retweeted_status"} if "retweet_count" in root else root.keys()
    return is_record + sum(_social(root[key]) for key in kept & root.keys())


def _parts(post):
    """Return everything that hangs below a question or an answer."""
    below = [*post.get("answers", []), *post.get("comments", [])]
    return below + [part for each in below for part in _parts(each)]


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_sample_is_read_without_loss_or_refused_as_unknown(path):
    expected = CONTRACTS.get(path.parent.name)
    if expected is None or path.name in UNKNOWN:
        with pytest.raises(UnrecognisedExportError):
            inspect_file(path)
        return
    inspection = inspect_file(path)
    assert inspection.contract in expected
    assert inspection.rows_in == inspection.rows_good + inspection.rows_rejected
    totals = sum(table.rows_totals for table in inspection.tables)
    assert inspection.rows_in + totals == records(path)
    assert all(reject.reason_code for reject in inspection.rejects)
    assert inspection.rows_rejected == ("mh4u" in path.name)
    assert inspection.drift == DRIFT.get(path.name, {})
