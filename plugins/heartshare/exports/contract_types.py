"""What an export contract says: columns, signatures and how each value is read."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

#: Type code of a contract column -> type of the raw column.
RAW_TYPES: dict[str, str] = {
    "text": "varchar",
    "html": "varchar",
    "mrkdwn": "varchar",
    "bigint": "bigint",
    "double": "double",
    "percent": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
    "epoch_seconds": "timestamp",
    "id_moment": "timestamp",
}
#: Forms of a moment that are no pattern of digits and separators.
NAMED_FORMATS = frozenset({"iso", "epoch_ms"})
#: Which of day and month a file writes first, where its language does not tell.
DATE_ORDERS = frozenset({"day_first", "month_first"})
TEXT_TYPES = frozenset({"text", "html", "mrkdwn"})
NUMBER_TYPES = frozenset({"bigint", "double", "percent"})
METRIC_KINDS = frozenset({"lifetime_cumulative", "period_delta", "gauge", "event"})
#: What a cell column of an unpivoted table takes from each cell of the file.
CELL_ROLES = frozenset({"table", "key_name", "key", "metric", "kind", "value"})
PERSONAL_RULES = frozenset({"drop", "hash", "keep"})
FORMATS = frozenset({"csv", "xls", "xlsx", "zip", "json"})
#: Where the knowledge of a format comes from: a real export, code that handles real
#: files, documentation only, or hearsay.
CONFIDENCES = frozenset({"real", "code", "documented", "indicative"})
#: How well a column names a person: by a key that stays, or by one that may change; or
#: that it names somebody else than the person of the row.
PERSON_KEYS = frozenset({"stable", "weak", "other"})


@dataclass(frozen=True)
class Recovery:
    """Where a damaged value can be read again: a pattern's first group elsewhere."""

    source: str
    pattern: str


@dataclass(frozen=True)
class IdMoment:
    """How an id tells when it was made: its upper bits count a unit since 1970."""

    shift: int
    unit_microseconds: int
    offset: int = 0


@dataclass(frozen=True)
class EscapeProof:
    """Which twin of a text proves, by matching a pattern, that it came escaped.

    Where there is no twin, ``is_declared`` tells whether the source is said to escape.
    """

    path: str
    pattern: str
    is_declared: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a raw table and all the ways in which exports spell it.

    ``headers`` maps each header (in JSON: each path) to its language, in order of
    preference. ``scope`` says where the value stands: in the row, in the document
    around it, in the preamble above it, in the file's name, or which part of a cell it
    is. ``otherwise`` is the value where a path picks from an array that is there but
    holds no such entry. ``extract`` takes the value out of its cell; ``within`` names
    the columns with the first and the last day that a day may be, from which a day
    without a year also takes its year.
    ``joined`` names the columns whose texts, with a blank between them, are the value.
    ``format_choices`` are further forms of a date, for files of one language or order.
    """

    name: str
    type_code: str
    headers: Mapping[str, str]
    scope: str = "row"
    occurrence: int = 1
    formats: tuple[str, ...] = ()
    format_choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joined: tuple[str, ...] = ()
    zone: str = "UTC"
    is_key: bool = False
    is_required: bool = False
    is_optional: bool = False
    is_text: bool = False
    personal: str | None = None
    metric: str | None = None
    not_reported: tuple[str, ...] = ()
    pattern: str | None = None
    recovery: Recovery | None = None
    true_pattern: str = "(?i)true|yes|1"
    false_pattern: str = "(?i)false|no|0"
    skipped_elements: tuple[str, ...] = ()
    escape_proof: EscapeProof | None = None
    otherwise: str | None = None
    person_key: str | None = None
    extract: str | None = None
    id_moment: IdMoment | None = None
    within: tuple[str, str] | None = None
    has_own_zone: bool = False

    @property
    def raw_type(self) -> str:
        """The DuckDB type of the raw column."""
        return RAW_TYPES[self.type_code]

    def read_as(self, choices: Collection[str]) -> Column:
        """Return the column with the forms that a file's language and order allow."""
        if not self.format_choices:
            return self
        chosen = [self.format_choices.get(choice, ()) for choice in choices]
        return replace(self, formats=(*self.formats, *itertools.chain(*chosen)))

    @property
    def is_stored(self) -> bool:
        """Whether the raw table has this column; dropped personal data has none."""
        return self.personal != "drop"

    @property
    def lacks_year(self) -> bool:
        """Whether the day is written without its year."""
        return self.within is not None and not any("%Y" in f for f in self.formats)

    @property
    def is_number(self) -> bool:
        """Whether the value is a count, a rate or a percentage."""
        return self.type_code in NUMBER_TYPES


