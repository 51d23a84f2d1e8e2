"""A list is read completely whatever interrupts the pulls, and looked at again."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from unit.pulls.api_server import Killed, Landing

from heartshare.pulls.walks import Page, PagesSpentError, Walks

START = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
PER_PAGE = 3


class Feed:
    """A list of numbered items, one a day, that is read newest first."""

    def __init__(self, days=10, mark=""):
        self.mark = mark
        self.moments = [START - timedelta(days=day) for day in range(days, 0, -1)]
        self.asked = []
        self.with_errands = set()

    def page(self, begin, until):
        self.asked.append(begin)
        items = list(enumerate(self.moments))[: None if begin is None else int(begin)]
        items = items[::-1][:PER_PAGE]
        if not items:
            return Page(b"{}", 0)
        text = ",".join(self.mark + str(number) for number, _ in items)
        last, oldest = items[-1]
        errands = [
            {"do": "replies", "of": number, "name": f"replies-{number}"}
            for number, _ in items
            if number in self.with_errands
        ]
        following = str(last) if last else None
        return Page(f"[{text}]".encode(), len(items), following, oldest, errands)

    def replies(self, errand, begin):
        page = int(begin or 0)
        following = str(page + 1) if page < 1 else None
        return Page(f'["reply {errand["of"]}.{page}"]'.encode(), 1, following)


@pytest.fixture
def landing():
    return Landing()


@pytest.fixture
def pull(landing):
    def puller(feed, *, now=START, most_pages=100, **lists):
        walks = Walks(
            landing.run(now), overlap=timedelta(days=2), most_pages=most_pages
        )
        walks.read({"feed": feed.page, **lists}, feed.replies)
        return walks

    return puller


def numbers(landing):
    return {number for page in landing.answers("feed-") for number in page}


def test_first_pull_reads_to_the_end(landing, pull):
    pull(Feed(days=10))
    assert numbers(landing) == set(range(10))
    assert landing.cursor["streams"]["feed"]["open"] == []


def test_later_pull_reads_what_is_new_and_the_overlap(landing, pull):
    feed = Feed(days=10)
    pull(feed)
    feed.moments.append(START + timedelta(hours=1))
    feed.asked.clear()
    pull(feed, now=START + timedelta(days=1))
    # Two days back from the last pull: item 8 is as old as that, item 7 is older.
    assert feed.asked == [None, "8"]


def test_clock_that_ran_ahead_leaves_nothing_out(landing, pull):
    feed = Feed(days=10)
    pull(feed, now=START + timedelta(days=30))
    feed.moments += [START + timedelta(hours=hour) for hour in range(1, 10)]
    pull(feed, now=START + timedelta(days=1))
    assert numbers(landing) == set(range(19))
    feed.asked.clear()
    pull(feed, now=START + timedelta(days=2))
    assert len(feed.asked) < 10


def test_landed_names_tell_list_pull_and_page(landing, pull):
    pull(Feed(days=4))
    assert list(landing.files.values()) == [
        "feed-20260301T050000-0001.json",
        "feed-20260301T050000-0002.json",
    ]


@pytest.mark.parametrize("landings", range(9))
def test_pull_broken_anywhere_is_finished_by_the_next_one(landing, pull, landings):
    feed = Feed(days=10)
    feed.with_errands = {9, 4}
    landing.break_after = landings
    with suppress(Killed):
        pull(feed)
    landing.break_after = None
    pull(feed, now=START + timedelta(days=30))
    assert numbers(landing) == set(range(10))
    replies = {text for page in landing.answers("replies-") for text in page}
    assert replies == {f"reply {n}.{page}" for n in (9, 4) for page in (0, 1)}
    assert landing.cursor["pending"] == []
    assert landing.cursor["streams"]["feed"]["open"] == []


def test_broken_pull_repeats_no_page_that_was_saved(landing, pull):
    feed = Feed(days=10)
    landing.break_after = 2
    with pytest.raises(Killed):
        pull(feed)
    landing.break_after = None
    feed.asked.clear()
    pull(feed, now=START + timedelta(hours=1))
    # On from where it broke, then anew from the newest back over the overlap.
    assert feed.asked == ["4", "1", None]


def test_cursor_never_covers_what_has_not_landed(landing, pull):
    landing.break_after = 0
    with pytest.raises(Killed):
        pull(Feed())
    assert landing.cursor == {}


def test_pulls_of_one_page_reach_everything_in_the_end(landing, pull):
    feed, other = Feed(days=10), Feed(days=4, mark="-")
    feed.with_errands = {9}
    for hour in range(30):
        with pytest.raises(PagesSpentError):
            pull(
                feed, now=START + timedelta(hours=hour), most_pages=1, other=other.page
            )
    assert numbers(landing) == set(range(10))
    others = {n for page in landing.answers("other-") for n in page}
    assert others == {0, -1, -2, -3}
    assert len(landing.answers("replies-")) == 2


def test_source_that_repeats_its_place_does_not_hold_a_pull_forever(landing, pull):
    feed = Feed()
    pull(feed, stuck=lambda begin, until: Page(b"[1]", 1, "same", START))
    assert landing.cursor["streams"]["stuck"]["open"] == []


def test_empty_answer_lands_nothing(landing, pull):
    pull(Feed(days=0))
    assert landing.files == {}


def test_errand_without_end_is_left_and_said_so(landing, pull):
    feed = Feed(days=1)
    feed.with_errands = {0}
    feed.replies = lambda errand, begin: Page(b"[1]", 1, str(int(begin or 0) + 1))
    walks = pull(feed, most_pages=1000)
    assert walks.run.summary.doubts == [
        "replies-0 has more than 100 pages; the rest is left"
    ]
    assert not walks.run.summary.is_complete
    assert landing.cursor["pending"] == []
