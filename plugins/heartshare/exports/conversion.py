"""How all-text rows become typed rows: one SQL select per contract table.

A cell that cannot be read rejects its row, never the file and never silently.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from heartshare.exports.contract_types import NAMED_FORMATS

if TYPE_CHECKING:
    from collections.abc import Collection

    from heartshare.exports.contract_types import (
        Column,
        ContractTable,
        NumberFormat,
        Recovery,
    )

_SCIENTIFIC = r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+"
#: A cast alone would also take 'infinity' and 'epoch'.
_ISO = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_EPOCH = r"-?[0-9]{1,11}(\.[0-9]*)?"
_EPOCH_MILLISECONDS = r"[0-9]{12,14}"
_HAS_OFFSET = r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
#: From this day on no export states what happened, whatever its clock says.
_TOO_LATE = date(2100, 1, 1)
#: Before it is no moment: %Y takes two digits as well, as a year of the first century.
_FIRST_MOMENT = "timestamp '1000-01-01'"
#: Digits that a spreadsheet program keeps of a long number; the rest become zeros.
_KEPT_DIGITS = 15

_UNREADABLE = {
    "text": ("unreadable_text", "is not text"),
    "html": ("unreadable_text", "is not text"),
    "mrkdwn": ("unreadable_text", "is not text"),
    "bigint": ("not_a_whole_number", "is not a whole number"),
    "double": ("not_a_number", "is not a number"),
    "percent": ("not_a_number", "is not a percentage"),
    "boolean": ("not_a_boolean", "is neither yes nor no"),
    "date": ("not_a_date", "is not a date in the declared form"),
    "timestamp": ("not_a_moment", "is not a moment in the declared form"),
    "epoch_seconds": ("not_a_moment", "is not a number of seconds since 1970"),
    "id_moment": ("not_a_moment", "holds no id that tells its moment"),
}


@dataclass(frozen=True)
class Check:
    """One way in which a cell rejects its row, as a SQL condition."""

    column: Column
    condition: str
    code: str
    reason: str


def typed_select(
    table: ContractTable,
    numbers: NumberFormat,
    source: str,
    choices: Collection[str] = (),
) -> str:
    """Return the select that types all-text rows of a source relation.

    Shape: one row per source row: _file_number, _row_number, the contract's stored
    columns, _extra, _is_total, and _reject: a struct (column_name, value_text,
    reason_code, reason_text) of the first bad cell, or null. ``choices`` are the
    language and the date order of the files.
    """
    columns = tuple(column.read_as(choices) for column in table.columns)
    table = replace(table, columns=columns)
    typed = ",\n".join(
        f"        {_typed(column, numbers, table)} as {_quoted('typed ' + column.name)}"
        for column in table.columns
    )
    stored = ",\n".join(
        f"    {_stored(column)} as {_quoted(column.name)}"
        for column in table.stored_columns
    )
    return (
        f"select\n    _file_number,\n    _row_number,\n{stored},\n    _extra,\n"
        f"    {_is_total(table)} as _is_total,\n    {_reject(table)} as _reject\n"
        f"from (\n    select\n        *,\n{typed}\n    from {source}\n) as typed_rows"
    )


def literal(text: str) -> str:
    """Return a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _stored(column: Column) -> str:
    name = _quoted("typed " + column.name)
    return f"md5(lower({name}))" if column.personal == "hash" else name


def _given(column: Column) -> str:
    """Return the text that the file holds, of two columns where it is divided."""
    if not column.joined:
        return _quoted(column.name)
    first, *_ = parts = [_quoted(name) for name in column.joined]
    return (
        f"(case when {first} is not null then concat_ws(' ', {', '.join(parts)}) end)"
    )


def _cell(column: Column) -> str:
    """Return the cell as text, null where it says not reported."""
    value = _given(column)
    if not column.not_reported:
        return value
    tokens = ", ".join(literal(token) for token in column.not_reported)
    return f"case when {value} in ({tokens}) then null else {value} end"


def _typed(column: Column, numbers: NumberFormat, table: ContractTable) -> str:
    cell = f"({_cell(column)})"
    if column.extract:
        cell = f"nullif(regexp_extract({cell}, {literal(column.extract)}, 1), '')"
    if column.recovery:
        cell = _recovered(column.recovery, cell)
    readers = {
        "bigint": lambda: _quick(cell, _whole_number(_plain(cell, numbers))),
        "double": lambda: _quick(
            cell, _number(_plain(cell, numbers), always_percent=False)
        ),
        "percent": lambda: _number(_plain(cell, numbers), always_percent=True),
        "boolean": lambda: _boolean(column, cell),
        "date": lambda: _day(column, cell, table, numbers),
        "id_moment": lambda: _moment_of_id(column, cell),
        "timestamp": lambda: _moment(column, cell),
        "epoch_seconds": lambda: (
            f"(case when regexp_full_match({cell}, {literal(_EPOCH)}) then "
            f"make_timestamp(cast(round(cast({cell} as double) * 1000000) as bigint)) "
            "end)"
        ),
    }
    return readers.get(column.type_code, lambda: cell)()


