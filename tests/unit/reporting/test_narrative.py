"""Headlines claim what their tag says: each is parsed and held against it."""

# ruff: noqa: RUF001 - the dashes and minus signs that the report prints

import re

import pytest
from unit.reporting import issues, scenarios

from heartshare.reporting.signals_text import tag_for
from heartshare.reporting.weekly import headlines, narrative

CODES = (
    "signal_up",
    "signal_down",
    "watch_up",
    "watch_down",
    "routine",
    "too_early",
    "no_limits",
    "not_judged",
)

#: What a reader takes from the first words of the answer.
CLAIMS = {
    "Yes, clearly.": ("signal", "up"),
    "No, it is falling.": ("signal", "down"),
    "Perhaps; watch it.": ("watch", "up"),
    "Slowing; watch it.": ("watch", "down"),
    "Yes, steadily.": ("routine", "up"),
    "Yes, on average.": ("routine", "up"),
    "Not clearly.": ("routine", "level"),
    "No, it is slowly falling.": ("routine", "down"),
    "No, not on average.": ("routine", "down"),
    "Too early to tell.": ("early", "level"),
}


def claim_of(headline: str) -> tuple[str, str]:
    for words, claim in CLAIMS.items():
        if headline.startswith(words):
            return claim
    raise AssertionError(headline)


def change_of(headline: str) -> int:
    if "No change in advocates" in headline:
        return 0
    number, word = re.search(
        r"(\d+) (more|fewer) advocates? this week", headline
    ).groups()
    return int(number) if word == "more" else -int(number)


@pytest.mark.parametrize("pace", ["up", "level", "down", None])
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("net_new", [-3, -1, 0, 1, 6])
def test_growing_headline_claims_what_tag_and_figure_say(net_new, code, pace):
    tag = tag_for(code, "up")
    answer = narrative.growing(net_new, tag, pace, (-2.6, 4.4), 0.9)
    claim, direction = claim_of(answer.headline)
    assert change_of(answer.headline) == net_new
    if tag.family in {"signal", "watch"}:
        assert (claim, direction) == (tag.family, tag.direction)
    elif tag.family == "routine" and pace:
        assert (claim, direction) == ("routine", pace)
    else:
        assert claim == "early"


@pytest.mark.parametrize("code", CODES)
def test_growing_body_says_outside_only_for_a_signal(code):
    tag = tag_for(code, "up")
    body = narrative.growing(2, tag, "up", (-2.6, 4.4), 0.9).body
    assert ("outside" in body) == (tag.family == "signal")
    within = "Within" in body or "Inside" in body
    assert within == (tag.family in {"watch", "routine"})


@pytest.mark.parametrize("net_new", [-2, 0])
def test_growing_headline_does_not_say_steadily_in_a_week_without_growth(net_new):
    answer = narrative.growing(net_new, tag_for("routine", "up"), "up", (-3, 5), 1.4)
    assert answer.headline.startswith("Yes, on average.")
    assert "The average is +1.4 a week." in answer.body


def test_growing_without_a_figure_claims_nothing():
    answer = narrative.growing(None, tag_for(None), None, (None, None), None)
    assert answer.headline == "No figure this week."


STEP = {
    "stage_name": "Identified",
    "next_stage_name": "Activated",
    "move_on_ratio": 1 / 31,
    "move_on_count": 1,
    "move_on_base_count": 31,
    "usual_low_ratio": 0.12,
    "usual_high_ratio": 0.21,
    "waiting_count": 31,
}


def test_stuck_headline_names_the_two_stages_and_the_figures():
    answer = narrative.stuck(STEP, has_rates=True)
    assert answer.headline == "Between Identified and Activated."
    assert answer.body == (
        "1 of 31 people (3.2%) moved on within four weeks; 12–21% is usual. "
        "31 people wait at this step."
    )


def test_stuck_nowhere_differs_from_too_early():
    assert narrative.stuck(None, has_rates=True).headline == "Nowhere this week."
    assert narrative.stuck(None, has_rates=False).headline == "Too early to tell."


@pytest.mark.parametrize("first", CODES)
@pytest.mark.parametrize("second", CODES)
def test_outcome_headline_gives_each_outcome_its_own_reading(first, second):
    tags = [("Mindshare", tag_for(first, "up")), ("Action", tag_for(second, "up"))]
    headline = narrative.outcomes(tags)
    for name, tag in tags:
        part = next(part for part in re.split("; ", headline) if name in part)
        if tag.family in {"signal", "watch"}:
            strength = "a signal" if tag.family == "signal" else "to watch"
            alike = f"Mindshare and Action moved {tag.direction}, each {strength}"
            alone = f"{name} moved {tag.direction}, {strength}"
            assert (alike if first == second else alone) in part
        elif tag.family == "routine":
            assert "routine" in part
        else:
            assert "not judged yet" in part


