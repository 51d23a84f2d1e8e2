"""How does a decision about two accounts reach the pipeline? In a programme file.

The file is an export of its own source in the inbox, in the form of the contract
programme/people_links; its newest version is the whole truth of that source. Undoing a
decision takes its lines out: a decision that left the file was never made.
"""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from heartshare.errors import TransientError
from heartshare.warehouse.erasures import ErasureList
from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from heartshare.settings import Settings
    from heartshare.warehouse.connections import Connection

SOURCE = "programme_decisions"
FILE_NAME = "people_links.csv"
PAGE_SUGGESTIONS = 25
_FIELDS = (
    "action_code",
    "person_code",
    "email",
    "platform_code",
    "account_id",
    "account_handle",
    "decided_by",
    "decided_on",
)
_PREFIX = "pair-"
_PATIENCE_SECONDS = 10.0
_SUGGESTIONS = """
    with held as (
        select
            account_person_key,
            count(*) over (partition by person_key) > 1 as is_linked
        from intermediate.int_people__linked
    )
    select
        s.suggestion_key, s.matched_on_code, s.similarity_ratio,
        s.platform_code, one.account_id, s.account_handle, s.display_name,
        coalesce(one_held.is_linked, false),
        s.other_platform_code, other.account_id, s.other_account_handle,
        s.other_display_name, coalesce(other_held.is_linked, false)
    from reports.rpt_link_suggestions as s
    left join intermediate.int_accounts__identified as one
        on s.account_person_key = one.account_person_key
    left join intermediate.int_accounts__identified as other
        on s.other_account_person_key = other.account_person_key
    left join held as one_held on s.account_person_key = one_held.account_person_key
    left join held as other_held
        on s.other_account_person_key = other_held.account_person_key
    qualify row_number() over (partition by s.suggestion_key order by 1) = 1
    order by s.similarity_ratio desc, s.suggestion_key
"""


class DecisionsBusyError(TransientError):
    """Another order writes the file of decisions."""

    def __init__(self) -> None:
        super().__init__(
            "Another order is writing decisions just now, so this one was not written. "
            "Repeat it in a minute."
        )


@dataclass(frozen=True)
class Account:
    """One account as a suggestion names it; ``is_linked`` if others belong to it."""

    platform_code: str
    account_id: str | None
    handle: str | None
    name: str | None
    is_linked: bool


@dataclass(frozen=True)
class Suggestion:
    """Two accounts whose names are alike."""

    key: str
    matched_on: str
    similarity: float
    one: Account
    other: Account

    @property
    def may_be_apart(self) -> bool:
        """Whether one of the two can be taken out without parting what is linked."""
        return not (self.one.is_linked and self.other.is_linked)

    @property
    def apart(self) -> Account:
        """The account that keeping apart takes out: the one that nothing holds yet."""
        return (
            self.one if self.other.is_linked and not self.one.is_linked else self.other
        )


@dataclass(frozen=True)
class Decision:
    """What somebody decided about a suggestion: linked or apart, who and when."""

    key: str
    is_linked: bool
    accounts: tuple[str, ...]
    decided_by: str
    decided_on: str


def suggestions(connection: Connection) -> list[Suggestion]:
    """Return the pairs that the last build puts to a person, the most alike first."""
    known = connection.execute(
        "select 1 from information_schema.tables "
        "where table_schema = 'reports' and table_name = 'rpt_link_suggestions'"
    ).fetchall()
    if not known:
        return []
    return [
        Suggestion(row[0], row[1], row[2], Account(*row[3:8]), Account(*row[8:13]))
        for row in connection.execute(_SUGGESTIONS).fetchall()
    ]


def decisions(settings: Settings) -> list[Decision]:
    """Return what was decided on the page, in the order of the file."""
    pairs: dict[str, list[dict[str, str]]] = {}
    for line in _read(_path(settings)):
        if line["person_code"].startswith(_PREFIX):
            pairs.setdefault(line["person_code"].removeprefix(_PREFIX), []).append(line)
    return [
        Decision(
            key=key,
            is_linked=lines[0]["action_code"] == "link",
            accounts=tuple(
                f"{one['platform_code']}: {one['account_handle'] or one['account_id']}"
                for one in lines
            ),
            decided_by=lines[0]["decided_by"],
            decided_on=lines[0]["decided_on"],
        )
        for key, lines in pairs.items()
    ]


