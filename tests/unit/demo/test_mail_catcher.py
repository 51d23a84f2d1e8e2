"""The demo's mail is kept, one file for each recipient."""

import smtplib
from email.message import EmailMessage
from urllib.parse import urlsplit

from heartshare.demo.mail_catcher import catch_mail


def test_message_is_kept_under_issue_and_recipient(tmp_path):
    message = EmailMessage()
    message["From"] = "report@example.org"
    message["X-Heartshare-Issue"] = "2026-W46.r1"
    message.set_content("words")
    with catch_mail(tmp_path / "mail") as url:
        server = urlsplit(url)
        with smtplib.SMTP(server.hostname, server.port) as session:
            session.send_message(message, to_addrs=["a@example.org", "b@example.org"])
    kept = sorted(path.name for path in (tmp_path / "mail").iterdir())
    assert kept == [
        "2026-W46.r1--a@example.org.eml",
        "2026-W46.r1--b@example.org.eml",
    ]
    assert b"words" in (tmp_path / "mail" / kept[0]).read_bytes()


def test_message_that_comes_twice_is_kept_twice(tmp_path):
    message = EmailMessage()
    message["From"] = "report@example.org"
    message["X-Heartshare-Issue"] = "2026-W46.r1"
    message.set_content("words")
    with catch_mail(tmp_path / "mail") as url:
        server = urlsplit(url)
        for _ in range(2):
            with smtplib.SMTP(server.hostname, server.port) as session:
                session.send_message(message, to_addrs=["a@example.org"])
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == [
        "2026-W46.r1--a@example.org--2.eml",
        "2026-W46.r1--a@example.org.eml",
    ]
