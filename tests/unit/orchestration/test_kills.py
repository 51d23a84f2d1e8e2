"""Pulls, loads and erasures that die by SIGKILL anywhere end as if nothing had."""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import threading
import traceback
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from fsspec.implementations.local import LocalFileSystem

from heartshare.exports import landing as exports_landing
from heartshare.exports import raw_tables, streaming
from heartshare.exports.contract import load_contracts
from heartshare.orchestration.steps import landing, pulling
from heartshare.pulls.object_listing import Remote
from heartshare.pulls.objects import ObjectSource
from heartshare.settings import Settings
from heartshare.warehouse.connections import open_reader
from heartshare.warehouse.erasures import Erasure, ErasureList

NOW = datetime(2026, 3, 16, 5, 0, tzinfo=UTC)
OLD = NOW - timedelta(days=3)
CODES = ("x/posts", "reddit/comments", "programme/follower_counts")
#: What touches the disk or the database: a process dies before one of these calls.
CALLS = {"execute", "fsync", "replace", "rename", "unlink", "remove", "write", "open"}
PULL_ROUNDS, ERASE_ROUNDS = 50, 10
HANDLE = "marla_quill7"
WORDS = "The lamp on Tanner Lane has been dark since the storm"


@pytest.fixture(autouse=True)
def few_contracts(monkeypatch):
    few = tuple(each for each in load_contracts() if each.code in CODES)
    for module in (landing, exports_landing, raw_tables):
        monkeypatch.setattr(module, "load_contracts", lambda: few)
    monkeypatch.setattr(pulling, "open_source", open_bucket)


@contextmanager
def open_bucket(declaration):
    """Open a folder of this disk as if it were the bucket that is declared."""
    root = declaration.options["url"].removeprefix("s3:/")
    fs = LocalFileSystem(skip_instance_cache=True)
    yield ObjectSource(Remote(fs, root, "s3://bucket", "conn", False), declaration)


def posts(first, count):
    rows = "".join(
        f'{n},"Tue, Jul 14, 2026",Text {n},https://x.com/a/status/{n},{n}\n'
        for n in range(first, first + count)
    )
    return f"Post id,Date,Post text,Post Link,Impressions\n{rows}not a number,,,,\n"


def comments(first, authors):
    return "".join(
        json.dumps(
            {
                "id": f"c{number}",
                "name": f"t1_c{number}",
                "parent_id": "t3_sub1",
                "link_id": "t3_sub1",
                "author": author,
                "author_fullname": f"t2_{author}",
                "body": WORDS if author == HANDLE else f"u/{HANDLE} says so, {number}",
                "score": number,
                "created_utc": 1772438400.0 + number,
                "edited": False,
            }
        )
        + "\n"
        for number, author in enumerate(authors, start=first)
    )


EARLY = {
    "inbox/x_town/one.csv": posts(1, 4),
    "inbox/x_town/broken.csv": "nobody,knows\n1,2\n",
    "inbox/talk/a.ndjson": comments(1, [HANDLE, "otto"]),
    "bucket/two.csv": posts(3, 5),
    "bucket/deep/b.ndjson": comments(7, ["petra", HANDLE, "otto"]),
}
LATE = {
    "inbox/x_town/three.csv": posts(9, 3),
    "inbox/x_town/same_as_one.csv": posts(1, 4),
    "bucket/four.csv": posts(20, 30),
}


def put(home, files):
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (OLD.timestamp(),) * 2)


def make_home(home):
    put(home, EARLY)
    (home / "sources.yml").write_text(
        f"bucket: {{kind: objects, url: 's3:/{home / 'bucket'}', connection: conn}}\n"
    )
    return home


def settings_of(home):
    values = {"HEARTSHARE_HOME": str(home), "HEARTSHARE_PERSON_SALT": "pepper"}
    return Settings.from_env(values)


def pull_and_load(home, now=NOW):
    settings = settings_of(home)
    for name in ("bucket", "talk", "x_town"):
        pulling.pull_source(settings, name, now=now)
    landing.load_exports(settings)


