"""What a movement is called: signal, watch or routine, and nothing else.

Tags are made here and only here. narrative chooses its sentences by the same tag, so
the words and the tag beside them cannot disagree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from heartshare.errors import InputError

Direction = Literal["up", "down", "level"]

#: Kinds of metric that are judged against a usual range.
JUDGED_KINDS = frozenset({"flow", "rate"})

#: Weeks of baseline from which limits are firm; below this they are provisional.
FIRM_BASELINE_WEEKS = 20

_SIGNALS: dict[str, tuple[str, Direction, str]] = {
    "signal_up": ("Signal up", "up", "▲"),
    "signal_down": ("Signal down", "down", "▼"),
    "watch_up": ("Watch up", "up", "◆"),
    "watch_down": ("Watch down", "down", "◆"),
    "routine": ("Routine", "level", "●"),
    "too_early": ("Too early", "level", "○"),
    "no_limits": ("No limits", "level", "○"),
    "not_judged": ("Not judged", "level", "○"),
    "absent": ("No figure", "level", "○"),
}

_MEANINGS = {
    "signal": "outside the usual range",
    "watch": "a run on one side of the average, inside the usual range",
    "routine": "within the usual range",
    "too": "too few weeks to say what is usual",
    "no": "successive weeks depend on each other, so no usual range is drawn",
    "not": "a total or a waiting time, for which no usual range is kept",
    "absent": "nothing was reported or counted this week",
}


class UnknownSignalError(InputError):
    """A published table holds a signal code that the report has no word for."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"signal_code {code!r} is none of {', '.join(_SIGNALS)}. "
            "Correct the model that wrote it, or add the word in signals_text.py."
        )


@dataclass(frozen=True)
class Tag:
    """One movement's name: its code, word, mark, direction and tone."""

    code: str
    word: str
    mark: str
    direction: Direction
    tone: Literal["good", "bad", "caution", "neutral"]
    meaning: str

    @property
    def family(self) -> str:
        """The first part of the code: signal, watch, routine, too, no, not, absent."""
        return self.code.partition("_")[0]

    def to_dict(self) -> dict[str, str]:
        """Return the tag as facts.json stores it."""
        return {
            "code": self.code,
            "word": self.word,
            "mark": self.mark,
            "tone": self.tone,
            "meaning": self.meaning,
        }


def tag_for(signal_code: str | None, better_direction: str = "none") -> Tag:
    """Return the tag of a signal code; null means too early to tell.

    Raises:
        UnknownSignalError: for any other code.

    Source: metrics.md, rules of process-behaviour charts.
    """
    code = signal_code or "too_early"
    if code not in _SIGNALS:
        raise UnknownSignalError(code)
    word, direction, mark = _SIGNALS[code]
    family = code.partition("_")[0]
    tone: Literal["good", "bad", "caution", "neutral"] = "neutral"
    if family == "watch":
        tone = "caution"
    elif family == "signal" and better_direction in {"up", "down"}:
        tone = "good" if direction == better_direction else "bad"
    return Tag(code, word, mark, direction, tone, _MEANINGS[family])


def pace(
    mean: float | None, moving_range: float | None, baseline_weeks: int | None
) -> Direction | None:
    """Return whether a flow's average is above, below or not clear of zero.

    Clear of zero is twice the standard error, with sigma = mean moving range / 1.128.
    Null when no limits exist yet.
    """
    if mean is None or moving_range is None or not baseline_weeks:
        return None
    standard_error = moving_range / 1.128 / math.sqrt(baseline_weeks)
    if abs(mean) <= 2 * standard_error:
        return "level"
    return "up" if mean > 0 else "down"
