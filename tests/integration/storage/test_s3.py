"""A bucket on a real S3 API server, through an Airflow connection, by the command."""

import random
import signal

import pytest

pytestmark = pytest.mark.integration

SOURCE = """
agency:
  kind: objects
  url: s3://agency-exports/weekly
  connection: agency_s3
"""


@pytest.fixture
def agency(organisation, bucket):
    organisation.declare(SOURCE)
    organisation.connections["AGENCY_S3"] = bucket.connection()
    return organisation


def test_only_new_objects_land_and_overlapping_ones_land_once(agency, bucket):
    bucket.put("weekly/a.csv", b"a,1\n")
    bucket.put("weekly/deep/b.csv", b"b,1\n")
    bucket.put("weekly/c.csv.part", b"half")
    bucket.put("other/d.csv", b"d,1\n")
    status, said = agency.run("pull", "agency")
    assert status == 0, said
    assert agency.landed("agency") == {"a.csv": b"a,1\n", "b.csv": b"b,1\n"}

    bucket.put("weekly/again.csv", b"a,1\n")
    bucket.put("weekly/e.csv", b"e,1\n")
    status, said = agency.run("pull", "agency")
    assert (status, "agency: 1 new files landed" in said) == (0, True)
    assert sorted(agency.landed("agency")) == ["a.csv", "b.csv", "e.csv"]
    assert agency.seen("agency") == ["a.csv", "again.csv", "b.csv", "e.csv"]


def test_pull_killed_in_a_large_object_is_resumed(agency, bucket, line):
    large = random.Random(3).randbytes(40 << 20)
    bucket.put("weekly/a.csv", b"a,1\n")
    bucket.put("weekly/b.csv", large)
    bucket.put("weekly/c.csv", b"c,1\n")
    line.hold = ("/b.csv",)
    agency.connections["AGENCY_S3"] = bucket.connection(endpoint=line.endpoint)
    process = agency.start("pull", "agency")
    while not line.held.wait(1):
        assert process.poll() is None, process.stdout.read()
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    (half,) = (agency.home / "landing" / "agency").glob(".b.csv.*.part")
    assert 0 < half.stat().st_size < len(large)
    assert sorted(agency.landed("agency")) == ["a.csv"]

    agency.connections["AGENCY_S3"] = bucket.connection()
    assert agency.run("pull", "agency")[0] == 0
    assert agency.landed("agency") == {
        "a.csv": b"a,1\n",
        "b.csv": large,
        "c.csv": b"c,1\n",
    }
    assert agency.run("pull", "agency")[0] == 0
    assert len(agency.landed("agency")) == 3


def test_truncated_object_does_not_land_until_it_comes_whole(agency, bucket, line):
    for name in "abc":
        bucket.put(f"weekly/{name}.csv", name.encode() * 5000)
    line.cut = ("/b.csv",)
    agency.connections["AGENCY_S3"] = bucket.connection(endpoint=line.endpoint)
    status, said = agency.run("pull", "agency")
    assert status == 5, said
    assert "weekly/b.csv cannot be read" in said
    assert sorted(agency.landed("agency")) == ["a.csv", "c.csv"]
    line.cut = ()
    assert agency.run("pull", "agency")[0] == 0
    assert agency.landed("agency")["b.csv"] == b"b" * 5000


def test_source_that_fails_says_why_and_stops_no_other(agency, bucket):
    """One command for four sources: starting each alone takes seconds."""
    bucket.put("weekly/a.csv", b"a,1\n")
    wrong = "wrong-secret-that-nobody-may-read"
    agency.connections["WRONG_S3"] = bucket.connection(secret=wrong)
    agency.connections["AWAY_S3"] = bucket.connection(endpoint="http://127.0.0.1:9")
    entry = SOURCE.split("\n", 2)[2]
    agency.declare(
        SOURCE
        + f"a_wrong_key:\n{entry.replace('agency_s3', 'wrong_s3')}"
        + f"b_away:\n{entry.replace('agency_s3', 'away_s3')}"
        + f"c_no_bucket:\n{entry.replace('agency-exports', 'agency-exprots')}"
    )
    status, said = agency.run("pull")
    assert status == 3, said
    assert "3 of 4 sources failed" in said
    assert "a_wrong_key: access to s3://agency-exports/weekly was refused" in said
    assert "Airflow connection wrong_s3" in said
    assert "b_away: s3://agency-exports/weekly cannot be reached" in said
    assert "c_no_bucket: s3://agency-exprots/weekly does not exist" in said
    assert wrong not in said
    assert bucket.secret not in said
    assert sorted(agency.landed("agency")) == ["a.csv"]
