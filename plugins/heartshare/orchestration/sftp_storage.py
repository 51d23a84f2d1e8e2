"""How does a pull read an SFTP server through an Airflow connection?

Airflow's own object storage for SFTP needs a library that we do not install and that
ignores the connection's ``host_key``; its SSH hook knows every field, so the
filesystem here stands on that.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self

from airflow.providers.ssh.hooks.ssh import SSHHook
from fsspec import AbstractFileSystem
from fsspec.implementations.sftp import SFTPFileSystem

if TYPE_CHECKING:
    from paramiko import SFTPFile  # type: ignore[import-untyped]

# It says each step of every log-in, several lines a connection.
logging.getLogger("paramiko").setLevel(logging.WARNING)

#: Seconds without a byte after which a server counts as away.
_SILENCE_SECONDS = 60.0
#: So much is asked for at once; paramiko gets slower with more (measured).
_WINDOW_BYTES = 1 << 20


class ConnectionSftp(SFTPFileSystem):
    """The files of the server that an Airflow connection names, read-only."""

    cachable = False

    def __init__(self, connection_id: str) -> None:
        AbstractFileSystem.__init__(self)
        self._connection_id = connection_id
        self._connect()

    def _connect(self) -> None:
        hook = SSHHook(ssh_conn_id=self._connection_id, conn_retry_attempts=1)
        hook.conn_timeout = hook.conn_timeout or int(_SILENCE_SECONDS)
        extra = hook.get_connection(self._connection_id).extra_dejson
        # The hook's default costs two thirds of the speed, and exports are mostly
        # compressed already.
        hook.compress = str(extra.get("compress", "")).lower() == "true"
        self.client = hook.get_conn()
        self.ftp = self.client.open_sftp()
        self.ftp.get_channel().settimeout(_SILENCE_SECONDS)

    def close(self) -> None:
        """End the connection."""
        self.client.close()

    def _open(
        self,
        path: str,
        mode: str = "rb",
        block_size: int | None = None,
        **kwargs: Any,
    ) -> _Pipelined:
        return _Pipelined(self.ftp.open(path, mode))


class _Pipelined:
    """A remote file read from front to back with many requests under way at once.

    One request at a time costs a round trip per 32 KB: half an hour for a gigabyte
    over a line of 50 ms. Only the block that is being read is held in memory.
    """

    def __init__(self, file: SFTPFile) -> None:
        self._file = file
        self._size: int = file.stat().st_size or 0
        self._offset = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, wanted: int) -> bytes:
        """Return the next bytes, fewer at the end, none after it."""
        pieces = []
        end = min(self._offset + wanted, self._size)
        while self._offset < end:
            length = min(_WINDOW_BYTES, end - self._offset)
            piece = b"".join(self._file.readv([(self._offset, length)]))
            if not piece:
                break
            self._offset += len(piece)
            pieces.append(piece)
        return b"".join(pieces)
