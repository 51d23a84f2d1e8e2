"""What a reader sees of a Slack message: its words, without marks for the program."""

from __future__ import annotations

import re

from heartshare.exports.escaping import unescaped

_MARK = re.compile(r"<(?P<kind>[@#!]?)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


def mrkdwn_to_text(message: str) -> str:
    """Return the words of a message: links by their label, channels by their name.

    A person who is mentioned stays an id, ``@U02ABCDEF``, in old messages too, where a
    name stands beside it. Escaped marks are undone last: a typed ``<@U1>`` mentions no
    one.
    """
    return unescaped(_MARK.sub(_words, message)).strip()


def _words(mark: re.Match[str]) -> str:
    kind, target, label = mark["kind"], mark["target"], mark["label"]
    if kind == "@":
        return f"@{target}"
    if kind == "#":
        return f"#{label or target}"
    if kind == "!":
        # <!here>, <!subteam^S012|@gardeners>, <!date^1392734382^{date}|18 February>
        return label or f"@{target.partition('^')[0]}"
    return label or target
