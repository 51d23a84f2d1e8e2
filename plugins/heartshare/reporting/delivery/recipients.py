"""Who gets which mail on a given day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from heartshare.warehouse.connections import Connection

_ADDRESS = re.compile(r"[^\s<>@,;:\"\\()\[\]]+@[^\s<>@,;:\"\\()\[\]]+", re.ASCII)
#: The section that every mail shows.
PAGE_ONE = "page_one"
#: The section of employees who want to be told what came of their own doing.
MY_IMPACT = "my_impact"
#: The sections that ask for the edition of a month or half-year.
MONTHLY = "monthly"
HALF_YEAR = "half_year"
#: The whole weekly report, which has the PDF, and both editions.
ALL = "all"
#: The whole weekly report alone.
REPORT = "report"
#: Sections that are mails of their own and no part of the weekly report.
_OWN_MAILS = frozenset({MY_IMPACT, MONTHLY, HALF_YEAR})
#: What a line asks for that names no section. Leadership reads the week and looks back;
#: the community team works with the evidence of the week; owners see everything.
_BY_ROLE = {
    "leadership": (REPORT, MONTHLY, HALF_YEAR),
    "community": (REPORT,),
    "owner": (ALL,),
}
_SPLIT = re.compile(r"\s*[|,;]\s*")


@dataclass(frozen=True)
class Recipient:
    """One line of the recipients file; null dates leave that side open.

    ``sections`` are those that the line names; empty leaves them to the role.
    """

    address: str
    name: str
    role_code: str
    sections: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None

    @property
    def asked(self) -> frozenset[str]:
        """What this line asks for: the sections it names, else those of its role."""
        return frozenset(self.sections or _BY_ROLE.get(self.role_code, (ALL,)))

    def is_valid_on(self, day: date) -> bool:
        """Return whether a day lies within this line's dates, both included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


def read_recipients(connection: Connection) -> tuple[Recipient, ...]:
    """Return the lines of the newest recipients file, by address."""
    rows = connection.execute(
        "select email_address, recipient_name, role_code, sections, valid_from, "
        "valid_until from staging.stg_programme__report_recipients "
        "where trim(email_address) <> '' order by all"
    ).fetchall()
    return tuple(
        Recipient(
            address=row[0].strip(),
            name=row[1] or "",
            role_code=row[2] or "",
            sections=tuple(part for part in _SPLIT.split(row[3] or "") if part),
            valid_from=row[4],
            valid_until=row[5],
        )
        for row in rows
    )


def choose_addresses(
    recipients: Collection[Recipient],
    day: date,
    roles: Collection[str] | None = None,
) -> tuple[str, ...]:
    """Return the addresses that get mail on a day, sorted, each once.

    ``roles`` limits them; null means everybody on the list.
    """
    chosen = {
        recipient.address.casefold(): recipient.address
        for recipient in recipients
        if recipient.is_valid_on(day)
        and (roles is None or recipient.role_code in roles)
    }
    return tuple(chosen[key] for key in sorted(chosen))


def is_for_report(recipient: Recipient) -> bool:
    """Return whether a line asks for the weekly report, and not for others alone."""
    return not recipient.asked <= _OWN_MAILS


def wants_edition(recipient: Recipient, edition: str) -> bool:
    """Return whether a line asks for an edition, ``monthly`` or ``half_year``.

    ``all`` asks for both of them.
    """
    return bool({ALL, edition} & recipient.asked)


def wants_pdf(recipient: Recipient) -> bool:
    """Return whether a line asks for more than the page that every mail shows.

    ``page_one`` and no other section of the report is the mail without its PDF.
    """
    return recipient.asked - _OWN_MAILS != {PAGE_ONE}


def page_one_only(recipients: Collection[Recipient]) -> frozenset[str]:
    """Return who gets the mail without the PDF, in lower case.

    An address with several lines gets the PDF if one of them asks for it.
    """
    by_wish: dict[bool, set[str]] = {True: set(), False: set()}
    for recipient in recipients:
        by_wish[wants_pdf(recipient)].add(recipient.address.casefold())
    return frozenset(by_wish[False] - by_wish[True])


def is_address(text: str) -> bool:
    """Return whether a text can stand as a recipient in an SMTP dialogue."""
    return _ADDRESS.fullmatch(text) is not None
