"""The weekly DAG pulls declared sources and inbox folders side by side."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.integration

WEEK = "2026-11-09"
HEADER = (
    "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,"
    "Replies,Reposts,Profile visits,Create Post,Video views,Media views"
)
RUN = """
import json, os
from heartshare.orchestration.embedded import EmbeddedAirflow
from heartshare.settings import Settings
result = EmbeddedAirflow(Settings.from_env(os.environ)).run(
    "pull_exports", {"week": "2026-11-09", "mode": "live"}
)
print("RESULT " + json.dumps([result.state, result.tasks]))
os._exit(0)
"""


def overview(views):
    days = ("Mon, Nov 9", "Tue, Nov 10", "Wed, Nov 11")
    lines = [f'"{day}, 2026",{views}' + ",1" * 12 for day in days]
    return "\n".join([HEADER, *lines, ""]).encode()


def test_week_is_pulled_from_bucket_server_and_inbox(organisation, bucket, sftp):
    server, folder = sftp
    organisation.declare(
        "agency:\n  kind: objects\n  url: s3://agency-exports/weekly\n"
        "  connection: agency_s3\n"
        f"partner:\n  kind: objects\n  url: sftp://{server.files / folder}\n"
        "  connection: partner_sftp\n"
    )
    organisation.connections["AGENCY_S3"] = bucket.connection()
    organisation.connections["PARTNER_SFTP"] = server.connection()
    bucket.put("weekly/overview.csv", overview(10))
    server.put(f"{folder}/overview.csv", overview(20), 1_763_000_000)
    inbox = organisation.home / "inbox" / "x_town"
    inbox.mkdir(parents=True)
    (inbox / "overview.csv").write_bytes(overview(30))
    os.utime(inbox / "overview.csv", (1_763_000_000,) * 2)

    done = subprocess.run(
        [sys.executable, "-c", RUN],
        env=organisation.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    (answer,) = [
        line for line in done.stdout.splitlines() if line.startswith("RESULT ")
    ] or [done.stdout + done.stderr]
    state, tasks = json.loads(answer.removeprefix("RESULT "))
    assert (state, tasks["load_exports"]) == ("success", "success")
    for source in ("agency", "partner", "x_town"):
        assert list(organisation.landed(source)) == ["overview.csv"]
    import duckdb

    with duckdb.connect(organisation.home / "warehouse.duckdb") as warehouse:
        rows = warehouse.execute(
            "select source_name, rows_landed from raw.export_manifest order by 1"
        ).fetchall()
    assert rows == [("agency", 3), ("partner", 3), ("x_town", 3)]
