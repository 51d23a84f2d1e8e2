"""A month and a half-year say what their small published file holds, by hand."""

# ruff: noqa: RUF001 - dashes and minus signs as they are printed

import copy
import json
import re
from datetime import date

import pytest
from unit.reporting import edition_marts, issues
from unit.reporting.edition_goldens import GOLDEN, ISSUES, PERIODS, make, told
from unit.reporting.reconciliation import shows
from unit.reporting.test_goldens import differences

from heartshare.reporting.delivery.recipients import (
    Recipient,
    is_for_report,
    wants_edition,
)
from heartshare.reporting.editions.half_year import RankingNotFrozenError
from heartshare.reporting.editions.periods import (
    FREEZE_DAYS,
    HalfYear,
    Month,
    UnreadablePeriodError,
    closed_by,
    parse_period,
)
from heartshare.reporting.editions.sums import Metric, total, weekly
from heartshare.reporting.scorecard import Published
from heartshare.weeks import ReportingWeek

_RENEW = "wanted? PYTHONPATH=tests .venv/bin/python -m unit.reporting.edition_goldens"


def section(name, edition="monthly"):
    _, facts = told(edition)
    return next(one for one in facts["sections"] if one["id"] == name)


def rows(name, edition="monthly", place=0):
    table = section(name, edition)["tables"][place]
    return {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in table["rows"]}


@pytest.fixture
def marts():
    with edition_marts.open_marts() as connection:
        yield connection


def test_advocates_are_summed_over_the_weeks_of_the_month():
    found = section("growing")
    assert found["headline"] == "8 more advocates in October 2026."
    assert "15 came to the last stage and 5 left it; it has 50." in found["body"]
    assert "September 2026 brought +4." in found["body"]
    assert "the week of 12 Oct (signal up)" in found["body"]
    assert found["tag"]["code"] == "signal_up"


def test_month_is_stuck_where_most_of_its_weeks_were():
    found = section("stuck")
    assert found["headline"] == (
        "Between Identified and Activated: stuck in 3 of 5 weeks."
    )
    for start, entered, up, down, end, *_ in rows("stuck").values():
        assert int(start) + int(entered) - int(up) - int(down) == int(end)
    assert rows("stuck")["Identified"][:5] == ["120", "25", "5", "10", "130"]


def test_suggestions_count_answers_and_only_weeks_that_were_answered_for():
    found = section("suggestions")
    assert found["headline"] == "7 suggestions of 50 were taken up."
    assert "4 were declined, 3 ignored, 16 are still open." in found["body"]
    assert "2 of 6 people behind a taken suggestion moved up" in found["body"]
    assert rows("suggestions")["All of them"] == (
        ["50", "4", "3", "4", "3", "16", "64%", "40%"]
    )


def test_ratio_of_a_month_is_sums_over_sums_and_no_mean_of_rates():
    means = [part / whole for part, whole in edition_marts.SIDES]
    assert round(100 * sum(means) / len(means)) == 62
    assert rows("outcomes")["Heartshare: Favourability"] == ["–", "64%", "50%", "50%"]


def test_withheld_week_lends_a_ratio_neither_half(marts):
    marts.execute(
        "update marts.fct_metric_weeks set value = null "
        "where metric_id = 'favourability' and week_start = date '2026-10-19'"
    )
    ratio = Metric("favourability", "", "ratio", "rate", False, "up")
    found = total(Published(marts), ratio, edition_marts.OCTOBER)
    assert found["value"] == pytest.approx((30 + 20 + 45 + 33) / (50 + 40 + 60 + 50))


def test_stock_of_a_month_is_what_there_is_at_its_end(marts):
    values = {"2026-09-28": 40, "2026-10-19": 46, "2026-10-26": 44}
    for week, value in values.items():
        marts.execute(
            "insert into marts.fct_metric_weeks by name select 'advocates' as "
            "metric_id, 'all' as segment_kind_code, ?::date as week_start, "
            "?::double as value, false as is_definition_break",
            [week, value],
        )
    stock = Metric("advocates", "", "count", "stock", False, "up")
    assert total(Published(marts), stock, edition_marts.OCTOBER)["value"] == 44
    assert weekly(Published(marts), stock, edition_marts.OCTOBER)["value"] is None


