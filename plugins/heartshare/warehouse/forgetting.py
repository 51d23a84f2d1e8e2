"""How a person leaves what is built already: the warehouse file and every revision.

Rows of the person go; other people's rows stay, without the link to them. Files are
written anew: a database keeps the bytes of deleted rows until it is.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.warehouse.connections import open_memory, open_writer
from heartshare.warehouse.locking import hold_published
from heartshare.warehouse.marts_copy import PERSONAL_LISTS, STORAGE_VERSION, salt_digest
from heartshare.warehouse.orphans import KEPT_SCHEMAS
from heartshare.warehouse.revisions import (
    HIDDEN,
    Revision,
    current,
    digest_of,
    is_readable,
    next_name,
    point_at,
    revisions,
)
from heartshare.warehouse.sql_paths import quoted
from heartshare.warehouse.whole_files import sync

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from heartshare.settings import Settings
    from heartshare.warehouse.connections import Connection


class OtherSaltError(InputError):
    """Revisions hold people under keys that the salt of now does not make."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(
            f"{', '.join(names)}: published under another HEARTSHARE_PERSON_SALT, so "
            "nobody could be found there. Nothing was erased. Publish again, then "
            "remove these folders from published/; or set the salt of before."
        )


def require_same_salt(settings: Settings) -> None:
    """Refuse to forget anybody while revisions are keyed with another salt.

    Raises:
        OtherSaltError: some are.
    """
    digest = salt_digest(settings.person_salt)
    strange = [
        revision.name
        for revision in revisions(settings)
        if is_readable(revision) and revision.is_keyed_otherwise(digest)
    ]
    if strange:
        raise OtherSaltError(strange)


def rewrite_warehouse(settings: Settings, *, wait_seconds: float = 0.0) -> None:
    """Keep the raw tables alone, in a new file: models go, and so do deleted bytes.

    The next build makes all models again. A rewriting that dies leaves the old file.

    Raises:
        WarehouseBusyError: another step writes.
    """
    fresh = settings.warehouse.with_suffix(".forgetting")
    with open_writer(settings, wait_seconds=wait_seconds) as connection:
        fresh.unlink(missing_ok=True)
        for schema in _derived_schemas(connection):
            connection.execute(f'drop schema "{schema}" cascade')
        if _has_builds(connection):
            connection.execute("delete from meta.builds")
        connection.execute("checkpoint")
        name = connection.execute("select current_database()").fetchall()[0][0]
        connection.execute(f"attach {quoted(fresh)} as forgetting")
        connection.execute(f'copy from database "{name}" to forgetting')
        connection.execute("checkpoint forgetting")
        connection.execute("detach forgetting")
        sync(fresh)
        connection.close()
        settings.warehouse.with_name(f"{settings.warehouse.name}.wal").unlink(
            missing_ok=True
        )
        os.replace(fresh, settings.warehouse)  # noqa: PTH105 one step
        sync(settings.home)


def _has_builds(connection: Connection) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = current_database() "
        "and schema_name = 'meta' and table_name = 'builds'"
    ).fetchall()
    return bool(found)


def forget_in_revisions(
    settings: Settings, keys: Collection[str], erasure_id: str
) -> list[str]:
    """Take a person's rows out of every published revision; return those changed.

    ``keys`` are the person's in publications, as ``published_keys`` returns them.
    The current revision is replaced by a new one in one step; an older one, which no
    link leads to, is written anew under its name. Each manifest names the erasure.

    Raises:
        PublicationBusyError: another step publishes.
    """
    with hold_published(settings):
        return _forget_in_each(settings, keys, erasure_id)


def _forget_in_each(
    settings: Settings, keys: Collection[str], erasure_id: str
) -> list[str]:
    changed = []
    now = current(settings)
    for revision in revisions(settings):
        if erasure_id in revision.manifest().get("erasures", ()):
            continue
        is_current = now is not None and revision.name == now.name
        name = next_name(settings) if is_current else revision.name
        hidden = settings.published / f"{HIDDEN}{name}"
        shutil.rmtree(hidden, ignore_errors=True)
        shutil.copytree(revision.path, hidden)
        _make_writable(hidden)
        is_named = _forget_in_tables(hidden, keys)
        _seal(hidden, name, erasure_id)
        _put_in_place(settings, revision, hidden, name)
        if is_named:
            changed.append(revision.name)
    return changed


def published_keys(settings: Settings, person_keys: Collection[str]) -> list[str]:
    """Return what publications write for person keys of the warehouse."""
    with open_memory() as connection:
        rows = connection.execute(
            "select left(sha256(? || '|' || key), 32) from unnest(?) as t(key) "
            "order by all",
            [settings.person_salt, list(person_keys)],
        ).fetchall()
    return [key for (key,) in rows]


