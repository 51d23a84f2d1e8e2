"""A cell becomes a value of its type, or rejects its row with a code."""

# ruff: noqa: DTZ001 - moments in the warehouse are naive UTC

import itertools
import json
from datetime import date, datetime

import pytest

from heartshare.exports.contract import load_contracts
from heartshare.exports.contract_types import Column, ContractTable, NumberFormat
from heartshare.exports.conversion import typed_select
from heartshare.exports.inspection import inspect_file


@pytest.fixture
def read(warehouse):
    def reader(cell, type_code, numbers=None, **options):
        column = Column("value", type_code, {"value": "en"}, **options)
        table = ContractTable("t", "one row", (column,), present=("value",))
        warehouse.execute(
            "create or replace temp table cells as "
            "select 0 as _file_number, 1 as _row_number, ?::varchar as value, "
            "null::varchar as _extra",
            [cell],
        )
        select = typed_select(table, numbers or NumberFormat(), "cells")
        (row,) = warehouse.execute(f"select value, _reject from ({select})").fetchall()
        return row[1]["reason_code"] if row[1] else row[0]

    return reader


@pytest.mark.parametrize(
    ("cell", "type_code", "value"),
    [
        ("1,234,567", "bigint", 1234567),
        ("424.0", "bigint", 424),
        ("-3", "bigint", -3),
        ("0", "bigint", 0),
        (None, "bigint", None),
        ("424.6", "bigint", "not_a_whole_number"),
        ("1e3", "bigint", "not_a_whole_number"),
        ("1,23", "bigint", "not_a_whole_number"),
        ("99999999999999999999", "bigint", "not_a_whole_number"),
        ("1.2K", "bigint", "not_a_whole_number"),
        ("0.5", "double", 0.5),
        ("2.5E-3", "double", 0.0025),
        ("50%", "double", 0.5),
        ("50", "percent", 0.5),
        ("50 %", "percent", 0.5),
        ("nan", "double", "not_a_number"),
        ("inf", "double", "not_a_number"),
        ("Yes", "boolean", True),
        ("0", "boolean", False),
        ("perhaps", "boolean", "not_a_boolean"),
        ("1585066305.5", "epoch_seconds", datetime(2020, 3, 24, 16, 11, 45, 500000)),
        ("9" * 20, "epoch_seconds", "not_a_moment"),
    ],
)
def test_cell_of_a_type(read, cell, type_code, value):
    assert read(cell, type_code) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.234", 1234), ("1.234,5", "not_a_whole_number"), ("12,0", 12)],
)
def test_language_decides_on_the_thousands_mark(read, cell, value):
    assert read(cell, "bigint", NumberFormat(".", ",")) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-03-02T10:00:00Z", datetime(2026, 3, 2, 10)),
        ("2026-03-02T10:00:00.123+01:00", datetime(2026, 3, 2, 9, 0, 0, 123000)),
        ("2026-07-02 10:00", datetime(2026, 7, 2, 9)),
        ("2026-01-02", datetime(2026, 1, 2)),
        ("2026-02-30T10:00:00Z", "not_a_moment"),
        ("infinity", "not_a_moment"),
        ("epoch", "not_a_moment"),
    ],
)
def test_moment_becomes_utc(read, cell, value):
    assert read(cell, "timestamp", formats=("iso",), zone="Europe/Dublin") == value


def test_day_must_exist_and_fit_the_declared_form(read):
    forms = ("%a, %b %d, %Y",)
    assert read("Fri, Apr 24, 2026", "date", formats=forms) == date(2026, 4, 24)
    assert read("Fri, Apr 31, 2026", "date", formats=forms) == "not_a_date"
    assert read("2026-04-24", "date", formats=forms) == "not_a_date"


def test_year_of_two_digits_is_never_one_of_the_first_century(read):
    both = ("%m/%d/%Y", "%m/%d/%y")
    assert read("10/1/15", "date", formats=both) == date(2015, 10, 1)
    assert read("10/1/2015", "date", formats=both) == date(2015, 10, 1)
    assert read("10/1/15", "date", formats=("%m/%d/%Y",)) == "not_a_date"
    moment = {"formats": ("%m/%d/%Y %H:%M",), "zone": "America/Los_Angeles"}
    assert read("3/15/24 14:30", "timestamp", **moment) == "not_a_moment"


def test_cell_with_a_date_is_read_wherever_workbooks_are(read):
    for contract in load_contracts():
        if {"xls", "xlsx"}.isdisjoint(contract.formats):
            continue
        for column in itertools.chain(*(table.columns for table in contract.tables)):
            if column.type_code in {"date", "timestamp"} and not column.lacks_year:
                forms = column.read_as(column.format_choices).formats
                value = read("2026-03-02", column.type_code, formats=forms)
                assert isinstance(value, date), (contract.code, column.name)


def test_blank_key_and_unexpected_form(read):
    assert read(None, "text", is_key=True, is_required=True) == "missing_key"
    assert read(None, "text", is_required=True) == "missing_value"
    assert read("12a", "text", pattern="[0-9]+") == "unexpected_form"


def test_quote_in_a_contract_stays_text(read):
    assert read("it's", "text", not_reported=("it's",)) is None


def test_row_that_is_not_proven_public_is_rejected_without_its_words(write, tmp_path):
    folder = tmp_path / "contracts" / "desk"
    folder.mkdir(parents=True)
    (folder / "notes.yml").write_text(
        "title: t\nversion: 1\nconfidence: indicative\nfile: {formats: [json]}\n"
        "tables:\n  desk__notes:\n    grain: one row per note\n    restated: no\n"
        "    records: [{path: '[]', present: [id]}]\n    reject_rows:\n"
        "      - {code: not_public, reason: is not for everybody, "
        "unless: {seen_by: everybody}}\n"
        "      - {code: not_public, reason: is locked, when: {is_locked: 'true'}}\n"
        "    columns:\n      id: {key: true}\n      seen_by: {path: seen}\n"
        "      is_locked: {path: locked, type: boolean, optional: true}\n"
        "      note_text: {path: text}\n"
    )
    notes = [
        {"id": 1, "seen": "everybody", "text": "hello"},
        {"id": 2, "seen": "family", "text": "secret"},
        {"id": 3, "seen": None, "text": "secret"},
        {"id": 4, "seen": "everybody", "locked": True, "text": "secret"},
    ]
    path = write("notes.json", json.dumps(notes))
    found = inspect_file(path, contracts=load_contracts(tmp_path / "contracts"))
    assert (found.rows_in, found.rows_good) == (4, 1)
    assert [(r.row_number, r.reason_code, r.value_text) for r in found.rejects] == [
        (2, "not_public", "***"),
        (3, "not_public", "***"),
        (4, "not_public", "***"),
    ]
    assert "secret" not in repr(found)
