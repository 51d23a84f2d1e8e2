"""Which export contracts exist: reads and validates the YAML files of contracts/."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from heartshare.exports.contract_types import (
    CELL_ROLES,
    CONFIDENCES,
    DATE_ORDERS,
    FORMATS,
    METRIC_KINDS,
    PERSON_KEYS,
    PERSONAL_RULES,
    RAW_TYPES,
    TEXT_TYPES,
    Column,
    ContractTable,
    EscapeProof,
    ExportContract,
    IdMoment,
    Listing,
    NumberFormat,
    RecordPath,
    Recovery,
    RejectRule,
    Totals,
)
from heartshare.exports.errors import ContractError
from heartshare.exports.record_paths import steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

_CONTRACT_KEYS = frozenset(
    {
        "title",
        "version",
        "confidence",
        "evidence",
        "begins",
        "file",
        "timezone",
        "not_reported",
        "numbers",
        "fallback",
        "also_reads",
        "fills",
        "tables",
    }
)
_FILE_KEYS = frozenset(
    {
        "formats",
        "encodings",
        "delimiters",
        "header_within",
        "header_rows",
        "header_qualifiers",
        "side_by_side",
        "blocks",
        "preamble_present",
        "period_preamble",
        "name_parameters",
        "known_parts",
        "ignored_members",
        "footer",
    }
)
_TABLE_KEYS = frozenset(
    {
        "grain",
        "restated",
        "signature",
        "records",
        "archive_only",
        "members",
        "listed_by",
        "owner",
        "unpivot",
        "kinds",
        "period",
        "totals",
        "reject_rows",
        "ignored",
        "known",
        "unknown_columns",
        "columns",
    }
)
_COLUMN_KEYS = frozenset(
    {
        "header",
        "path",
        "root",
        "preamble",
        "name_parameter",
        "member_parameter",
        "cell",
        "extract",
        "id_moment",
        "within",
        "type",
        "formats",
        "joined",
        "escaped_when",
        "zone",
        "key",
        "required",
        "optional",
        "text",
        "person",
        "personal",
        "metric",
        "not_reported",
        "pattern",
        "recover",
        "true_when",
        "false_when",
        "without",
        "occurrence",
        "otherwise",
    }
)
_REJECT_KEYS = frozenset({"code", "reason", "blank", "present", "when", "unless"})
_RECORD_KEYS = frozenset(
    {"path", "present", "absent", "below", "leaf", "document", "scalar"}
)
_SCOPES = {
    "header": "row",
    "path": "row",
    "root": "root",
    "preamble": "preamble",
    "name_parameter": "name",
    "member_parameter": "member",
    "joined": "joined",
    "cell": "cell",
}
_UNIT_MICROSECONDS = {"seconds": 1_000_000, "milliseconds": 1_000, "microseconds": 1}


def load_contracts(folder: Traversable | None = None) -> tuple[ExportContract, ...]:
    """Return every contract of a folder (default: the packaged ones), by code.

    Raises:
        ContractError: a contract has an unknown key, type or reference, or two of
            them fill the same raw table.
    """
    if folder is None:
        return _packaged_contracts()
    return _load(folder)


@cache
def _packaged_contracts() -> tuple[ExportContract, ...]:
    return _load(resources.files("heartshare.exports") / "contracts")


def contracts_digest(contracts: tuple[ExportContract, ...]) -> str:
    """Return a short digest that changes when any contract changes."""
    versions = "|".join(f"{each.code}@{each.version}" for each in contracts)
    return "contracts." + hashlib.sha256(versions.encode()).hexdigest()[:8]


def _load(folder: Traversable) -> tuple[ExportContract, ...]:
    contracts = []
    for platform in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not platform.is_dir():
            continue
        for entry in sorted(platform.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".yml"):
                code = f"{platform.name}/{entry.name.removesuffix('.yml')}"
                contracts.append(_contract(code, entry.read_bytes()))
    _refuse_shared_tables(contracts)
    return tuple(contracts)


def _refuse_shared_tables(contracts: list[ExportContract]) -> None:
    owners: dict[str, str] = {}
    shapes = _shapes(contracts)
    codes = {contract.code for contract in contracts}
    for contract in contracts:
        if contract.also_reads and contract.also_reads not in codes:
            raise ContractError(contract.code, f"unknown {contract.also_reads!r}")
        if contract.fills and contract.fills not in codes:
            raise ContractError(contract.code, f"unknown {contract.fills!r}")
        for table in contract.tables:
            if (contract.fills, table.name) in shapes:
                continue
            if owners.setdefault(table.name, contract.code) != contract.code:
                problem = f"{table.name} belongs to {owners[table.name]}"
                raise ContractError(contract.code, problem)
    _refuse_other_columns(contracts)


def _refuse_other_columns(contracts: list[ExportContract]) -> None:
    """Let a contract fill another's tables only with the same columns."""
    shapes = _shapes(contracts)
    for contract in contracts:
        for table in contract.tables:
            filled = shapes.get((contract.fills, table.name))
            if filled is not None and _shape(table) != filled:
                problem = f"{table.name} has other columns than in {contract.fills}"
                raise ContractError(contract.code, problem)