def test_months_of_four_and_five_weeks_are_compared_by_their_average_week():
    found = rows("conversations")
    assert found["October 2026"] == ["5", "125", "25.0", "12.0"]
    assert found["September 2026"] == ["4", "84", "21.0", "11.5"]


def test_followers_reconcile_from_opening_to_closing():
    found = rows("followers")
    assert found["X"] == ["1,000", "50", "20", "−1", "1,029", "+29"]
    assert found["LinkedIn"] == ["300", "30", "–", "−10", "320", "+20"]
    assert found["Facebook"] == ["500", "–", "–", "–", "525", "+25"]
    flow = section("followers")["chart"]["rows"]
    assert (flow[0]["end"], flow[-1]["end"]) == (1800, 1874)
    moved = [one["end"] - one["start"] for one in flow[1:-1]]
    assert sum(moved) == 74


def test_tone_is_that_of_calibrated_weeks_only():
    assert section("tone")["headline"] == (
        "3 of 5 weeks are calibrated: net tone from +0.30 to +0.50."
    )
    assert rows("tone")["28 Sep"][:3] == ["–", "–", "–"]


def test_holds_and_corrections_of_the_month_are_told():
    assert section("holds")["headline"].startswith("1 of 5 weeks was held")
    found = section("corrections")
    assert found["headline"].startswith("5 printed figures of earlier weeks")
    assert found["body"] == "Corrected issues: 2026-W41.r2."
    assert rows("corrections")["2026-W44"][0] == "2"


def test_cohort_of_too_few_people_is_left_out():
    assert list(rows("progress")) == ["May 2026", "June 2026"]


def test_week_without_a_figure_is_a_caveat_and_compares_nothing(marts):
    marts.execute(
        "delete from marts.fct_metric_weeks where metric_id = 'two_way_conversations' "
        "and week_start = date '2026-10-12'"
    )
    facts = edition_marts.month_facts(marts)
    assert "Quality conversations has a figure for 4 of 5 weeks." in facts["caveats"]
    [found] = [one for one in facts["sections"] if one["id"] == "conversations"]
    row = found["tables"][0]["rows"][-1]
    assert [cell["text"] for cell in row[2:4]] == ["95", "–"]


def test_month_before_another_definition_is_not_compared(marts):
    marts.execute(
        "update marts.fct_metric_weeks set is_definition_break = true "
        "where metric_id = 'leads' and week_start = date '2026-10-12'"
    )
    facts = edition_marts.month_facts(marts)
    [found] = [one for one in facts["sections"] if one["id"] == "outcomes"]
    leads = found["tables"][0]["rows"][-1]
    assert [cell["text"] for cell in leads[3:]] == ["defined anew", "defined anew"]
    assert any("defined anew from the week of 12 October" in one
               for one in facts["caveats"])  # fmt: skip


def test_few_people_behind_suggestions_are_in_neither_words_nor_facts(marts):
    marts.execute("delete from marts.fct_suggestions where person_key in ('p1', 'p2')")
    facts = edition_marts.month_facts(marts)
    [found] = [one for one in facts["sections"] if one["id"] == "suggestions"]
    assert "people behind" not in found["body"]
    assert "reached" not in found["figures"]


def test_standing_names_nobody_and_shows_all_of_a_tie():
    found = section("standing", "half_year")
    table = [[cell["text"] for cell in row] for row in found["tables"][0]["rows"]]
    assert [row[0] for row in table] == ["1", "2", "3", "3"]
    assert table[2] == ["3", "20", "2", "0", "0", "–", "30"]
    assert "frozen on 7 July 2026" in found["body"]
    assert "1 place is shared." in found["body"]
    assert "For 1 employee more became known" in found["body"]
    assert "person_key = " not in json.dumps(found)


def test_edition_of_a_revision_from_before_places_could_be_empty_is_made(marts):
    sections = edition_marts.half_facts(marts)["sections"]
    marts.execute("alter table marts.agg_halfyear_recognition drop is_vacant")
    assert edition_marts.half_facts(marts)["sections"] == sections


VACATE = (
    "update marts.agg_halfyear_recognition set person_key = null, is_vacant = true, "
    "is_recognised = false, impact_points = null, lead_count = null, "
    "download_count = null, conversation_count = null, first_result_at = null, "
    "impact_points_rate_per_1000_connections = null, current_impact_points = null, "
    "adjustment_note = 'empty' where rank_number = {}"
)


