"""Charts are plain SVG: described, legible, inside their frame, always the same."""

import re
from xml.etree import ElementTree

import pytest
from unit.reporting import issues

from heartshare.reporting.charts import drawing, lines, palette
from heartshare.reporting.charts.pictures import pictures

SVG = "{http://www.w3.org/2000/svg}"
MEDIA = ("printed", "wide", "narrow")


@pytest.fixture(scope="module", params=["a town", "a nation"])
def drawn(request):
    with issues.open_published() as connection:
        facts = issues.facts(connection)
    if request.param == "a nation":
        grow(facts)
    return pictures(facts)


def grow(facts):
    """Let every stage be as large as the first, and each figure have nine digits."""
    for index, step in enumerate(facts["stuck"]["chart"]["steps"]):
        members = step["figures"]["members"]
        members["value"] = 288_888_888 + index
        members["text"] = f"{members['value']:,}"
    for panel in facts["conversations"]["chart"]["panels"]:
        for point in panel["points"]:
            if point["value"] is not None:
                point["value"] = int(288_888_888 + point["value"])
                point["text"] = f"{point['value']:,}"


def trees(drawn):
    for picture in drawn:
        for medium in MEDIA:
            yield picture, medium, ElementTree.fromstring(picture.svg(medium))


def test_charts_have_a_title_a_description_and_a_role(drawn):
    for picture, _, tree in trees(drawn):
        assert tree.get("role") == "img"
        assert tree.find(f"{SVG}title").text, picture.name
        assert len(tree.find(f"{SVG}desc").text) > 10, picture.name


def test_charts_keep_their_text_inside_the_frame(drawn):
    for picture, medium, tree in trees(drawn):
        width, height = float(tree.get("width")), float(tree.get("height"))
        for line in tree.iter(f"{SVG}text"):
            left, right = extent(line)
            where = (picture.name, medium, line.text)
            assert left >= -1, where
            assert right <= width + 1, where
            assert 0 < float(line.get("y")) <= height, where


def extent(line) -> tuple[float, float]:
    size, x = float(line.get("font-size")), float(line.get("x"))
    bold = int(line.get("font-weight")) >= 600
    width = drawing.text_width(line.text, size, bold=bold)
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}[line.get("text-anchor")]
    return x - width * before, x + width * (1 - before)


def test_charts_never_print_one_text_over_another(drawn):
    for picture, medium, tree in trees(drawn):
        boxes = []
        for line in tree.iter(f"{SVG}text"):
            left, right = extent(line)
            y, size = float(line.get("y")), float(line.get("font-size"))
            boxes.append((left, right, y - size * 0.72, y, line.text))
        for index, one in enumerate(boxes):
            for other in boxes[index + 1 :]:
                apart = (
                    one[1] <= other[0] + 1
                    or other[1] <= one[0] + 1
                    or one[3] <= other[2] + 0.5
                    or other[3] <= one[2] + 0.5
                )
                assert apart, (picture.name, medium, one[4], other[4])


def test_charts_print_no_letter_below_seven_points(drawn):
    for picture, _, tree in trees(drawn):
        for line in tree.iter(f"{SVG}text"):
            assert float(line.get("font-size")) >= 7, picture.name


def test_charts_hold_no_float_noise_and_no_negative_zero(drawn):
    for picture in drawn:
        svg = picture.svg("printed")
        assert not re.search(r"\d\.\d{3,}", svg), picture.name
        assert '"-0"' not in svg
        assert "nan" not in svg.lower()


def test_charts_are_the_same_when_drawn_twice(drawn):
    for picture in drawn:
        assert picture.svg("wide") == picture.svg("wide")


def test_limit_chart_marks_exactly_the_weeks_that_were_not_routine(drawn):
    picture = next(one for one in drawn if one.name == "dialogue-1")
    tree = ElementTree.fromstring(picture.svg("wide"))
    unusual = [row for row in picture.facts["points"] if row["mark"] in "▲▼◆"]
    assert len(unusual) >= 2
    marks = [
        one for one in tree.iter(f"{SVG}polygon") if one.get("fill") != palette.BAND
    ]
    assert len(marks) == len(unusual)


def test_limit_chart_leaves_a_gap_where_no_usual_range_held():
    def week(number, low):
        return {
            "week": f"2026-0{number}-05",
            "value": 5.0,
            "mean": low and low + 2,
            "lower": low,
            "upper": low and low + 4,
            "is_provisional": number != 4,
            "mark": "●",
            "tone": "neutral",
        }

    points = [week(number, low) for number, low in enumerate((3, 3, None, 4), start=1)]
    words = {"title": "t", "description": "d", "end_text": "5"}
    chart = {**words, "points": points, "low_text": "4", "high_text": "8"}
    svg = lines.limit_chart("name", drawing.Frame(300, 100, 7), chart)
    assert svg.count(f'fill="{palette.BAND}"') == 2
    assert svg.count("stroke-dasharray") == 2  # upper and lower edge of the first run


def test_first_week_has_a_number_instead_of_one_dot():
    with issues.open_published() as connection:
        connection.execute(
            "delete from marts.fct_metric_weeks where week_start < "
            "(select max(week_start) from marts.fct_metric_weeks)"
        )
        drawn = {one.name: one for one in pictures(issues.facts(connection))}
    value = drawn["growing"].facts["end_text"]
    for name, said_value in (("growing", value), ("conversations", "")):
        tree = ElementTree.fromstring(drawn[name].svg("wide"))
        texts = [line.text for line in tree.iter(f"{SVG}text")]
        said = [text for text in texts if text.startswith("First week with a figure: ")]
        assert said
        assert all(text.endswith(". No line yet.") for text in said)
        assert said_value in said[0]
        assert not list(tree.iter(f"{SVG}circle"))


def test_last_conversation_of_nine_digits_keeps_its_figure(drawn):
    """The first and the last were cut at the frame; the others covered each other."""
    picture = next(one for one in drawn if one.name == "conversations")
    for medium in MEDIA:
        tree = ElementTree.fromstring(picture.svg(medium))
        texts = [line.text for line in tree.iter(f"{SVG}text")]
        for panel in picture.facts["panels"]:
            assert panel["points"][-1]["text"] in texts


def test_funnel_marks_exactly_the_stuck_step(drawn):
    picture = next(one for one in drawn if one.name == "funnel")
    tree = ElementTree.fromstring(picture.svg("narrow"))
    assert len(list(tree.iter(f"{SVG}polygon"))) == 1


def test_every_chart_has_an_empty_form():
    with issues.open_published() as connection:
        for table in ("fct_metric_weeks", "rpt_weekly_funnel"):
            connection.execute(f"delete from marts.{table}")
        drawn = pictures(issues.facts(connection))
    texts = [
        ElementTree.fromstring(picture.svg("wide")).find(f"{SVG}text").text
        for picture in drawn
        if picture.name in {"growing", "funnel"}
    ]
    assert texts == ["No values yet.", "No stages yet."]


def test_spread_keeps_labels_apart_in_order_and_inside():
    placed = drawing.spread([50.0, 52.0, 48.0], 10, 5, 95)
    first, second, third = placed[2], placed[0], placed[1]
    assert second - first >= 10
    assert third - second >= 10
    assert drawing.spread([94.0, 93.0], 10, 5, 95) == [95, 85]


@pytest.mark.parametrize(
    ("value", "text"), [(-0.001, "0"), (1.0, "1"), (2.345, "2.35"), (10, "10")]
)
def test_coordinate_is_short_and_exact(value, text):
    assert drawing.coordinate(value) == text
