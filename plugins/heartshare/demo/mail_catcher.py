"""A mail server on this machine that keeps every message the demo sends."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from email import message_from_bytes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session


class MailFolder:
    """Keeps every message as ``<issue>--<recipient>.eml``, as it came.

    A message that comes twice is kept twice, as ``…--2.eml``: nothing that was sent
    again goes unseen.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    async def handle_DATA(  # noqa: N802 aiosmtpd's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
    ) -> str:
        """Write one file for each recipient and accept the message."""
        content = envelope.original_content or b""
        message = message_from_bytes(content)
        name = message["X-Heartshare-Issue"] or message["Message-ID"] or "message"
        for recipient in envelope.rcpt_tos:
            self._unused(f"{_plain(str(name))}--{_plain(recipient)}").write_bytes(
                content
            )
        return "250 Message kept"

    def _unused(self, stem: str) -> Path:
        path, count = self._folder / f"{stem}.eml", 1
        while path.exists():
            count += 1
            path = self._folder / f"{stem}--{count}.eml"
        return path


@contextmanager
def catch_mail(folder: Path) -> Iterator[str]:
    """Run the server meanwhile; yield the URL under which it takes mail."""
    from aiosmtpd.controller import Controller

    controller = Controller(MailFolder(folder), hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.@_-]+", "-", text).strip("-")
