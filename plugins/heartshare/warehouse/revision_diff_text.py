"""How is the difference between two publications told to a person?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heartshare.warehouse.metric_moves import Move
    from heartshare.warehouse.revision_diff import RevisionDiff
    from heartshare.warehouse.row_differences import TableDifference

_SHOWN_WEEKS = 6
_SHOWN_COLUMNS = 6


def diff_lines(diff: RevisionDiff) -> list[str]:
    """Return what differs as lines of plain text."""
    lines = [
        (
            f"{diff.before} (week of {diff.week_before}) -> {diff.after} "
            f"(week of {diff.week_after})"
        ),
        *_schema(diff),
        *_keys(diff),
        *_tables(diff),
        *_metrics(diff.moves),
    ]
    if not diff.schema_changes and not diff.tables:
        lines.append("Rows: the same in every table" + _beside_keys(diff))
    return lines


def _schema(diff: RevisionDiff) -> Iterator[str]:
    if not diff.schema_changes:
        yield f"Schema {diff.version_before}: the same tables, columns and types"
        return
    effect = (
        "breaks readers, needs --accept-breaking"
        if diff.is_breaking
        else "only adds, readers are not affected"
    )
    yield f"Schema {diff.version_before} -> {diff.version_after}: {effect}"
    for change in diff.schema_changes:
        yield f"  {'!' if change.is_breaking else '+'} {change.told()}"


def _keys(diff: RevisionDiff) -> Iterator[str]:
    if diff.is_rekeyed:
        yield (
            "Keys: every person, act, text and thread has another key, since "
            "HEARTSHARE_PERSON_SALT changed; what readers kept by key fits no more"
        )


def _beside_keys(diff: RevisionDiff) -> str:
    return ", keys aside" if diff.is_rekeyed else ""


def _tables(diff: RevisionDiff) -> Iterator[str]:
    restated = [each for each in diff.tables if each.past_weeks(diff.week_before)]
    if diff.tables:
        yield (
            f"Rows: {len(diff.tables)} tables differ; {len(restated)} of them in weeks "
            "that were published"
        )
    for table in sorted(diff.tables, key=lambda one: (one not in restated, one.table)):
        yield f"  {table.table}: {_rows(table)}"
        if table.columns:
            largest = sorted(table.columns.items(), key=lambda item: (-item[1], item))
            named = [f"{name} ({count})" for name, count in largest]
            yield f"    columns: {_some(named, _SHOWN_COLUMNS)}"
        past = table.past_weeks(diff.week_before)
        if past:
            weeks = [
                f"{week} (-{table.weeks[week][0]} +{table.weeks[week][1]})"
                for week in reversed(past)
            ]
            yield f"    past weeks restated: {_some(weeks, _SHOWN_WEEKS)}"


def _rows(table: TableDifference) -> str:
    parts = [f"{table.rows_before} -> {table.rows_after} rows"]
    if table.changed:
        parts.append(f"{table.changed} changed")
    if table.gone:
        parts.append(f"{table.gone} gone")
    if table.new:
        parts.append(f"{table.new} new")
    return ", ".join(parts)


def _metrics(moves: Sequence[Move]) -> Iterator[str]:
    if moves:
        yield "Metrics that move most in published weeks"
    for move in moves:
        yield (
            f"  {move.metric_id}, week of {move.week_start}: {_figure(move.before)} -> "
            f"{_figure(move.after)} ({move.size:.1%})"
        )


def _figure(value: float | None) -> str:
    return "not reported" if value is None else f"{value:.6g}"


def _some(items: Sequence[str], shown: int) -> str:
    more = f" and {len(items) - shown} more" if len(items) > shown else ""
    return ", ".join(items[:shown]) + more
