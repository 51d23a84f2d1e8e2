"""facts.json: every figure is a query, nothing vain on page one, empty says why."""

import json
import re

import pytest
from unit.reporting import issues, published

from heartshare.reporting.scorecard import PublishedTableMissingError

PAGE_ONE = ("growing", "stuck", "actions", "outcomes")
VANITY = re.compile(r"\b(likes?|reach|impressions?|reactions?|views)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def connection():
    with issues.open_published() as open_file:
        yield open_file


@pytest.fixture(scope="module")
def facts(connection):
    return issues.facts(connection)


def test_facts_every_figure_is_the_result_of_its_query(connection, facts):
    found = issues.figures(facts)
    assert len(found) > 60
    for path, figure in found:
        rows = connection.execute(figure["query"]).fetchall()
        assert len(rows) == 1, path
        assert len(rows[0]) == 1, path
        assert rows[0][0] == figure["value"], path
        assert "from marts." in figure["query"], path


def test_facts_every_section_of_page_one_carries_figures(facts):
    for section in PAGE_ONE:
        assert issues.figures(facts[section]), section


def test_facts_print_no_number_on_page_one_that_is_not_a_figure(facts):
    values = [
        figure["value"]
        for section in PAGE_ONE
        for _, figure in issues.figures(facts[section])
        if figure["value"] is not None
    ]
    for sentence in sentences(facts):
        for number in re.findall(r"[\d,]*\d(?:\.\d+)?", sentence):
            assert any(shows(number, value) for value in values), (number, sentence)


def sentences(facts):
    """Every text of page one, without the words that are names."""
    growing, stuck, actions = facts["growing"], facts["stuck"], facts["actions"]
    yield from (growing["headline"], growing["body"], stuck["headline"], stuck["body"])
    yield from (card["note"] for card in growing["cards"])
    for step in stuck["chart"]["steps"]:
        yield from (step["rate_text"], step["usual_text"])
    yield actions["body"]
    for row in actions["rows"]:
        yield from (row["title"], row["reason"].replace("per 1,000", ""))
    for card in facts["outcomes"]["cards"]:
        yield from (card["usual_text"], card["figure"]["text"])
        yield card["target"]["text"].replace("of 100", "")
    yield from (one["figure"]["text"] for one in facts["outcomes"]["parts"])


def shows(number: str, value: float) -> bool:
    """Whether a printed number is this value, as such, in per cent or per 1,000."""
    decimals = len(number.partition(".")[2])
    printed = float(number.replace(",", ""))
    half = 0.5 * 10**-decimals + 1e-9
    return any(abs(abs(value) * unit - printed) <= half for unit in (1, 100, 1000))


def test_facts_are_the_same_when_built_twice(connection, facts):
    again = issues.facts(connection)
    assert json.dumps(again, sort_keys=True) == json.dumps(facts, sort_keys=True)


def test_facts_survive_a_round_trip_through_json(facts):
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


def test_facts_keep_vanity_counts_in_the_appendix(facts):
    rest = {key: facts[key] for key in facts if key not in {"volume", "definitions"}}
    text = json.dumps(
        {key: value for key, value in rest.items() if key != "reading_notes"}
    )
    without_queries = re.sub(r'"query": "[^"]*"', "", text)
    assert not VANITY.search(without_queries)


def test_facts_show_an_amec_level_with_each_outcome_and_never_output(facts):
    levels = [card["amec_level"] for card in facts["outcomes"]["cards"]]
    levels.append(facts["growing"]["amec_level"])
    assert len(levels) == 4
    assert all(levels)
    assert "output" not in levels


def test_facts_give_each_action_an_owner_evidence_and_a_theme(facts):
    rows = facts["actions"]["rows"]
    assert len(rows) == 3
    for row in rows:
        assert row["owner"]
        assert row["theme"]
        assert row["figures"]["evidence"]["value"] > 0
    assert [row["rank"] for row in facts["actions"]["further"]] == [4, 5]


def test_facts_call_every_movement_signal_watch_or_routine(facts):
    words = set(re.findall(r'"word": "([^"]+)"', json.dumps(facts)))
    assert words <= {
        "Signal up",
        "Signal down",
        "Watch up",
        "Watch down",
        "Routine",
        "Too early",
        "No limits",
        "Not judged",
        "No figure",
    }


def test_facts_never_call_a_total_or_a_waiting_time_too_early(facts):
    waiting = next(
        row
        for row in facts["dialogue"]["rows"]
        if row["metric_id"] == "time_to_first_response_p50_hours"
    )
    assert waiting["tag"]["word"] == "Not judged"


def test_facts_cut_the_usual_range_of_a_ratio_off_at_100_per_cent():
    with issues.open_published() as connection:
        connection.execute(
            "update marts.fct_metric_limits set upper_limit = 1.04 "
            "where metric_id = 'favourability'"
        )
        card = issues.facts(connection)["outcomes"]["cards"][1]
    assert card["usual_text"].endswith("–100%")  # noqa: RUF001 - as printed
    assert max(point["upper"] or 0 for point in card["chart"]["points"]) == 1.0


def test_facts_say_why_each_section_is_empty():
    with issues.open_published() as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"delete from marts.{table}")
        facts = issues.facts(connection)
    for section in (
        *("listen", "dialogue", "conversations", "funnel", "followers"),
        *("styles", "alignment", "sources", "restatements", "volume"),
    ):
        assert facts[section]["empty"], section
    assert facts["growing"]["headline"] == "No figure this week."
    assert facts["stuck"]["headline"] == "No figure this week."
    assert facts["actions"]["rows"] == []