@pytest.mark.parametrize(
    ("rank", "headline"),
    [(1, "The leading place is empty."), (2, "The leading place has 60 points")],
)
def test_place_of_somebody_who_left_stays_empty_in_the_edition(marts, rank, headline):
    marts.execute(VACATE.format(rank))
    found = edition_marts.half_facts(marts)["sections"][0]
    assert found["headline"].startswith(headline)
    shown = [[one["text"] for one in row] for row in found["tables"][0]["rows"]]
    assert [row[0] for row in shown] == ["1", "2", "3", "3"]
    assert {*shown[rank - 1][1:]} == {"–"}
    assert "1 recognised employee takes part no more" in found["body"]
    assert "For 1 employee more became known" in found["body"]


def test_programme_rates_awards_and_effect_are_sums():
    assert rows("rates", "half_year")["Shares with own words"] == ["40%", "4", "10"]
    assert rows("zones", "half_year")["Sharer"] == ["1", "2", "25%"]
    assert [*rows("ledger", "half_year").values()] == [["3"], ["1"], ["1"]]
    assert [*rows("effect", "half_year").values()] == [
        ["45", "53", "118%"],
        ["60", "58", "97%"],
    ]


def test_few_employees_are_not_shown(marts):
    marts.execute(
        "delete from marts.agg_halfyear_recognition where rank_number > 3; "
        "update marts.agg_weekly_employees set linked_count = 4; "
        "delete from marts.fct_recognition_effects where person_key < 'e2'"
    )
    facts = edition_marts.half_facts(marts)
    assert all(one["empty"] for one in facts["sections"])
    assert all(not one["tables"] for one in facts["sections"])


def test_ranking_that_can_still_change_has_no_edition(marts):
    marts.execute("update marts.agg_halfyear_recognition set is_frozen = false")
    with pytest.raises(RankingNotFrozenError, match="heartshare run --week 2026-W28"):
        edition_marts.half_facts(marts)


@pytest.fixture(params=PERIODS)
def edition(request, tmp_path):
    return request.param, make(request.param, tmp_path)


def test_edition_reads_and_weighs_what_was_looked_at_and_kept(edition):
    name, made = edition
    kept = GOLDEN / name
    for place, text in made.texts.items():
        assert text == (kept / f"{place}.txt").read_text(encoding="utf-8"), _RENEW
    before = json.loads((kept / "facts.json").read_text(encoding="utf-8"))
    assert differences(before, made.facts) == [], _RENEW
    assert made.digests() == json.loads((kept / "digests.json").read_text()), _RENEW
    assert len(made.files["report.pdf"]) < 400_000
    page = made.files["report.eml"].partition(b"Content-Type: image")[0]
    assert len(page) < 100_000


@pytest.mark.parametrize("name", PERIODS)
def test_stored_facts_give_the_same_bytes(name, tmp_path):
    first = make(name, tmp_path / "first")
    from heartshare.reporting.rendering.render import render_issue

    week = PERIODS[name].closing_week
    stored = json.loads(first.files["facts.json"])
    again = render_issue(stored, issues.verdict(week=week), tmp_path / "again")
    assert again.page.read_bytes() == first.files["index.html"]
    assert again.pdf.read_bytes() == first.files["report.pdf"]
    assert again.facts.read_bytes() == first.files["facts.json"]


@pytest.mark.parametrize("name", PERIODS)
def test_every_number_is_what_its_query_yields_and_its_text_shows(name):
    connection, facts = told(name)
    assert [one for one in figures(facts) if wrong(connection, one)] == []


@pytest.mark.parametrize("name", PERIODS)
def test_each_number_that_is_changed_is_noticed(name):
    connection, facts = told(name)
    numbers = [one for one in figures(facts) if one["value"] is not None]
    assert len(numbers) > 40
    for one in numbers:
        assert wrong(connection, one | {"value": one["value"] + 1})


@pytest.mark.parametrize("name", PERIODS)
def test_sentences_show_only_numbers_of_their_own_section(name):
    _, facts = told(name)
    for one in facts["sections"]:
        assert strangers(one, name) == set()


def test_sentence_with_another_number_is_noticed():
    _, facts = told("monthly")
    changed = copy.deepcopy(facts["sections"][0])
    changed["headline"] = changed["headline"].replace("8 more", "7 more")
    assert strangers(changed, "monthly") == {"7"}