def _recovered(recovery: Recovery, cell: str) -> str:
    """Read an identifier that a spreadsheet rounded again from another column."""
    pattern = literal(recovery.pattern)
    elsewhere = f"nullif(regexp_extract({_quoted(recovery.source)}, {pattern}, 1), '')"
    rounded = (
        f"(length({cell}) > {_KEPT_DIGITS} and length({cell}) = length({elsewhere}) "
        f"and left({cell}, {_KEPT_DIGITS}) = left({elsewhere}, {_KEPT_DIGITS}) "
        f"and regexp_full_match(substr({cell}, {_KEPT_DIGITS + 1}), '0+'))"
    )
    # Few cells can be damaged; only those are worth the patterns.
    suspect = f"(suffix({cell}, '0') or contains(lower({cell}), 'e'))"
    return (
        f"(case when {suspect} and (regexp_full_match({cell}, {literal(_SCIENTIFIC)}) "
        f"or {rounded}) then {elsewhere} else {cell} end)"
    )


def _quick(cell: str, number: str) -> str:
    """Return a number without its patterns where the cell is nothing but digits.

    A whole number that is written as the database writes it is read alike both ways.
    """
    whole = f"try_cast({cell} as bigint)"
    return f"(case when {whole}::varchar = {cell} then {whole} else {number} end)"


def _plain(cell: str, numbers: NumberFormat) -> str:
    """Return a number without thousands marks and with a decimal point."""
    mark, point = numbers.thousands, numbers.decimal
    grouped = rf"[+-]?[0-9]{{1,3}}([{mark}][0-9]{{3}})+([{point}][0-9]+)?%?"
    bare = f"replace({cell}, {literal(mark)}, '')"
    return (
        f"(case when regexp_full_match({cell}, {literal(grouped)}) "
        f"then replace({bare}, {literal(point)}, '.') "
        f"else replace({cell}, {literal(point)}, '.') end)"
    )


def _whole_number(plain: str) -> str:
    # A cast alone would round 424.6 to 425.
    digits = r"^([+-]?[0-9]+)(?:\.0*)?$"
    return (
        f"try_cast(nullif(regexp_extract({plain}, {literal(digits)}, 1), '') as bigint)"
    )


def _number(plain: str, *, always_percent: bool) -> str:
    form = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
    bare = f"rtrim(rtrim({plain}, '%'), ' ')"
    divisor = (
        "100" if always_percent else f"if({plain} like '%\\%' escape '\\', 100, 1)"
    )
    return (
        f"(case when regexp_full_match({bare}, {literal(form)}) "
        f"then try_cast({bare} as double) / {divisor} end)"
    )


def _boolean(column: Column, cell: str) -> str:
    return (
        f"(case when regexp_full_match({cell}, {literal(column.true_pattern)}) "
        f"then true when regexp_full_match({cell}, {literal(column.false_pattern)}) "
        "then false end)"
    )


def _parsed(column: Column, cell: str) -> str:
    # Two digits are tried before four, which would take them as well.
    forms = [form for form in column.formats if form not in NAMED_FORMATS]
    forms.sort(key=lambda form: "%y" not in form)
    parsed = f"try_strptime({cell}, [{', '.join(map(literal, forms))}])"
    return f"nullif(greatest({parsed}, {_FIRST_MOMENT}), {_FIRST_MOMENT})"


def _day(column: Column, cell: str, table: ContractTable, numbers: NumberFormat) -> str:
    """Return a day; one without a year takes the year in which its period holds it."""
    if not column.lacks_year:
        return f"try_cast({_parsed(column, cell)} as date)"
    first, last = _bounds(column, table, numbers)
    formats = ", ".join(literal(f"{form} %Y") for form in column.formats)
    this, next_ = (
        f"try_cast(try_strptime({cell} || ' ' || (year({first}) + {step}), "
        f"[{formats}]) as date)"
        for step in (0, 1)
    )
    is_this, is_next = (
        f"coalesce({day} between {first} and {last}, false)" for day in (this, next_)
    )
    return (
        f"(case when {is_this} and not {is_next} then {this} "
        f"when {is_next} and not {is_this} then {next_} end)"
    )


def _bounds(
    column: Column, table: ContractTable, numbers: NumberFormat
) -> tuple[str, str]:
    """Return the first and the last day of a column's period, a year at most."""
    first, last = (
        _typed(table.column(name), numbers, table) for name in column.within or ()
    )
    return first, f"coalesce({last}, {first} + 364)"


def _moment_of_id(column: Column, cell: str) -> str:
    made = column.id_moment
    if made is None:
        return "null::timestamp"
    count = f"((try_cast({cell} as bigint) >> {made.shift}) + {made.offset})"
    return f"make_timestamp({count} * {made.unit_microseconds})"


