"""How do we know that an order comes from our own page and from the person logged in?

Two guards: the browser's word on where the request comes from, and a signed token that
is bound to the user, to the action and to what was confirmed.
"""

import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from airflow.api_fastapi.auth.tokens import get_signing_key
from airflow.configuration import conf
from fastapi import HTTPException, Request, status
from itsdangerous import BadSignature, URLSafeTimedSerializer

#: A form that was left open for longer has to be loaded again.
TOKEN_SECONDS = 3600
_SALT = "heartshare.ui.forms"


class ForeignRequestError(HTTPException):
    """An order did not come from our own page, or its form is too old."""

    def __init__(self, why: str) -> None:
        super().__init__(
            status.HTTP_403_FORBIDDEN,
            f"{why} Nothing was done. Load the page again and repeat the step there.",
        )


def require_own_page(request: Request) -> None:
    """Refuse an order that a page of another site, or no page, has sent.

    Raises:
        ForeignRequestError: neither Sec-Fetch-Site nor Origin speaks for it.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is None and origin is None:
        raise ForeignRequestError("The browser does not say where the order is from.")
    if site not in {None, "same-origin"}:
        raise ForeignRequestError("The order comes from another site.")
    if origin is not None and urlsplit(origin).netloc not in _own_hosts(request):
        raise ForeignRequestError("The order comes from another site.")


def make_token(user: Any, action: str, payload: Any = None) -> str:  # noqa: ANN401
    """Return a token for one action of one user on exactly this payload."""
    return _signer().dumps([str(user.get_id()), action, _digest(payload)])


def check_token(token: str, user: Any, action: str, payload: Any = None) -> None:  # noqa: ANN401
    """Pass silently when a token was made for this user, action and payload.

    Raises:
        ForeignRequestError: it was not, or it is older than ``TOKEN_SECONDS``.
    """
    try:
        found = _signer().loads(token, max_age=TOKEN_SECONDS)
    except BadSignature as error:
        raise ForeignRequestError("The form is too old or not ours.") from error
    if found != [str(user.get_id()), action, _digest(payload)]:
        raise ForeignRequestError("The form was made for something else.")


def _own_hosts(request: Request) -> set[str]:
    configured = urlsplit(conf.get("api", "base_url", fallback="")).netloc
    return {request.headers.get("host", ""), configured} - {""}


def _digest(payload: Any) -> str:  # noqa: ANN401 any JSON
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(get_signing_key("api", "secret_key"), salt=_SALT)
