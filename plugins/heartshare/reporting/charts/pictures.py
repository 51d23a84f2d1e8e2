"""Which charts an issue has, and how large each is in print, on screen and in mail.

One drawing function serves all three; a narrow screen and mail get their own drawing
with larger letters instead of a shrunken one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heartshare.reporting.charts import bars, funnel, lines
from heartshare.reporting.charts.drawing import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Row = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """One chart of an issue: its name, drawing function, facts and three frames."""

    name: str
    draw: Callable[..., str]
    facts: Row
    printed: Frame
    wide: Frame
    narrow: Frame
    mailed: Frame | None = None

    def svg(self, medium: str) -> str:
        """Return the drawing for printed, wide, narrow or mailed."""
        frame: Frame = getattr(self, medium)
        return self.draw(f"{self.name}-{medium}", frame, self.facts)


def pictures(facts: Row) -> list[Picture]:
    """Return every chart that an issue's facts call for, in reading order."""
    return [*_page_one(facts), *_evidence(facts)]


def _page_one(facts: Row) -> Iterator[Picture]:
    yield Picture(
        "growing",
        lines.limit_chart,
        facts["growing"]["chart"],
        Frame(340, 124, 7),
        Frame(680, 230, 12.5),
        Frame(360, 190, 12),
        Frame(440, 216, 13.6),
    )
    rows = len(facts["stuck"]["chart"]["steps"])
    yield Picture(
        "funnel",
        funnel.funnel,
        facts["stuck"]["chart"],
        Frame(340, 27 * max(rows, 1), 7.4),
        Frame(680, 49 * max(rows, 1), 13),
        Frame(360, 47 * max(rows, 1), 12),
        Frame(440, 50 * max(rows, 1), 13.6),
    )
    for card in facts["outcomes"]["cards"]:
        if card["empty"]:
            continue
        yield Picture(
            f"outcome-{card['code']}",
            lines.limit_chart,
            card["chart"],
            Frame(161, 58, 7),
            Frame(330, 124, 12),
            Frame(360, 130, 12),
        )
        if card["target"]:
            yield Picture(
                f"target-{card['code']}",
                bars.target_bar,
                card["target"],
                Frame(161, 11, 7),
                Frame(330, 20, 12),
                Frame(360, 20, 12),
            )


def _evidence(facts: Row) -> Iterator[Picture]:
    for index, row in enumerate(facts["listen"]["rows"]):
        small = Frame(110, 20, 8.5)
        yield Picture(
            f"spark-{index}",
            lines.sparkline,
            row["spark"],
            Frame(70, 14, 7),
            small,
            small,
        )
        bar = Frame(190, 22, 12)
        yield Picture(
            f"tone-{index}", bars.tone_bar, row["tone"], Frame(104, 13, 7), bar, bar
        )
    for index, chart in enumerate(facts["dialogue"]["charts"]):
        yield Picture(
            f"dialogue-{index}",
            lines.limit_chart,
            chart,
            Frame(250, 86, 7),
            Frame(500, 170, 12.5),
            Frame(360, 160, 12),
        )
    if not facts["conversations"]["empty"]:
        yield Picture(
            "conversations",
            lines.split_line,
            facts["conversations"]["chart"],
            Frame(516, 82, 7),
            Frame(1000, 180, 12.5),
            Frame(360, 290, 12),
        )
    yield from _flows(facts)


def _flows(facts: Row) -> Iterator[Picture]:
    if not facts["followers"]["empty"]:
        rows = len(facts["followers"]["chart"]["rows"])
        yield Picture(
            "followers",
            bars.waterfall,
            facts["followers"]["chart"],
            Frame(250, 16 * rows, 7.4),
            Frame(500, 26 * rows, 12.5),
            Frame(360, 27 * rows, 12),
        )
    if not facts["alignment"]["empty"]:
        rows = len(facts["alignment"]["chart"]["rows"])
        yield Picture(
            "alignment",
            bars.dumbbell,
            facts["alignment"]["chart"],
            Frame(250, 22 * rows + 14, 7.4),
            Frame(500, 32 * rows + 24, 12.5),
            Frame(360, 33 * rows + 24, 12),
        )
