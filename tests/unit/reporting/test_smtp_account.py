"""Which mail server is meant, and what is said where none is."""

import pytest

from heartshare.reporting.delivery.smtp_account import MailAccountError, SmtpAccount


@pytest.mark.parametrize("url", ["", "  "])
def test_missing_mail_server_is_called_missing(url):
    with pytest.raises(MailAccountError, match=r"none is set\. Set the .*SMTP_URL"):
        SmtpAccount.from_url(url)


def test_other_scheme_is_refused_without_repeating_the_url():
    with pytest.raises(MailAccountError, match="begin with smtp://") as caught:
        SmtpAccount.from_url("http://user:secret@mail.example.org")
    assert "secret" not in str(caught.value)
