"""What may a cell hold that a spreadsheet opens?"""

from __future__ import annotations

import re

#: A cell that begins so is taken for a formula.
_FORMULA = re.compile(r"^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def harmless(text: str) -> str:
    """Return a text on one line that no spreadsheet takes for a formula."""
    line = " ".join(text.replace("\0", "").split())
    return f"'{line}" if _FORMULA.match(line) else line