def _shapes(
    contracts: list[ExportContract],
) -> dict[tuple[str | None, str], list[tuple[str, str, str | None]]]:
    return {
        (contract.code, table.name): _shape(table)
        for contract in contracts
        for table in contract.tables
    }


def _shape(table: ContractTable) -> list[tuple[str, str, str | None]]:
    return [(each.name, each.raw_type, each.personal) for each in table.stored_columns]


def _contract(code: str, content: bytes) -> ExportContract:
    spec = yaml.safe_load(content)
    _refuse_unknown(code, "the contract", spec, _CONTRACT_KEYS)
    file = spec["file"]
    _refuse_unknown(code, "file", file, _FILE_KEYS)
    _refuse_unknown(code, "formats", dict.fromkeys(file["formats"]), FORMATS)
    confidence = spec.get("confidence")
    _refuse_unknown(code, "confidence", {confidence: 0}, CONFIDENCES)
    digest = hashlib.sha256(content).hexdigest()[:8]
    owners = {table.get("owner"): 0 for table in spec["tables"].values()}
    _refuse_unknown(code, "owner", owners, frozenset(spec["tables"]) | {None})
    return ExportContract(
        code=code,
        version=f"{spec['version']}.{digest}",
        title=spec["title"],
        formats=tuple(file["formats"]),
        encodings=tuple(file.get("encodings", ["utf-8"])),
        delimiters=tuple(file.get("delimiters", [","])),
        header_within=file.get("header_within", 1),
        header_rows=file.get("header_rows", 1),
        header_qualifiers=file.get("header_qualifiers", {}),
        is_side_by_side=file.get("side_by_side", False),
        is_blocks=file.get("blocks", False),
        is_fallback=spec.get("fallback", False),
        also_reads=spec.get("also_reads"),
        fills=spec.get("fills"),
        preamble_present=tuple(file.get("preamble_present", ())),
        period_preamble=tuple(file.get("period_preamble", ())),
        name_parameters=file.get("name_parameters"),
        known_parts=frozenset(file.get("known_parts", ())),
        ignored_members=file.get("ignored_members"),
        footer=tuple(file.get("footer", ())),
        number_formats={
            language: NumberFormat(**marks)
            for language, marks in spec.get("numbers", {}).items()
        },
        tables=tuple(
            _table(code, name, table, spec) for name, table in spec["tables"].items()
        ),
        confidence=confidence,
    )


def _table(
    code: str, name: str, spec: Mapping[str, Any], contract: Mapping[str, Any]
) -> ContractTable:
    _refuse_unknown(code, name, spec, _TABLE_KEYS)
    columns = tuple(
        _column(code, column, entry or {}, contract)
        for column, entry in spec["columns"].items()
    )
    signature = spec.get("signature", {})
    totals = spec.get("totals")
    table = ContractTable(
        name=name,
        grain=spec["grain"],
        columns=columns,
        present=tuple(signature.get("present", ())),
        absent=tuple(signature.get("absent", ())),
        records=tuple(
            _record_path(code, name, record) for record in spec.get("records", ())
        ),
        archive_only=spec.get("archive_only", False),
        members=spec.get("members"),
        listing=_listing(code, name, spec),
        unpivot=spec.get("unpivot", False),
        period=spec.get("period"),
        begins=_begins(code, contract),
        totals=_totals(totals) if totals else None,
        reject_rules=tuple(
            _reject_rule(code, name, rule) for rule in spec.get("reject_rows", ())
        ),
        ignored=frozenset(spec.get("ignored", ())),
        known=frozenset(spec.get("known", ())),
        keeps_unknown=spec.get("unknown_columns", "keep") == "keep",
        restated=_restated(code, name, spec),
        key_headers=frozenset(signature.get("key", ())),
        headers=frozenset(signature.get("headers", ())),
        kinds=spec.get("kinds", {}),
        owner=spec.get("owner"),
    )
    _check_references(code, table)
    return table


