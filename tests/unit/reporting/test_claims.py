"""Every sentence of every scenario has a known form and claims what its figures say.

Forms are matched whole: a sentence that nobody has taught this test fails it. What a
form claims is computed again here, from values and limits, not from tags.
"""

# ruff: noqa: E501, RUF001 - forms read best unbroken, with the report's own dashes

import re

import pytest
from unit.reporting.scenarios import PUBLISHED, told

_N = r"[−+]?[\d,]+(?:\.\d+)?"
_VALUE = r"not reported|[−+]?[\d,.]+(?:%| h| days| per 1,000)?"


@pytest.fixture(scope="module", params=PUBLISHED)
def facts(request):
    return told(request.param)[1]


def number(text):
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


#: What a headline says last: which figures below it are signals.
MOVED = r"(?: [^.:]+: signal (?:up|down)\.)*"


def matched(text, *forms, after=""):
    """Return the first form that fits the whole text, with its named parts."""
    for form in forms:
        found = re.fullmatch(form + after, text)
        if found:
            return form, found.groupdict()
    raise AssertionError(f"no known form says {text!r}")


def side(value, limits):
    """Say where a value lies by its own limits: above, below, within or unknown."""
    low, high = limits["low"]["value"], limits["high"]["value"]
    if value is None or low is None:
        return "unknown"
    return "above" if value > high else "below" if value < low else "within"


def test_growing_says_what_figure_and_limits_say(facts):
    growing = facts["growing"]
    value, limits = growing["net_new"]["value"], growing["limits"]
    headline = (
        r"(?P<claim>No figure this week|Yes, clearly|No, it is falling|Perhaps; watch it"
        r"|Slowing; watch it|Yes, steadily|Yes, on average|Not clearly"
        r"|No, it is slowly falling|No, not on average|Too early to tell)\."
        r"(?: (?P<change>No change in advocates|(?P<count>\d+) (?P<way>more|fewer) "
        r"advocates?) this week\.)?(?: Advocacy acts: signal (?P<acts>up|down)\.)?"
    )
    _, said = matched(growing["headline"], headline)
    acts = growing["cards"][1]["tag"]["code"]
    if acts.startswith("signal") and acts != growing["tag"]["code"]:
        assert said["acts"] == acts.removeprefix("signal_")
    else:
        assert said["acts"] is None
    if value is None:
        assert said["claim"] == "No figure this week"
        assert said["change"] is None
        return
    signed = int(said["count"] or 0) * (-1 if said["way"] == "fewer" else 1)
    assert signed == value
    expected = {
        "above": {"Yes, clearly"},
        "below": {"No, it is falling"},
        "unknown": {"Too early to tell"},
    }
    where = side(value, limits)
    if where == "within":
        mean = limits["mean"]["value"]
        assert said["claim"] not in {"Yes, clearly", "No, it is falling"}
        assert said["claim"].startswith("Yes") <= (mean > 0)
        assert said["claim"].startswith("No,") <= (mean < 0)
    else:
        assert said["claim"] in expected[where]


def test_body_names_the_limits_and_the_side_of_them(facts):
    growing = facts["growing"]
    value, limits = growing["net_new"]["value"], growing["limits"]
    usual = rf"(?P<low>{_N}) to (?P<high>{_N}) a week"
    form, said = matched(
        growing["body"],
        rf"That lies outside the usual {usual}: something changed, ask what\.",
        rf"Inside the usual {usual}, but .+",
        rf"Within the usual {usual}, so this week's figure alone needs no explanation\."
        rf"(?: The average is (?P<mean>{_N}) a week\.)?",
        r"At least eight weeks of history are needed before a week can be called "
        r"unusual\.",
        r"The published marts hold no count of new advocates for this week\.",
    )
    where = side(value, limits)
    assert ("outside" in form) == (where in {"above", "below"})
    assert ("low" in said) == (where != "unknown")
    for name in ("low", "high", "mean"):
        if said.get(name):
            assert number(said[name]) == pytest.approx(limits[name]["value"], abs=0.051)


