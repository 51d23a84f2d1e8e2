"""Which PostgreSQL gets the copy, and what happens where there is none."""

import pytest
from airflow.sdk import BaseHook, Connection
from airflow.sdk.exceptions import (
    AirflowFailException,
    AirflowRuntimeError,
    AirflowSkipException,
    ErrorType,
)
from airflow.sdk.execution_time.comms import ErrorResponse

from heartshare.orchestration.operators.copy_marts import CopyMartsOperator
from heartshare.orchestration.postgres import connection_address, postgres_settings

ADDRESS = "postgresql://writer:p%40ss%2Fword@db.example.org:5433/bi?sslmode=verify-full"


@pytest.fixture
def connection():
    return Connection(
        conn_id="heartshare_postgres",
        conn_type="postgres",
        host="db.example.org",
        port=5433,
        login="writer",
        password="p@ss/word",
        schema="bi",
        extra='{"sslmode": "verify-full", "cursor": "dictcursor"}',
    )


def test_connection_of_airflow_becomes_an_address_of_libpq(connection):
    assert connection_address(connection) == ADDRESS


def test_connection_of_airflow_takes_precedence(settings, connection, monkeypatch):
    assert postgres_settings(settings).postgres_copy == ""
    monkeypatch.setenv("AIRFLOW_CONN_HEARTSHARE_POSTGRES", connection.as_json())
    assert postgres_settings(settings).postgres_copy == ADDRESS


@pytest.mark.parametrize("kind", [ErrorType.PERMISSION_DENIED, ErrorType.GENERIC_ERROR])
def test_unanswered_question_is_not_taken_for_no_database(settings, monkeypatch, kind):
    def refuse(_):
        raise AirflowRuntimeError(ErrorResponse(error=kind))

    monkeypatch.setattr(BaseHook, "get_connection", refuse)
    with pytest.raises(AirflowRuntimeError):
        postgres_settings(settings)


def test_copy_is_skipped_where_no_database_is_set(settings):
    with pytest.raises(AirflowSkipException, match="No PostgreSQL"):
        CopyMartsOperator(task_id="copy").execute({})


def test_copy_before_any_publication_fails_at_once(settings, monkeypatch):
    monkeypatch.setenv("HEARTSHARE_POSTGRES_COPY", "postgresql://localhost/bi")
    with pytest.raises(AirflowFailException, match="Nothing is published"):
        CopyMartsOperator(task_id="copy").execute({})
