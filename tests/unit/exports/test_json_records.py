"""Paths lead to values, or to null."""

import pytest

from heartshare.exports.json_records import JsonDocument, has_path, value_at
from heartshare.exports.record_paths import text_of

RECORD = {"a": {"b": 1}, "list": [{"id": 2, "n": 7}, {"id": 3}], "null": None}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b", 1),
        ("a.b.c", None),
        ("a.x", None),
        ("list[id=2].n", 7),
        ("list[id=9].n", None),
        ("a[id=2].n", None),
        ("", RECORD),
    ],
)
def test_value_at_a_path(path, value):
    assert value_at(RECORD, path) == value


def test_null_is_there_and_a_missing_key_is_not():
    assert has_path(RECORD, "null")
    assert not has_path(RECORD, "absent")
    assert not has_path([], "a")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, "true"),
        (18000000000000000001, "18000000000000000001"),
        (1585066305.0, "1585066305.0"),
        ({"b": 1, "a": "é"}, '{"a": "é", "b": 1}'),
    ],
)
def test_text_of_a_value(value, text):
    assert text_of(value) == text


def test_lines_are_numbered_as_they_stand():
    document = JsonDocument('{"a": 1}\n\n{"a": 2}\n', "lines.ndjson")
    assert [number for number, _ in document.records("[]")] == [1, 3]


def test_later_blank_does_not_hide_an_earlier_value():
    document = JsonDocument('{"a": [1], "a": []}', "twice.json")
    assert document.root == {"a": [1]}
    assert document.duplicate_keys == {"a"}