def test_stuck_names_the_step_below_its_range(facts):
    stuck = facts["stuck"]
    steps = {step["stage_name"]: step for step in stuck["chart"]["steps"]}
    form, said = matched(
        f"{stuck['headline']} {stuck['body']}",
        r"Between (?P<stage>[A-Z]\w+) and (?P<next>[A-Z]\w+)\. "
        r"(?P<moved>\d+) of (?P<base>\d+) people \((?P<ratio>[\d.]+)%\) moved on within "
        r"four weeks; (?P<low>[\d.]+)–(?P<high>[\d.]+)% is usual\.(?: (?P<waiting>\d+) "
        r"(?:person waits|people wait) at this step\.)?",
        r"Nowhere this week\. No step moves people on below its own usual range\.",
        r"Too early to tell\. No step of the funnel has enough people and weeks to know "
        r"its usual pace\.",
        r"No figure this week\. No export of this week says who did what, so no person "
        r"stands at any step\.",
    )
    low = [
        step
        for step in steps.values()
        if step["usual_low_ratio"] is not None
        and step["move_on_ratio"] < step["usual_low_ratio"]
    ]
    assert form.startswith("Between") == bool(low)
    assert form.startswith("No figure") == (not steps)
    if said:
        step = steps[said["stage"]]
        assert step in low
        assert said["next"] == step["next_stage_name"]
        assert int(said["moved"]) == step["figures"]["moved"]["value"]
        assert int(said["base"]) == step["figures"]["base"]["value"]
        ratio = step["figures"]["move_on"]["value"]
        assert number(said["ratio"]) == pytest.approx(100 * ratio, abs=0.51)
        assert int(said["waiting"]) == step["figures"]["waiting"]["value"]


def test_outcomes_say_of_each_what_its_own_limits_say(facts):
    cards = facts["outcomes"]["cards"]
    parts = facts["outcomes"]["headline"].removesuffix(".").split("; ")
    said = {}
    for part in parts:
        _, found = matched(
            part,
            r"(?P<moved>.+) moved (?P<way>up|down), (?:each )?"
            r"(?P<strength>a signal|to watch)",
            r"(?P<routine>.+) (?:is|are) routine",
            r"(?P<unknown>.+): not judged yet",
        )
        kind = next(name for name in ("moved", "routine", "unknown") if name in found)
        for name in re.split(", | and ", found[kind]):
            said[name] = (kind, found.get("way"), found.get("strength"))
    for card in cards:
        if card["empty"]:
            assert card["name"] not in said
            continue
        where = side(card["figure"]["value"], card["limits"])
        kind, way, strength = said[card["name"]]
        assert (kind == "unknown") == (where == "unknown")
        outside = kind == "moved" and strength == "a signal"
        assert outside == (where in {"above", "below"})
        if outside:
            assert way == {"above": "up", "below": "down"}[where]
    for part in facts["outcomes"]["parts"]:
        code = part["tag"]["code"]
        if code.startswith("signal"):
            way = code.removeprefix("signal_")
            assert said[part["name"]] == ("moved", way, "a signal")
        else:
            assert part["name"] not in said


def assert_names_what_moved(headline, facts):
    """Without an action, whatever is a signal on the page is what to ask about."""
    growing, outcomes = facts["growing"], facts["outcomes"]
    tagged = [(growing["chart"]["title"], growing["tag"])]
    cards = [one for one in outcomes["cards"] if not one["empty"]]
    for card in growing["cards"] + cards:
        tagged.append((card["name"], card["tag"] or {"code": ""}))
    moved = {name for name, tag in tagged if tag["code"].startswith("signal")}
    _, said = matched(
        headline,
        r"No action is proposed; ask why (?P<names>.+) left (?:its|their) usual range\.",
        r"No action is proposed\.",
    )
    names = said.get("names")
    assert set(re.split(", | and ", names) if names else []) == moved


