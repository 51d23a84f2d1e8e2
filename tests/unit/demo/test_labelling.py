"""Other words of the same tone, and whether readers label what the authors meant."""

import re

import pytest

from heartshare.demo import community, labelling, planted, story, texts
from heartshare.demo.turns import Turn
from heartshare.listening.normalising import normalise
from heartshare.listening.sentiment import score_sentiment
from heartshare.listening.sheets import SheetRow

WORDINGS = (
    "error_page",
    "expectation",
    "reminder",
    "distrust",
    "trust",
    "envy",
    "pride",
    "neighbours",
)


@pytest.fixture(scope="module")
def turns() -> list[Turn]:
    return [turn for thread in community.play().threads for turn in thread.turns]


@pytest.mark.parametrize("wording", WORDINGS)
def test_other_words_sound_as_they_are_meant(wording):
    rng = story.dice(f"tone of {wording}")
    scores = [
        score_sentiment(
            normalise(texts.community_text(rng, wording, rng.choice(story.THEMES).code))
        ).compound
        for _ in range(150)
    ]
    mean = sum(scores) / len(scores)
    meant = texts.tone_of(wording)

    assert mean * meant > 0.2 or (meant == 0 and abs(mean) < 0.15)


@pytest.mark.parametrize("wording", WORDINGS)
def test_other_words_are_said_now_and_then_and_keep_the_sign_of_the_turn(
    turns, wording
):
    said = [turn for turn in turns if turn.wording == wording]

    assert len(said) >= 12
    signs = {
        (texts.tone_of(turn.kind) > 0) - (texts.tone_of(turn.kind) < 0) for turn in said
    }
    meant = texts.tone_of(wording)
    assert signs == {(meant > 0) - (meant < 0)}


def test_dozens_name_the_error_and_nobody_did_before(turns):
    naming = [turn for turn in turns if "error" in turn.text.casefold()]

    assert len({turn.person.account_id for turn in naming}) >= 24
    assert min(turn.at for turn in naming) >= story.BURST_WEEK.starts_at(story.ZONE)
    keywords = {word for theme in story.THEMES for word in theme.keywords}
    assert not any("error" in word for word in keywords)


def test_every_kind_of_a_stakeholder_has_a_tone(turns):
    kinds = {turn.wording or turn.kind for turn in turns if labelling.is_readable(turn)}

    assert all(texts.tone_of(kind) in range(-2, 3) for kind in kinds)


def test_labelled_weeks_have_two_gaps_and_end_with_the_last():
    labelled = labelling.LABELLED_WEEKS
    span = list(labelled[0].until(labelled[-1]))

    assert labelled[-1] == story.LAST_WEEK
    assert len(span) - len(labelled) == 2
    assert story.LAST_WEEK.shift(-1) in labelled


def test_readers_mostly_label_what_was_meant():
    texts_of_week = {f"text {number}": number % 5 - 2 for number in range(1000)}
    labels = []
    for number, (text, tone) in enumerate(texts_of_week.items()):
        row = SheetRow(number, f"t{number}", "2026-W46", "reddit", text, "", "")
        filled = labelling.filled(row, texts_of_week)
        assert filled == labelling.filled(row, texts_of_week)
        labels.append((filled[4], tone))

    judged = [(int(label), tone) for label, tone in labels if label]
    assert 0.96 < len(judged) / len(labels) < 1
    assert 0.92 < sum(label == tone for label, tone in judged) / len(judged) < 1
    assert all(-2 <= label <= 2 and abs(label - tone) <= 1 for label, tone in judged)


def test_a_text_that_nobody_wrote_gets_no_label():
    row = SheetRow(2, "t2", "2026-W46", "reddit", "words of nobody", "", "")

    assert labelling.filled(row, {})[4] == ""


def test_planted_tone_is_the_one_that_was_meant():
    facts = {fact.name: fact for fact in planted.load_planted_facts()}
    [planted_tone] = re.findall(r"(0\.\d+) between", facts["tone_is_calibrated"].sql)

    meant = labelling.true_net_sentiment(story.LAST_WEEK)
    assert float(planted_tone) == pytest.approx(meant, abs=0.0005)
