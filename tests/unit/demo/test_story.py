"""Whether the simulated year holds what the planted facts say."""

from collections import Counter
from datetime import timedelta

import pytest

from heartshare.demo import community, people, story, texts
from heartshare.demo.turns import NEEDS_REPLY_KINDS, POSITIVE_KINDS, Turn
from heartshare.listening.normalising import normalise
from heartshare.listening.sentiment import score_sentiment

STOP = story.OUTREACH_STOPS.starts_at(story.ZONE)


@pytest.fixture(scope="module")
def turns() -> list[Turn]:
    return [turn for thread in community.play().threads for turn in thread.turns]


def _week_turns(turns, week):
    first, last = week.starts_at(story.ZONE), week.ends_at(story.ZONE)
    return [turn for turn in turns if first <= turn.at < last]


def test_the_communities_have_the_size_of_a_city_agency(turns):
    assert 9_000 <= len(turns) <= 12_000
    tempers = Counter(person.platform for person in people.stakeholders())
    assert tempers == {"discourse": 700, "reddit": 250}
    assert len(people.staff()) == 6
    assert len(people.employees()) == 12


def test_replies_follow_what_they_reply_to(turns):
    for turn in turns:
        if turn.parent is not None:
            assert turn.parent.thread is turn.thread
            assert turn.parent.at < turn.at
            assert turn.parent.number < turn.number


def test_a_few_texts_are_not_english(turns):
    foreign = sum(turn.person.language != "en" for turn in turns)

    assert 0.02 < foreign / len(turns) < 0.06


@pytest.mark.parametrize("kind", sorted(POSITIVE_KINDS - {"thanks", "accept"}))
def test_friendly_kinds_sound_friendly(kind):
    assert _mean_tone(kind) > 0.3


@pytest.mark.parametrize("kind", ["complaint", "gripe", "outage", "retort"])
def test_cross_kinds_sound_cross(kind):
    assert _mean_tone(kind) < -0.25


@pytest.mark.parametrize("kind", ["remark", "peer", "answer", "hello"])
def test_plain_kinds_have_hardly_a_tone(kind):
    assert abs(_mean_tone(kind)) < 0.12


def _mean_tone(kind: str) -> float:
    rng = story.dice(f"tone of {kind}")
    scores = [
        score_sentiment(
            normalise(texts.community_text(rng, kind, rng.choice(story.THEMES).code))
        ).compound
        for _ in range(150)
    ]
    return sum(scores) / len(scores)


def test_staff_answer_about_seven_of_ten_within_hours(turns):
    asked = [
        turn
        for turn in turns
        if turn.kind in NEEDS_REPLY_KINDS - {"outage"}
        and turn.person.temper in ("passer_by", "participant", "critic")
        and turn.at < story.LAST_WEEK.starts_at(story.ZONE)
    ]
    waited = []
    for turn in asked:
        answers = [
            one.at - turn.at
            for one in turn.thread.turns
            if timedelta() < one.at - turn.at < timedelta(hours=72)
            and one.person.actor_class == "org"
        ]
        waited += [min(answers)] if answers else []

    assert len(waited) / len(asked) == pytest.approx(0.72, abs=0.08)
    assert timedelta(hours=1) < sorted(waited)[len(waited) // 2] < timedelta(hours=8)


def test_nobody_is_named_or_contacted_after_the_stop(turns):
    invited = [turn for turn in turns if turn.kind == "invite"]
    outreach = [one for one in community.play().log if one.kind == "outreach"]

    assert sum(turn.at < STOP for turn in invited) > 50
    late = [turn for turn in invited if turn.at > STOP + timedelta(days=3)]
    assert len(late) <= 4
    assert sum(one.at < STOP for one in outreach) > 40
    assert sum(one.at > STOP + timedelta(days=1) for one in outreach) <= 4


def test_the_outage_draws_many_people_in_three_days(turns):
    outage = [turn for turn in turns if turn.kind == "outage"]

    assert len(outage) >= 40
    assert len({turn.person.account_id for turn in outage}) >= 25
    days = {turn.at.astimezone(story.ZONE).date() for turn in outage}
    assert sorted(day.isoweekday() for day in days) == [2, 3, 4]


def test_permits_are_a_quiet_theme_before_the_outage(turns):
    week = story.BURST_WEEK.shift(-1)
    about = [turn for turn in _week_turns(turns, week) if turn.theme == "permits"]

    assert len(about) <= 40
