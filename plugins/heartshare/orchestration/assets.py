"""What one DAG leaves behind and another waits for; the only place with asset URIs."""

from __future__ import annotations

import os

from airflow.providers.standard.triggers.file import DirectoryFileDeleteTrigger
from airflow.sdk import Asset, AssetWatcher

from heartshare.settings import Settings

#: Emitted once a run, by its last task, with the week as partition key. Nothing may
#: wait for two assets at once: on PostgreSQL such runs get lost.
RAW_WEEK = Asset(name="raw_week", uri="duckdb://warehouse/raw")
MARTS_WEEK = Asset(name="marts_week", uri="duckdb://warehouse/marts")

#: Somebody dropped late exports and said so with this file, which the trigger removes.
READY_FLAG = "_READY"
DROP_READY = Asset(
    name="drop_ready",
    uri="x-heartshare://inbox/ready",
    watchers=[
        AssetWatcher(
            name="ready_flag",
            trigger=DirectoryFileDeleteTrigger(
                directory=str(Settings.from_env(os.environ).inbox),
                filename=READY_FLAG,
                poke_interval=5.0,
            ),
        )
    ],
)