def test_actions_count_themselves_and_their_evidence(facts):
    actions = facts["actions"]
    rows = actions["rows"]
    words = {1: "One action, with", 2: "Two actions, each with"}
    words[3] = "Three actions, each with"
    if not rows:
        assert_names_what_moved(actions["headline"], facts)
        return
    assert actions["headline"] == f"{words[len(rows)]} an owner."
    _, said = matched(
        actions["body"],
        r"For (?P<owners>.+?)\. Ranked by people affected, distance from the usual "
        r"range and weight of the theme; (?P<pieces>[\d,]+) pieces? of evidence\.",
    )
    assert number(said["pieces"]) == actions["evidence"]["value"]
    assert number(said["pieces"]) == sum(row["evidence_count"] for row in rows)
    assert all(row["owner"] in said["owners"] for row in rows)


@pytest.mark.parametrize("place", ["title", "reason"])
def test_each_action_names_its_people_and_evidence(facts, place):
    for row in facts["actions"]["rows"] + facts["actions"]["further"]:
        form, said = matched(
            row[place],
            r"Answer (?:(?P<due>\d+) of )?the (?P<people>\d+) (?:person|people) still "
            r"waiting .+\.",
            r"Write personally to (?:(?P<due>\d+) of )?the (?P<people>\d+) "
            r"(?:person|people) waiting.*\.",
            r"Bring .+ back to dialogue: reply before the next promotion\.",
            r"Invite (?:(?P<due>\d+) of )?the (?P<people>\d+) advocates? .+\.",
            r"Publish something useful on .+; people talk about it without us\.",
            rf"(?:(?P<metric>[^:]+): (?P<value>{_VALUE})(?:, .+ is usual)?\. )?"
            r"Evidence: (?P<evidence>[\d,]+) (?:unanswered message|one-way post|act)s?"
            r"(?: \(.+\))?\.(?P<listed> The owner's worklist names them, "
            r"latest act first\.)?",
        )
        people, due = (row["figures"][name]["value"] for name in ("people", "due"))
        if place == "title":
            assert (said.get("due") is None) == (due == people)
        else:
            assert bool(said["listed"]) == (due < people)
        if said.get("due"):
            assert int(said["due"]) == due
        if said.get("people"):
            assert int(said["people"]) == row["figures"]["people"]["value"], form
        if said.get("evidence"):
            assert number(said["evidence"]) == row["figures"]["evidence"]["value"]


def test_listen_calls_burst_only_what_lies_far_above_its_usual(facts):
    listen = facts["listen"]
    rows = {row["name"]: row for row in listen["rows"]}
    form, said = matched(
        listen["headline"],
        r"(?P<name>.+?) burst: (?P<mentions>\d+) mentions? by (?:(?P<authors>\d+) "
        r"(?:person|people)), (?P<usual>[\d,]+) is usual\.(?: .+ burst as well\.)?",
        r"No issue burst this week; every theme was talked about as usual\.",
        r"Too early to tell a burst: the themes have too few weeks behind them\.",
        r"No conversation touched a strategy theme this week\.",
        after=MOVED,
    )
    for one in listen["measures"]:
        code = one["tag"]["code"].replace("_", " ")
        named = re.search(
            rf"(?:^|[.,] |and ){re.escape(one['name'])}(?:,| and|:)[^:.]*.*{code}\.",
            listen["headline"],
        )
        assert bool(named) == code.startswith("signal")
    far = [
        row
        for row in rows.values()
        if row["spark"]["usual"] and row["mentions"] > 2 * row["spark"]["usual"]
    ]
    assert ("mentions" in said) == bool(far)
    assert form.startswith("No conversation") == (not rows)
    if said:
        row = rows[said["name"]]
        assert row in far
        assert int(said["mentions"]) == row["mentions"]
        assert int(said["authors"]) == row["authors"]
        assert number(said["usual"]) == row["spark"]["usual"]


