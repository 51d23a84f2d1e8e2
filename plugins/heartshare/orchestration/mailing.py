"""How does a short notice reach the owners, and through which server?"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.sending import MailContent, deliver, freeze_email
from heartshare.reporting.delivery.smtp_account import SmtpAccount
from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from heartshare.reporting.delivery.sending import DeliveryReport
    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)
CONNECTION_ID = "heartshare_smtp"
CHAT_CONNECTION_ID = "heartshare_chat"
_SECURITY = {"ssl": "smtps", "starttls": "smtp+starttls"}


def mail_settings(settings: Settings) -> Settings:
    """Return the settings with mail server and chat of Airflow's connections, if any.

    Without a connection ``heartshare_smtp`` HEARTSHARE_SMTP_URL counts, and without
    ``heartshare_chat``, whose password field holds the addresses, HEARTSHARE_CHAT_URLS.
    """
    if mail := _connection(CONNECTION_ID):
        settings = replace(settings, smtp_url=connection_url(mail))
    if chat := _connection(CHAT_CONNECTION_ID):
        settings = replace(settings, chat_urls=tuple((chat.password or "").split()))
    return settings


def _connection(name: str) -> Any:  # noqa: ANN401 Airflow's Connection, or None
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException, AirflowRuntimeError

    try:
        return BaseHook.get_connection(name)
    except (AirflowNotFoundException, AirflowRuntimeError):
        return None


def connection_url(connection: Any) -> str:  # noqa: ANN401 Airflow's Connection
    """Return an Airflow connection as the URL that our settings know.

    ``security`` in its extra field is ssl, starttls or absent.
    """
    scheme = _SECURITY.get(connection.extra_dejson.get("security", ""), "smtp")
    login = ""
    if connection.login:
        secret = (
            f":{quote(connection.password, safe='')}" if connection.password else ""
        )
        login = f"{quote(connection.login, safe='')}{secret}@"
    port = f":{connection.port}" if connection.port else ""
    return f"{scheme}://{login}{connection.host}{port}"


def send_notice(
    settings: Settings, content: MailContent, *, issue: str, at: datetime
) -> DeliveryReport | None:
    """Send a notice to the owners, once for each ``issue``; None when it cannot leave.

    The first call fixes the bytes, and later ones send the rest of the same message.
    Without owners or a mail server a warning is logged: the notice is on disk.
    """
    if not settings.owners or not settings.smtp_url:
        LOGGER.warning(
            "Nobody is told by mail: HEARTSHARE_OWNERS or the mail server is not set"
        )
        return None
    message = _frozen(settings.home / "notices" / f"{issue}.eml", settings, content, at)
    return deliver(
        Outbox(settings.outbox),
        SmtpAccount.from_url(settings.smtp_url),
        message,
        recipients=settings.owners,
        owner=f"notice-{at.isoformat()}",
        at=at,
    )


def notice_name(*parts: str) -> str:
    """Return a short name under which equal notices are sent once."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]


def _frozen(
    path: Path, settings: Settings, content: MailContent, at: datetime
) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        mail = freeze_email(content, issue=path.stem, sender=settings.mail_from, at=at)
        write_whole(path, mail)
    return path.read_bytes()
