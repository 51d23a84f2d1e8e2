"""Sentences on employees and gaps: each is parsed and held against its figures."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from unit.reporting import issues

from heartshare.reporting import programme_text
from heartshare.reporting.charts.drawing import Frame
from heartshare.reporting.charts.lines import limit_chart
from heartshare.reporting.wording import NOTHING

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"
TAKING_PART = {"enrolled_count": 9, "linked_count": 8, "dormant_count": 2}


@pytest.fixture
def connection():
    with issues.open_published() as open_file:
        yield open_file


def test_fewest_people_is_the_seed_of_the_models():
    with (SEEDS / "rule_thresholds.csv").open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))
    value = next(row[2] for row in rows if row[0] == "segment_person_minimum_count")
    assert int(value) == programme_text.FEWEST_PEOPLE


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (None, "opted in"),
        ({"enrolled_count": 0, "linked_count": 0}, "opted in"),
        ({"enrolled_count": 3, "linked_count": 0}, "no account is linked"),
        ({"enrolled_count": 9, "linked_count": 4}, "Too few employees"),
        (TAKING_PART, ""),
    ],
)
def test_absent_employees_say_why(row, words):
    text = programme_text.employees_absent(row)
    assert words in text
    assert bool(text) == bool(words)


@pytest.mark.parametrize(("up", "down"), [(0, 0), (2, 0), (1, 3)])
def test_employees_headline_gives_who_takes_part_and_moved(up, down):
    moves = {"up_count": up, "down_count": down, "compared_count": 8}
    text = programme_text.employees(TAKING_PART, moves)
    found = re.match(r"(\d+) of (\d+) employees .*; (\d+)% of them", text).groups()
    assert found == ("8", "9", "25")
    assert ("Nobody changed zone" in text) == (up == down == 0)
    if up or down:
        assert f"{up} moved up a zone and {down} down" in text


def test_employees_headline_of_the_first_week_knows_no_move():
    text = programme_text.employees(TAKING_PART, {"compared_count": 0})
    assert "first week" in text
    assert "moved" not in text


def test_held_back_adds_up_and_says_what_is_only_missing_data():
    rows = [
        {"reason_code": "too_few_shares", "is_capped": False, "person_count": 3},
        {"reason_code": "network_missing", "is_capped": True, "person_count": 1},
    ]
    text = programme_text.held_back(rows)
    total = int(re.match(r"(\d+) creators are", text).group(1))
    parts = [int(one) for one in re.findall(r"\((\d+)\)", text)]
    assert total == sum(parts) == 4
    assert "missing data caps 1 of them" in text
    assert "No creator" in programme_text.held_back([])


@pytest.mark.parametrize("people", [0, 3, 5])
def test_standing_is_not_told_of_few_people(people):
    row = {"impact_points": 98, "lead_count": 2.5, "download_count": 1}
    row |= {"conversation_count": 0, "is_vacant": False}
    text = programme_text.standing([row], people, date(2026, 7, 1))
    assert ("98" in text) == (people >= programme_text.FEWEST_PEOPLE)
    if people >= programme_text.FEWEST_PEOPLE:
        assert "2.5 leads, 1 download and 0 conversations" in text
        assert "1 July" in text


def test_standing_says_which_places_stay_empty_and_gives_none_of_their_figures():
    held = {"impact_points": 98, "lead_count": 2, "download_count": 1}
    held |= {"conversation_count": 0, "is_vacant": False}
    empty = {"impact_points": None, "is_vacant": True}
    second = programme_text.standing([held, empty], 9, date(2026, 7, 1))
    assert "leading place has 98 points" in second
    assert second.endswith("1 recognised employee takes part no more and is not named; "
                           "the place stays empty.")  # fmt: skip
    first = programme_text.standing([empty, empty, held], 9, date(2026, 7, 1))
    assert first.startswith("2 recognised employees take part no more")
    assert "98" not in first


def test_standing_without_results_names_the_half_year():
    text = programme_text.standing([], 9, date(2026, 7, 1))
    assert text.startswith("Since 1 July no lead")


@pytest.mark.parametrize(("posts", "people"), [(0, 0), (3, 4), (1, 6)])
def test_to_share_counts_posts_and_hides_few_people(posts, people):
    text = programme_text.to_share(posts, people, "Parks")
    if not posts:
        assert text.startswith("No post")
        return
    assert int(re.match(r"(\d+) posts? of this week fits?", text).group(1)) == posts
    assert (str(people) in text) == (people >= programme_text.FEWEST_PEOPLE)


def test_facts_of_employees_are_those_of_the_published_rows(connection):
    box = issues.facts(connection)["employees"]
    assert [row["count_text"] for row in box["zones"]] == ["1", "3", "2", "2", "1"]
    assert [row["before_text"] for row in box["zones"]] == ["1", "4", "1", "2", "1"]
    assert "1 moved up a zone and 0 down" in box["headline"]
    assert box["held_back"].startswith("2 creators are")
    assert [row["impact_text"] for row in box["standing"]["rows"]] == ["98", "96", "87"]
    assert box["to_share"].startswith("4 posts of this week fit")
    assert "Parks" in box["to_share"]


def test_revision_from_before_places_could_be_empty_is_reported(connection):
    standing = issues.facts(connection)["employees"]["standing"]
    connection.execute("alter table marts.agg_halfyear_recognition drop is_vacant")
    assert issues.facts(connection)["employees"]["standing"] == standing


def test_facts_show_a_place_that_stays_empty_without_figures(connection):
    connection.execute(
        "update marts.agg_halfyear_recognition set person_key = null, "
        "is_vacant = true, is_recognised = false, impact_points = null, "
        "lead_count = null, download_count = null, conversation_count = null "
        "where rank_number = 2"
    )
    standing = issues.facts(connection)["employees"]["standing"]
    assert [row["place_text"] for row in standing["rows"]] == ["1", "2", "3"]
    assert [row["impact_text"] for row in standing["rows"]] == ["98", NOTHING, "87"]
    assert "1 recognised employee takes part no more" in standing["headline"]


def test_facts_of_blind_spots_flag_what_the_mart_flags(connection):
    box = issues.facts(connection)["blind_spots"]
    assert box["headline"] == (
        "Reddit: 34% of the talk is on Recycling, 16% of our posts. "
        "Of 2 of 3 segments we know too little."
    )
    whys = [row["why"] for row in box["rows"]]
    assert [row["what"] for row in box["rows"][1:]] == ["not known", "not known"]
    assert whys == [
        "+18 points in the talk",
        "evidence for 28% of what we would want to know",
        "too few people",
    ]


def test_facts_state_nothing_of_four_employees(connection):
    connection.execute("update marts.rpt_employee_programme set linked_count = 4")
    connection.execute(
        "delete from marts.agg_halfyear_recognition where rank_number > 4"
    )
    box = issues.facts(connection)["employees"]
    assert "Too few employees" in box["empty"]
    assert box["zones"] == box["rates"] == box["standing"]["rows"] == []


def test_a_new_definition_is_noted_and_drawn(connection):
    connection.execute(
        "update marts.fct_metric_weeks set is_definition_break = true, "
        "metric_version = 2 where metric_id = 'advocates_net_new' "
        "and week_start = date '2026-10-05'"
    )
    facts = issues.facts(connection)
    (note,) = facts["definition_breaks"]
    assert note["text"] == (
        "Net new advocates is defined anew from the week of 5 October (version 2); "
        "figures before and after are not comparable."
    )
    chart = facts["growing"]["chart"]
    marked = [row["week"] for row in chart["points"] if row.get("is_break")]
    assert marked == ["2026-10-05"]
    assert "Defined anew from the week of 5 Oct." in chart["description"]
    assert "new definition" in limit_chart("growing", Frame(680, 230, 12.5), chart)


def test_without_a_new_definition_nothing_is_marked(connection):
    facts = issues.facts(connection)
    assert facts["definition_breaks"] == []
    drawn = limit_chart("growing", Frame(680, 230, 12.5), facts["growing"]["chart"])
    assert "new definition" not in drawn


def test_a_stated_change_of_process_is_noted_with_its_reason(connection):
    connection.execute(
        "insert into marts.fct_process_changes values "
        "('advocates_net_new', '2026-10-01', '2026-10-05', 'New forum.', true), "
        "('all', '2026-09-21', '2026-09-21', 'Two agencies became one', true), "
        "('misspelt', '2026-09-14', '2026-09-14', 'Who <knows>', false), "
        "('all', '2026-12-21', '2026-12-21', 'Not yet', true)"
    )
    assert [note["text"] for note in issues.facts(connection)["definition_breaks"]] == [
        (
            "Net new advocates: the usual range starts again with the week of "
            "5 October: New forum."
        ),
        (
            "All usual ranges start again with the week of 21 September: Two agencies "
            "became one."
        ),
        (
            "A change of process is stated for misspelt (Who <knows>), which has no "
            "usual range: nothing starts again."
        ),
    ]


def test_audience_is_told_from_a_platform_of_the_same_name(connection):
    connection.execute(
        "update marts.rpt_blind_spots set segment_kind_code = 'audience', "
        "segment_code = 'Reddit' where segment_code = 'mastodon'"
    )
    names = [row["segment"] for row in issues.facts(connection)["blind_spots"]["rows"]]
    assert names[0] == "Reddit"
    assert "Audience Reddit" in names