@pytest.mark.parametrize("code", CODES)
def test_movement_of_an_immature_figure_says_that_it_is_still_being_counted(code):
    """Neither a signal nor "too few weeks" is the last word on half a week."""
    sentence = headlines.movement(
        "Answered", "93%", tag_for(code, "up"), "49–85%", is_final=False
    )
    assert sentence.startswith("Answered: 93%")
    assert sentence.endswith("still being counted.")
    assert "too few weeks" not in sentence


def test_signals_are_named_by_their_reading():
    codes = {"A": "signal_up", "B": "routine", "C": "signal_down", "D": "signal_up"}
    tags = [(name, tag_for(code)) for name, code in codes.items()]
    assert narrative.signals(tags) == "A and D: signal up. C: signal down."
    assert not narrative.signals(tags[1:2])


@pytest.mark.parametrize("young", ["response_rate_72h", "response_rate_24h"])
def test_dialogue_headline_names_a_final_signal_before_one_still_being_counted(young):
    both = ("response_rate_24h", "response_rate_72h")
    with issues.open_published() as connection:
        for metric_id in both:
            scenarios.move(connection, metric_id, 0.99)
        scenarios.move(connection, "personal_address_ratio", 0.55)
        connection.execute(
            "update marts.fct_metric_weeks set is_mature = false "
            f"where metric_id = '{young}' and {scenarios.LAST}"
        )
        first = issues.facts(connection)["dialogue"]["headline"]
        connection.execute(
            "update marts.fct_metric_weeks set is_mature = false "
            f"where metric_id in {both} and {scenarios.LAST}"
        )
        second = issues.facts(connection)["dialogue"]["headline"]
    names = {"response_rate_24h": "within a day", "response_rate_72h": "within three"}
    assert names[young] not in first
    assert "still being counted" not in first
    assert second.endswith(" It is still being counted.")


def test_outcome_headline_names_a_signal_among_its_parts():
    with issues.open_published() as connection:
        scenarios.move(connection, "leads", 90)
        assert (
            "Leads moved up, a signal"
            in issues.facts(connection)["outcomes"]["headline"]
        )


@pytest.mark.parametrize("code", CODES)
def test_movement_sentence_agrees_with_its_tag(code):
    tag = tag_for(code, "up")
    sentence = headlines.movement("Answered within a day", "61%", tag, "49–85%")
    assert sentence.startswith("Answered within a day: 61%")
    assert ("within the usual range" in sentence) == (tag.family == "routine")
    assert ("to watch" in sentence) == (tag.family == "watch")
    if tag.family == "signal":
        side = "above" if tag.direction == "up" else "below"
        assert f"{side} the usual range" in sentence


def test_headlines_of_the_facts_agree_with_their_tags():
    with issues.open_published() as connection:
        facts = issues.facts(connection)
    growing = facts["growing"]
    claim, _ = claim_of(growing["headline"])
    assert claim == growing["tag"]["code"].partition("_")[0]
    assert change_of(growing["headline"]) == growing["net_new"]["value"]

    issue = facts["listen"]["rows"][0]
    name, mentions, people, usual = re.fullmatch(
        r"(.+) burst: (\d+) mentions by (\d+) people, (\d+) is usual\.",
        facts["listen"]["headline"],
    ).groups()
    assert issue["tag"]["code"] == "signal_up"
    assert (name, int(mentions)) == (issue["name"], issue["mentions"])
    assert (int(people), usual) == (issue["authors"], issue["usual_text"])

    account, lost, normal = re.match(
        r"(\w+) has lost followers faster since its style changed in the week of "
        r"7 September: ([\d.]+) per 1,000 this week, ([\d.]+) is",
        facts["styles"]["headline"],
    ).groups()
    row = next(one for one in facts["styles"]["rows"] if one["account"] == account)
    assert row["is_churn_signal"]
    assert (lost, normal) == (row["lost_text"], row["usual_text"])


def test_listen_headline_without_a_burst_names_no_theme():
    rows = [{"name": "Parks", "tag": {"code": "routine"}}]
    assert "No issue burst" in headlines.listen(rows)


def test_alignment_headline_needs_ten_points():
    near = {"name": "Parks", "gap": 0.06, "ours": 0.09, "weight": 0.15}
    far = {"name": "Permits", "gap": 0.18, "ours": 0.12, "weight": 0.30}
    assert "follows the strategy" in headlines.alignment([near])
    assert headlines.alignment([near, far]).startswith("Permits gets too little")
