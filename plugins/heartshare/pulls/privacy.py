"""What must not reach the disk: what an API tells one account and not the public.

A server tells an account also of messages to it alone. Of those only their number is
kept: their place in the answer, id, moment and visibility.
"""

from __future__ import annotations

import json
from typing import Any

#: Visibilities of statuses that everybody may read.
PUBLIC = frozenset({"public", "unlisted"})
_KEPT = frozenset({"id", "type", "visibility", "created_at"})


def without_private(body: bytes) -> bytes:
    """Return a Mastodon answer with every non-public status emptied.

    So is what directly holds one, such as the notification of it. Names of fields stay,
    so that the answer is recognised and its items are counted. An answer without such
    items is returned as it came, byte for byte.
    """
    content = json.loads(body)
    if not _empty_private(content):
        return body
    return json.dumps(content, ensure_ascii=False).encode()


def _empty_private(node: Any) -> bool:  # noqa: ANN401 - any JSON
    """Empty private statuses below a node, in place; tell whether there were any."""
    if isinstance(node, dict):
        if _is_private(node) or any(_is_private(value) for value in node.values()):
            _empty(node)
            return True
        below = list(node.values())
    elif isinstance(node, list):
        below = node
    else:
        return False
    emptied = [_empty_private(value) for value in below]
    return any(emptied)


def _is_private(node: Any) -> bool:  # noqa: ANN401 - any JSON
    """Tell whether a node is a status that not everybody may read.

    Only statuses have both fields; an account's own ``visibility`` settings do not
    stand beside a ``content``.
    """
    return (
        isinstance(node, dict)
        and "visibility" in node
        and "content" in node
        and node["visibility"] not in PUBLIC
    )


def _empty(node: dict[str, Any]) -> None:
    for name, value in node.items():
        if isinstance(value, dict):
            _empty(value)
        elif isinstance(value, list):
            node[name] = []
        elif name not in _KEPT:
            node[name] = None
