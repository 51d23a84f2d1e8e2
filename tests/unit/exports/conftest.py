"""An empty warehouse, a landing folder, and the hand-written exports."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heartshare.exports.landing import land_file, load_landing
from heartshare.warehouse.connections import open_memory

FIXTURES = Path(__file__).parents[2] / "fixtures" / "exports"
EXPORTED_AT = datetime(2026, 3, 16, 3, 0, tzinfo=UTC)


@pytest.fixture
def fixtures():
    return FIXTURES


@pytest.fixture
def warehouse():
    with open_memory() as connection:
        yield connection


class Desk:
    """Lands and loads files, then answers queries as lists of dictionaries."""

    def __init__(self, connection, landing_dir):
        self.connection = connection
        self.landing_dir = landing_dir
        self.summary = None

    def load(self, *paths, source_name="source_a", exported_at=EXPORTED_AT):
        for path in paths:
            land_file(path, source_name, self.landing_dir, exported_at)
        self.summary = load_landing(self.connection, self.landing_dir)
        return self

    def rows(self, query):
        result = self.connection.execute(query)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def one(self, query):
        (row,) = self.rows(query)
        return row

    def rejects(self):
        return self.rows(
            "select table_name, row_number, column_name, value_text, reason_code "
            "from raw.rejected_rows order by all"
        )

    def manifest(self):
        return self.rows("select * from raw.export_manifest order by original_name")


@pytest.fixture
def desk(warehouse, tmp_path):
    return Desk(warehouse, tmp_path / "landing")


@pytest.fixture
def write(tmp_path):
    """Write bytes or text to a file of the temporary folder."""

    def writer(name, content, encoding="utf-8"):
        path = tmp_path / "given" / name
        path.parent.mkdir(exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode(encoding)
        path.write_bytes(data)
        os.utime(path, (EXPORTED_AT.timestamp(),) * 2)
        return path

    return writer
