"""Which colours the report uses, and what each one means.

Chosen for colour-blind readers (blue against vermilion) and for contrast on white; a
test computes the contrast of every text colour. Colour never stands alone: a mark
and a word always say the same.
"""

from typing import Final

INK: Final = "#16232E"
MUTED: Final = "#54636E"
HAIRLINE: Final = "#D3DBE0"
TINT: Final = "#F2F5F6"
WHITE: Final = "#FFFFFF"

GOOD: Final = "#005A9C"
BAD: Final = "#B8470B"
CAUTION: Final = "#8A6100"

BAND: Final = "#E4ECF1"
LINE: Final = "#6C7F8B"
MEAN: Final = "#8597A3"

FILL_LIGHT: Final = "#BFD6EA"
FILL_MIDDLE: Final = "#9DBBD3"
FILL_STRONG: Final = "#2F74AE"
FILL_DEEP: Final = "#00406F"
FILL_BAD: Final = "#E3A98A"
FILL_BAD_LIGHT: Final = "#F8E3D8"

#: Text colour and ground of a tag, by its tone.
TAGS: Final[dict[str, tuple[str, str]]] = {
    "good": ("#00406F", "#DDEBF6"),
    "bad": ("#8A3206", "#F8E3D8"),
    "caution": ("#6B4B00", "#F6ECD2"),
    "neutral": ("#42515C", "#EAEFF2"),
}

#: Colour of a tag's mark on a chart, by its tone.
MARKS: Final[dict[str, str]] = {
    "good": GOOD,
    "bad": BAD,
    "caution": CAUTION,
    "neutral": LINE,
}


#: Where the sRGB curve is a straight line (WCAG 2, relative luminance).
_LINEAR_BELOW: Final = 0.03928


def contrast(text: str, ground: str) -> float:
    """Return the contrast ratio of two #RRGGBB colours, 1 to 21 (WCAG 2)."""
    lighter, darker = sorted((_luminance(text), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= _LINEAR_BELOW else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
