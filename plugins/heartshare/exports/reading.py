"""What a recognised file holds: all-text rows by contract column, nothing dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from heartshare.exports.date_orders import date_order
from heartshare.exports.documents import open_document
from heartshare.exports.drift import Drift
from heartshare.exports.errors import UnreadableFileError
from heartshare.exports.part_reading import read_part, read_unpivoted
from heartshare.exports.recognition import Recognition, recognise
from heartshare.exports.record_reading import read_records
from heartshare.exports.text_rows import TextRows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heartshare.exports.contract_types import ExportContract
    from heartshare.exports.documents import Document
    from heartshare.exports.text_rows import RowSink

_DAY_FORMATS = ("%Y-%m-%d", "%Y%m%d")


@dataclass(frozen=True)
class ParsedExport:
    """One export as text: its contract, tables, stated period and drift."""

    contract: ExportContract
    language: str
    tables: tuple[TextRows, ...]
    period: tuple[date, date] | None
    drift: Drift
    date_order: str = ""


class OpenSink(Protocol):
    """Opens the sink of a file once its contract, language and date order are known."""

    def __call__(
        self, contract: ExportContract, language: str, date_order: str, /
    ) -> RowSink:
        """Return who takes the rows."""


def read_export(
    path: Path,
    name: str,
    contracts: Sequence[ExportContract],
    open_sink: OpenSink | None = None,
) -> ParsedExport:
    """Read a file by the contract that describes it.

    With a sink its rows go there as they are read; the result then holds no rows.

    Raises:
        InputError: one of exports.errors, when no row of the file can be trusted.
    """
    document = open_document(path, name)
    try:
        recognition = recognise(document, contracts)
        _check_owner(name, recognition)
        drift = Drift(unread_parts=recognition.unread_parts)
        order, is_proven = date_order(recognition.matches)
        if not is_proven:
            drift.assumptions = (f"dates are {order.replace('_', ' ')}",)
        who = (recognition.contract, recognition.language, order)
        sink = open_sink(*who) if open_sink else None
        tables = _read_tables(document, recognition, drift, sink)
        period = _stated_period(document, recognition)
        drift.without_period = _without_period(recognition, period)
    finally:
        document.close()
    return ParsedExport(
        contract=recognition.contract,
        language=recognition.language,
        tables=tuple(tables.values()),
        period=period,
        drift=drift,
        date_order=order,
    )


def _check_owner(name: str, recognition: Recognition) -> None:
    """Refuse a file of one account whose part is missing that says of which."""
    found = {match.table.name for match in recognition.matches}
    for match in recognition.matches:
        if match.table.owner and match.table.owner not in found:
            owner = match.table.owner.partition("__")[2].replace("_", " ")
            problem = (
                f"it is a {recognition.contract.code} export, but its part with the "
                f"{owner} is missing, so nobody knows whose it is"
            )
            step = "Hand in the file as the platform wrote it, or download it again."
            raise UnreadableFileError(name, problem, step)


def _read_tables(
    document: Document, recognition: Recognition, drift: Drift, sink: RowSink | None
) -> dict[str, TextRows]:
    parameters = _name_parameters(document.name, recognition.contract)
    tables: dict[str, TextRows] = {}
    for match in recognition.matches:
        rows = tables.setdefault(match.table.name, TextRows(match.table, sink))
        json_document = match.member.read() if match.member else document.records
        if json_document is not None:
            read_records(json_document, match, rows, drift, parameters)
        elif match.table.unpivot:
            read_unpivoted(recognition.contract, match, rows, parameters)
        else:
            read_part(recognition.contract, match, rows, drift, parameters)
        rows.flush()
    return tables


def _name_parameters(name: str, contract: ExportContract) -> dict[str, str]:
    found = re.fullmatch(contract.name_parameters or "(?!)", name)
    return found.groupdict() if found else {}


def _stated_period(
    document: Document, recognition: Recognition
) -> tuple[date, date] | None:
    """Return the period that the file's name or its comments state."""
    parameters = _name_parameters(document.name, recognition.contract)
    days = [_day(parameters.get(f"period_{end}", "")) for end in ("start", "end")]
    for match in recognition.matches:
        for key in recognition.contract.period_preamble:
            days.append(_day(match.preamble.get(key, "")))
    stated = [day for day in days if day is not None]
    return (min(stated), max(stated)) if stated else None


def _without_period(
    recognition: Recognition, stated: tuple[date, date] | None
) -> tuple[str, ...]:
    """Return what to do about tables of a period that nothing in the file tells."""
    tables = [match.table for match in recognition.matches]
    is_named = "(?P<period_start>" in (recognition.contract.name_parameters or "")
    if stated or not is_named or any(table.period for table in tables):
        return ()
    return tuple(
        f"{name} counts nowhere until the name of the file states its days, such as "
        "2026-03-02_2026-03-08"
        for name in dict.fromkeys(table.name for table in tables)
    )


def _day(text: str) -> date | None:
    for form in _DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
