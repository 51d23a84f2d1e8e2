"""Step: take a person out of everything that heartshare keeps, and keep them out."""

from __future__ import annotations

import difflib
import logging
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heartshare.errors import InputError
from heartshare.exports.contract import load_contracts
from heartshare.exports.erasing import (
    ErasureSummary,
    forget_scores,
    may_name_somebody,
    names_somebody,
)
from heartshare.exports.people import (
    KnownPerson,
    NobodyNamedError,
    count_bare_mentions,
    find_person,
)
from heartshare.exports.raw_tables import create_raw_tables, text_columns
from heartshare.exports.redaction import identity_columns
from heartshare.language import speaking
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.orchestration.steps.label_files import forget_in_sheets
from heartshare.orchestration.steps.landing import load_exports
from heartshare.orchestration.steps.progress import silent
from heartshare.orchestration.steps.publishing import copy_to_postgres
from heartshare.orchestration.steps.reporting import rendered_again
from heartshare.orchestration.steps.worklists import forget_worklists
from heartshare.reporting.archive.forgetting import issues_naming, replace_issue
from heartshare.reporting.archive.issues import write_index
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.warehouse.connections import open_writer
from heartshare.warehouse.erasures import Erasure, ErasureList, lines_of
from heartshare.warehouse.forgetting import (
    forget_in_revisions,
    published_keys,
    require_same_salt,
    rewrite_warehouse,
)
from heartshare.warehouse.marts_copy import MissingSaltError
from heartshare.warehouse.revisions import current

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heartshare.orchestration.steps.progress import Progress
    from heartshare.settings import Settings
    from heartshare.warehouse.connections import Connection

LOGGER = logging.getLogger(__name__)
#: A name that stands bare in more texts than this is taken for an ordinary word.
_MENTIONS_OF_A_WORD = 20
_SHORTEST_ID = 6
#: The page of an account on a site of many, which has the same number on others.
_SITE_ACCOUNT = re.compile(r"https?://(?P<host>[^/]+)/users/(?P<number>\d+)")
#: A name that is one word to whoever looks for names in a file.
_ONE_RUN = re.compile(r"[\w+-][\w.+@-]*")


class UnknownPlatformError(InputError):
    """No export names people on the platform of a request."""

    def __init__(self, platform_code: str, known: Sequence[str]) -> None:
        close = difflib.get_close_matches(platform_code, known, n=1)
        near = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
        super().__init__(
            f"No export names people on a platform {platform_code!r}. Nothing was "
            f"erased. {near}"
        )


class UnexplainedRequestError(InputError):
    """A request does not say who asks, or why."""

    def __init__(self) -> None:
        super().__init__(
            "Say who asks for the erasure and why (requested_by, reason): the erasure "
            "list keeps both. Nothing was erased."
        )


class OwnAccountError(InputError):
    """The organisation itself is to be forgotten."""

    def __init__(self, platform_code: str) -> None:
        super().__init__(
            f"This is an account of the organisation on {platform_code}: everything it "
            "ever posted would go. Nothing was erased. If that is meant, take the "
            "account out of the owned accounts first."
        )


@dataclass(frozen=True)
class ErasureRequest:
    """Whom to forget, who asked for it and why; the last two stay on the list."""

    platform_code: str
    identifiers: tuple[str, ...]
    requested_by: str
    reason: str


@dataclass
class ForgottenPerson:
    """What an erasure has done; holds no name, so that it may be logged."""

    erasure_id: str
    accounts: int = 0
    landing: ErasureSummary = field(default_factory=ErasureSummary)
    revisions: list[str] = field(default_factory=list)
    issues: list[str] = field(default_factory=list)
    backups: int = 0
    inbox_files: list[str] = field(default_factory=list)
    words: int = 0
    shared: int = 0
    rows: int = 0
    unread_sheets: list[str] = field(default_factory=list)


def check_request(settings: Settings, request: ErasureRequest) -> None:
    """Refuse a request that nobody could carry out; nothing is read of the data.

    Raises:
        MissingSaltError: without the secret nobody could be recognised again.
        UnexplainedRequestError: nobody asks, or for no reason.
        NobodyNamedError: the request names no platform or no account.
        OtherSaltError: a revision holds people under keys of another secret.
        UnknownPlatformError: no export names people on that platform.
    """
    if not settings.person_salt:
        raise MissingSaltError
    if not (request.requested_by.strip() and request.reason.strip()):
        raise UnexplainedRequestError
    if not request.platform_code or not any(
        name.strip() for name in request.identifiers
    ):
        raise NobodyNamedError
    require_same_salt(settings)
    _check_platform(request.platform_code)


