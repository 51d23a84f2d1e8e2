"""Who asked to be forgotten: keyed hashes that recognise a person without naming one.

The list outlives the data. It is asked whenever a file comes in, so that an old export
that is dropped again brings nobody back. Whoever holds the file but not the secret
learns nothing from it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.warehouse.traces import (
    NAME,
    clue_of,
    folded,
    folded_line,
    names_in_run,
    pairs_at,
    readable,
    runs_of,
    spellings,
    with_readable_names,
    without_lines,
    words_of,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: Shorter lines and words are everybody's: "thank you" names nobody.
SHORTEST_LINE = 32
SHORTEST_NAME = 4


class DamagedErasureListError(InputError):
    """A line of the erasure list cannot be read: nobody knows who is missing."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            f"{path}, line {line} is no entry of the erasure list. Restore the file "
            "from a backup before anything is loaded: it says who must not come back."
        )


class ErasureSecretError(InputError):
    """The list was written with another secret, or none is set."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} was written with another HEARTSHARE_PERSON_SALT, so nobody on it "
            "would be recognised. Set the secret it was written with."
        )


@dataclass(frozen=True)
class Erasure:
    """One request: when, by whom, why, and the marks by which the person is known.

    ``marks`` are keyed hashes of accounts, names and lines of text; ``proof`` is the
    hash of the entry's own id, which tells a wrong secret from a stranger. ``keys`` are
    the person's keys in published revisions: once the raw rows are gone, nobody could
    work them out again.
    """

    erasure_id: str
    erased_at: str
    requested_by: str
    reason: str
    platform_code: str
    proof: str
    marks: tuple[str, ...]
    keys: tuple[str, ...] = ()


class ErasureList:
    """The erasure list of one organisation, read once.

    Raises:
        DamagedErasureListError: a line cannot be read.
        ErasureSecretError: it was written with another secret.
    """

    def __init__(self, path: Path, secret: str) -> None:
        self.path = path
        self._secret = secret.encode()
        self.entries = tuple(self._read())
        self._marks = {mark for entry in self.entries for mark in entry.marks}
        self._platforms = {entry.platform_code for entry in self.entries}
        self._known: dict[tuple[str, str, str], bool] = {}
        self._strange: set[str] = set()

    def __bool__(self) -> bool:
        """Return whether anybody is on the list."""
        return bool(self._marks)

    @property
    def version(self) -> str:
        """Return a digest that changes when somebody is added; empty without entries.

        A file that was checked against this version need not be checked again.
        """
        if not self._marks:
            return ""
        return hashlib.sha256("|".join(sorted(self._marks)).encode()).hexdigest()[:16]

    @property
    def keys(self) -> list[str]:
        """Return the keys of all people here in published revisions."""
        return sorted({key for entry in self.entries for key in entry.keys})

    def has_as_word(self, name: str) -> bool:
        """Return whether a handle was taken for an ordinary word before."""
        return self._has("call", "", folded(name))

    def add(self, entry: Erasure) -> Erasure:
        """Append a request to the file, durably; return the entry that stands for it.

        A request that says nothing new is the one before. A person of whom more is
        known by now gets a further entry.
        """
        for known in self.entries:
            is_same = known.platform_code == entry.platform_code
            if is_same and {*entry.marks, *entry.keys} <= {*known.marks, *known.keys}:
                return known
        line = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, f"{line}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        self.entries = (*self.entries, entry)
        self._marks.update(entry.marks)
        self._platforms.add(entry.platform_code)
        self._known.clear()
        self._strange.clear()
        return entry

    def id_of(self, marks: Iterable[str]) -> str:
        """Return the id of an entry that holds these marks."""
        return self._hash("id", "", "|".join(sorted(marks)))[:16]

    def proof_of(self, erasure_id: str) -> str:
        """Return the keyed hash of an entry's own id."""
        return self._hash("entry", "", erasure_id)

    def account_mark(self, platform_code: str, identifier: str) -> str:
        """Return the mark of an account's id, handle or address on a platform."""
        return self._hash("account", platform_code, folded(identifier))

    def name_mark(self, name: str, *, is_word: bool = False) -> str:
        """Return the mark of a handle or address as other people write it.

        A handle that is also an ordinary word counts only where it is called, as in
        @parks or u/parks; any other counts everywhere.
        """
        return self._hash("call" if is_word else "name", "", folded(name))

    def line_mark(self, line: str) -> str:
        """Return the mark of a line that the person wrote."""
        return self._hash("line", "", folded_line(line))

    def clue_marks(self, text: str) -> set[str]:
        """Return the marks by which a file is seen to hold a line, or may hold it.

        They are of few words of it, so that they are found in any format.
        """
        word, pair = clue_of(text)
        return {self._hash("clue", "", word), self._hash("pair", "", pair)}

    def covers_account(self, platform_code: str, identifier: str) -> bool:
        """Return whether an id, handle or address on a platform is of a person here."""
        return self._has("account", platform_code, folded(identifier))

    def may_touch(self, text: str) -> bool:
        """Return whether a text could hold somebody; quick where it holds nobody.

        The text is a file's own characters, with its quotes and escapes. Every word is
        looked at as a name and as an account of any platform, and as a clue to a line,
        so that a true answer proves nothing yet and a false one does.
        """
        text = readable(text)
        clues: set[str] = set()
        for run in runs_of(text) - self._strange:
            if any(self._is_mark(name) for name in names_in_run(run)):
                return True
            words = {*words_of(run), *words_of(run.lstrip("\\"))}
            found = {word for word in words if self._has("clue", "", word)}
            if found:
                clues |= found
            else:
                self._strange.add(run)
        return bool(clues) and any(
            self._has("pair", "", pair) for pair in pairs_at(words_of(text), clues)
        )

    def _is_mark(self, word: str) -> bool:
        bare = folded(word)
        return any(
            self._hash(kind, platform_code, bare) in self._marks
            for kind, platform_code in (
                ("name", ""),
                ("call", ""),
                *(("account", platform_code) for platform_code in self._platforms),
            )
        )

    def scrub(self, text: str) -> str:
        """Return a text without the names and lines of the people on the list.

        A line that one of them wrote goes as a whole, also where somebody quotes it.
        """
        kept = self._scrubbed(text)
        if kept == text:
            plain = with_readable_names(text)
            scrubbed = self._scrubbed(plain) if plain != text else plain
            return scrubbed if scrubbed != plain else text
        return kept

    def _scrubbed(self, text: str) -> str:
        kept = [self._scrubbed_line(line) for line in text.split("\n")]
        return "\n".join(line for line in kept if line is not None)

    def _scrubbed_line(self, line: str) -> str | None:
        if self._is_line(line):
            return None
        if "<" in line:
            line = without_lines(line, self._is_line)
        return NAME.sub(self._without_name, line)

    def _is_line(self, line: str) -> bool:
        bare = folded_line(line)
        return len(bare) >= SHORTEST_LINE and self._has("line", "", bare)

    def _without_name(self, match: re.Match[str]) -> str:
        run, call = match["name"], match["call"] or ""
        kinds = ("name", "call") if call else ("name",)
        for start, end, name in spellings(run):
            known = any(self._has(kind, "", folded(name)) for kind in kinds)
            if len(name) >= SHORTEST_NAME and known:
                before = f"{call}{run[:start]}" if start else ""
                return f"{before}[erased]{run[end:]}"
        return match[0]

    def _has(self, kind: str, platform_code: str, value: str) -> bool:
        key = (kind, platform_code, value)
        known = self._known.get(key)
        if known is None:
            known = self._hash(kind, platform_code, value) in self._marks
            self._known[key] = known
        return known

    def _hash(self, kind: str, platform_code: str, value: str) -> str:
        message = "\x1f".join((kind, platform_code, value)).encode()
        return hmac.digest(self._secret, message, "sha256").hex()[:32]

    def _read(self) -> Iterator[Erasure]:
        if not self.path.exists():
            return
        lines = self.path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            try:
                values = json.loads(line)
                entry = Erasure(
                    **{
                        **values,
                        "marks": tuple(values["marks"]),
                        "keys": tuple(values.get("keys", ())),
                    }
                )
            except (ValueError, TypeError, KeyError) as error:
                raise DamagedErasureListError(self.path, number) from error
            if entry.proof != self.proof_of(entry.erasure_id):
                raise ErasureSecretError(self.path)
            yield entry


def lines_of(texts: Iterable[str]) -> set[str]:
    """Return the lines of texts that are long enough to belong to one person."""
    lines = {folded_line(line) for text in texts for line in text.split("\n")}
    return {line for line in lines if len(line) >= SHORTEST_LINE}
