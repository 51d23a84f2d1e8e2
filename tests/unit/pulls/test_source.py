"""What a puller can rely on: landed files are counted, waiting is bounded."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from heartshare.errors import TransientError
from heartshare.pulls.source import Account, PullRun, safe_name

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)


@pytest.fixture
def landed():
    return {}


@pytest.fixture
def make_run(landed):
    def lander(chunks, name, *, exported_at):
        content = b"".join(chunks)
        is_new = content not in landed
        landed.setdefault(content, (name, exported_at))
        return SimpleNamespace(sha256="", original_name=name, is_new=is_new)

    def maker(**given):
        saved = []
        given = {"lander": lander, "saver": saved.append, "patience": 60.0} | given
        run = PullRun("team_feed", NOW, {}, **given)
        run.saved = saved
        return run

    return maker


def test_landed_content_is_counted_once_as_new(make_run, landed):
    run = make_run()
    run.land("a.json", b"{}")
    run.land("b.json", iter([b"{", b"}"]))
    assert (run.summary.files_new, run.summary.files_known) == (1, 1)
    assert landed == {b"{}": ("a.json", NOW)}


def test_saved_cursor_is_the_one_that_is_seen_next(make_run):
    run = make_run()
    cursor = {"pages": [2]}
    run.save(cursor)
    cursor["pages"].append(3)
    assert run.cursor == {"pages": [2]} == run.saved[-1]


def test_waiting_uses_up_patience_and_then_ends_the_pull(make_run):
    waits = []
    run = make_run(waiter=waits.append)
    run.sleep(40)
    run.sleep(-3)
    with pytest.raises(TransientError, match=r"team_feed.*21 seconds, and 20"):
        run.sleep(21)
    assert waits == [40, 0]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("feed.json", "feed.json"),
        ("a/b\\c:d.json", "a_b_c_d.json"),
        ("..", "_"),
        (".hidden", "hidden"),
        ("tab\there\0", "tab_here_"),
        ("Bericht März.csv", "Bericht März.csv"),
        ("lone\udc80.csv", "lone_.csv"),
    ],
)
def test_any_text_becomes_one_visible_file_name(name, kept):
    assert safe_name(name) == kept


@pytest.mark.parametrize("name", ["x" * 500 + ".json", "ü" * 300 + ".csv", "x" * 999])
def test_long_name_keeps_its_suffix_and_fits(name):
    short = safe_name(name)
    assert len(short.encode()) <= 160
    assert short.endswith(name[name.rindex(".") :] if "." in name else "x")


def test_account_never_shows_its_secrets():
    account = Account("conn", "h", "me", "s3cret", extra={"token": "t0ken"})
    assert "s3cret" not in repr(account)
    assert "t0ken" not in repr(account)
