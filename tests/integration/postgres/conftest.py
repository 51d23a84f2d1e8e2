"""One server for all tests, a home and an empty database for each."""

import pytest
from integration.postgres.server import programs, running
from unit.warehouse.small_marts import build, marts_settings, put_out


@pytest.fixture(scope="session")
def started(request):
    if "integration" not in (request.config.getoption("-m") or ""):
        pytest.skip("runs on request: make test-integration")
    if programs() is None:
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    with running() as server:
        yield server


@pytest.fixture
def server(started):
    """The server, without anything that a copy has left."""
    for schema in ("marts", "marts_previous", "marts_incoming"):
        started.ask("writer", f"drop schema if exists {schema} cascade")
    return started


@pytest.fixture
def settings(tmp_path, server):
    """A home with one published revision, and the address of the database."""
    settings = marts_settings(
        tmp_path, HEARTSHARE_POSTGRES_COPY=server.address("writer")
    )
    build(settings, "b0")
    put_out(settings, "b0")
    return settings
