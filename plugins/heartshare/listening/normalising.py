"""Which spelling of a text is scored: the same words, as the lexicon writes them.

Each step was measured on the lexicon's own ground truth before it was taken; steps
that look plausible and harm (lower-casing, removing stop words, stripping
punctuation) are left out on purpose.
"""

from __future__ import annotations

import html
import re

#: Stored beside every score; raise it whenever ``normalise`` changes an output.
NORMALISER_VERSION = "normalise-1"

_QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201b": "'",
        "\u02bc": "'",
        "\u2032": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u201f": '"',
        "\ufe0f": None,  # glues a heart to its neighbour, and the heart is lost
    }
)
# html.unescape turns the digits into a number, and Python refuses numbers of
# thousands of digits: such a reference names no character anyway.
_ENDLESS_REFERENCE = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")
_URL = re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@/])(?:@[\w.-]*\w(?:@[\w.-]*\w)?|/?u/[\w-]+)")
# "ok!" is no word of the lexicon while "ok" is. Only ! ? . and , are split off:
# a colon or semicolon after one letter is a face.
_SHORT_WORD = re.compile(r"(?<!\S)([^\W\d_]{1,2})([!?.,]+)(?!\S)")


def normalise(text: str) -> str:
    """Return the spelling of a text that is scored; letter case is kept."""
    text = html.unescape(_ENDLESS_REFERENCE.sub(" ", text)).translate(_QUOTES)
    text = _HANDLE.sub(" ", _URL.sub(" ", text))
    return _SHORT_WORD.sub(r"\1 \2", text).strip()
