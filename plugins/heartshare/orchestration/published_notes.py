"""What do the models say of the tables that are published? From dbt's manifest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.orchestration.dbt_runner import has_target
from heartshare.warehouse.dictionary import TableNotes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heartshare.settings import Settings

#: Tests that say which columns identify a row.
_IDENTIFYING = ("unique", "unique_pair")


def published_notes(settings: Settings) -> dict[str, TableNotes]:
    """Return description, columns and key of every published table, by its name.

    A key is the smallest set of columns that a test declares unique; none where no
    test does.

    Raises:
        InputError: the project has not been built yet.
    """
    if not has_target(settings):
        raise InputError("The marts were never built. Run `heartshare build`.")
    path = settings.home / "dbt" / "target" / "manifest.json"
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"]
    keys = _keys(nodes.values())
    return {
        node["alias"]: TableNotes(
            _line(node["description"]),
            {
                column["name"]: _line(column["description"])
                for column in node["columns"].values()
            },
            keys.get(name, ()),
        )
        for name, node in sorted(nodes.items())
        if node["config"].get("meta", {}).get("publish")
    }


def _keys(nodes: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for node in nodes:
        test = node.get("test_metadata") or {}
        model = node.get("attached_node")
        if model and test.get("name") in _IDENTIFYING:
            columns = test["kwargs"].get("columns") or [node["column_name"]]
            found.setdefault(model, []).append(tuple(columns))
    return {
        model: min(keys, key=lambda key: (len(key), key))
        for model, keys in found.items()
    }


def _line(text: str) -> str:
    return " ".join(text.split())