def _moment(column: Column, cell: str) -> str:
    """Return a local or stamped moment as naive UTC."""
    parts = []
    zone = literal(column.zone)
    if "iso" in column.formats:
        parts.append(
            f"case when not regexp_full_match({cell}, {literal(_ISO)}) then null "
            f"when regexp_matches({cell}, {literal(_HAS_OFFSET)}) "
            f"then timezone('UTC', try_cast({cell} as timestamptz)) "
            f"else timezone('UTC', timezone({zone}, try_cast({cell} as timestamp))) end"
        )
    if "epoch_ms" in column.formats:
        parts.append(
            f"case when regexp_full_match({cell}, {literal(_EPOCH_MILLISECONDS)}) "
            f"then make_timestamp(try_cast({cell} as bigint) * 1000) end"
        )
    if any(form not in NAMED_FORMATS for form in column.formats):
        local = _parsed(column, cell)
        parts.append(f"timezone('UTC', timezone({zone}, {local}))")
    return f"coalesce({', '.join(parts)})"


def _is_total(table: ContractTable) -> str:
    if table.totals is None:
        return "false"
    labels = ", ".join(literal(label) for label in table.totals.labels)
    return f"coalesce({_quoted(table.totals.column)} in ({labels}), false)"


def _reject(table: ContractTable) -> str:
    """Return the case expression that names the first bad cell of a row.

    A total row has labels where ids stand, so there only its numbers are checked.
    """
    whens = []
    for rule in table.reject_rules:
        tests = [f"{_quoted(name)} is null" for name in rule.blank]
        tests += [f"{_quoted(name)} is not null" for name in rule.present]
        tests += [_matches(*pair) for pair in rule.when.items()]
        tests += [f"not {_matches(*pair)}" for pair in rule.unless.items()]
        first = table.column(rule.columns[0])
        check = Check(first, " and ".join(tests), rule.code, rule.reason)
        whens.append(_when(check, is_masked=bool(rule.when or rule.unless)))
    for column in table.columns:
        checks = _checks(column)
        if column.name == table.period:
            checks.append(_plausible_check(column, table))
        for check in checks:
            is_label = table.totals is not None and not column.is_number
            guard = f"not {_is_total(table)} and " if is_label else ""
            whens.append(
                _when(Check(column, guard + check.condition, check.code, check.reason))
            )
    return "case\n" + "\n".join(whens) + "\n    end"


def _matches(name: str, pattern: str) -> str:
    return f"coalesce(regexp_full_match({_quoted(name)}, {literal(pattern)}), false)"


def _checks(column: Column) -> list[Check]:
    cell, value = f"({_cell(column)})", _quoted("typed " + column.name)
    code, reason = _UNREADABLE[column.type_code]
    checks = [
        Check(column, f"contains({cell}, chr(0))", "nul_character", "holds a NUL byte")
    ]
    if column.is_required:
        kind = "missing_key" if column.is_key else "missing_value"
        checks.append(Check(column, f"{cell} is null", kind, "is blank"))
    if column.recovery:
        code = "damaged_identifier"
        reason = f"was rounded, and {column.recovery.source} does not hold it either"
    if column.extract and not column.is_number:
        code, reason = "unexpected_form", f"holds nothing like {column.extract}"
    if column.within:
        checks += _period_checks(column, cell, value)
    checks.append(
        Check(column, f"{cell} is not null and {value} is null", code, reason)
    )
    if column.pattern:
        form = f"not regexp_full_match({value}, {literal(column.pattern)})"
        checks.append(
            Check(column, form, "unexpected_form", f"is not {column.pattern}")
        )
    return checks


def _period_checks(column: Column, cell: str, value: str) -> list[Check]:
    """Return how a day may contradict the period that the file states, or lack one."""
    first, last = (_quoted(f"typed {name}") for name in column.within or ())
    if column.lacks_year:
        reason = (
            "has no year, and the name of the file states no period; rename the file "
            "so that it holds one, such as 2025-07-01_2025-12-31"
        )
        unknown = f"{cell} is not null and {first} is null"
        return [Check(column, unknown, "year_unknown", reason)]
    outside = f"coalesce({value} < {first} or {value} > {last}, false)"
    reason = "lies outside the period that the name of the file states"
    return [Check(column, outside, "outside_period", reason)]


def _plausible_check(column: Column, table: ContractTable) -> Check:
    """Return how the moment of a row may be one at which nothing can have happened.

    One act of 1970 would open every week from then on.
    """
    value = _quoted("typed " + column.name)
    first, after = (literal(day.isoformat()) for day in (table.begins, _TOO_LATE))
    reason = (
        f"lies before {table.begins.isoformat()}, the first day of which there can be "
        f"anything, or not before {_TOO_LATE.isoformat()}; correct it where it comes "
        "from and export again"
    )
    outside = f"coalesce({value} < date {first} or {value} >= date {after}, false)"
    return Check(column, outside, "implausible_moment", reason)


def _when(check: Check, *, is_masked: bool = False) -> str:
    column = check.column
    is_masked = is_masked or column.personal is not None
    shown = "'***'" if is_masked else f"left({_given(column)}, 200)"
    fields = (
        f"'column_name': {literal(column.name)}, 'value_text': {shown}, "
        f"'reason_code': {literal(check.code)}, "
        f"'reason_text': {literal(f'{column.name} {check.reason}')}"
    )
    return f"        when {check.condition} then {{{fields}}}"