def _derived_schemas(connection: Connection) -> list[str]:
    rows = connection.execute(
        "select distinct schema_name from duckdb_schemas() where not internal and "
        "database_name = current_database() and schema_name <> 'main' "
        "order by schema_name"
    ).fetchall()
    return [name for (name,) in rows if name not in KEPT_SCHEMAS]


def _make_writable(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o644)


def _forget_in_tables(folder: Path, keys: Collection[str]) -> bool:
    """Rewrite a revision's database and those Parquet files that named the person."""
    database = folder / "heartshare.duckdb"
    old = folder / "old.duckdb"
    database.rename(old)
    with open_memory() as connection:
        connection.execute("set threads = 1")
        connection.execute(f"attach {quoted(old)} as published")
        touched = _delete_rows(connection, list(keys))
        connection.execute("checkpoint published")
        connection.execute(
            f"attach {quoted(database)} as fresh (storage_version '{STORAGE_VERSION}')"
        )
        connection.execute("copy from database published to fresh")
        for table in touched:
            target = folder / "parquet" / f"{table}.parquet"
            target.unlink()
            connection.execute(
                f'copy (select * from fresh.marts."{table}" order by all) '
                f"to {quoted(target)} (format parquet, compression zstd)"
            )
        connection.execute("checkpoint fresh")
        connection.execute("detach published")
        connection.execute("detach fresh")
    old.unlink()
    return bool(touched)


def _delete_rows(connection: Connection, keys: list[str]) -> list[str]:
    """Delete the person's rows and the links of other rows to them.

    ``person_key`` says whose a row is; a column that only ends so, such as
    ``parent_person_key``, names somebody else in it. Rows about a deleted act go too,
    and lists of evidence lose it.
    """
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() where not internal and "
        "database_name = 'published' and schema_name = 'marts' order by all"
    ).fetchall()
    acts: list[str] = []
    if ("fct_interactions", "person_key") in columns:
        acts = [
            key
            for (key,) in connection.execute(
                "select interaction_key from published.marts.fct_interactions "
                "where list_contains(?, person_key)",
                [keys],
            ).fetchall()
        ]
    statements = [_statement(table, column) for table, column in columns]
    touched = set()
    for table, sql, is_about_acts in sorted(each for each in statements if each):
        found = connection.execute(sql, {"keys": acts if is_about_acts else keys})
        if found.fetchall()[0][0]:
            touched.add(table)
    return sorted(touched)


def _statement(table: str, column: str) -> tuple[str, str, bool] | None:
    """Return what a column needs: its table, a statement, and whose keys it takes."""
    target = f'published.marts."{table}"'
    keys = "$keys::varchar[]"
    delete = f'delete from {target} where list_contains({keys}, "{column}")'
    forget = (
        f'update {target} set "{column}" = null where list_contains({keys}, "{column}")'
    )
    entries = f"string_split(\"{column}\", ',')"
    if column in {"person_key", "interaction_key"}:
        return table, delete, column == "interaction_key"
    if column.endswith(("person_key", "interaction_key")):
        return table, forget, column.endswith("interaction_key")
    if column.endswith(PERSONAL_LISTS):
        kept = f"list_filter({entries}, lambda key: not list_contains({keys}, key))"
        statement = (
            f"update {target} set \"{column}\" = array_to_string({kept}, ',') "
            f"where list_has_any({entries}, {keys})"
        )
        return table, statement, True
    return None


def _seal(folder: Path, name: str, erasure_id: str) -> None:
    """Write the manifest anew: digests, row counts and the erasure."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["revision"] = name
    manifest["erasures"] = [*manifest.get("erasures", ()), erasure_id]
    manifest["files"] = {
        file: digest_of(folder / file) for file in sorted(manifest["files"])
    }
    with open_memory() as connection:
        database = quoted(folder / "heartshare.duckdb")
        connection.execute(f"attach {database} as d (read_only)")
        for table, entry in manifest["tables"].items():
            entry["rows"] = connection.execute(
                f'select count(*) from d.marts."{table}"'
            ).fetchall()[0][0]
            entry["parquet_sha256"] = manifest["files"][f"parquet/{table}.parquet"]
        connection.execute("detach d")
    path.write_text(json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False))
    for file in (*manifest["files"], "manifest.json"):
        (folder / file).chmod(0o444)
        sync(folder / file)
    sync(folder / "parquet")
    sync(folder)


def _put_in_place(
    settings: Settings, revision: Revision, hidden: Path, name: str
) -> None:
    target = settings.published / name
    retired = settings.published / f"{HIDDEN}old-{revision.name}"
    shutil.rmtree(retired, ignore_errors=True)
    if name == revision.name:
        os.rename(revision.path, retired)  # noqa: PTH104 as in revisions
        os.rename(hidden, target)  # noqa: PTH104
    else:
        os.rename(hidden, target)  # noqa: PTH104
        point_at(settings, Revision(name, target))
        os.rename(revision.path, retired)  # noqa: PTH104
    sync(settings.published)
    shutil.rmtree(retired)