@dataclass(frozen=True)
class Totals:
    """Which rows state the export's own sums: a column and the labels in it.

    In a table of one row per value, ``metric`` is the column that names the value.
    """

    column: str
    labels: tuple[str, ...]
    metric: str | None = None


@dataclass(frozen=True)
class RejectRule:
    """A row that must not land, such as one that the platform marks as broken.

    It is one whose ``blank`` columns are null, whose ``present`` ones are not, whose
    columns ``when`` match a pattern each, and of whose columns ``unless`` none matches
    its pattern: what is not proven to be public is not. What the row says is not told.
    """

    code: str
    reason: str
    blank: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    when: Mapping[str, str] = field(default_factory=dict)
    unless: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that decide, the telling one first."""
        return (*self.present, *self.blank, *self.when, *self.unless)


@dataclass(frozen=True)
class Listing:
    """Which members of an archive a table reads: those that another member lists.

    Members whose ``parameter`` is not the ``value`` of a record of that other member
    are not opened: nothing proves that they are public.
    """

    members: str
    value: str
    parameter: str


@dataclass(frozen=True)
class RecordPath:
    """Where a table's records stand in a JSON document, and what proves it.

    ``present`` and ``absent`` judge the first record. ``below`` leads from a record to
    more of its kind, to any depth; where these only hold the records, ``leaf`` leads on
    to them. A document that has every path of ``document``, or says what follows ``=``
    there, needs no record as proof, and its array must be there, however empty.
    """

    path: str
    present: tuple[str, ...]
    absent: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    leaf: str = ""
    document: tuple[str, ...] = ()
    is_scalar: bool = False

    @property
    def where(self) -> tuple[str, tuple[str, ...], str]:
        """The paths that lead to the records: path, below and leaf."""
        return self.path, self.below, self.leaf


@dataclass(frozen=True)
class ContractTable:
    """One raw table that a contract fills.

    ``members`` is what the path of an archive's member matches that holds its records
    as JSON; its named groups are values for ``member_parameter`` columns.

    Nothing in it can have happened before ``begins``, of which ``period`` names the
    column.

    ``restated`` says what a newer export of the same thing changes, or ``no``. Of an
    unpivoted table ``key_headers`` are what its first header may be, ``headers`` others
    that prove it, and ``kinds`` the metric kinds by the beginning of a header.
    ``owner`` names the table of the same file whose person all rows of this one are of.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    records: tuple[RecordPath, ...] = ()
    archive_only: bool = False
    unpivot: bool = False
    period: str | None = None
    begins: date = date(2000, 1, 1)
    totals: Totals | None = None
    reject_rules: tuple[RejectRule, ...] = ()
    ignored: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    keeps_unknown: bool = True
    restated: str = ""
    key_headers: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()
    members: str | None = None
    listing: Listing | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None

    def column(self, name: str) -> Column:
        """Return the column of that name; a KeyError names an unknown one."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def stored_columns(self) -> Iterator[Column]:
        """The columns that the raw table has, in contract order."""
        return (column for column in self.columns if column.is_stored)


@dataclass(frozen=True)
class NumberFormat:
    """How a language writes numbers: thousands mark and decimal mark."""

    thousands: str = ","
    decimal: str = "."


@dataclass(frozen=True)
class ExportContract:
    """One kind of export: how to recognise it and which tables it fills.

    ``code`` is the path of its file below contracts/, such as facebook/posts. Of two
    header rows the second qualifies the first: by its text, or by the first of
    ``header_qualifiers`` whose pattern is found in it. ``fills`` names the contract
    into whose tables this one lands its rows: the same things in another form.
    ``footer`` are the forms of lines that may close a table: a group ``rows`` in one is
    the number of rows that the file says it has.
    """

    code: str
    version: str
    title: str
    formats: tuple[str, ...]
    tables: tuple[ContractTable, ...]
    encodings: tuple[str, ...] = ("utf-8",)
    delimiters: tuple[str, ...] = (",",)
    header_within: int = 1
    header_rows: int = 1
    header_qualifiers: Mapping[str, str] = field(default_factory=dict)
    is_side_by_side: bool = False
    is_blocks: bool = False
    is_fallback: bool = False
    also_reads: str | None = None
    fills: str | None = None
    preamble_present: tuple[str, ...] = ()
    period_preamble: tuple[str, ...] = ()
    name_parameters: str | None = None
    known_parts: frozenset[str] = frozenset()
    ignored_members: str | None = None
    number_formats: Mapping[str, NumberFormat] = field(default_factory=dict)
    footer: tuple[str, ...] = ()
    confidence: str = ""

    def number_format(self, language: str) -> NumberFormat:
        """Return how numbers are written under headers of a language."""
        return self.number_formats.get(language, NumberFormat())
