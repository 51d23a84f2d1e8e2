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
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from heartshare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: Shorter lines and words are everybody's: "thank you" names nobody.
SHORTEST_LINE = 32
SHORTEST_NAME = 4
#: Names as they stand in running text, called by @ or u/ or bare.
_NAME = re.compile(r"(?P<call>@|\bu/)?(?P<name>\w[\w.+-]*(?:@[\w-][\w.-]*)?)")


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
    hash of the entry's own id, which tells a wrong secret from a stranger.
    """

    erasure_id: str
    erased_at: str
    requested_by: str
    reason: str
    platform_code: str
    proof: str
    marks: tuple[str, ...]


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

    def add(self, entry: Erasure) -> None:
        """Append a request to the file, durably; the same request twice is one."""
        if any(entry.erasure_id == known.erasure_id for known in self.entries):
            return
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
        self._known.clear()
        self._strange.clear()

    def proof_of(self, erasure_id: str) -> str:
        """Return the keyed hash of an entry's own id."""
        return self._hash("entry", "", erasure_id)

    def account_mark(self, platform_code: str, identifier: str) -> str:
        """Return the mark of an account's id, handle or address on a platform."""
        return self._hash("account", platform_code, _folded(identifier))

    def name_mark(self, name: str, *, is_word: bool = False) -> str:
        """Return the mark of a handle or address as other people write it.

        A handle that is also an ordinary word counts only where it is called, as in
        @parks or u/parks; any other counts everywhere.
        """
        return self._hash("call" if is_word else "name", "", _folded(name))

    def line_mark(self, line: str) -> str:
        """Return the mark of a line that the person wrote."""
        return self._hash("line", "", _line(line))

    def covers_account(self, platform_code: str, identifier: str) -> bool:
        """Return whether an id, handle or address on a platform is of a person here."""
        return self._has("account", platform_code, _folded(identifier))

    def may_touch(self, text: str) -> bool:
        """Return whether a text could hold somebody; quick where it holds nobody.

        Every word is looked at as a name and as an account of any platform, so that a
        true answer proves nothing yet and a false one does.
        """
        words = {match["name"].rstrip(".-+") for match in _NAME.finditer(text)}
        strange = {word for word in words - self._strange if not self._is_mark(word)}
        self._strange |= strange
        if words - self._strange:
            return True
        lines = {_line(line) for line in text.split("\n")}
        return any(
            self._hash("line", "", line) in self._marks
            for line in lines
            if len(line) >= SHORTEST_LINE
        )

    def _is_mark(self, word: str) -> bool:
        folded = _folded(word)
        platforms = {entry.platform_code for entry in self.entries}
        return any(
            self._hash(kind, platform_code, folded) in self._marks
            for kind, platform_code in (
                ("name", ""),
                ("call", ""),
                *(("account", platform_code) for platform_code in platforms),
            )
        )

    def scrub(self, text: str) -> str:
        """Return a text without the names and lines of the people on the list.

        A line that one of them wrote goes as a whole, also where somebody quotes it.
        """
        kept = [self._scrubbed_line(line) for line in text.split("\n")]
        return "\n".join(line for line in kept if line is not None)

    def _scrubbed_line(self, line: str) -> str | None:
        bare = _line(line)
        if len(bare) >= SHORTEST_LINE and self._hash("line", "", bare) in self._marks:
            return None
        return _NAME.sub(self._without_name, line)

    def _without_name(self, match: re.Match[str]) -> str:
        name = match["name"].rstrip(".-+")
        kinds = ("name", "call") if match["call"] else ("name",)
        known = any(self._has(kind, "", _folded(name)) for kind in kinds)
        if len(name) < SHORTEST_NAME or not known:
            return match[0]
        return f"[erased]{match['name'][len(name) :]}"

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
                entry = Erasure(**{**values, "marks": tuple(values["marks"])})
            except (ValueError, TypeError, KeyError) as error:
                raise DamagedErasureListError(self.path, number) from error
            if entry.proof != self.proof_of(entry.erasure_id):
                raise ErasureSecretError(self.path)
            yield entry


def lines_of(texts: Iterable[str]) -> set[str]:
    """Return the lines of texts that are long enough to belong to one person."""
    lines = {_line(line) for text in texts for line in text.split("\n")}
    return {line for line in lines if len(line) >= SHORTEST_LINE}


def _folded(value: str) -> str:
    return value.strip().removeprefix("@").casefold()


def _line(line: str) -> str:
    """Return a line without the marks of quotation and the blanks around it."""
    return re.sub(r"^(?:\s*>)+\s*", "", line).strip().casefold()