def _begins(code: str, contract: Mapping[str, Any]) -> date:
    begins = contract.get("begins", ContractTable.begins)
    if not isinstance(begins, date):
        raise ContractError(code, f"begins must be a day, not {begins!r}")
    return begins


def _reject_rule(code: str, table: str, spec: Mapping[str, Any]) -> RejectRule:
    _refuse_unknown(code, f"a reject rule of {table}", spec, _REJECT_KEYS)
    rule = RejectRule(
        code=spec["code"],
        reason=spec["reason"],
        blank=tuple(spec.get("blank", ())),
        present=tuple(spec.get("present", ())),
        when=spec.get("when", {}),
        unless=spec.get("unless", {}),
    )
    if not rule.columns:
        raise ContractError(code, f"the rule {rule.code} of {table} names no column")
    return rule


def _listing(code: str, table: str, spec: Mapping[str, Any]) -> Listing | None:
    listing = spec.get("listed_by")
    if listing is None:
        return None
    wanted = frozenset({"members", "value", "parameter"})
    _refuse_unknown(code, f"listed_by of {table}", listing, wanted)
    groups = re.compile(spec.get("members", "")).groupindex
    if listing.keys() != wanted or listing["parameter"] not in groups:
        problem = f"listed_by of {table} needs members, value and parameter, which is a"
        raise ContractError(code, f"{problem} named group of the table's own members")
    return Listing(**listing)


def _record_path(code: str, table: str, spec: Mapping[str, Any]) -> RecordPath:
    _refuse_unknown(code, f"a record of {table}", spec, _RECORD_KEYS)
    below = spec.get("below", ())
    records = RecordPath(
        path=spec["path"],
        present=tuple(spec["present"]),
        absent=tuple(spec.get("absent", ())),
        below=tuple([below] if isinstance(below, str) else below),
        leaf=spec.get("leaf", ""),
        document=tuple(spec.get("document", ())),
        is_scalar=spec.get("scalar", False),
    )
    for path in (records.path, *records.below, records.leaf):
        try:
            steps_of(path)
        except ValueError as error:
            problem = f"{table} has {path!r}, which is no record path"
            raise ContractError(code, problem) from error
    return records


def _totals(spec: Mapping[str, Any]) -> Totals:
    return Totals(spec["column"], tuple(spec["labels"]), spec.get("metric"))


def _check_references(code: str, table: ContractTable) -> None:
    names = {column.name for column in table.columns}
    wanted = set(table.present)
    wanted.update([table.period] if table.period else [])
    if table.totals:
        wanted.update(filter(None, [table.totals.column, table.totals.metric]))
    for rule in table.reject_rules:
        wanted.update(rule.columns)
    for column in table.columns:
        wanted.update([column.recovery.source] if column.recovery else [])
        wanted.update(column.within or ())
        wanted.update(column.joined)
    if unknown := wanted - names:
        raise ContractError(code, f"{table.name} names no column {sorted(unknown)}")
    if not (table.present or table.records or table.unpivot):
        raise ContractError(code, f"{table.name} has neither signature nor records")
    for column in table.columns:
        if column.scope == "cell":
            _refuse_unknown(code, column.name, column.headers, CELL_ROLES)
    _refuse_unknown(
        code,
        f"kinds of {table.name}",
        dict.fromkeys(table.kinds.values()),
        METRIC_KINDS,
    )
    stable = [c.name for c in table.columns if c.person_key == "stable"]
    if len(stable) > 1:
        raise ContractError(code, f"{table.name} has more than one person: {stable}")


def _restated(code: str, name: str, spec: Mapping[str, Any]) -> str:
    # YAML reads a bare no as false.
    restated = spec.get("restated")
    if restated is False:
        return "no"
    if not restated or not isinstance(restated, str):
        raise ContractError(code, f"{name}: restated must be a sentence or 'no'")
    return restated