@pytest.mark.parametrize("section", ["dialogue", "conversations"])
def test_movement_says_the_side_of_its_range(facts, section):
    _, said = matched(
        facts[section]["headline"],
        rf"(?P<name>[^:]+): (?P<value>{_VALUE}), (?P<side>within|above|below) the usual "
        rf"range \((?P<low>{_N})(?:%?–| to )(?P<high>{_N})(?:%| h)?\)\.",
        rf"(?P<name>[^:]+): (?P<value>{_VALUE}), a run (?:above|below) average to "
        r"watch\.",
        rf"(?P<name>[^:]+): (?P<value>{_VALUE}); (?:too few weeks to say what is usual"
        r"|nothing was reported or counted this week|still being counted)\.",
        r"No conversation of this week asked for a reply\.",
        after=r"(?: It is still being counted\.)?",
    )
    if section == "dialogue" and said.get("name"):
        rows = facts["dialogue"]["rows"]
        mine = next(row for row in rows if row["name"] == said["name"])
        is_young = "still being counted" in facts["dialogue"]["headline"]
        assert is_young == (mine["note"] == "still being counted")
        if any(row["tag"]["code"].startswith("signal") for row in rows):
            assert mine["tag"]["code"].startswith("signal")
    if said.get("side"):
        value, low, high = (
            number(re.match(_N, said[part])[0]) for part in ("value", "low", "high")
        )
        if said["side"] == "above":
            assert value >= high
        elif said["side"] == "below":
            assert value <= low
        else:
            assert low - 0.5 <= value <= high + 0.5


def test_followers_and_styles_say_what_their_rows_say(facts):
    flow, styles = facts["followers"], facts["styles"]
    if flow["empty"]:
        assert flow["headline"] == ""
    else:
        _, said = matched(
            flow["headline"],
            rf"Net (?P<net>{_N}) over all accounts; joined and left where reported\.",
        )
        rows = flow["chart"]["rows"]
        assert number(said["net"]) == rows[-1]["end"] - rows[0]["start"]
    losing = [row for row in styles["rows"] if row["is_churn_signal"]]
    _, said = matched(
        styles["headline"],
        r"No account loses followers faster than is usual for it\.",
        r"(?P<account>.+?) has lost followers faster(?: since its style changed in the "
        r"week of (?P<day>[\w ]+))?: (?P<lost>[\d.]+) per 1,000 this week, "
        r"(?P<usual>[\d.]+) is usual\. It mostly posts (?P<style>\w+) content\.",
    )
    assert bool(said) == bool(losing)
    if said:
        assert said["account"] == losing[0]["account"]
        assert number(said["lost"]) > number(said["usual"])
        assert losing[0]["lost_per_1000"] > losing[0]["usual_lost_per_1000"]
        assert said["style"] == losing[0]["style"]


def test_alignment_names_the_widest_gap(facts):
    rows = [
        row for row in facts["alignment"]["chart"]["rows"] if row["gap"] is not None
    ]
    _, said = matched(
        facts["alignment"]["headline"],
        r"(?P<name>.+) gets (?P<side>too little|more than its weight) of our content: "
        r"(?P<ours>[\d.]+)% against a weight of (?P<weight>[\d.]+)%\.",
        r"Our content follows the strategy: no theme is ten points off its weight\.",
        r"No post or conversation carried a strategy theme this week\.",
    )
    if not said:
        assert all(abs(row["gap"]) < 0.105 for row in rows)
        return
    widest = max(rows, key=lambda row: abs(row["gap"]))
    assert said["name"] == widest["name"]
    assert (said["side"] == "too little") == (widest["gap"] > 0)
    assert number(said["ours"]) == pytest.approx(100 * widest["ours"], abs=0.51)
    assert number(said["weight"]) == pytest.approx(100 * widest["weight"], abs=0.51)


