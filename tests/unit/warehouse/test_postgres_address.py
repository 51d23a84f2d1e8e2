"""An address of PostgreSQL that cannot be read is refused without its password."""

import traceback

import pytest
from unit.warehouse.small_marts import build, marts_settings, put_out

from heartshare.warehouse.postgres_copy import (
    PostgresAwayError,
    PostgresRefusedError,
    copy_revision,
)


@pytest.fixture
def revision(tmp_path):
    settings = marts_settings(tmp_path)
    build(settings, "b1")
    return put_out(settings, "b1")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://writer:sesame%zz@127.0.0.1/bi",
        "postgresql://writer:sesame/9@127.0.0.1/bi",
        "host=127.0.0.1 user=writer password=open sesame",
    ],
    ids=["not encoded", "a slash", "a space"],
)
def test_misread_address_does_not_tell_the_password(revision, address):
    with pytest.raises(PostgresRefusedError, match="percent-encode") as caught:
        copy_revision(address, revision, reader="reader")
    said = "".join(traceback.format_exception(caught.value))
    assert "sesame" not in said.replace(address, "")


def test_server_that_is_away_is_named(revision):
    address = "postgresql://writer:sesame@127.0.0.1:1/bi"
    with pytest.raises(PostgresAwayError, match=r"127\.0\.0\.1.*port 1 failed"):
        copy_revision(address, revision, reader="reader")