def test_facts_are_too_early_to_tell_with_five_weeks_of_history():
    with issues.open_published(weeks=5) as connection:
        facts = issues.facts(connection)
    assert facts["growing"]["headline"].startswith("Too early to tell.")
    assert facts["growing"]["tag"]["code"] == "too_early"


def test_facts_list_what_was_restated_with_its_cause(facts):
    box = facts["restatements"]
    assert [row["metric_id"] for row in box["rows"]] == [
        "mention_volume",
        "response_rate_24h",
    ]
    line = box["rows"][0]
    assert (line["week_text"], line["printed_text"], line["now_text"]) == (
        "Week 45",
        "210",
        "212",
    )
    assert line["cause"] == "an export came late"
    assert line["evidence"] == "reddit community"


_HEARD = """
    insert into marts.fct_metric_weeks by name
    select 'mention_volume' as metric_id, 'all' as segment_kind_code,
        'all' as segment_code, date '2026-11-09' as week_start, {} as value,
        true as is_mature
"""


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        (
            "delete from marts.rpt_weekly_sources",
            "No export came for this week, so nothing can be said.",
        ),
        ("select 1", "No export so far says who wrote what."),
        (
            _HEARD.format(0),
            "Exports came for this week (*), but nobody wrote a word in any of them.",
        ),
        (
            _HEARD.format(9),
            "People wrote, and no conversation has gone both ways yet.",
        ),
    ],
)
def test_empty_section_tells_a_missing_file_from_silence(happened, sentence):
    with issues.open_published() as connection:
        connection.execute("delete from marts.fct_metric_weeks")
        connection.execute(happened)
        empty = issues.facts(connection)["conversations"]["empty"]
    before, _, after = sentence.partition("*")
    assert empty.startswith(before)
    assert empty.endswith(after)


def test_box_of_restatements_counts_what_it_lists():
    """Thirty changed, two too little to see, and ten were still being counted."""
    with issues.open_published() as connection:
        connection.execute(
            """
            delete from marts.rpt_restatements where metric_id <> 'mention_volume';
            insert into marts.rpt_restatements
            select old.* replace (
                'more' || number as restatement_key,
                restated_week - cast(7 * number as integer) as restated_week,
                if(number <= 2, printed_value + 0.1, value) as value,
                if(number >= 20, 'still_counted', cause_code) as cause_code
            )
            from marts.rpt_restatements as old
            cross join range(1, 30) as one(number)
            """
        )
        box = issues.facts(connection)["restatements"]
    assert len(box["rows"]) + box["further"] == 28
    assert box["headline"] == (
        "28 figures that issue 1 of week 45 printed have changed since; "
        "10 of them were still being counted then."
    )


def test_facts_refuse_a_file_that_lacks_a_table():
    with issues.open_published() as connection:
        connection.execute("drop table marts.rpt_weekly_funnel")
        with pytest.raises(PublishedTableMissingError, match="rpt_weekly_funnel"):
            issues.facts(connection)


def test_facts_name_no_person_key_and_no_evidence_key(facts):
    text = json.dumps({key: facts[key] for key in facts if key != "definitions"})
    assert "person_key" not in text
    assert "evidence_keys" not in text


def test_facts_follower_flow_adds_up(facts):
    rows = facts["followers"]["chart"]["rows"]
    changes = [row["end"] - row["start"] for row in rows[1:-1]]
    assert rows[0]["end"] + sum(changes) == rows[-1]["end"]
    closing = sum(account[3] for account in published.ACCOUNTS)
    assert rows[-1]["end"] == closing