def test_what_people_want_is_claimed_as_the_segments_count_it(facts):
    wants = facts["blind_spots"]["wants"]
    values = {name: one["value"] for name, one in wants["figures"].items()}
    _, said = matched(
        wants["text"],
        r"Still without an answer: (?P<open>[\d,]+) of (?P<needs>[\d,]+) questions and "
        r"requests of the last ninety days\. People said (?P<expected>\d+) times what "
        r"they expect: (?P<met>\d+) met, (?P<unmet>\d+) not met, (?P<pending>\d+) "
        r"pending\. (?P<best>\d+)% of (?P<best_n>\d+) sentences "
        r"about our service are positive, but only (?P<least>\d+)% of (?P<least_n>\d+) "
        r"about trust in us\.",
    )
    assert number(said["open"]) == values["open_need_count"] == 136
    assert number(said["needs"]) == values["need_count"] == 700
    assert number(said["expected"]) == values["expectation_count"] == 41
    kept = ("met", "unmet", "pending")
    assert [number(said[name]) for name in kept] == [26, 12, 3]
    # Service: 94 of 100 and 40 of 44. Trust: 5 of 12; of 4 more nothing may be said.
    assert (number(said["best"]), number(said["best_n"])) == (93, 144)
    assert (number(said["least"]), number(said["least_n"])) == (42, 12)


def test_tone_claims_a_change_only_with_a_figure_of_it(facts):
    tone = facts["listen"]["tone"]
    values = {name: one["value"] for name, one in tone["figures"].items()}
    _, said = matched(
        tone["text"],
        rf"Tone of all conversations: (?P<tone>{_N}), between (?P<low>{_N}) and "
        rf"(?P<high>{_N}) with 95% confidence, calibrated on (?P<labels>\d+) labels of "
        r"this week(?:, read from [\d.]+% of the texts)?\. (?:That is (?P<change>[\d.]+) "
        r"(?P<way>better|worse) than last week, more than chance\.|No change on last "
        r"week beyond chance\.|Last week was not calibrated, so any change is not "
        r"known\.)",
        rf"Tone of all conversations by the scorer alone: (?P<alone>{_N})(?:, read from "
        r"[\d.]+% of the texts)?, uncalibrated; .+ Read its direction, not its value\.",
        r"Too little for a tone: \d+ English texts?(?: by \d+ (?:person|people))?\.",
        r"Nobody spoke this week, so there is no tone\.",
    )
    if said.get("tone"):
        assert number(said["low"]) <= number(said["tone"]) <= number(said["high"])
        assert number(said["labels"]) == values["labelled_count"]
        change = values["net_sentiment_change"]
        assert bool(said["change"]) == (change is not None)
        if change is not None:
            assert number(said["change"]) == pytest.approx(abs(change), abs=0.0051)
            assert said["way"] == ("better" if change > 0 else "worse")
    if said.get("alone"):
        alone = values["naive_net_sentiment"]
        assert number(said["alone"]) == pytest.approx(alone, abs=0.0051)


def test_caveats_have_known_forms(facts):
    notes = [note["text"] for note in facts["gate"]["notes"]]
    for caveat in facts["caveats"]:
        if caveat in notes:
            continue
        matched(
            caveat,
            r".+ (?:has|have) no figure this week\.",
            r".+ (?:is|are) still being counted(?: for this week)?\.",
            r"Some usual ranges rest on \d+ weeks only and are provisional until 20\.",
            r"[\d.]+% of posts are not in English or too short to judge; tone leaves "
            r"them out\.",
            r"[\d,]+ rows? could not be read \(from .+\)\.",
            r"\d+ figures? that issue \d+ of week \d+ printed (?:has|have) changed since"
            r"(?:; \d+ of them (?:was|were) still being counted then)?\.",
        )
