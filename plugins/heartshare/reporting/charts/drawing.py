"""The few shapes that charts are made of, as SVG text with fixed number formatting.

The same input gives the same bytes: no clock, no randomness, no float noise, no "-0".
Text is real text; every figure has a title and a description.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from heartshare.reporting.charts import palette

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FONT = "Inter, 'Helvetica Neue', Arial, sans-serif"

#: Advance widths of Inter Regular in em: digits are the widest common figure.
_NARROW = frozenset("ijl.,:;'|!I ()")
_WIDE = frozenset("mwMW%@+")


@dataclass(frozen=True)
class Frame:
    """The size of a drawing in its own units, and of its smallest text."""

    width: float
    height: float
    text: float

    @property
    def unit(self) -> float:
        """How much larger than print (7-unit text) this drawing is."""
        return self.text / 7


@dataclass(frozen=True)
class Scale:
    """A linear scale from values to positions."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the position of a value."""
        span = self.high - self.low or 1
        return self.start + (value - self.low) / span * (self.end - self.start)


def coordinate(value: float) -> str:
    """Return a position with at most two decimals, never "-0"."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def text_width(content: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text is, in drawing units."""
    em = sum(
        0.29 if char in _NARROW else 0.84 if char in _WIDE else 0.59 for char in content
    )
    return em * size * (1.05 if bold else 1)


def fitting_size(
    content: str, size: float, room: float, *, bold: bool = False
) -> float:
    """Return a letter size at which a text fits a room: its own, or a smaller one."""
    return size * min(1, room / max(text_width(content, size, bold=bold), 1))


def text(  # noqa: PLR0913 - a line of text has this many properties
    x: float,
    y: float,
    content: str,
    size: float,
    *,
    fill: str = palette.INK,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    """Return a line of text whose baseline is at y."""
    place = f'x="{coordinate(x)}" y="{coordinate(y)}"'
    style = f'font-size="{coordinate(size)}" font-weight="{weight}" fill="{fill}"'
    return f'<text {place} {style} text-anchor="{anchor}">{escape(content)}</text>'


def line(
    start: tuple[float, float],
    end: tuple[float, float],
    stroke: str,
    width: float,
    *,
    dash: str = "",
) -> str:
    """Return a straight line."""
    places = " ".join(
        f'{name}="{coordinate(value)}"'
        for name, value in zip(("x1", "y1", "x2", "y2"), (*start, *end), strict=True)
    )
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line {places} stroke="{stroke}" stroke-width="{coordinate(width)}"{dashes}/>'
    )


def rectangle(  # noqa: PLR0913 - place, size, fill and rounding
    x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0
) -> str:
    """Return a filled rectangle."""
    size = f'width="{coordinate(max(width, 0))}" height="{coordinate(height)}"'
    rounding = f' rx="{coordinate(radius)}"' if radius else ""
    place = f'x="{coordinate(x)}" y="{coordinate(y)}"'
    return f'<rect {place} {size} fill="{fill}"{rounding}/>'


def path(
    points: Sequence[tuple[float, float]],
    stroke: str,
    width: float,
    *,
    dash: str = "",
) -> str:
    """Return an open line through points."""
    steps = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline points="{steps}" fill="none" stroke="{stroke}" '
        f'stroke-width="{coordinate(width)}" stroke-linejoin="round"{dashes}/>'
    )


def sign(shape: str, x: float, y: float, size: float, fill: str) -> str:
    """Return a mark: up, down, diamond, dot or ring; size is half its width."""
    if shape == "ring":
        return (
            f'<circle cx="{coordinate(x)}" cy="{coordinate(y)}" r="{coordinate(size)}" '
            f'fill="{palette.WHITE}" stroke="{fill}" '
            f'stroke-width="{coordinate(size * 0.5)}"/>'
        )
    if shape == "dot":
        return (
            f'<circle cx="{coordinate(x)}" cy="{coordinate(y)}" '
            f'r="{coordinate(size)}" fill="{fill}"/>'
        )
    corners = {
        "up": ((0, -1.1), (1.1, 0.8), (-1.1, 0.8)),
        "down": ((0, 1.1), (1.1, -0.8), (-1.1, -0.8)),
        "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    }[shape]
    return polygon([(x + dx * size, y + dy * size) for dx, dy in corners], fill)


def polygon(points: Sequence[tuple[float, float]], fill: str) -> str:
    """Return a filled shape with corners at points."""
    steps = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in points)
    return f'<polygon points="{steps}" fill="{fill}"/>'


def spread(
    positions: Sequence[float], gap: float, low: float, high: float
) -> list[float]:
    """Return positions moved apart to at least a gap, in order, within low and high."""
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    placed = list(positions)
    floor = low
    for index in order:
        placed[index] = max(placed[index], floor)
        floor = placed[index] + gap
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return placed


def figure(
    name: str, frame: Frame, title: str, description: str, elements: Iterable[str]
) -> str:
    """Return a whole SVG with its title and description."""
    width, height = coordinate(frame.width), coordinate(frame.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{name}-title {name}-text" font-family="{FONT}">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-text">{escape(description)}</desc>'
        f"{''.join(elements)}</svg>"
    )
