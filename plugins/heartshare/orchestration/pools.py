"""Which tasks may run beside each other? Known without Airflow, for set-up commands."""

#: One slot: DuckDB lets one process write. Every task that opens the warehouse uses it.
WRITER_POOL = "duckdb_writer"
PULL_POOL = "export_pull"
#: With Celery one worker on the warehouse's host serves this queue; other executors
#: know no queues.
WRITER_QUEUE = "duckdb"
#: Give these to every task that opens the warehouse.
OPENS_WAREHOUSE = {"pool": WRITER_POOL, "queue": WRITER_QUEUE}
POOLS = {
    WRITER_POOL: (1, "Tasks that open the warehouse: one at a time"),
    PULL_POOL: (3, "Tasks that copy exports from their sources"),
}
