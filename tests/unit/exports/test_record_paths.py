"""Record paths lead to every record, however deep, and to nothing else."""

import json

import pytest

from heartshare.exports.contract import load_contracts
from heartshare.exports.errors import ContractError
from heartshare.exports.json_records import BrokenRecord, JsonDocument
from heartshare.exports.record_paths import records_at, steps_of

PAGE = {
    "items": [
        {"n": 1, "kind": "a", "below": [{"n": 2, "below": [{"n": 3}]}, {"n": 4}]},
        {"n": 5, "kind": "b", "below": ""},
        {"n": 6, "kind": "a"},
        "no object",
    ]
}


def numbers(path, below=()):
    found = records_at(PAGE, path, below)
    return [each["n"] for each in found if isinstance(each, dict)]


@pytest.mark.parametrize(
    ("path", "below", "expected"),
    [
        ("items[]", (), [1, 5, 6]),
        ("items[kind=a]", (), [1, 6]),
        ("items[kind=c]", (), []),
        ("items[].below[]", (), [2, 4]),
        ("items[kind=a].below[].below[]", (), [3]),
        ("items[]", "below[]", [1, 2, 3, 4, 5, 6]),
        ("missing[]", "below[]", []),
        ("items.below[]", (), []),
    ],
)
def test_records_stand_where_the_path_says(path, below, expected):
    assert numbers(path, below) == expected


def test_outermost_array_is_walked_like_any_other():
    pages = [PAGE, {"items": [{"n": 7}]}]
    found = records_at(pages, "[].items[]")
    assert [each["n"] for each in found if isinstance(each, dict)] == [1, 5, 6, 7]


def test_records_may_lie_deeper_than_calls_may_go():
    leaf = {"n": 0}
    for _ in range(5_000):
        leaf = {"n": 1, "below": [leaf]}
    assert sum(1 for _ in records_at([leaf], "[]", "below[]")) == 5_001


def test_optional_object_is_a_record_only_where_there_is_one():
    quoted = {"n": 2, "copy": {"n": 3}, "quote": None}
    posts = [{"n": 1, "copy": None, "quote": {"state": "shown", "of": quoted}}]
    below = ("copy?", "quote?.of?")
    assert [each["n"] for each in records_at(posts, "[]", below)] == [1, 2, 3]
    assert list(records_at(posts, "[].copy?")) == []
    assert list(records_at(posts, "[].copy")) == [None]


def test_leaf_stands_in_what_holds_the_records():
    gone = {"type": "a.gone", "n": 9}
    tree = {"type": "a.node", "it": {"n": 1}, "replies": [gone], "parent": gone}
    tree["replies"].append({"type": "a.node", "it": {"n": 2}, "replies": []})
    tree["parent"] = {"type": "a.node", "it": {"n": 3}}
    found = records_at({"tree": tree}, "tree", ("replies[]", "parent?"), "it?")
    assert [each["n"] for each in found] == [1, 2, 3]


def test_pick_of_an_object_takes_it_or_leaves_it():
    posts = [{"to": {"type": "a.post", "n": 1}}, {"to": {"type": "a.gone", "n": 2}}]
    found = records_at(posts, "[].to?[type=a.post]")
    assert [each["n"] for each in found] == [1]


@pytest.mark.parametrize("path", ["a..b", "a[", "a]b", "a[=x]", "."])
def test_path_that_is_none_is_refused(path):
    with pytest.raises(ValueError, match=r"."):
        steps_of(path)


def test_contract_with_such_a_path_is_refused(tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "items.yml").write_text(
        "title: t\nversion: 1\nconfidence: indicative\nfile: {formats: [json]}\n"
        "tables:\n  desk__items:\n    grain: one row per item\n    restated: no\n"
        "    records:\n      - {path: 'a[', present: [n]}\n"
        "    columns:\n      item_id: {path: n, key: true}\n"
    )
    with pytest.raises(ContractError, match="no record path"):
        load_contracts(tmp_path)


def test_lines_keep_their_number_and_broken_ones_are_never_skipped():
    lines = [json.dumps({"kind": "a", "data": {"n": n}}) for n in (1, 2)]
    document = JsonDocument(f'{lines[0]}\n\n{lines[1]}\n{{"kind": "a', "x.ndjson")
    found = list(document.records("[kind=a].data"))
    assert [number for number, _ in found] == [1, 3, 4]
    assert isinstance(found[-1][1], BrokenRecord)


def test_a_path_below_that_leads_nowhere_ends_there():
    nested = {"id": 1, "answers": {"id": 2, "answers": None}}
    found = list(records_at([nested, {"id": 3}, 7], "[]", "answers"))
    assert found == [nested, {"id": 2, "answers": None}, {"id": 3}, 7]
