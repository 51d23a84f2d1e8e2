"""Imports point one way, and every heavy library has one owner."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "plugins" / "heartshare"

#: Library -> the modules (or packages) that may import it.
OWNERS = {
    "airflow": ("orchestration", "ui"),
    "fastapi": ("ui",),
    "dbt": ("orchestration.dbt_runner", "orchestration.dbt_manifest"),
    "great_expectations": ("quality",),
    "sqlalchemy": ("quality", "ui.erasing"),
    "duckdb": ("warehouse", "quality.dialect"),
    "vaderSentiment": ("listening.lexicon",),
    "eldc": ("listening.language",),
    "jinja2": ("reporting.rendering.render", "ui.pages"),
    "typst": ("reporting.rendering.render",),
    "resvg_py": ("reporting.rendering.render",),
    "css_inline": ("reporting.rendering.render",),
    "babel": (
        "language",
        "reporting.wording",
        "reporting.editions.sums",
        "reference.messages",
    ),
    "xlrd": ("exports",),
    "xlwt": ("demo",),
    "aiosmtpd": ("demo",),
}


@cache
def _imports(path: Path, *, typing_only: bool) -> set[str]:
    """Top-level packages that a module imports; type-only imports on request."""
    tree = ast.parse(path.read_text())
    guarded = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for node in ast.walk(block)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in guarded and not typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def test_imports_point_one_way():
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_heavy_library_has_one_owner(library):
    strangers = [
        _name(path)
        for path in _modules()
        if library in _imports(path, typing_only=False)
        and not any(
            f"{_name(path)}.".startswith(f"{owner}.") for owner in OWNERS[library]
        )
    ]
    assert strangers == []


def test_package_files_hold_a_docstring_and_nothing_else():
    crowded = [
        _name(path)
        for path in PACKAGE.rglob("__init__.py")
        if len(ast.parse(path.read_text()).body) != 1
    ]
    assert crowded == []


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_module_says_what_it_answers(path):
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_cheap_modules_load_no_heavy_library():
    code = (
        "import sys, heartshare.weeks, heartshare.settings, heartshare.quality.gate, "
        "heartshare.exports.contract, heartshare.orchestration.dbt_runner;"
        "print(sorted({'airflow', 'dbt', 'great_expectations', 'pandas'} "
        "& set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "[]"
