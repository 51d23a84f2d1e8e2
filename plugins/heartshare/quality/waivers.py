"""Read expectations/waivers.yml; a waiver that is not complete does not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import yaml

from heartshare.errors import HeartshareError, InputError
from heartshare.quality.gate import Waiver
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_FIELDS = ("check", "week", "person", "reason", "until")


class UnreadableWaiversError(InputError):
    """The waiver file is not a list of waivers."""

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(
            f"{path.name}: {reason}. It must hold 'waivers:' and a list; write "
            "'waivers: []' for none."
        )


@dataclass(frozen=True)
class WaiverFile:
    """The waivers that count, and one sentence for each entry that does not."""

    waivers: tuple[Waiver, ...]
    ignored: tuple[str, ...]


def load_waivers(path: Path, refs: Collection[str], *, today: date) -> WaiverFile:
    """Return the waivers of a file; a file that does not exist holds none.

    ``refs`` are the checks there are: a waiver of anything else is ignored, as are
    expired and incomplete ones. Ignored ones are named: nobody shall rely on them.

    Raises:
        UnreadableWaiversError: when the file is not YAML of the expected shape.
    """
    waivers: list[Waiver] = []
    ignored: list[str] = []
    for position, entry in enumerate(_entries(path), start=1):
        try:
            waivers.append(_waiver(entry, refs, today))
        except _NotAWaiverError as error:
            reason = str(error).removesuffix(".")
            end = "" if reason.endswith("?") else "."
            ignored.append(f"Waiver {position} does not count: {reason}{end}")
    return WaiverFile(tuple(waivers), tuple(ignored))


class _NotAWaiverError(Exception):
    """Why an entry does not count."""


def _entries(path: Path) -> list[Any]:
    if not path.exists():
        return []
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableWaiversError(path, "is not saved as UTF-8") from error
    except OSError as error:
        why = f"cannot be read ({error.strerror})"
        raise UnreadableWaiversError(path, why) from error
    except yaml.YAMLError as error:
        raise UnreadableWaiversError(path, "is not valid YAML") from error
    if not isinstance(content, dict) or set(content) != {"waivers"}:
        raise UnreadableWaiversError(path, "has other keys than 'waivers'")
    if not isinstance(content["waivers"], list):
        raise UnreadableWaiversError(path, "'waivers' is not a list")
    return content["waivers"]


def _waiver(entry: Any, refs: Collection[str], today: date) -> Waiver:  # noqa: ANN401
    if not isinstance(entry, dict):
        raise _NotAWaiverError("it is not a mapping")
    if unknown := sorted(set(entry) - set(_FIELDS)):
        raise _NotAWaiverError(f"unknown field {', '.join(map(str, unknown))}")
    missing = [name for name in _FIELDS if not str(entry.get(name) or "").strip()]
    if missing:
        raise _NotAWaiverError(f"{', '.join(missing)} missing")
    _require_known(str(entry["check"]), refs)
    until = _day(entry["until"])
    if until < today:
        raise _NotAWaiverError(f"{entry['check']} was waived until {until}")
    try:
        week = ReportingWeek.parse(str(entry["week"]))
    except HeartshareError as error:
        raise _NotAWaiverError(f"{entry['week']} names no week") from error
    return Waiver(
        ref=str(entry["check"]),
        week=week,
        person=str(entry["person"]).strip(),
        reason=str(entry["reason"]).strip(),
        until=until,
    )


def _require_known(ref: str, refs: Collection[str]) -> None:
    if ref in refs:
        return
    near = get_close_matches(ref, sorted(refs), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise _NotAWaiverError(f"no check is called {ref}{hint}")


def _day(value: Any) -> date:  # noqa: ANN401 - YAML decides the type
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _NotAWaiverError(f"until {value} is not a day") from error