def _column(
    code: str, name: str, spec: Mapping[str, Any], contract: Mapping[str, Any]
) -> Column:
    where = f"column {name}"
    _refuse_unknown(code, where, spec, _COLUMN_KEYS)
    type_code = spec.get("type", "text")
    personal = spec.get("personal")
    person = spec.get("person")
    person_key = "stable" if person is True else person
    metric = spec.get("metric")
    _refuse_unknown(code, where, {type_code: 0}, frozenset(RAW_TYPES))
    _refuse_unknown(code, where, {personal: 0}, PERSONAL_RULES | {None})
    _refuse_unknown(code, where, {metric: 0}, METRIC_KINDS | {None})
    _refuse_unknown(code, where, {person_key: 0}, PERSON_KEYS | {None})
    scope_key = next((key for key in _SCOPES if key in spec), "header")
    recover = spec.get("recover")
    headers = {} if "joined" in spec else _headers(spec.get(scope_key, name))
    formats, choices = _formats(code, where, spec.get("formats", ()), headers)
    blanks = spec.get("not_reported", contract.get("not_reported", ()))
    text_blanks = spec.get("not_reported", ())
    return Column(
        name=name,
        type_code=type_code,
        headers=headers,
        scope=_SCOPES[scope_key],
        occurrence=spec.get("occurrence", 1),
        formats=formats,
        format_choices=choices,
        joined=tuple(spec.get("joined", ())),
        zone=spec.get("zone", contract.get("timezone", {}).get("zone", "UTC")),
        is_key=spec.get("key", False),
        is_required=spec.get("required", False) or spec.get("key", False),
        is_optional=spec.get("optional", False),
        is_text=spec.get("text", False),
        personal=personal,
        metric=metric,
        not_reported=tuple(text_blanks if type_code in TEXT_TYPES else blanks),
        pattern=spec.get("pattern"),
        recovery=Recovery(recover["from"], recover["pattern"]) if recover else None,
        true_pattern=spec.get("true_when", Column.true_pattern),
        false_pattern=spec.get("false_when", Column.false_pattern),
        skipped_elements=tuple(spec.get("without", ())),
        escape_proof=EscapeProof(**spec["escaped_when"])
        if "escaped_when" in spec
        else None,
        otherwise=spec.get("otherwise"),
        person_key=person_key,
        extract=spec.get("extract"),
        id_moment=_id_moment(code, where, spec),
        within=tuple(spec["within"]) if "within" in spec else None,
        has_own_zone="zone" in spec,
    )


def _id_moment(code: str, where: str, spec: Mapping[str, Any]) -> IdMoment | None:
    found = spec.get("id_moment")
    if (spec.get("type") == "id_moment") != (found is not None):
        problem = f"{where}: type id_moment and the key id_moment go together"
        raise ContractError(code, problem)
    if found is None:
        return None
    _refuse_unknown(code, where, found, frozenset({"shift", "unit", "offset"}))
    _refuse_unknown(code, where, {found["unit"]: 0}, frozenset(_UNIT_MICROSECONDS))
    return IdMoment(
        shift=found["shift"],
        unit_microseconds=_UNIT_MICROSECONDS[found["unit"]],
        offset=found.get("offset", 0),
    )


def _headers(spec: str | list[str] | dict[str, str | list[str]]) -> dict[str, str]:
    if isinstance(spec, str):
        return {spec: "en"}
    if isinstance(spec, list):
        return dict.fromkeys(spec, "en")
    headers: dict[str, str] = {}
    for language, names in spec.items():
        for header in [names] if isinstance(names, str) else names:
            headers.setdefault(header, language)
    return headers


def _formats(
    code: str,
    where: str,
    spec: list[str] | dict[str, list[str]],
    headers: Mapping[str, str],
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return the forms that every file may use, and those that a choice allows."""
    if not isinstance(spec, dict):
        return tuple(spec), {}
    allowed = frozenset({"any"}) | DATE_ORDERS | frozenset(headers.values())
    _refuse_unknown(code, f"formats of {where}", spec, allowed)
    choices = {choice: tuple(forms) for choice, forms in spec.items()}
    return choices.pop("any", ()), choices


def _refuse_unknown(
    code: str, where: str, spec: Mapping[Any, Any], allowed: frozenset[Any]
) -> None:
    unknown = [str(key) for key in spec if key not in allowed]
    if unknown:
        wanted = ", ".join(sorted(str(key) for key in allowed))
        problem = f"{where} has unknown {', '.join(unknown)}; allowed: {wanted}."
        raise ContractError(code, problem)
