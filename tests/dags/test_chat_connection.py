"""Chat addresses of the Airflow connection count before those of the environment."""

import json
from dataclasses import replace

import pytest

from heartshare.orchestration.mailing import mail_settings

SECRET = "q1w2e3r4t5"


@pytest.fixture
def connect(monkeypatch):
    """Give Airflow a connection, as its variable says one."""

    def connector(name, **fields):
        value = json.dumps({"conn_type": "generic", **fields})
        monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", value)

    return connector


@pytest.fixture
def written(settings):
    """Return settings that name a chat channel and a mail server themselves."""
    return replace(
        settings,
        chat_urls=("json://in.the.settings/x",),
        smtp_url="smtp://mail.example:25",
    )


def test_addresses_stand_in_the_password_field_of_the_connection(written, connect):
    connect(
        "heartshare_chat",
        password=f"json://a.example/{SECRET}\n  jsons://b.example/{SECRET} ",
    )
    found = mail_settings(written)
    assert found.chat_urls == (
        f"json://a.example/{SECRET}",
        f"jsons://b.example/{SECRET}",
    )
    assert found.smtp_url == "smtp://mail.example:25"
    assert SECRET not in repr(found)


def test_without_the_connection_the_settings_count(written):
    assert mail_settings(written) == written


@pytest.mark.parametrize("fields", [{}, {"password": "  "}], ids=["none", "blank"])
def test_connection_without_addresses_switches_chat_off(written, connect, fields):
    connect("heartshare_chat", **fields)
    assert mail_settings(written).chat_urls == ()


def test_mail_and_chat_have_connections_of_their_own(written, connect):
    connect(
        "heartshare_smtp",
        host="smtp.example",
        port=587,
        login="re:port",
        password="p@ss/1",
        extra=json.dumps({"security": "starttls"}),
    )
    found = mail_settings(written)
    assert found.smtp_url == "smtp+starttls://re%3Aport:p%40ss%2F1@smtp.example:587"
    assert found.chat_urls == written.chat_urls


def test_every_task_works_with_the_connection_s_addresses(settings, connect):
    from heartshare.orchestration.operators.task_context import StepOperator

    class Asking(StepOperator):
        def run_step(self, settings, context):
            return settings.chat_urls

    connect("heartshare_chat", password="json://a.example/x")
    assert Asking(task_id="ask").execute({}) == ("json://a.example/x",)
