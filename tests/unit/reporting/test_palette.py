"""Every text colour can be read on its ground."""

import pytest

from heartshare.reporting.charts import palette


@pytest.mark.parametrize(
    "colour", [palette.INK, palette.MUTED, palette.GOOD, palette.BAD, palette.CAUTION]
)
def test_palette_text_on_white_reaches_contrast_aa(colour):
    assert palette.contrast(colour, palette.WHITE) >= 4.5


@pytest.mark.parametrize("tone", sorted(palette.TAGS))
def test_palette_tags_reach_contrast_aa(tone):
    assert palette.contrast(*palette.TAGS[tone]) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (palette.MUTED, palette.TINT),
        (palette.INK, palette.TINT),
        (palette.INK, palette.FILL_LIGHT),
        (palette.INK, palette.FILL_MIDDLE),
        (palette.TAGS["bad"][0], palette.FILL_BAD_LIGHT),
        (palette.INK, palette.BAND),
        (palette.MUTED, palette.BAND),
    ],
)
def test_palette_text_on_fills_reaches_contrast_aa(text, ground):
    assert palette.contrast(text, ground) >= 4.5


def test_palette_contrast_of_black_on_white_is_21():
    assert palette.contrast("#000000", "#FFFFFF") == pytest.approx(21)
