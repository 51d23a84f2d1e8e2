"""What a movement is called: signal, watch or routine, and nothing else.

Tags are made here and only here. narrative chooses its sentences by the same tag, so
the words and the tag beside them cannot disagree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from heartshare.errors import InputError
from heartshare.language import mark, say

Direction = Literal["up", "down", "level"]

#: Kinds of metric that are judged against a usual range.
JUDGED_KINDS = frozenset({"flow", "rate"})

#: Weeks of baseline from which limits are firm; below this they are provisional.
FIRM_BASELINE_WEEKS = 20

_SIGNALS: dict[str, tuple[str, Direction, str]] = {
    "signal_up": (mark("Signal up"), "up", "▲"),
    "signal_down": (mark("Signal down"), "down", "▼"),
    "watch_up": (mark("Watch up"), "up", "◆"),
    "watch_down": (mark("Watch down"), "down", "◆"),
    "routine": (mark("Routine"), "level", "●"),
    "too_early": (mark("Too early"), "level", "○"),
    "no_limits": (mark("No limits"), "level", "○"),
    "not_judged": (mark("Not judged"), "level", "○"),
    "absent": (mark("No figure"), "level", "○"),
}

#: The same words inside a sentence, where English writes them small.
_SPOKEN = {
    "signal_up": mark("signal up"),
    "signal_down": mark("signal down"),
    "watch_up": mark("watch up"),
    "watch_down": mark("watch down"),
    "routine": mark("routine"),
    "too_early": mark("too early"),
    "no_limits": mark("no limits"),
    "not_judged": mark("not judged"),
    "absent": mark("no figure"),
}

_MEANINGS = {
    "signal": mark("outside the usual range"),
    "watch": mark("a run on one side of the average, inside the usual range"),
    "routine": mark("within the usual range"),
    "too": mark("too few weeks to say what is usual"),
    "no": mark("successive weeks depend on each other, so no usual range is drawn"),
    "not": mark("a total or a waiting time, for which no usual range is kept"),
    "absent": mark("nothing was reported or counted this week"),
}


#: Families of tags that judge no movement.
UNJUDGED = frozenset({"too", "no", "not", "absent"})


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
    def spoken(self) -> str:
        """The word as it stands inside a sentence."""
        return say(_SPOKEN[self.code])

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
    word, direction, shape = _SIGNALS[code]
    family = code.partition("_")[0]
    tone: Literal["good", "bad", "caution", "neutral"] = "neutral"
    if family == "watch":
        tone = "caution"
    elif family == "signal" and better_direction in {"up", "down"}:
        tone = "good" if direction == better_direction else "bad"
    return Tag(code, say(word), shape, direction, tone, say(_MEANINGS[family]))


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