def in_child(work, die_at=None, stream_from=streaming.STREAM_FROM_BYTES):
    """Do some work in a copy of this process that dies before its nth call.

    Returns how many calls there were, or None if it died.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            streaming.STREAM_FROM_BYTES = stream_from
            calls = count_calls(die_at)
            work()
            os.write(writer, str(len(calls)).encode())
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return None
    assert status == 0
    return int(said)


def count_calls(die_at):
    calls = []

    def trace(_, event, argument):
        if event == "c_call" and argument.__name__ in CALLS:
            calls.append(argument.__name__)
            if len(calls) == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(trace)
    sys.setprofile(trace)
    return calls


def finish(home, work):
    """Do the work undisturbed in a process of its own; return all raw rows."""
    target = home / "rows.json"

    def work_and_read():
        sys.setprofile(None)
        work()
        with open_reader(settings_of(home).warehouse) as connection:
            names = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'raw'"
            ).fetchall()
            rows = {
                name: connection.execute(
                    f'select * from raw."{name}" order by all'
                ).fetchall()
                for (name,) in sorted(names)
            }
        target.write_text(json.dumps(rows, default=str))

    in_child(work_and_read)
    return json.loads(target.read_text())


def landed(home):
    """Return digest and description of what lies in landing; all of it is whole."""
    found = {}
    for path in sorted((home / "landing").glob("*/*")):
        if path.name.startswith("."):
            continue
        name = f"{path.parent.name}/{path.name}"
        if path.name.endswith(".meta.json"):
            found[name] = json.loads(path.read_text())
            copy = path.with_name(path.name.removesuffix(".meta.json"))
            assert copy.exists()
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def assert_whole(home):
    """Whatever has a name in landing is the whole of what it is called after."""
    for name, digest in landed(home).items():
        if isinstance(digest, str):
            assert name.split("/")[1].startswith(digest[:16])


@pytest.fixture
def undisturbed(tmp_path):
    home = make_home(tmp_path / "undisturbed")
    total = in_child(lambda: pull_and_load(home))
    put(home, LATE)
    rows = finish(home, lambda: pull_and_load(home))
    assert [len(rows[f"{name}"]) for name in ("x__posts", "reddit__comments")] == [
        42,
        5,
    ]
    return home, rows, landed(home), total


def test_killed_pulls_and_loads_lose_and_double_nothing(undisturbed, tmp_path):
    _, rows, files, total = undisturbed
    assert total > 100
    kills = 0
    for number in range(PULL_ROUNDS):
        rng = random.Random(number)
        home = make_home(tmp_path / f"round-{number}")
        stream_from = rng.choice([streaming.STREAM_FROM_BYTES, 1])
        for most in (total, total // 2):
            die_at = rng.randrange(1, most)
            done = in_child(lambda h=home: pull_and_load(h), die_at, stream_from)
            kills += done is None
            assert_whole(home)
            put(home, LATE)
        for left in (home / "landing").glob("*/.*"):
            os.utime(left, (OLD.timestamp(),) * 2)
        assert finish(home, lambda h=home: pull_and_load(h)) == rows, number
        assert not list((home / "landing").glob("*/.*"))
        assert landed(home) == files, number
        shutil.rmtree(home)
    assert kills >= PULL_ROUNDS


def erase(home):
    settings = settings_of(home)
    erasures = ErasureList(settings.erasures, settings.person_salt)
    marks = (
        erasures.account_mark("reddit", HANDLE),
        erasures.name_mark(HANDLE),
        erasures.line_mark(WORDS),
    )
    proof = erasures.proof_of("e1")
    moment = NOW.isoformat()
    erasures.add(Erasure("e1", moment, "the person", "asked", "reddit", proof, marks))


def test_killed_erasures_end_without_the_person(undisturbed, tmp_path):
    loaded, *_ = undisturbed
    erase(loaded)
    shutil.copytree(loaded, tmp_path / "expected")
    expected = tmp_path / "expected"
    counted = shutil.copytree(loaded, tmp_path / "counted")
    total = in_child(lambda: landing.load_exports(settings_of(counted)))
    rows = finish(expected, lambda: landing.load_exports(settings_of(expected)))
    files = landed(expected)
    assert HANDLE not in json.dumps(rows)
    assert len(rows["reddit__comments"]) == 3
    kills = 0
    for number in range(ERASE_ROUNDS):
        rng = random.Random(number)
        home = tmp_path / f"erase-{number}"
        shutil.copytree(loaded, home)
        for most in (total, total // 2):
            die_at = rng.randrange(1, most)
            done = in_child(lambda h=home: landing.load_exports(settings_of(h)), die_at)
            kills += done is None
        load = lambda h=home: landing.load_exports(settings_of(h))  # noqa: E731
        assert finish(home, load) == rows, number
        assert landed(home) == files, number
        for path in (home / "landing").glob("*/*"):
            assert HANDLE.encode() not in path.read_bytes()
            assert WORDS.encode() not in path.read_bytes()
        shutil.rmtree(home)
    assert kills >= ERASE_ROUNDS
