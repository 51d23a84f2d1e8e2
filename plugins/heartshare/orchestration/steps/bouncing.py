"""Step: read the bounces that have come in; suspend whose mail keeps coming back."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heartshare.errors import InputError
from heartshare.orchestration.mailing import notice_name, send_notice
from heartshare.orchestration.steps.settling import UnsignedAnswerError
from heartshare.reporting.delivery.bounce_address import BounceAddress
from heartshare.reporting.delivery.bounce_book import BounceBook, Suspension
from heartshare.reporting.delivery.bounces import read_bounce
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.reporting.delivery.outbox_listing import masked
from heartshare.reporting.delivery.sending import MailContent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from heartshare.reporting.delivery.deliveries import Delivery
    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)
_LARGEST_FILE = 5_000_000
#: Where a Maildir's writers keep what is not whole yet.
_UNFINISHED = "tmp"


class NoBounceAddressError(InputError):
    """Bounces are to be read, and no return address is set by which to know them."""

    def __init__(self) -> None:
        super().__init__(
            "Set HEARTSHARE_BOUNCE_ADDRESS: without it no bounce names the message "
            "that it answers. See docs/settings.md#bounces."
        )


class NotSuspendedError(InputError):
    """A suspension is to be lifted that there is not."""

    def __init__(self, recipient: str) -> None:
        super().__init__(
            f"{masked(recipient)} is not suspended. `heartshare outbox --bounces` says "
            "who is; give the whole address."
        )


@dataclass(frozen=True)
class BounceTally:
    """What one reading found: new reports, files left alone, addresses suspended."""

    read: int
    left: int
    suspended: tuple[Suspension, ...]


def bounce_address(settings: Settings) -> BounceAddress | None:
    """Return the return address that is set; None without one.

    Raises:
        BounceAddressError: it is no mail address.
    """
    if not settings.bounce_address:
        return None
    return BounceAddress(settings.bounce_address, settings.person_salt)


def read_bounces(settings: Settings, *, at: datetime) -> BounceTally:
    """Read every file in the folder of bounces into the outbox; delete what is read.

    What is no delivery report on one of our messages stays where it is. The owners are
    told once of each suspension.

    Raises:
        NoBounceAddressError: no return address is set.
    """
    address = bounce_address(settings)
    if address is None:
        raise NoBounceAddressError
    outbox = Outbox(settings.outbox)
    book = BounceBook(outbox)
    rows = outbox.rows()
    read = left = 0
    for path in _files(settings.bounces):
        if _note(path, address, rows, book, at):
            path.unlink()
            read += 1
        else:
            left += 1
    if read or left:
        LOGGER.info("Bounces: %d read, %d are none of ours and were left", read, left)
    suspended = book.suspensions()
    for one in suspended:
        _tell_owners(settings, one, at)
    return BounceTally(read, left, suspended)


def lift_suspension(
    settings: Settings, recipient: str, *, person: str, reason: str, at: datetime
) -> None:
    """Let an address have reports again; who says so and why stays in the outbox.

    Raises:
        UnsignedAnswerError: nobody stands behind it.
        NotSuspendedError: it is not suspended.
    """
    if not person.strip() or not reason.strip():
        raise UnsignedAnswerError
    book = BounceBook(Outbox(settings.outbox))
    if not book.lift(recipient, person=person, reason=reason, at=at):
        raise NotSuspendedError(recipient)
    LOGGER.info("%s gets mail again, says %s", masked(recipient), person)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        inside = path.relative_to(folder).parts
        is_whole = inside[0] != _UNFINISHED and not path.name.startswith(".")
        if (
            is_whole
            and path.is_file()
            and not path.is_symlink()
            and path.stat().st_size <= _LARGEST_FILE
        ):
            yield path


def _note(
    path: Path,
    address: BounceAddress,
    rows: tuple[Delivery, ...],
    book: BounceBook,
    at: datetime,
) -> bool:
    """Keep what one file reports; false if it reports on nothing of ours."""
    content = path.read_bytes()
    bounce = read_bounce(content, address)
    row = address.row_of(bounce.token, rows) if bounce else None
    if bounce is None or row is None:
        return False
    if book.note(hashlib.sha256(content).hexdigest(), row, bounce, at):
        LOGGER.info(
            "%s for %s: %s bounce %s",
            row.issue,
            masked(row.recipient),
            bounce.kind.value,
            bounce.status,
        )
    return True


def _tell_owners(settings: Settings, one: Suspension, at: datetime) -> None:
    shown = masked(one.recipient)
    text = (
        f"{shown} gets no report any more: {one.reason}.\n\n"
        "Correct the address in the recipients file, or find out why its server "
        "refuses.\nIf the address is right, let it have mail again:\n\n"
        "  heartshare outbox --lift ADDRESS --by WHO --because WHY\n"
    )
    send_notice(
        settings,
        MailContent(subject=f"Report suspended for {shown}", text=text),
        issue=f"suspended-{notice_name(one.recipient, one.since.isoformat())}",
        at=at,
    )
