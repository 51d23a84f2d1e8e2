"""What employees of the demo organisation do, and when they join and leave."""

import csv
import io

import pytest

from heartshare.demo import audience, community, people, story, workplace
from heartshare.demo.writers import programme

ENDS = story.LAST_WEEK.ends_at(story.ZONE)


@pytest.fixture(scope="module")
def pieces():
    turns = [turn for thread in community.play().threads for turn in thread.turns]
    return [turn for turn in turns if turn.kind == "piece"]


def test_pieces_open_threads_and_are_long_enough_to_be_original(pieces):
    assert len(pieces) == 18
    for piece in pieces:
        assert piece.parent is None
        assert len(piece.text) >= 140
        assert piece.at < ENDS
    assert len({piece.text for piece in pieces}) == len(pieces)


def test_author_of_many_pieces_talks_with_outsiders_both_ways(pieces):
    author = workplace.person_of("E007")
    recent = [piece for piece in pieces if piece.person == author][-3:]
    answered = [
        turn.parent.person
        for piece in recent
        for turn in piece.thread.turns
        if turn.person == author and turn.parent is not None
    ]

    assert len(answered) >= 5
    assert all(person.actor_class == "stakeholder" for person in answered)


def test_who_replies_to_a_piece_was_empowered_before(pieces):
    log = [one for one in community.play().log if one.kind == "empowerment"]
    for piece in pieces:
        close = {one.person for one in log if one.at < piece.at}
        outsiders = {turn.person for turn in piece.thread.turns} - {piece.person}
        assert outsiders <= close


def test_roster_shows_who_joined_and_who_left():
    def roster(week):
        files = [*programme.standing_files(), *programme.weekly_files(week)]
        [content] = [
            file.content
            for file in files
            if file.name == f"employee_roster_{week.label}.csv"
            or (week == story.FIRST_WEEK and file.name == "employee_roster.csv")
        ]
        rows = csv.DictReader(io.StringIO(content.decode()))
        return {row["employee_code"]: row for row in rows}

    first = roster(story.FIRST_WEEK)
    joined = roster(type(story.FIRST_WEEK).containing(workplace.JOINED_ON))
    left = roster(type(story.FIRST_WEEK).containing(workplace.OPTED_OUT_ON))
    assert first["E009"]["has_opted_in"] == "false"
    assert joined["E009"]["opted_in_on"] == "2026-06-01"
    assert not joined["E010"]["opted_out_on"]
    assert left["E010"]["opted_out_on"] == "2026-08-31"
    assert all(row["email"] == "" for row in left.values())
    assert not any(row["opted_out_on"] for row in first.values())


def test_nobody_acts_after_leaving_and_every_act_is_of_somebody_known():
    codes = {person.employee_code for person in people.employees()}
    assert {act.employee_code for act in workplace.acts()} <= codes
    for act in workplace.acts():
        assert act.at < ENDS
        if act.employee_code == workplace.OPTS_OUT:
            assert act.at.date() <= workplace.OPTED_OUT_ON


def test_shares_come_with_and_without_own_words():
    shares = [act for act in workplace.acts() if act.act == "share"]

    assert {act.has_commentary for act in shares} == {True, False}
    assert all(act.url.startswith("https://www.linkedin.com/feed/") for act in shares)


def test_networks_are_read_once_a_month():
    readings = workplace.readings(story.LAST_WEEK)
    days = sorted({reading.day for reading in readings})

    assert len({(one.day, one.employee_code) for one in readings}) == len(readings)
    assert len(days) == 11
    assert all(day.isoweekday() == 1 for day in days)


def test_leads_of_pieces_follow_a_download_of_the_same_record():
    downloads = {one.record_id: one for one in audience.downloads() if one.record_id}
    leads = [lead for lead in audience.leads() if "-piece-" in lead.touch.content]

    assert len(leads) >= 5
    for lead in leads:
        assert downloads[lead.record_id].touch == lead.touch
        assert downloads[lead.record_id].at < lead.created_at
    assert len({lead.record_id for lead in audience.leads()}) == len(audience.leads())
