"""Does as_of bring back what was known then, and does a link taken back leave no trace?

Small histories of a forum thread and a Reddit thread, landed file by file.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from warehouse import small_histories
from warehouse.dbt_builds import rows_by_table
from warehouse.small_histories import comment, crawl, rows, seed, table

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "reddit"
WEEK = "2026-02-23"
THEN, NOW = "2026-03-05 00:00:00", "2026-03-09 00:00:00"
FIRST_CRAWL = datetime(2026, 3, 2, 3, tzinfo=UTC)
SECOND_CRAWL = datetime(2026, 3, 6, 3, tzinfo=UTC)
#: What people did, who they are, what is gone, and figures made of it.
MODELS = (
    "+fct_deletions",
    "+fct_funnel_transitions",
    "+bdg_people_accounts",
    "+agg_weekly_dialogue",
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("seeded")]

FIRST = [
    comment(
        number,
        author,
        f"The quay is lovely, part {number}.",
        datetime(2026, 2, 24, 8 + number, tzinfo=UTC),
    )
    for number, author in enumerate(("ida", "ben", "oona", "ida", "cem", "dov"))
]
#: ben took a comment back: no trace of it. dov's stands last, so its absence says
#: nothing; cem left Reddit, and the words stayed.
SECOND = [
    row | {"author": "[deleted]", "author_fullname": None}
    if row["author"] == "cem"
    else row
    for row in FIRST
    if row["author"] not in {"ben", "dov"}
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("history")


@pytest.fixture(scope="module")
def seeded(home: Path) -> Path:
    """An empty warehouse that holds the seeds."""
    return seed(home)


def likes(folder: Path, *names: str) -> Path:
    """Who liked a post of ours on Bluesky, one a minute; none of them wrote a word."""
    listed = [
        {
            "actor": {"did": f"did:plc:{name}", "handle": f"{name}.example.org"},
            "createdAt": f"2026-02-25T08:{minute:02}:00.000Z",
            "indexedAt": f"2026-02-25T08:{minute:02}:01.000Z",
        }
        for minute, name in enumerate(names)
    ]
    path = folder / "likes.json"
    path.write_text(json.dumps({"uri": "at://did:plc:us/post/1", "likes": listed}))
    return path


def links(folder: Path, *lines: str) -> Path:
    header = (
        "action_code,person_code,email,platform_code,account_id,account_handle,"
        "decided_by,decided_on"
    )
    return table(folder, f"people_links_{len(lines)}.csv", header, lines)


def build(
    home: Path,
    name: str,
    files: Sequence[tuple[Path, str, datetime]],
    *,
    week: str = WEEK,
    as_of: str = NOW,
) -> Path:
    return small_histories.build(home, name, files, MODELS, week=week, as_of=as_of)


def test_as_of_brings_back_what_was_known_before_the_later_exports(home: Path) -> None:
    early = (crawl(home, FIRST, "one.ndjson"), "reddit", FIRST_CRAWL)
    late = (crawl(home, SECOND, "two.ndjson"), "reddit", SECOND_CRAWL)
    both = build(home, "both", [early, late], as_of=THEN)
    only = build(home, "only", [early], as_of=THEN)
    assert rows_by_table(both) == rows_by_table(only)
    assert rows(both, "select count(*) from marts.fct_interactions") == [(6,)]
    build(home, "both", [], as_of=NOW)
    assert rows(
        both,
        "select deletion_code, interaction_key = md5('reddit|t1_c1'), last_seen_at, "
        "gone_at from marts.fct_deletions",
    ) == [
        (
            "vanished",
            True,
            FIRST_CRAWL.replace(tzinfo=None),
            SECOND_CRAWL.replace(tzinfo=None),
        )
    ]
    kept = "select count(*), count(person_key) from marts.fct_interactions"
    assert rows(both, kept) == [(5, 4)]


def test_a_link_that_is_taken_back_leaves_no_trace(home: Path) -> None:
    moment = datetime(2026, 2, 20, tzinfo=UTC)
    crawled = [
        (crawl(home, FIRST, "one.ndjson"), "reddit", FIRST_CRAWL),
        (likes(home, "ada", "bo"), "bluesky", FIRST_CRAWL),
    ]
    accounts = ("reddit,t2_ida", "reddit,t2_oona", "bluesky,did:plc:ada")
    lines = [f"link,quill,,{account},,Oona Fern,2026-02-02" for account in accounts]
    made = links(home, *lines)
    taken = links(
        home,
        *lines,
        *(f"unlink,quill,,{account},,Oona Fern,2026-02-09" for account in accounts[1:]),
    )
    never = build(home, "never", crawled)
    linked = build(home, "linked", [*crawled, (made, "programme", moment)])
    people = "select count(*), max(account_count) from marts.dim_people"
    assert rows(never, people) == [(7, 1)]
    assert rows(linked, people) == [(5, 3)]
    assert rows(
        linked,
        "select account_person_key = md5('reddit|t2_ida') as is_ida, rule_code, "
        "confidence_ratio, decided_by from marts.bdg_people_accounts "
        "where decided_by is not null order by is_ida",
    ) == [
        (False, "declared_link", 1.0, "Oona Fern"),
        (False, "declared_link", 1.0, "Oona Fern"),
        (True, "declared_link", 1.0, "Oona Fern"),
    ]
    journeys = "select count(distinct person_key) from marts.fct_funnel_transitions"
    assert rows(never, journeys) == [(7,)]
    assert rows(linked, journeys) == [(5,)]
    named = (
        "select count(*) from marts.fct_funnel_transitions as moves "
        "inner join marts.fct_wordless_acts as acts "
        "on moves.evidence_interaction_keys = acts.act_key "
        "where moves.rule_id = 'observed' and moves.rule_version = 2"
    )
    assert rows(never, named) == [(2,)]
    assert rows(linked, named) == [(1,)]
    shutil.copytree(home / "linked", home / "unlinked")
    later = datetime(2026, 2, 21, tzinfo=UTC)
    unlinked = build(home, "unlinked", [(taken, "programme", later)])
    before, after = figures(never), figures(unlinked)
    assert [name for name in before if before[name] != after[name]] == []


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of samples is absent")
def test_the_real_thread_that_was_crawled_twice_loses_five_comments(
    home: Path,
) -> None:
    """541 comments in 2016, 536 a year later; seven more lost their author."""
    first = datetime(2016, 3, 22, 12, tzinfo=UTC)
    second = datetime(2017, 3, 16, 12, tzinfo=UTC)
    files = [
        (SAMPLES / f"funny_3hahrw_thread_crawl{number}_{kind}.ndjson", "reddit", moment)
        for number, moment in ((1, first), (2, second))
        for kind in ("submissions", "comments")
    ]
    counts = "select count(*), count(person_key) from marts.fct_interactions"
    path = build(home, "real", files, week="2016-03-14", as_of="2016-06-01 00:00:00")
    # 6 of 541 are placeholders; 16 are nobody's, of which the words of 10 stayed.
    assert rows(path, counts) == [(1 + 541 - 6, 1 + 541 - 16)]
    gone = (
        "select deletion_code, count(*) from marts.fct_deletions group by 1 order by 1"
    )
    assert rows(path, gone) == [("withdrawn", 6)]
    build(home, "real", [], week="2016-03-14", as_of="2017-06-01 00:00:00")
    assert rows(path, gone) == [("vanished", 5), ("withdrawn", 7)]
    assert rows(path, counts) == [(1 + 536 - 7, 1 + 536 - 23)]


def figures(warehouse: Path) -> dict[tuple[str, str], list[str]]:
    """Return every built table of the marts, whose rows no book of links is among."""
    return {
        (schema, table): found
        for (schema, table), found in rows_by_table(warehouse).items()
        if schema != "intermediate"
    }