def link(settings: Settings, pair: Suggestion, *, by: str, on: date) -> None:
    """Write that both accounts are one person's; an earlier answer gives way."""
    accounts = (pair.one, pair.other)
    _decide(settings, pair.key, [_line("link", pair.key, a, by, on) for a in accounts])


def keep_apart(settings: Settings, pair: Suggestion, *, by: str, on: date) -> None:
    """Write that one of the accounts is nobody else's; an earlier answer gives way.

    No rule links that account to anybody any more, and it is suggested no more, until
    somebody links it; what a file of links says of it stands.
    """
    _decide(settings, pair.key, [_line("unlink", pair.key, pair.apart, by, on)])


def withdraw(settings: Settings, key: str, *, by: str, on: date) -> None:
    """Take a decision back, as though it had never been made."""

    def without(lines: list[dict[str, str]]) -> list[dict[str, str]]:
        left = [line for line in lines if line["person_code"] != f"{_PREFIX}{key}"]
        # A file without lines would leave the one before it in force.
        platform = lines[0]["platform_code"] if lines else ""
        empty = {**dict.fromkeys(_FIELDS, ""), "action_code": "link"}
        kept = {"platform_code": platform, "decided_by": by, "decided_on": f"{on}"}
        return left or ([{**empty, **kept}] if lines else [])

    _rewrite(settings, without)


def forget_accounts(
    settings: Settings, platform_code: str, identifiers: Collection[str]
) -> None:
    """Take the lines of somebody who is to be forgotten out of the file."""
    names = {name.casefold().lstrip("@") for name in identifiers}

    def without(lines: list[dict[str, str]]) -> list[dict[str, str]]:
        gone = {
            line["person_code"]
            for line in lines
            if line["platform_code"] == platform_code
            and {line["account_id"].casefold(), line["account_handle"].casefold()}
            & names
        }
        return [line for line in lines if line["person_code"] not in gone]

    _rewrite(settings, without)


def _decide(settings: Settings, key: str, fresh: Sequence[dict[str, str]]) -> None:
    _rewrite(
        settings,
        lambda lines: [
            *(
                line
                for line in lines
                if line["person_code"] not in {f"{_PREFIX}{key}", ""}
            ),
            *fresh,
        ],
    )


def _line(action: str, key: str, account: Account, by: str, on: date) -> dict[str, str]:
    return {
        "action_code": action,
        "person_code": f"{_PREFIX}{key}",
        "email": "",
        "platform_code": account.platform_code,
        "account_id": account.account_id or "",
        "account_handle": account.handle or "",
        "decided_by": by,
        "decided_on": on.isoformat(),
    }


def _rewrite(
    settings: Settings,
    change: Callable[[list[dict[str, str]]], list[dict[str, str]]],
) -> None:
    """Write the file anew in one step; people on the erasure list leave it.

    Where there is neither a file nor a line there is nothing to write: a file without
    lines would be read as an export of nothing.

    Raises:
        DecisionsBusyError: another order is writing for longer than anybody waits.
    """
    path = _path(settings)
    with _held(settings):
        erased = ErasureList(settings.erasures, settings.person_salt)
        lines = [line for line in change(_read(path)) if not _is_erased(line, erased)]
        if not lines and not path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        text = io.StringIO()
        writer = csv.DictWriter(text, _FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
        write_whole(path, text.getvalue())


@contextmanager
def _held(settings: Settings) -> Iterator[None]:
    lock = FileLock(settings.home / "decisions.lock")
    try:
        lock.acquire(timeout=_PATIENCE_SECONDS)
    except Timeout as error:
        raise DecisionsBusyError from error
    try:
        yield
    finally:
        lock.release()


def _is_erased(line: dict[str, str], erased: ErasureList) -> bool:
    names = filter(None, (line["account_id"], line["account_handle"]))
    return any(erased.covers_account(line["platform_code"], name) for name in names)


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as opened:
        found: list[dict[str, Any]] = list(csv.DictReader(opened))
    return [{name: line.get(name) or "" for name in _FIELDS} for line in found]


def _path(settings: Settings) -> Path:
    return settings.inbox / SOURCE / FILE_NAME
