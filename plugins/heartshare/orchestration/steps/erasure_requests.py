"""Where does a request to forget somebody wait, so that Airflow keeps no name?

Parameters of a DAG run are kept for ever and shown to everybody who may see the run.
A run therefore gets the random id of a request; who is meant lies in a file that only
the owner of the home can read, and that goes when the erasure has ended well.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.orchestration.steps.forgetting import ErasureRequest

if TYPE_CHECKING:
    from pathlib import Path

    from heartshare.settings import Settings

_ID = re.compile(r"[0-9a-f]{32}")


class UnknownRequestError(InputError):
    """No request waits under an id: it was carried out, withdrawn, or never made."""

    def __init__(self, request_id: str) -> None:
        shown = request_id if _ID.fullmatch(request_id) else "of that form"
        super().__init__(
            f"No request {shown} waits to be carried out. If it was carried out, its "
            "entry stands on the erasure list; otherwise make the request anew."
        )


def file_request(settings: Settings, request: ErasureRequest) -> str:
    """Keep a request until it is carried out; return the id under which it waits."""
    request_id = secrets.token_hex(16)
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    path = folder / f"{request_id}.json"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, json.dumps(asdict(request), ensure_ascii=False).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return request_id


def read_request(settings: Settings, request_id: str) -> ErasureRequest:
    """Return the request that waits under an id.

    Raises:
        UnknownRequestError: none does.
    """
    path = _path(settings, request_id)
    if not path.is_file():
        raise UnknownRequestError(request_id)
    values = json.loads(path.read_text(encoding="utf-8"))
    return ErasureRequest(**{**values, "identifiers": tuple(values["identifiers"])})


def drop_request(settings: Settings, request_id: str) -> None:
    """Remove a request that was carried out or shall not be; it may be gone already."""
    _path(settings, request_id).unlink(missing_ok=True)


def waiting_count(settings: Settings) -> int:
    """Return how many requests wait; one that stays belongs to a run that failed."""
    return len(list(_folder(settings).glob("*.json")))


def _folder(settings: Settings) -> Path:
    return settings.home / "erasure_requests"


def _path(settings: Settings, request_id: str) -> Path:
    if not _ID.fullmatch(request_id):
        raise UnknownRequestError(request_id)
    return _folder(settings) / f"{request_id}.json"
