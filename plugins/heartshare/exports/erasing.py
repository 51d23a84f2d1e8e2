"""How erased people leave the landing folder and the raw tables, and stay away.

Every landed file is held against the erasure list once per version of the list, before
it is loaded. A file that holds somebody is replaced by its redacted copy; its rows are
loaded again from that. Files of before keep their name, so that the original, when it
is dropped again, is known and lands no second time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.exports.archives import ARCHIVE_DAMAGE, open_archive
from heartshare.exports.books import insert_rows
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.landed_files import META_SUFFIX, identity
from heartshare.exports.parts import HEAD_BYTES, apparent_encoding
from heartshare.exports.redaction import SIGN, is_redacted, write_redacted
from heartshare.warehouse.whole_files import move_whole, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from heartshare.exports.contract_types import ExportContract
    from heartshare.warehouse.connections import Connection
    from heartshare.warehouse.erasures import ErasureList

_BOOKS = ("export_manifest", "export_tables", "rejected_rows", "export_totals")
#: Nobody opens these, not even to look for a name.
_CLOSED = re.compile(r"(?i)(^|/)direct-message")
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"
_GZIP = b"\x1f\x8b"
_CHUNK_CHARACTERS = 1 << 20
_LONGEST_LINE = 16 << 20


@dataclass
class ErasureSummary:
    """What holding the landing folder against the erasure list has done."""

    files_checked: int = 0
    files_redacted: int = 0
    rows_erased: int = 0
    rows_scrubbed: int = 0
    #: Files that no contract reads and that held somebody: nothing of them is kept.
    files_emptied: list[str] = field(default_factory=list)


def redact_landing(
    landing_dir: Path,
    contracts: Sequence[ExportContract],
    erasures: ErasureList,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> ErasureSummary:
    """Take the people on the erasure list out of every landed file not yet checked.

    Repeating it after a death anywhere ends in the same files.
    """
    summary = ErasureSummary()
    if not erasures:
        return summary
    metas = [
        meta
        for meta in sorted(landing_dir.glob(f"*/*{META_SUFFIX}"))
        if not meta.name.startswith(".")
    ]
    for done, meta in enumerate(metas):
        values = json.loads(meta.read_text(encoding="utf-8"))
        if values.get("checked_version") == erasures.version:
            continue
        if progress:
            progress(done, len(metas))
        _check_file(meta, values, contracts, erasures, summary)
    return summary


def forget_former_files(connection: Connection, landing_dir: Path) -> int:
    """Delete the rows of files that were redacted since they were loaded.

    Returns how many files these were. The redacted copies are loaded like new files;
    raw.redacted_files says which files they were before.
    """
    metas = [
        json.loads(meta.read_text(encoding="utf-8"))
        for meta in landing_dir.glob(f"*/*{META_SUFFIX}")
    ]
    redacted = sorted(
        (identity(meta, meta["sha256"]), identity(meta, digest))
        for meta in metas
        for digest in meta.get("former", ())
    )
    connection.execute("delete from raw.redacted_files")
    insert_rows(connection, "redacted_files", redacted)
    former = [digest for _, digest in redacted]
    if not former:
        return 0
    count = connection.execute(
        "select count(*) from raw.export_manifest where list_contains(?, file_sha256)",
        [former],
    ).fetchall()[0][0]
    if not count:
        return 0
    connection.execute("begin transaction")
    try:
        for (table,) in connection.execute(
            "select table_name from duckdb_columns() where schema_name = 'raw' "
            "and database_name = current_database() and column_name = '_file_sha256'"
        ).fetchall():
            connection.execute(
                f'delete from raw."{table}" where list_contains(?, _file_sha256)',
                [former],
            )
        for book in _BOOKS:
            connection.execute(
                f"delete from raw.{book} where list_contains(?, file_sha256)", [former]
            )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return int(count)


def forget_scores(connection: Connection, columns: Sequence[tuple[str, str]]) -> int:
    """Delete the scores of texts that no raw table holds any more.

    Returns the number of texts. The scores of their sentences go with them.
    """
    tables = connection.execute(
        "select table_name from duckdb_columns() where schema_name = 'raw' "
        "and database_name = current_database() and column_name = 'text_hash'"
    ).fetchall()
    texts = " union ".join(
        f'select md5("{column}") as text_hash from raw."{table}" '
        f'where "{column}" is not null'
        for table, column in columns
    )
    deleted = {
        table: connection.execute(
            f'delete from raw."{table}" where text_hash not in ({texts})'
        ).fetchall()[0][0]
        for (table,) in tables
    }
    return int(deleted.get("listening__text_scores", 0))


def _check_file(
    meta: Path,
    values: dict[str, Any],
    contracts: Sequence[ExportContract],
    erasures: ErasureList,
    summary: ErasureSummary,
) -> None:
    path = meta.with_name(meta.name.removesuffix(META_SUFFIX))
    if not path.exists():
        return
    summary.files_checked += 1
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    if not may_name_somebody(path, erasures):
        _describe(meta, values, path, erasures.version)
        return
    try:
        redaction = write_redacted(
            path, values["original_name"], partial, contracts, erasures
        )
        must_go = bool(redaction) or (
            not is_redacted(path) and names_somebody(path, erasures)
        )
        summary.rows_erased += redaction.rows_erased
        summary.rows_scrubbed += redaction.rows_scrubbed
    except InputError:
        must_go = names_somebody(path, erasures)
        if must_go:
            partial.write_text(f'{SIGN}{{"contract":null}}}}\n', encoding="utf-8")
            summary.files_emptied.append(f"{meta.parent.name}/{path.name}")
    if must_go:
        summary.files_redacted += 1
        move_whole(partial, path)
    partial.unlink(missing_ok=True)
    _describe(meta, values, path, erasures.version)


def _describe(meta: Path, values: dict[str, Any], path: Path, version: str) -> None:
    """Note the digest of what is there now, and those of what was there before."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != values["sha256"]:
        values["former"] = [*values.get("former", ()), values["sha256"]]
    values.update(sha256=digest, size=path.stat().st_size, checked_version=version)
    write_whole(meta, json.dumps(values, ensure_ascii=False))


