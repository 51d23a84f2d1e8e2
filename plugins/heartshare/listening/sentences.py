"""Where the sentences of a text begin and end, so that each can have its own tone.

Only the places are found here: what is stored of a sentence is where it stands, never
its words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Stored with each score; raise it whenever a text is divided in another way.
SPLITTER_VERSION = "sentences-1"

#: A text has at most as many sentences; what follows belongs to the last one.
MOST_SENTENCES = 50

_END = re.compile(r"\n|(?<![.!?\u2026])[.!?\u2026]++[\"'\u2019\u201d)\]]*+(?=\s|\Z)")
#: Faces and hearts after the full stop belong to what they comment on.
_FACES = re.compile(r"(?:[^\S\n]++[^\w\s\"'\u2018\u201c(\[@#]++(?=\s|\Z))++")
_NEXT = re.compile(r"\s*+([\"'\u2018\u201c(\[]*+)(\S?)")
_LONGEST_ABBREVIATION = 12
#: A full stop after one of these does not end a sentence ...
_ABBREVIATION = re.compile(
    r"approx|capt|cf|dr|e\.g|eg|fig|gen|gov|hon|i\.e|ie|lt|messrs|mr|mrs|ms|mt|prof"
    r"|rep|rev|sen|sgt|st|viz|vs"
)
#: ... after one of these only where a capital follows ...
_CLOSING_ABBREVIATION = re.compile(
    r"a\.m|apr|aug|ave|blvd|corp|dept|est|etc|feb|inc|jan|jr|ltd|nov|oct|p\.m|rd|sept"
    r"|sq|sr"
)
#: ... and after one of these only where no number follows.
_NUMBERED = re.compile(r"art|ch|no|nos|p|para|pp|sec|vol")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


class Sentence(NamedTuple):
    """A sentence as text[start:end], without the blanks around it."""

    start: int
    end: int


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text in order; a blank text has none.

    A line break always ends a sentence. Abbreviations, initials, decimals, the number
    of a list item and dots that trail off into a small letter do not.
    """
    sentences: list[Sentence] = []
    start = 0
    for end in _ends(text):
        found = _trimmed(text, start, end)
        if found:
            sentences.append(found)
        start = end
        if len(sentences) == MOST_SENTENCES - 1:
            break
    rest = _trimmed(text, start, len(text))
    return [*sentences, rest] if rest else sentences


def _trimmed(text: str, start: int, end: int) -> Sentence | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    words = len(piece.strip())
    return Sentence(start + left, start + left + words) if words else None


def _ends(text: str) -> Iterator[int]:
    """Yield where a sentence ends, in ascending order."""
    start = place = 0
    while found := _END.search(text, place):
        place = found.end()
        if found[0] != "\n" and not _is_end(text, start, found):
            continue
        faces = _FACES.match(text, place) if found[0] != "\n" else None
        start = place = faces.end() if faces else place
        yield place


def _is_end(text: str, start: int, found: re.Match[str]) -> bool:
    """Return whether a mark with a blank behind it ends the sentence begun at start."""
    mark = found[0].rstrip("\"'\u2019\u201d)]")
    following = _NEXT.match(text, found.end())
    opener = following[2] if following else ""
    if not opener or "!" in mark or "?" in mark:
        return True
    if mark != ".":
        return not opener.islower()
    before = max(start, found.start() - _LONGEST_ABBREVIATION)
    words = text[before : found.start()].split()
    if not words or text[found.start() - 1].isspace():
        return True
    if len(words) == 1 and words[0].isdigit() and not text[start:before].strip():
        return False  # the number of a list item
    return _is_end_after(words[-1].lstrip("\"'\u2018\u201c([").lower(), opener)


def _is_end_after(word: str, opener: str) -> bool:
    """Return whether one dot after a word ends a sentence before the next letter."""
    if _NUMBERED.fullmatch(word):
        return not opener.isdigit()
    if _CLOSING_ABBREVIATION.fullmatch(word):
        return opener.isupper()
    if _INITIALS.fullmatch(word):
        return word == "i"
    return not _ABBREVIATION.fullmatch(word)
