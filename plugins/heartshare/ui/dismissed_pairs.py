"""Which suggested pairs has somebody looked at and left as they are?

Where both accounts belong to linked people already, a decision in the programme file
would part what is linked rightly. Nothing links the pair unless somebody does, so it
need only be asked about no more: a matter of this page, not of the pipeline. The file
holds keyed hashes of pairs, who dismissed them and when, and no account.
"""

from __future__ import annotations

import hmac
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from heartshare.ui.link_decisions import DecisionsBusyError
from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date
    from pathlib import Path

    from heartshare.settings import Settings

_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Dismissal:
    """Who left a pair as it is, and on which day."""

    by: str
    on: str


def dismissals(settings: Settings, keys: Collection[str]) -> dict[str, Dismissal]:
    """Return which of the suggested pairs were dismissed, by their keys."""
    book = _read(_path(settings))
    marked = {key: _mark(settings, key) for key in keys}
    return {key: Dismissal(*book[mark]) for key, mark in marked.items() if mark in book}


def dismiss(
    settings: Settings, key: str, *, by: str, on: date, suggested: Collection[str]
) -> None:
    """Ask about a pair no more; what is ``suggested`` no longer leaves the file."""
    with _held(settings):
        known = {_mark(settings, each) for each in suggested}
        book = {m: v for m, v in _read(_path(settings)).items() if m in known}
        book[_mark(settings, key)] = [by, on.isoformat()]
        _write(_path(settings), book)


def ask_again(settings: Settings, key: str) -> None:
    """Take a dismissal back, if there is one."""
    with _held(settings):
        book = _read(_path(settings))
        if book.pop(_mark(settings, key), None):
            _write(_path(settings), book)


def _mark(settings: Settings, key: str) -> str:
    secret = settings.person_salt.encode()
    return hmac.digest(secret, f"pair|{key}".encode(), "sha256").hex()[:32]


@contextmanager
def _held(settings: Settings) -> Iterator[None]:
    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.home / "decisions.lock", timeout=_PATIENCE_SECONDS):
            yield
    except Timeout as error:
        raise DecisionsBusyError from error


def _read(path: Path) -> dict[str, list[str]]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _write(path: Path, book: dict[str, list[str]]) -> None:
    text = json.dumps(book, indent=1, sort_keys=True, ensure_ascii=False)
    write_whole(path, f"{text}\n", mode=0o600)


def _path(settings: Settings) -> Path:
    return settings.home / "dismissed_pairs.json"
