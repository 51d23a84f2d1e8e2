"""What does each DAG do, in words? docs/dags.md is written from the DAG files.

Reads the files as text: neither Airflow nor their imports are needed.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NOTICE = "<!-- Written by `heartshare docs`. Change the source, then run it again. -->"
_LINE = re.compile(r"^(Reads|Writes|If red)\s+(.+)$", flags=re.MULTILINE)
#: What a schedule means; the expression itself is shown where none is known.
_STARTS = {
    "weekly_schedule()": "Monday 05:00 local time, for the week that has just ended",
    "[DROP_READY]": "when somebody creates `_READY` in the inbox",
    "PartitionedAssetTimetable(assets=RAW_WEEK)": "when `raw_week` is ready for a week",
    "PartitionedAssetTimetable(assets=MARTS_WEEK)": (
        "when `marts_week` is published for a week"
    ),
    "watch_schedule()": "Monday and Tuesday 09:00 local time",
    "maintenance_schedule()": "Sunday 03:30 local time",
}


def dags_page(folder: Path) -> str:
    """Return docs/dags.md: one section per DAG file, by name."""
    lines = [
        "# DAGs",
        "",
        _NOTICE,
        "",
        (
            "`pull_exports` → `raw_week` → `build_marts` → `marts_week` → "
            "`publish_weekly_report`: one week travels as one partition, whose key is "
            "the week's Monday. `publish_editions` waits for the same marts."
        ),
    ]
    for path in sorted(folder.glob("*.py")):
        lines += ["", *_section(path)]
    return "\n".join(lines) + "\n"


def _section(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    text = ast.get_docstring(tree) or ""
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    yield f"## {path.stem}"
    yield ""
    yield text.splitlines()[0]
    yield ast.get_docstring(function) or ""
    yield ""
    yield f"- Starts: {_schedule(function)}"
    tasks = ", ".join(f"`{name}`" for name in _tasks(function))
    yield f"- Tasks: {tasks}"
    for name, value in _LINE.findall(text):
        yield f"- {name}: {_linked(value)}"


def _schedule(function: ast.FunctionDef) -> str:
    for decorator in function.decorator_list:
        for keyword in getattr(decorator, "keywords", []):
            if keyword.arg == "schedule":
                source = ast.unparse(keyword.value)
                return _STARTS.get(source, f"`{source}`")
    return "by hand"


def _tasks(function: ast.FunctionDef) -> list[str]:
    """Return the task ids in the order in which the file names them."""
    found = [
        (node.value.lineno, str(node.value.value))
        for node in ast.walk(function)
        if isinstance(node, ast.keyword)
        and node.arg == "task_id"
        and isinstance(node.value, ast.Constant)
    ]
    return [name for _, name in sorted(found)]


def _linked(value: str) -> str:
    page, hash_sign, anchor = value.removeprefix("docs/").partition("#")
    is_link = value.startswith("docs/") and hash_sign
    return f"[{anchor.replace('-', ' ')}]({page}#{anchor})" if is_link else value