def forget_person(
    settings: Settings,
    request: ErasureRequest,
    *,
    at: datetime,
    progress: Progress = silent,
) -> ForgottenPerson:
    """Erase a person from landing, raw, scores, marts, revisions and archive.

    The erasure list is written first: whatever dies afterwards, running it again ends
    in the same state. The marts in the warehouse go as a whole; the next build makes
    them again.

    Raises:
        NobodyNamedError: the request names no platform or no account.
        UnknownPlatformError: no export names people on that platform.
        OwnAccountError: the account is declared as one of the organisation.
        SharedNameError: several accounts bear the name, and no id is given.
        MissingSaltError: without the secret nobody could be recognised again.
        OtherSaltError: a revision holds people under keys of another secret.
    """
    check_request(settings, request)
    erasures = ErasureList(settings.erasures, settings.person_salt)
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        create_raw_tables(connection)
        people = _people(connection, request)
        _refuse_own_accounts(connection, people)
        person_keys = _person_keys(connection, people)
        keys = published_keys(settings, person_keys)
        entry, word_count = _entry(
            connection, erasures, request, people, person_keys, keys, at
        )
    # From here on the list alone knows enough: the rows that told it go first.
    entry = erasures.add(entry)
    done = ForgottenPerson(
        entry.erasure_id,
        accounts=len(people),
        words=word_count,
        shared=sum(len(person.shared) for person in people),
        rows=sum(person.row_count for person in people),
    )
    done.unread_sheets = _forget_labels(settings, erasures)
    done.landing = load_exports(settings, progress=progress).erased
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        forget_scores(connection, text_columns())
    rewrite_warehouse(settings, wait_seconds=PATIENCE_SECONDS)
    # Only now can no sheet be written again from the marts of before.
    forget_worklists(settings)
    done.revisions = forget_in_revisions(settings, erasures.keys, entry.erasure_id)
    done.issues = _forget_in_archive(settings, erasures)
    done.backups = _remove_backups(settings)
    if settings.outbox.exists():
        names = [name for person in people for name in person.identifiers]
        Outbox(settings.outbox).forget(names)
    done.inbox_files = _inbox_files(settings, erasures)
    _tell(done)
    if settings.postgres_copy and current(settings):
        copy_to_postgres(settings, keeps_previous=False)
    return done


def _refuse_own_accounts(connection: Connection, people: Sequence[KnownPerson]) -> None:
    for person in people:
        names = [name.casefold() for name in person.identifiers]
        own = connection.execute(
            "select 1 from raw.programme__owned_accounts "
            "where platform_code = $platform and actor_class_code = 'org' and ("
            "list_contains($names::varchar[], lower(account_id)) "
            "or list_contains($names::varchar[], lower(account_handle))) limit 1",
            {"platform": person.platform_code, "names": names},
        ).fetchall()
        if own:
            raise OwnAccountError(person.platform_code)


def _people(connection: Connection, request: ErasureRequest) -> list[KnownPerson]:
    """Return the person on the platform named, then on those linked to it."""
    contracts = load_contracts()
    first = find_person(
        connection, contracts, request.platform_code, request.identifiers
    )
    found = {request.platform_code: first}
    for platform_code, account_id, _ in _linked_accounts(connection, first):
        known = found.get(platform_code)
        names = [account_id, *(known.identifiers if known else ())]
        found[platform_code] = find_person(connection, contracts, platform_code, names)
    return list(found.values())


def _linked_accounts(
    connection: Connection, person: KnownPerson
) -> list[tuple[str, str, str]]:
    """Return platform, id and person key of accounts that the last build linked.

    The account itself is among them; none before the first build.
    """
    known = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'intermediate' "
        "and table_name = 'int_people__linked'"
    ).fetchall()
    if not known:
        return []
    return connection.execute(
        """
        with mine as (
            select person_key from intermediate.int_people__linked
            where platform_code = $platform
                and list_contains($names::varchar[], lower(account_id))
        )
        select distinct platform_code, account_id, person_key
        from intermediate.int_people__linked
        where person_key in (select person_key from mine)
        order by all
        """,
        {
            "platform": person.platform_code,
            "names": [name.casefold() for name in person.identifiers],
        },
    ).fetchall()


def _person_keys(connection: Connection, people: Sequence[KnownPerson]) -> list[str]:
    """Return the keys that the marts may have made of the person's accounts."""
    accounts = [
        (person.platform_code, account_id)
        for person in people
        for name in sorted(person.identifiers)
        for account_id in _account_ids(name)
    ]
    rows = connection.execute(
        "select md5(platform_code || '|' || account_id) from (select "
        "unnest($platforms::varchar[]) as platform_code, "
        "unnest($accounts::varchar[]) as account_id)",
        {"platforms": [a for a, _ in accounts], "accounts": [a for _, a in accounts]},
    ).fetchall()
    linked = {
        key for person in people for *_, key in _linked_accounts(connection, person)
    }
    return sorted(linked | {key for (key,) in rows})


def _account_ids(name: str) -> list[str]:
    """Return how the marts may write an account: as it is, by name, or by its site."""
    page = _SITE_ACCOUNT.match(name)
    by_site = [f"{page['host']}/{page['number']}"] if page else []
    return [name, f"name/{name.lower()}", *by_site]


