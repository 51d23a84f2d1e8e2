"""Make the shorter mail for those who asked for page one alone: no PDF in it."""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any, cast

from heartshare.language import languages, mark, say, speaking

#: What the templates of the mail say of the PDF, and what the shorter mail says.
ATTACHED = mark("attached as an accessible PDF")
NOT_ATTACHED = mark("in the archive")


def without_pdf_part(message: bytes) -> bytes:
    """Return a frozen message without its PDF, the same bytes for the same message.

    Issue, identity and pictures stay; the sentence on the attachment names the archive.
    A message without a PDF comes back as it is.
    """
    whole = cast("EmailMessage", BytesParser(policy=SMTP).parsebytes(message))
    parts = list(whole.iter_attachments())
    if not any(part.get_content_type() == "application/pdf" for part in parts):
        return message
    kept: list[Any] = [
        part
        for part in whole.iter_parts()
        if part.get_content_type() != "application/pdf"
    ]
    whole.set_payload(kept)
    for part in whole.walk():
        if part.get_content_maintype() == "text" and isinstance(part, EmailMessage):
            _reword(part)
    return whole.as_bytes(policy=SMTP)


def _reword(part: EmailMessage) -> None:
    text = part.get_content().replace("\r\n", "\n")
    reworded = text
    for code in languages():
        with speaking(code):
            reworded = reworded.replace(say(ATTACHED), say(NOT_ATTACHED))
    if reworded != text:
        part.set_content(
            reworded, subtype=part.get_content_subtype(), cte="quoted-printable"
        )
