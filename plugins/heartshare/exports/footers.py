"""Which lines below a table are no rows of it, and how many rows they declare."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Footer:
    """The closing lines of one part: each a single cell of a declared form."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [re.compile(pattern) for pattern in patterns]
        self.is_open = False
        #: Rows that the part says it has; None where it does not say.
        self.declared_rows: int | None = None

    def takes(self, cells: Sequence[str]) -> bool:
        """Return whether a line belongs to the footer, and remember what it says.

        A pattern's group ``rows`` is the number of rows above the footer. Below its
        first line any line of one cell belongs to it.
        """
        if not self._patterns:
            return False
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(filled) != 1:
            return False
        if self.is_open and len(cells) == 1:
            return True
        for pattern in self._patterns:
            found = pattern.fullmatch(filled[0])
            if found is None:
                continue
            self.is_open = True
            count = found.groupdict().get("rows")
            if count is not None:
                self.declared_rows = int(re.sub(r"\D", "", count))
            return True
        return False