def _entry(  # noqa: PLR0913, PLR0917 all that an entry holds
    connection: Connection,
    erasures: ErasureList,
    request: ErasureRequest,
    people: Sequence[KnownPerson],
    person_keys: Sequence[str],
    keys: Sequence[str],
    at: datetime,
) -> tuple[Erasure, int]:
    """Return the request as the list keeps it, and how many handles are words."""
    contracts = load_contracts()
    marks: set[str] = set()
    words = 0
    for person in people:
        for name in person.identifiers:
            marks.add(erasures.account_mark(person.platform_code, name))
            if not _ONE_RUN.fullmatch(name):
                marks |= erasures.clue_marks(name)
        for name in _names_of(person):
            mentions = count_bare_mentions(connection, contracts, name)
            is_word = (
                name.isdecimal()
                or mentions > _MENTIONS_OF_A_WORD
                or erasures.has_as_word(name)
            )
            words += is_word and name in person.handles
            marks.add(erasures.name_mark(name, is_word=is_word))
        for line in lines_of(person.texts):
            marks |= {erasures.line_mark(line), *erasures.clue_marks(line)}
    # Labels of texts know an author by the key that the marts make of the account.
    marks |= {erasures.account_mark(request.platform_code, key) for key in person_keys}
    erasure_id = erasures.id_of({*marks, *keys})
    entry = Erasure(
        erasure_id=erasure_id,
        erased_at=at.isoformat(timespec="seconds"),
        requested_by=request.requested_by,
        reason=request.reason,
        platform_code=request.platform_code,
        proof=erasures.proof_of(erasure_id),
        marks=tuple(sorted(marks)),
        keys=tuple(keys),
    )
    return entry, words


def _names_of(person: KnownPerson) -> set[str]:
    """Return how others write a person: handles, and the ends of ids and addresses."""
    tails = {re.split(r"[:/]", name)[-1] for name in person.identifiers}
    return person.handles | {tail for tail in tails if len(tail) >= _SHORTEST_ID}


def _check_platform(platform_code: str) -> None:
    known = {
        contract.code.partition("/")[0]
        for contract in load_contracts()
        if any(identity_columns(table) for table in contract.tables)
    }
    if platform_code not in known:
        raise UnknownPlatformError(platform_code, sorted(known))


def _forget_in_archive(settings: Settings, erasures: ErasureList) -> list[str]:
    """Render every issue anew that names the person; return the issues' keys."""

    def render(naming: Any) -> dict[str, bytes]:  # noqa: ANN401 a NamingIssue
        with tempfile.TemporaryDirectory() as folder:
            return rendered_again(
                settings, naming.issue, naming.facts, naming.filed_at, Path(folder)
            )

    replaced = [
        replace_issue(naming, render).key
        for naming in issues_naming(settings.archive, erasures)
    ]
    if replaced:
        with speaking(settings.language):
            write_index(settings.archive, settings.organisation, settings.archive_url)
    return replaced


def _forget_labels(settings: Settings, erasures: ErasureList) -> list[str]:
    """Take erased authors out of labelled sheets; return the sheets nobody can read."""
    platforms = {entry.platform_code for entry in erasures.entries}
    unread = forget_in_sheets(
        settings,
        lambda key: any(erasures.covers_account(each, key) for each in platforms),
        erasures.scrub,
    )
    return [path.name for path in unread]


def _remove_backups(settings: Settings) -> int:
    """Remove the copies of the warehouse: they hold what was erased."""
    copies = sorted((settings.home / "backups").glob("warehouse-*"))
    for copy in copies:
        copy.unlink()
    return len(copies)


def _inbox_files(settings: Settings, erasures: ErasureList) -> list[str]:
    """Return the inbox files that name the person; they are not heartshare's."""
    if not settings.inbox.is_dir():
        return []
    return [
        str(path.relative_to(settings.inbox))
        for path in sorted(settings.inbox.rglob("*"))
        if path.is_file()
        and may_name_somebody(path, erasures)
        and names_somebody(path, erasures)
    ]


def _tell(done: ForgottenPerson) -> None:
    LOGGER.info(
        "Erased: %d rows and %d mentions in %d landed files, %d published revisions, "
        "%d report issues, %d backups",
        done.landing.rows_erased,
        done.landing.rows_scrubbed,
        done.landing.files_redacted,
        len(done.revisions),
        len(done.issues),
        done.backups,
    )
    if not done.rows:
        LOGGER.warning(
            "No row that is loaded bears that account. It is on the list all the same "
            "and will be refused; check its spelling"
        )
    if done.shared:
        LOGGER.warning(
            "%d names of the person belong to other accounts too and were left where "
            "no id stands beside them",
            done.shared,
        )
    if done.words:
        LOGGER.warning(
            "%d handles are ordinary words, bare in more than %d texts: they went only "
            "where they are called, as in @name or u/name",
            done.words,
            _MENTIONS_OF_A_WORD,
        )
    for name in done.unread_sheets:
        LOGGER.warning(
            "labelling/%s cannot be read and may hold texts: delete it", name
        )
    for name in done.landing.files_emptied:
        LOGGER.warning("%s named the person and no contract reads it: emptied", name)
    if done.inbox_files:
        LOGGER.warning(
            "%d files in the inbox still name the person, inbox/%s first. heartshare "
            "reads them no more; delete them, or move them where the request allows it",
            len(done.inbox_files),
            done.inbox_files[0],
        )