def names_somebody(path: Path, erasures: ErasureList) -> bool:
    """Return whether a file's text holds a name or a line of somebody on the list.

    So it may where nobody can look into it, such as in an archive that is damaged.
    """
    try:
        return any(erasures.scrub(text) != text for text in _texts(path))
    except UnreadableFileError:
        return True


def may_name_somebody(path: Path, erasures: ErasureList) -> bool:
    """Return whether a file could hold somebody; false only where it cannot.

    Text that hides its characters, as workbooks of old do, could.
    """
    with path.open("rb") as stream:
        if stream.read(len(_OLE)) == _OLE:
            return True
    try:
        return any(map(erasures.may_touch, _texts(path)))
    except UnreadableFileError:
        return True


def _texts(path: Path) -> Iterator[str]:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        if head.startswith(_GZIP):
            raise UnreadableFileError(path.name, "it is packed by gzip", "Unpack it.")
        if head == _OLE:
            yield (head + stream.read()).replace(b"\0", b"").decode("latin-1")
            return
        if not head.startswith(_ZIP):
            yield from _pieces(head, stream)
            return
    archive, members = open_archive(path, path.name)
    try:
        for info in members:
            if not _CLOSED.search(info.filename):
                with archive.open(info) as member:
                    yield from _pieces(member.read(HEAD_BYTES), member)
    except ARCHIVE_DAMAGE as error:
        problem = f"a member of the archive is damaged ({error})"
        raise UnreadableFileError(path.name, problem, "Export it again.") from error
    finally:
        archive.close()


def _pieces(head: bytes, stream: Any) -> Iterator[str]:  # noqa: ANN401 any byte stream
    """Yield a text in pieces that end between words."""
    encoding = apparent_encoding(head)
    rest = head
    while data := stream.read(_CHUNK_CHARACTERS):
        rest += data
        cut = rest.rfind(b"\n") + 1
        if not cut and len(rest) > _LONGEST_LINE:
            cut = rest.rfind(b" ") + 1
        if cut and encoding.startswith("utf-8"):
            yield rest[:cut].decode("utf-8", "replace")
            rest = rest[cut:]
    yield rest.decode(encoding, "replace")
