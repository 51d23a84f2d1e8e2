"""What a reader sees of a post's HTML: its words, without quotations and markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_BREAKING = frozenset(
    {
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "table",
        "pre",
        "blockquote",
        "aside",
        "hr",
        "section",
        "article",
        "dd",
        "dt",
    }
)
_UNSEEN = frozenset(["script", "style", "template", "svg"])
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r" *\n[ \n]*")


class _Words(HTMLParser):
    def __init__(self, skipped: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._skipped = _UNSEEN.union(skipped)
        self._depth: dict[str, int] = {}

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        if tag in self._skipped:
            self._depth[tag] = self._depth.get(tag, 0) + 1
        if tag in _BREAKING:
            self.pieces.append("\n")
        if tag == "img" and not self._is_hidden:
            values = dict(attributes)
            if "emoji" in (values.get("class") or ""):
                self.pieces.append(values.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._depth.get(tag):
            self._depth[tag] -= 1
        if tag in _BREAKING:
            self.pieces.append("\n")

    def parse_html_declaration(self, i: int) -> int:
        """Take ``<![`` for a comment, as browsers do; the parser would fail on it."""
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)

    def handle_data(self, data: str) -> None:
        if not self._is_hidden:
            self.pieces.append(data)

    @property
    def _is_hidden(self) -> bool:
        return any(self._depth.values())


def html_to_text(html: str, skipped: Collection[str] = ()) -> str:
    """Return the words of an HTML fragment, one line per block element.

    Elements named in ``skipped`` are left out with everything in them. Pictures that
    are emoji become their alternative text. Never fails: bad markup is text.
    """
    if "<" not in html and "&" not in html:
        return html.strip()
    parser = _Words(skipped)
    parser.feed(html)
    parser.close()
    text = _SPACES.sub(" ", "".join(parser.pieces))
    return _LINES.sub("\n", text).strip()
