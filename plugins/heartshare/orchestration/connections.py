"""How do Airflow connections become what pulls take: accounts and filesystems?

The only place where a pull's credentials are read; nothing here prints them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import (
    AirflowException,
    AirflowNotFoundException,
    AirflowRuntimeError,
)
from airflow.sdk.io import get_fs

from heartshare.errors import InputError
from heartshare.pulls.object_listing import Remote
from heartshare.pulls.source import (
    AccessRefusedError,
    Account,
    SourceAwayError,
    SourceOptionError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heartshare.pulls.declarations import Declaration

_SFTP = ("sftp", "ssh")
#: Storages where an object appears whole or not at all.
_ATOMIC = ("s3", "s3a", "s3n", "gs", "abfs", "abfss", "adl", "wasb")


class ConnectionMissingError(InputError):
    """A source names an Airflow connection that does not exist."""

    def __init__(self, source_name: str, connection: str) -> None:
        super().__init__(
            f"Source {source_name}: there is no Airflow connection {connection}. Add "
            "it (Airflow's page Admin > Connections, `airflow connections add`, or the "
            f"variable AIRFLOW_CONN_{connection.upper()}); docs/sources.md lists its "
            "fields."
        )


def account_of(declaration: Declaration) -> Account:
    """Return the connection of a declared source; an empty account without one.

    Raises:
        ConnectionMissingError: Airflow knows no connection of that name.
    """
    name = declaration.connection
    if not name:
        return Account("")
    try:
        found = BaseHook.get_connection(name)
    except (AirflowNotFoundException, AirflowRuntimeError) as error:
        raise ConnectionMissingError(declaration.name, name) from error
    return Account(
        connection=name,
        host=found.host or "",
        login=found.login or "",
        password=found.password or "",
        port=found.port,
        schema=found.schema or "",
        extra=found.extra_dejson,
    )


@contextmanager
def open_remote(declaration: Declaration) -> Iterator[Remote]:
    """Open the storage of a declared source of objects; close it in the end.

    Raises:
        ConnectionMissingError: Airflow knows no connection of that name.
        AccessRefusedError: the connection's fields or credentials are not right.
        SourceAwayError: the server cannot be reached now.
        SourceOptionError: the url's scheme is unknown, or names a host again.
    """
    account_of(declaration)
    url = declaration.options["url"]
    scheme, divider, path = url.partition("://")
    if not divider:
        what = f"url {url!r} has no scheme such as s3:// or sftp://"
        raise SourceOptionError(declaration.name, what)
    if scheme in _SFTP:
        with _sftp(declaration, path) as remote:
            yield remote
    elif scheme in {"s3", "s3a", "s3n"}:
        yield _bucket(declaration, path)
    else:
        yield _other(declaration, scheme, path)


def _bucket(declaration: Declaration, path: str) -> Remote:
    from aiohttp import ClientError as BrokenAnswerError
    from botocore import exceptions

    return Remote(
        fs=_filesystem(declaration, "s3"),
        root=path.rstrip("/"),
        url=declaration.options["url"],
        connection=declaration.connection or "(none, so the machine's own credentials)",
        is_atomic=True,
        refused=(
            PermissionError,
            exceptions.NoCredentialsError,
            exceptions.PartialCredentialsError,
            exceptions.CredentialRetrievalError,
            exceptions.ProfileNotFound,
            exceptions.InvalidRegionError,
        ),
        missing=(FileNotFoundError, exceptions.ParamValidationError),
        away=(
            OSError,
            EOFError,
            BrokenAnswerError,
            exceptions.BotoCoreError,
            exceptions.ClientError,
        ),
    )


def _other(declaration: Declaration, scheme: str, path: str) -> Remote:
    root = path.rstrip("/") or "/"
    return Remote(
        fs=_filesystem(declaration, scheme),
        root=root,
        url=declaration.options["url"],
        connection=declaration.connection or "(none)",
        is_atomic=scheme in _ATOMIC,
    )


def _filesystem(declaration: Declaration, scheme: str):  # noqa: ANN202 untyped library
    """Return the filesystem that Airflow's object storage builds from a connection."""
    try:
        return get_fs(scheme, declaration.connection or None)
    except (AirflowException, ValueError, ImportError) as error:
        what = f"{scheme}:// cannot be opened ({error})"
        raise SourceOptionError(declaration.name, what) from error


@contextmanager
def _sftp(declaration: Declaration, path: str) -> Iterator[Remote]:
    from paramiko.ssh_exception import (  # type: ignore[import-untyped,unused-ignore]
        AuthenticationException,
        BadHostKeyException,
        SSHException,
    )

    from heartshare.orchestration.sftp_storage import ConnectionSftp

    name, connection = declaration.name, declaration.connection
    if not connection:
        raise SourceOptionError(name, "an sftp:// url needs a connection")
    if not path.startswith("/"):
        what = "write sftp:///folder: the host belongs in the connection"
        raise SourceOptionError(name, what)
    try:
        fs = ConnectionSftp(connection)
    except (AuthenticationException, BadHostKeyException) as error:
        what = f"the SFTP server refused the log-in, or is another ({error})"
        raise AccessRefusedError(name, connection, what) from error
    except (AirflowException, ValueError) as error:
        raise AccessRefusedError(name, connection, str(error)) from error
    except SSHException as error:
        if "known_hosts" in str(error):
            what = f"{error}: put the server's public key into the extra host_key"
            raise AccessRefusedError(name, connection, what) from error
        raise SourceAwayError(name, f"SFTP does not work now ({error})") from error
    except (OSError, EOFError) as error:
        raise SourceAwayError(name, f"SFTP does not work now ({error})") from error
    try:
        yield Remote(
            fs=fs,
            root=path.rstrip("/") or "/",
            url=declaration.options["url"],
            connection=connection,
            is_atomic=False,
            away=(OSError, EOFError, SSHException),
        )
    finally:
        fs.close()
