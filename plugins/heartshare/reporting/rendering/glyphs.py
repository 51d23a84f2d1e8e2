"""Texts with characters that no font of print has, such as an emoji in a name.

PDF/UA wants every character shown, so a PDF is refused where one cannot be. Names and
the words that people use are not ours to choose, and must not cost a week its report.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from heartshare.language import mark

if TYPE_CHECKING:
    from collections.abc import Callable

#: What a reader of the PDF sees instead of a run of characters without a picture.
STAND_IN = "\N{WHITE SQUARE}"
NOTE = mark(
    "□ stands for characters that the fonts of this PDF lack; the web page shows them."
)
#: Letters, digits and signs that every font of the report has.
_PLAIN = re.compile(r"[\x20-\x7e\xa0-\xff]*")
#: They join what stands beside them into one picture and are none themselves.
_JOINERS = re.compile(r"[\N{ZERO WIDTH JOINER}\ufe0e\ufe0f]")


def printable(facts: Any, can_set: Callable[[str], bool]) -> Any:  # noqa: ANN401 JSON
    """Return facts with a square for each run of characters that cannot be set.

    ``can_set`` says whether the typesetter has all of a text's pictures; it is asked
    once for each unusual word and for each character of those that it cannot set.
    """
    ask = cache(can_set)

    def word(found: re.Match[str]) -> str:
        text = found[0]
        if _PLAIN.fullmatch(text) or ask(text):
            return text
        shown = (
            one if _PLAIN.fullmatch(one) or ask(one) else STAND_IN
            for one in _JOINERS.sub("", text)
        )
        return re.sub(f"{STAND_IN}+", STAND_IN, "".join(shown))

    def walk(node: Any) -> Any:  # noqa: ANN401 JSON
        if isinstance(node, dict):
            return {key: walk(value) for key, value in node.items()}
        if isinstance(node, list):
            return [walk(one) for one in node]
        return re.sub("[^ ]+", word, node) if isinstance(node, str) else node

    return walk(facts)
