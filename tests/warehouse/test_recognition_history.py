"""Does what was recognised stay, whatever arrives or is taken back afterwards?

Four employees on Reddit: their pieces, whom they answered, and downloads of their
links, landed file by file. The first half-year froze with 7 July in Dublin.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import TYPE_CHECKING, Any

import pytest
from warehouse.small_histories import build, comment, crawl, rows, seed, table

if TYPE_CHECKING:
    from pathlib import Path

MODELS = ("+fct_recognition_ledger", "+agg_halfyear_recognition")
PLACES = (
    "select rank_number, person_key, impact_points, is_recognised, is_vacant, "
    "adjustment_note from marts.agg_halfyear_recognition "
    "where period_start = date '2026-01-01' order by rank_number"
)
LEDGER = (
    "select entry_number, entered_on::varchar, entry_kind_code, award_number, "
    "award_count, piece_count, fingerprint_text_key "
    "from marts.fct_recognition_ledger order by person_key, entry_number"
)
EMPTY = (
    "Whoever was recognised here takes part no more and is not named; the place stays "
    "empty."
)
HEADER = (
    "employee_code,display_name,team_name,has_opted_in,opted_in_on,platform_code,"
    "account_id,account_handle,email"
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("recognition")
    seed(home)
    return home


def at(month: int, day: int, hour: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def person(name: str) -> str:
    return md5(f"reddit|t2_{name}".encode(), usedforsecurity=False).hexdigest()


def roster(folder: Path, name: str, **has_opted_in: bool) -> Path:
    lines = [
        f"e-{one},{one},parks,{str(agreed).lower()},2026-01-01,reddit,t2_{one},{one},"
        for one, agreed in has_opted_in.items()
    ]
    return table(folder, name, HEADER, lines)


def downloads(folder: Path, name: str, **counts: int) -> Path:
    header = (
        "downloaded_at,asset_name,page_url,utm_source,utm_medium,utm_campaign,"
        "utm_content,contact_record_id"
    )
    lines = [
        f"2026-05-{number + 1:02}T10:00:00Z,plan.pdf,/,linkedin,social,plan,e-{one},"
        for one, count in counts.items()
        for number in range(count)
    ]
    return table(folder, name, header, lines)


def piece(number: int, moment: datetime, thread: str = "quay") -> dict[str, Any]:
    words = f"Part {number} of what we learnt on the quay this year. " * 7
    return comment(number, "ada", words, moment, thread=thread)


def talk(number: int, moment: datetime) -> list[dict[str, Any]]:
    """Oona asks, dov answers, oona answers back: a thread of its own."""
    first, second, third = (
        comment(
            number + step,
            author,
            "When does the ferry leave?",
            moment + timedelta(hours=step),
            thread=f"ferry{number}",
            parent=f"t1_c{number + step - 1}" if step else None,
        )
        for step, author in enumerate(("oona", "dov", "oona"))
    )
    return [first, second, third]


def files(folder: Path) -> dict[str, tuple[Path, str, datetime]]:
    """Every file that is ever landed, by what it brings."""
    everybody = {"ada": True, "ben": True, "cem": True, "dov": True}
    early = [piece(day - 20, at(2, day, 9)) for day in range(21, 25)]
    fifth = [*early, piece(5, at(3, 3, 9))]
    gone = [
        row | {"author": "[deleted]", "author_fullname": None, "body": "[deleted]"}
        if row["id"] in {"c2", "c3"}
        else row
        for row in fifth
    ]
    late_talks = [row for number in (300, 400, 500) for row in talk(number, at(6, 3))]
    counts = {"ada": 3, "ben": 2, "cem": 1}
    return {
        "roster": (roster(folder, "one.csv", **everybody), "programme", at(1, 5)),
        "four": (crawl(folder, early, "four.ndjson"), "reddit", at(3, 2)),
        "fifth": (crawl(folder, fifth, "fifth.ndjson"), "reddit", at(3, 9)),
        "talk": (crawl(folder, talk(200, at(6, 2)), "talk.ndjson"), "reddit", at(6, 8)),
        "downloads": (downloads(folder, "d.csv", **counts), "programme", at(6, 8)),
        "late piece": (
            crawl(folder, [piece(9, at(2, 23, 9), "pier")], "pier.ndjson"),
            "reddit",
            at(7, 10),
        ),
        "late talks": (crawl(folder, late_talks, "talks.ndjson"), "reddit", at(7, 10)),
        "late downloads": (
            downloads(folder, "late.csv", **counts | {"cem": 6}),
            "programme",
            at(7, 10),
        ),
        "opt-out": (
            roster(folder, "two.csv", **everybody | {"ben": False}),
            "programme",
            at(7, 11),
        ),
        "withdrawal": (crawl(folder, gone, "gone.ndjson"), "reddit", at(7, 14)),
    }


def test_what_was_recognised_stays_whatever_comes_after_the_freeze(home: Path) -> None:
    landed = files(home)
    timely = [landed[name] for name in ("roster", "four", "fifth", "talk", "downloads")]
    opened = build(
        home, "one", timely[:3], MODELS, week="2026-03-02", as_of="2026-03-16"
    )
    first_entries = rows(opened, LEDGER)
    assert [entry[:6] for entry in first_entries] == [
        (1, "2026-03-03", "award", 1, 1, 5)
    ]
    frozen = build(home, "one", timely, MODELS, week="2026-06-29", as_of="2026-07-08")
    assert rows(frozen, LEDGER) == first_entries
    assert rows(frozen, PLACES) == [
        (1, person("ada"), 9.0, True, False, None),
        (2, person("ben"), 6.0, True, False, None),
        (3, person("cem"), 3.0, True, False, None),
        (4, person("dov"), 1.0, False, False, None),
    ]
    after = build(
        home, "one", [*landed.values()], MODELS, week="2026-07-13", as_of="2026-07-27"
    )
    assert rows(after, PLACES) == [
        (1, person("ada"), 9.0, True, False, None),
        (2, None, None, False, True, EMPTY),
        (3, person("cem"), 3.0, True, False,
         "After the freeze the impact became 18.000; the ranking stays."),
        (4, person("dov"), 1.0, False, False,
         "After the freeze the impact became 4.000; the ranking stays."),
    ]  # fmt: skip
    # The late piece made six of five; two were withdrawn, which leaves four.
    later_entries = rows(after, LEDGER)
    assert later_entries[:1] == first_entries
    assert [entry[:6] for entry in later_entries[1:]] == [
        (2, "2026-07-14", "reversal", 1, 0, 4)
    ]
