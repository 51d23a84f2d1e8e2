"""Through which mail server messages leave, and how safely."""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from heartshare.errors import InputError

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_TIMEOUT_SECONDS = 30.0


class MailAccountError(InputError):
    """The mail server's address or its credentials cannot be used."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The mail server cannot be used: {reason}. Set the Airflow connection "
            "heartshare_smtp or HEARTSHARE_SMTP_URL as docs/settings.md says."
        )


@dataclass(frozen=True)
class SmtpAccount:
    """One mail server; ``scheme`` is smtp, smtp+starttls or smtps.

    Plain ``smtp`` uses TLS where the server offers it. Credentials never travel
    unencrypted to another machine.
    """

    host: str
    port: int
    scheme: str = "smtp"
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Return the account that a URL names: smtp://user:password@host:port.

        Raises:
            MailAccountError: no URL, another scheme, no host, or a port that is none;
                the message never repeats the URL, which may hold a password.
        """
        if not url.strip():
            raise MailAccountError("none is set")
        parts = urlsplit(url.strip())
        if parts.scheme not in _PORTS:
            raise MailAccountError(
                f"its URL must begin with {', '.join(f'{each}://' for each in _PORTS)}"
            )
        try:
            port = parts.port or _PORTS[parts.scheme]
        except ValueError as error:
            raise MailAccountError("its port is not a number") from error
        if not parts.hostname:
            raise MailAccountError("its URL names no host")
        return cls(
            host=parts.hostname,
            port=port,
            scheme=parts.scheme,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def connect(self) -> smtplib.SMTP:
        """Return a session that is ready for a message.

        Raises:
            MailAccountError: the server refuses the credentials, or offers no
                encryption although it is needed.
            OSError: the server cannot be reached (also smtplib's own errors).
        """
        context = ssl.create_default_context()
        session: smtplib.SMTP
        if self.scheme == "smtps":
            session = smtplib.SMTP_SSL(
                self.host, self.port, timeout=_TIMEOUT_SECONDS, context=context
            )
        else:
            session = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_SECONDS)
        try:
            self._secure(session, context)
            if self.user:
                session.login(self.user, self.password)
        except smtplib.SMTPAuthenticationError as error:
            session.close()
            raise MailAccountError(
                f"{self.host} refused the user or the password ({error.smtp_code})"
            ) from None
        except smtplib.SMTPNotSupportedError as error:
            session.close()
            raise MailAccountError(f"{self.host}: {error}") from None
        except BaseException:
            session.close()
            raise
        return session

    def _secure(self, session: smtplib.SMTP, context: ssl.SSLContext) -> None:
        session.ehlo_or_helo_if_needed()
        if self.scheme == "smtps":
            return
        if session.has_extn("starttls"):
            session.starttls(context=context)
            session.ehlo()
        elif self.scheme == "smtp+starttls" or (self.user and not self._is_local()):
            raise MailAccountError(f"{self.host} offers no encryption")

    def _is_local(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False
