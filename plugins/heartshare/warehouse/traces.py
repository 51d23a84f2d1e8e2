"""How names and lines of people stand in texts and files: escaped, called, quoted.

Everything here is about spelling; whose name it is, the erasure list knows.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A name as it stands in running text, called by @ or u/ or bare. Markdown writes an
#: underscore with a backslash before it.
NAME = re.compile(
    r"(?P<call>@|\b(?:u|users?|profile)/)?"
    r"(?P<name>[\w+-][\w.+-]*(?:\\_[\w.+-]*)*(?:@[\w-][\w.-]*)?)"
)
#: Every name of a text is inside such a run, which may begin with an escape.
_RUN = re.compile(r"\\?[\w+-][\w.+@-]*(?:\\_[\w.+@-]*)*")
_ESCAPE = re.compile(
    r"&#?\w{2,31};|(?:%[0-9a-fA-F]{2})+|(?:\\u[0-9a-fA-F]{4})+", re.ASCII
)
#: Scripts that write no blank between a name and what is said of it.
_OTHER_SCRIPT = re.compile(r"[\u0370-\U0010ffff]+")
_LATIN = re.compile(r"[^\u0370-\U0010ffff]+")
_BLOCK = re.compile(
    r"(</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|pre|blockquote|aside)\b[^>]*>)", re.I
)
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")


def folded(value: str) -> str:
    """Return a name or address in the one spelling that marks are made of."""
    text = unicodedata.normalize("NFC", value.strip())
    return text.removeprefix("@").casefold()


def folded_line(line: str) -> str:
    """Return a line without the marks of quotation and the blanks around it."""
    bare = re.sub(r"^(?:\s*>)+\s*", "", unicodedata.normalize("NFC", line))
    return bare.strip().casefold()


def spellings(run: str) -> Iterator[tuple[int, int, str]]:
    """Yield the names that a run of characters may be: from, to, and the name.

    Dots, dashes and underscores around a name belong to it or to the sentence, and
    Korean or Japanese goes on without a blank.
    """
    pieces = [(0, len(run))]
    if not run.isascii() and _OTHER_SCRIPT.search(run):
        pieces += [found.span() for found in _LATIN.finditer(run)]
    seen = set()
    for start, end in pieces:
        piece = run[start:end]
        for left, right in (("", ""), ("", "."), ("", ".-+\\"), ("_.-+", "_.-+\\")):
            first = start + len(piece) - len(piece.lstrip(left) if left else piece)
            last = end - (len(piece) - len(piece.rstrip(right))) if right else end
            if first < last and (first, last) not in seen:
                seen.add((first, last))
                yield first, last, run[first:last].replace("\\_", "_")


def runs_of(text: str) -> set[str]:
    """Return what could be names in a text or in a file's own characters."""
    return set(_RUN.findall(text))


def names_in_run(run: str) -> Iterator[str]:
    """Yield every name that a run of a file's characters could hold."""
    starts = [run]
    if run.startswith("\\"):
        # An escape of JSON, \n for instance, or nothing but a backslash.
        starts = [run[1:], run[2:]]
    for each in starts:
        parts = [each, *each.split("@")] if "@" in each else [each]
        for part in parts:
            yield from (name for *_, name in spellings(part) if name)


def words_of(text: str) -> list[str]:
    """Return the words of a text in order, folded, without tags and escapes."""
    bare = re.sub(r"\\[nrt]", " ", _TAG.sub(" ", text))
    return _WORD.findall(bare.casefold())


def clue_of(line: str) -> tuple[str, str]:
    """Return a line's longest word and the pair of words that it stands in.

    Where neither is in a file, the line is not, however the file writes it.
    """
    words = words_of(line)
    if not words:
        return "", ""
    at = max(range(len(words)), key=lambda n: len(words[n]))
    begin = at if at + 1 < len(words) else max(0, at - 1)
    return words[at], " ".join(words[begin : begin + 2])


def pairs_at(words: list[str], wanted: set[str]) -> set[str]:
    """Return the pairs of words in which one of the wanted stands, and it alone."""
    found = set()
    for at, word in enumerate(words):
        if word in wanted:
            found.add(word)
            found.add(" ".join(words[max(0, at - 1) : at + 1]))
            found.add(" ".join(words[at : at + 2]))
    return found


def readable(text: str) -> str:
    """Return a text with the escapes of HTML, of JSON and of addresses undone."""
    return _normal(_ESCAPE.sub(lambda found: _undone(found[0]), text))


def with_readable_names(text: str) -> str:
    """Return a text in which only such escapes are undone as names are made of.

    What else is escaped, such as the brackets of a tag, keeps its meaning.
    """

    def name_only(found: re.Match[str]) -> str:
        undone = _undone(found[0])
        is_of_names = all(c.isalnum() or c in "@_.+-" for c in undone)
        return undone if is_of_names else found[0]

    return _normal(_ESCAPE.sub(name_only, text))


def without_lines(text: str, is_known: Callable[[str], bool]) -> str:
    """Return HTML without the blocks whose words are a known line."""
    pieces = _BLOCK.split(text)
    kept = [
        piece
        for number, piece in enumerate(pieces)
        if number % 2 or not is_known(readable(_TAG.sub("", piece)))
    ]
    return text if len(kept) == len(pieces) else "".join(kept)


def _normal(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _undone(escape: str) -> str:
    if escape.startswith("&"):
        return html.unescape(escape)
    try:
        if escape.startswith("%"):
            return unquote_to_bytes(escape).decode()
        text: str = json.loads(f'"{escape}"')
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except ValueError:
        return escape
