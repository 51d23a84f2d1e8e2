"""A warehouse of a test that grows file by file and is built as of different days."""

from __future__ import annotations

import json
import shutil
from datetime import UTC
from typing import TYPE_CHECKING, Any

import duckdb
from warehouse.dbt_builds import run_dbt

from heartshare.exports.landing import land_file, load_landing
from heartshare.exports.raw_tables import create_raw_tables, text_columns
from heartshare.listening.score_tables import create_score_tables
from heartshare.listening.scoring import score_new_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path


def seed(home: Path) -> Path:
    """Make an empty warehouse that holds the seeds, of which others are copies."""
    # Of the same name as the copies: dbt parses the project once for each name.
    path = home / "seeded" / "warehouse.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        create_raw_tables(connection)
        create_score_tables(connection)
    assert run_dbt(home, path, "seed").failures() == {}
    return path


def comment(  # noqa: PLR0913 what tells one comment from another
    number: int,
    author: str,
    body: str,
    moment: datetime,
    *,
    thread: str = "quay",
    parent: str | None = None,
) -> dict[str, Any]:
    """Return a comment on a thread of Reddit."""
    return {
        "id": f"c{number}",
        "name": f"t1_c{number}",
        "parent_id": parent or f"t3_{thread}",
        "link_id": f"t3_{thread}",
        "subreddit": "rivermark",
        "author": author,
        "author_fullname": f"t2_{author}",
        "body": body,
        "score": number,
        "created_utc": moment.astimezone(UTC).timestamp(),
        "edited": False,
        "distinguished": None,
        "is_submitter": False,
    }


def crawl(folder: Path, rows: Iterable[dict[str, Any]], name: str) -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def table(folder: Path, name: str, header: str, lines: Iterable[str]) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def build(  # noqa: PLR0913 a build is told apart by its files, models and days
    home: Path,
    name: str,
    files: Sequence[tuple[Path, str, datetime]],
    models: Sequence[str],
    *,
    week: str,
    as_of: str,
) -> Path:
    """Land files into a warehouse of that name, known or new, and build it."""
    landing, path = home / name / "landing", home / name / "warehouse.duckdb"
    if not path.exists():
        path.parent.mkdir()
        shutil.copyfile(home / "seeded" / "warehouse.duckdb", path)
    for file, source, moment in files:
        land_file(file, source, landing, moment)
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        load_landing(connection, landing)
    built = run_dbt(home, path, "run", "--select", *models, week=week, as_of=as_of)
    assert built.failures() == {}
    return path


def build_exports(
    home: Path, exports: Mapping[str, str], exported_at: datetime, models: str
) -> Path:
    """Land texts by source and name, whole and without doubt; score and build them."""
    path = home / "warehouse.duckdb"
    for name, text in exports.items():
        file = home / "inbox" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        land_file(file, file.parent.name, home / "landing", exported_at)
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        summary = load_landing(connection, home / "landing")
        assert (summary.rejections, summary.doubts) == ([], [])
        create_score_tables(connection)
        columns = [(f"raw.{table}", column) for table, column in text_columns()]
        score_new_texts(connection, columns, character_limit=5000)
    seeded = run_dbt(home, path, "seed")
    built = run_dbt(home, path, "run", "--select", models)
    assert (seeded.failures(), built.failures()) == ({}, {})
    return path


def rows(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()
