"""Which PostgreSQL gets the copy of the published marts, where Airflow knows one?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from typing import Any

    from heartshare.settings import Settings

CONNECTION_ID = "heartshare_postgres"
#: Extra fields of an Airflow connection that libpq understands too.
_PASSED_ON = (
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "connect_timeout",
    "target_session_attrs",
)


def postgres_settings(settings: Settings) -> Settings:
    """Return the settings with the database of Airflow's connection, if it exists.

    Without a connection ``heartshare_postgres`` HEARTSHARE_POSTGRES_COPY counts.
    """
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import (
        AirflowNotFoundException,
        AirflowRuntimeError,
        ErrorType,
    )

    try:
        connection = BaseHook.get_connection(CONNECTION_ID)
    except AirflowNotFoundException:
        return settings
    except AirflowRuntimeError as error:
        # Only "there is none" means that there is no copy to care for: after an
        # erasure an old copy would keep the person.
        if error.error.error is not ErrorType.CONNECTION_NOT_FOUND:
            raise
        return settings
    return replace(settings, postgres_copy=connection_address(connection))


def connection_address(connection: Any) -> str:  # noqa: ANN401 Airflow's Connection
    """Return an Airflow connection as the address that libpq understands."""
    login = quote(connection.login or "", safe="")
    if connection.password:
        login += f":{quote(connection.password, safe='')}"
    port = f":{connection.port}" if connection.port else ""
    extra = {
        name: value
        for name, value in connection.extra_dejson.items()
        if name in _PASSED_ON
    }
    options = f"?{urlencode(extra)}" if extra else ""
    database = quote(connection.schema or "", safe="")
    at = "@" if login else ""
    return f"postgresql://{login}{at}{connection.host or ''}{port}/{database}{options}"
