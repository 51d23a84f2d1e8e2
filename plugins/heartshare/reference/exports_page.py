"""docs/exports.md: every format that is read, from the contracts themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.exports.contract import load_contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heartshare.exports.contract_types import (
        Column,
        ContractTable,
        ExportContract,
    )

NOTICE = "<!-- Written by `heartshare docs`. Change the source, then run it again. -->"
_PERSONAL = {
    "drop": "personal: never stored",
    "hash": "personal: hashed",
    "keep": "personal: kept, never published",
}


def exports_page() -> str:
    """Return docs/exports.md: every export contract with its tables and columns."""
    contracts = load_contracts()
    lines = [
        "# Exports that heartshare reads",
        "",
        NOTICE,
        "",
        (
            "A file is recognised by its headers or keys, never by its name. "
            "`heartshare inspect FILE` says which contract a file meets, without "
            "loading it."
        ),
        "",
        *registry_lines(contracts),
        "",
        (
            "Confidence: *real* was seen in a real export, *code* comes from code that "
            "handles real files, *documented* from documentation only, *indicative* "
            "from less. A weak person key may change hands or be spelt in many ways."
        ),
    ]
    for contract in contracts:
        lines += ["", *_contract_lines(contract)]
    return "\n".join(lines) + "\n"


def registry_lines(contracts: Sequence[ExportContract]) -> list[str]:
    """Return the table of all formats: one line per contract and raw table."""
    return [
        ("| Format | How recognised | Grain | Person key | Restated? | Confidence |"),
        "|---|---|---|---|---|---|",
        *(
            f"| {_cell(contract.title)} (`{contract.code}`) "
            f"| {_recognised(contract, table)} | {_cell(table.grain)} "
            f"| {_person_keys(table)} | {_cell(table.restated)} "
            f"| {contract.confidence} |"
            for contract in contracts
            for table in contract.tables
        ),
    ]


def _recognised(contract: ExportContract, table: ContractTable) -> str:
    """Return the evidence in a file by which a table is recognised."""
    evidence = [", ".join(contract.formats)]
    if contract.preamble_present:
        evidence.append(f"lines {_codes(contract.preamble_present)} above the header")
    if table.present:
        headers = [next(iter(table.column(name).headers)) for name in table.present]
        evidence.append(f"columns {_codes(headers)}")
    if table.absent:
        evidence.append(f"without {_codes(table.absent)}")
    for record in table.records:
        place = "the document" if record.path == "$" else f"records `{record.path}`"
        keys = f"{place} with {_codes(record.present)}"
        if record.absent:
            keys += f", without {_codes(record.absent)}"
        evidence.append(keys)
    if table.unpivot:
        evidence.append("any other table")
    return "; ".join(evidence)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{_cell(name)}`" for name in names)


def _person_keys(table: ContractTable) -> str:
    keys = []
    for column in table.columns:
        if column.person_key in {"stable", "weak"}:
            notes = [] if column.person_key == "stable" else ["weak"]
            notes += [] if column.is_stored else ["not stored"]
            keys.append(
                f"`{column.name}`" + (f" ({', '.join(notes)})" if notes else "")
            )
    return ", ".join(keys) or "none"


def _contract_lines(contract: ExportContract) -> Iterator[str]:
    yield f"## {contract.code}"
    yield ""
    yield f"{contract.title}."
    for table in contract.tables:
        yield ""
        yield f"**raw.{table.name}**: {table.grain}."
        yield ""
        yield "| Column | Type | Read from | Notes |"
        yield "|---|---|---|---|"
        for column in table.columns:
            headers = ", ".join(f"`{_cell(header)}`" for header in column.headers)
            if column.joined:
                headers = " and ".join(f"`{name}`" for name in column.joined)
            yield (
                f"| `{column.name}` | {column.type_code} | {headers} "
                f"| {'; '.join(_notes(column))} |"
            )


def _notes(column: Column) -> Iterator[str]:
    if column.is_key:
        yield "key"
    if column.is_text:
        yield "tone is scored"
    if column.metric:
        yield column.metric
    if column.zone != "UTC":
        yield f"local time of {column.zone}"
    if column.personal:
        yield _PERSONAL[column.personal]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
