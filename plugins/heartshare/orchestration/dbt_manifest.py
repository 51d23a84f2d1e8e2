"""How is a dbt project parsed once instead of at every call?

dbt parses the whole project whenever a variable changed, and ours change every week,
although no variable decides which models there are. What dbt parsed is therefore kept
beside its manifest, under a key of all that parsing depends on.
"""

from __future__ import annotations

import gc
import hashlib
import logging
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

LOGGER = logging.getLogger(__name__)
#: What decides a figure; target, logs and documents do not, and tests only ask.
PARSED = ("dbt_project.yml", "models", "macros", "seeds", "snapshots", "analyses")
_KEPT_IN_MEMORY = 4
_in_memory: dict[str, bytes] = {}


def digest_files(project: Path, parts: tuple[str, ...] = PARSED) -> str:
    """Return one digest over the names and bytes of a project's files and folders."""
    total = hashlib.sha256()
    for part in parts:
        root = project / part
        files = [root] if root.is_file() else sorted(root.rglob("*"))
        for path in files:
            if path.is_file():
                name = path.relative_to(project).as_posix()
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                total.update(f"{name} {digest}\n".encode())
    return total.hexdigest()


def parsing_key(project: Path, warehouse: Path) -> str:
    """Return the key of a parsed project: its files, place, database and dbt itself.

    dbt writes the project's folder and the database's name into each node.
    """
    parts = (
        digest_files(project, (*PARSED, "tests", "profiles.yml", "selectors.yml")),
        project.resolve().as_posix(),
        warehouse.stem,
        version("dbt-core"),
        version("dbt-duckdb"),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def invoke_parsed(
    arguments: Sequence[str],
    *,
    project: Path,
    warehouse: Path,
    target: Path,
    callbacks: Sequence[Callable[[Any], None]] = (),
) -> dbtRunnerResult:
    """Call dbt in this process, parsing only what was not parsed under the same key.

    ``arguments`` name the same project and target folder; the environment holds what
    the project's profile reads.
    """
    from dbt.cli.main import dbtRunner

    key = parsing_key(project, warehouse)
    manifest = recall_manifest(target, key)
    # The graph, the manifest and the results would be written whole at every call; of
    # these the manifest alone is read, and is there from the first.
    written = "--write-json" if manifest is None else "--no-write-json"
    if manifest is None:
        _drop(target)  # none of them goes with the manifest.json that dbt now writes
    gc.freeze()  # a parsed project is large, lives on, and would be searched each time
    try:
        answer = dbtRunner(manifest, list(callbacks)).invoke([written, *arguments])
    finally:
        gc.unfreeze()
    # Where dbt gave up, what lies there may be of the project as it was before.
    if manifest is None and answer.result is not None:
        keep_manifest(target, key)
    return answer


def recall_manifest(target: Path, key: str) -> Manifest | None:
    """Return the project as it was parsed under a key; None when it has to be parsed.

    Each call returns a manifest of its own, because dbt changes what it is given. The
    target folder then holds manifest.json, as after parsing.
    """
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder, write_manifest

    path = _path(target, key)
    packed = _in_memory.get(key) or _read(path)
    if packed is None:
        return None
    try:
        manifest = Manifest.from_msgpack(packed, decoder=extended_mashumuro_decoder)
    except Exception as error:  # whatever is wrong with it, parsing helps
        LOGGER.warning("The kept dbt manifest cannot be read, parsing anew: %s", error)
        return None
    if not (path.is_file() and (target / "manifest.json").is_file()):
        target.mkdir(parents=True, exist_ok=True)
        write_manifest(manifest, str(target))
    _keep(path, key, packed)
    return manifest


def keep_manifest(target: Path, key: str) -> None:
    """Keep what dbt has just parsed into a target folder, and drop what was kept."""
    packed = _read(target / "partial_parse.msgpack")
    if packed is not None:
        _keep(_path(target, key), key, packed)


def _path(target: Path, key: str) -> Path:
    return target / f"parsed-{key}.msgpack"


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _keep(path: Path, key: str, packed: bytes) -> None:
    if not path.is_file():
        write_whole(path, packed)
    _drop(path.parent, but=path)
    _in_memory.pop(key, None)
    _in_memory[key] = packed
    while len(_in_memory) > _KEPT_IN_MEMORY:
        _in_memory.pop(next(iter(_in_memory)))


def _drop(target: Path, but: Path | None = None) -> None:
    for kept in target.glob("parsed-*.msgpack"):
        if kept != but:
            kept.unlink()
