"""How a file differs from its contract without being wrong."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Drift:
    """How a file differs from its contract without being wrong."""

    unknown_columns: dict[str, None] = field(default_factory=dict)
    missing_columns: dict[str, None] = field(default_factory=dict)
    unread_parts: tuple[str, ...] = ()
    duplicate_keys: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    without_period: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, list[str]]:
        """Return what differs, without the empty lists."""
        lists = {
            "unknown_columns": list(self.unknown_columns),
            "missing_columns": list(self.missing_columns),
            "unread_parts": list(self.unread_parts),
            "duplicate_keys": list(self.duplicate_keys),
            "assumptions": list(self.assumptions),
            "without_period": list(self.without_period),
        }
        return {name: entries for name, entries in lists.items() if entries}
