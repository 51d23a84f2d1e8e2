"""Step: mail employees who asked for it what came of their own doing.

An employee gets it who takes part by the roster, whose address the roster holds (as a
hash, so it cannot be read from there), and for whose address the recipients file has a
line with the section ``my_impact``. Nobody else does, managers included.
"""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from heartshare.language import speaking
from heartshare.orchestration.steps.building import PATIENCE_SECONDS
from heartshare.reporting.archive.issues import read_manifest
from heartshare.reporting.delivery.own_impact import own_impact
from heartshare.reporting.delivery.recipients import MY_IMPACT
from heartshare.reporting.delivery.sending import deliver, freeze_email
from heartshare.warehouse.connections import open_reader, open_writer
from heartshare.warehouse.forgetting import published_keys
from heartshare.warehouse.revisions import current
from heartshare.weeks import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heartshare.reporting.delivery.bounce_address import BounceAddress
    from heartshare.reporting.delivery.outbox import Outbox
    from heartshare.reporting.delivery.recipients import Recipient
    from heartshare.reporting.delivery.sending import DeliveryReport
    from heartshare.reporting.delivery.smtp_account import SmtpAccount
    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)
_REFERENCE_LENGTH = 12


def tell_employees(  # noqa: PLR0913 - by whom, through what, of which issue and when
    settings: Settings,
    outbox: Outbox,
    account: SmtpAccount,
    folder: Path,
    recipients: Sequence[Recipient],
    *,
    bounces: BounceAddress | None,
    at: datetime,
) -> list[DeliveryReport]:
    """Send each employee on the list the own summary of an issue, at most once.

    Figures come from the published revision that the issue reports on; where readers
    see another one by now, nobody is told and a note says so. ``recipients`` are the
    lines valid today.
    """
    wanted = {
        one.address.casefold(): one.address
        for one in recipients
        if MY_IMPACT in one.sections
    }
    if not wanted:
        return []
    revision = current(settings)
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    if not revision or facts["issue"]["published_revision"] != revision.name:
        LOGGER.warning("No employee is told: readers see another revision by now")
        return []
    keys = _person_keys(settings, wanted)
    if missing := len(wanted) - len(keys):
        LOGGER.warning(
            "%d lines with my_impact go without: the address is nobody's who takes "
            "part, or the roster holds no address for them",
            missing,
        )
    with open_reader(revision.database) as connection:
        rows = _rows(connection, list(keys.values()))
    manifest = read_manifest(folder)
    filed_at = datetime.fromisoformat(manifest["filed_at"])
    reports = []
    for name, key in sorted(keys.items()):
        if key not in rows:
            LOGGER.warning("One employee goes without: no account of theirs is linked")
            continue
        with speaking(settings.language):
            told = own_impact(rows[key], ReportingWeek.parse(manifest["week"]))
        message = freeze_email(
            told,
            issue=f"{manifest['issue']}.own-{_reference(name)}",
            sender=settings.mail_from,
            at=filed_at,
        )
        reports.append(
            deliver(
                outbox,
                account,
                message,
                recipients=[wanted[name]],
                owner=f"impact-{at.isoformat()}",
                at=at,
                bounces=bounces,
            )
        )
    return reports


def _person_keys(settings: Settings, wanted: dict[str, str]) -> dict[str, str]:
    """Return the published key of each address that is an employee's who takes part."""
    # The raw tables hold addresses as MD5; this only looks them up.
    by_hash = {hashlib.md5(name.encode()).hexdigest(): name for name in wanted}  # noqa: S324
    with open_writer(settings, wait_seconds=PATIENCE_SECONDS) as connection:
        found = connection.execute(
            "select distinct roster.email_hash, linked.person_key "
            "from staging.stg_programme__employee_roster as roster "
            "inner join intermediate.int_employee_accounts__linked as linked "
            "on roster.employee_code = linked.employee_code "
            "where list_contains($hashes::varchar[], roster.email_hash) "
            "and roster.has_opted_in order by all",
            {"hashes": list(by_hash)},
        ).fetchall()
    per_hash: dict[str, set[str]] = {}
    for email_hash, person_key in found:
        per_hash.setdefault(email_hash, set()).add(person_key)
    # An address that two employees share is nobody's.
    return {
        by_hash[email_hash]: published_keys(settings, sorted(keys))[0]
        for email_hash, keys in per_hash.items()
        if len(keys) == 1
    }


def _rows(connection: Any, keys: list[str]) -> dict[str, dict[str, Any]]:  # noqa: ANN401 DuckDB's
    found = connection.execute(
        "select * from marts.rpt_employee_impact "
        "where list_contains($keys::varchar[], person_key)",
        {"keys": keys},
    )
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {row["person_key"]: row for row in rows}


def _reference(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:_REFERENCE_LENGTH]