#: Days, months and issues are no counts; corrections are told by hand above.
_DATES = re.compile(
    r"\d{4}-W\d\d(\.r\d+)?|\d{1,2} [A-Z][a-z]{2,}( \d{4})?|[A-Z][a-z]+ \d{4}"
)
_NUMBERS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def strangers(section, name):
    """Return the numbers of a section's sentences that none of its figures shows."""
    if section["id"] == "corrections":
        return set()
    known = {str(len(PERIODS[name].weeks))}
    for one in figures(section):
        known |= set(_NUMBERS.findall(one["text"]))
    bare = _DATES.sub(" ", f"{section['headline']} {section['body']}")
    return set(_NUMBERS.findall(bare)) - known


def figures(node):
    """Yield every number with its query, wherever it stands in facts."""
    if isinstance(node, dict):
        if node.keys() >= {"value", "text", "query"}:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from figures(one)


def wrong(connection, figure):
    """Whether a figure is not what its query yields, or shows another number."""
    found = connection.execute(figure["query"]).fetchall()
    value = found[0][0] if found else None
    if value is None or figure["value"] is None:
        is_nothing = value is None and figure["value"] is None
        return not is_nothing or figure["text"] not in {"–", "not reported", ""}
    if abs(float(value) - float(figure["value"])) > 1e-9:
        return True
    numbers = _NUMBERS.findall(figure.get("told", figure["text"]))
    return bool(numbers) and not shows(numbers[0], figure["value"])


def test_every_week_belongs_to_one_month_and_one_half_year():
    weeks = [*ReportingWeek.parse("2024-W01").until(ReportingWeek.parse("2031-W52"))]
    months = [Month.parse(f"{year}-{number:02d}")
              for year in range(2024, 2032) for number in range(1, 13)]  # fmt: skip
    halves = [HalfYear(year, number) for year in range(2024, 2032) for number in (1, 2)]
    for periods in (months, halves):
        assert [week for one in periods for week in one.weeks] == weeks
    assert {len(month.weeks) for month in months} == {4, 5}


def test_each_month_and_half_year_is_closed_once_and_in_time():
    weeks = ReportingWeek.parse("2025-W01").until(ReportingWeek.parse("2030-W52"))
    closed = [(week, one) for week in weeks for one in closed_by(week)]
    months = [one for _, one in closed if isinstance(one, Month)]
    assert months == sorted(set(months))
    assert len(months) == 72
    halves = [(week, one) for week, one in closed if isinstance(one, HalfYear)]
    assert len(halves) == len({one for _, one in halves}) == 12
    for week, one in halves:
        frozen = one.last_day.toordinal() + FREEZE_DAYS
        assert week.monday.toordinal() <= frozen <= week.sunday.toordinal()
        sent = week.shift(1).monday
        assert (sent.month, 8 <= sent.day <= 14) in {(1, True), (7, True)}


def test_freeze_is_that_of_the_seed():
    from pathlib import Path

    seed = Path(__file__).parents[3] / "dbt_project" / "seeds" / "rule_thresholds.csv"
    assert f"recognition_freeze_days,1,{FREEZE_DAYS}," in seed.read_text()


@pytest.mark.parametrize("text", ["2026-13", "2026-0", "2026-H3", "H1", "2026-W44", ""])
def test_other_words_name_no_period(text):
    with pytest.raises(UnreadablePeriodError, match="2026-10 or 2026-H1"):
        parse_period(text)


@pytest.mark.parametrize(
    ("sections", "weekly", "monthly", "half"),
    [
        (("all",), True, True, True),
        (("page_one",), True, False, False),
        (("page_one", "monthly"), True, True, False),
        (("half_year",), False, False, True),
        (("my_impact", "monthly"), False, True, False),
    ],
)
def test_sections_choose_editions(sections, weekly, monthly, half):
    line = Recipient("a@example.org", "", "owner", sections, date(2026, 1, 1), None)
    assert is_for_report(line) is weekly
    assert wants_edition(line, "monthly") is monthly
    assert wants_edition(line, "half_year") is half


def test_weekly_issues_of_the_golden_are_those_before_the_last_week():
    labels = [week.label for week in edition_marts.OCTOBER.weeks[:-1]]
    assert {one["key"].partition(".")[0] for one in ISSUES} <= set(labels)
