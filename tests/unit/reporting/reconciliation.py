"""Hold every number of facts.json against the published marts, each by its own path.

Three kinds of place hold numbers: figures (with the query that yields them), bare
numbers, and texts. A bare number equals the column that ``sources`` names for its path.
A text shows only numbers of its own row or, in a sentence, of its own section. A place
that no source covers is an error, however right its number may be.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from unit.reporting import sources

from heartshare.reporting.weekly.reading_notes import READING_NOTES
from heartshare.weeks import ReportingWeek

#: Parts of one, per cent, per thousand, and hours told in days.
_UNITS = (1, 100, 1000, 1 / 24)
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATES = re.compile(
    rf"\d{{4}}-\d\d-\d\d|\d{{4}}-W\d\d(?:\.r\d+)?|Week \d+"
    rf"|\d{{1,2}} (?:{_MONTHS})[a-z]*(?:, \d\d:\d\d UTC)?"
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
#: Numbers that belong to a rule's wording, not to the week.
_WORDED = re.compile(
    r"95%(?= confidence)|(?<=per )1,000|(?<=of )100(?= on the way)"
    r"|(?<=Average of )(?:4|13)(?= weeks)|(?<=within )28(?= days\. Bars)"
)
_FIGURE = {"value", "text", "query"}
#: Chart points and what they call the columns.
_POINT = ("value", "lower", "upper", "mean")


def leaves(node: Any, path: tuple = ()) -> Any:
    """Yield every figure, number and text with the path on which it stands."""
    if isinstance(node, dict) and set(node) != _FIGURE:
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from leaves(value, (*path, place))
    elif node is not None and not isinstance(node, bool):
        yield path, node


def shows(number: str, value: float) -> bool:
    """Whether a printed number is this value, rounded, in one of the units."""
    decimals = len(number.partition(".")[2])
    printed = float(number.replace(",", ""))
    half = 0.5 * 10**-decimals + 1e-6
    return any(abs(abs(value) * unit - printed) <= half for unit in _UNITS)


class Reconciliation:
    """One issue's facts beside one published file.

    ``problems`` says what does not agree, each with its path; ``counts`` how many
    figures, numbers and texts with numbers were compared.
    """

    def __init__(
        self, connection: Any, facts: dict[str, Any], verdict: dict[str, Any]
    ) -> None:
        self.facts = facts
        self.problems: list[str] = []
        self.counts: Counter[str] = Counter()
        self._connection = connection
        self._verdict = verdict
        self._week = ReportingWeek.parse(facts["issue"]["week"])
        self._known: dict[str, list[dict[str, Any]]] = {}
        self._names = self._all_names()
        for path, node in leaves(facts):
            self._check(path, node)

    def rows(self, query: str, **keys: str) -> list[dict[str, Any]]:
        """Return a query's rows for the week; asked once."""
        for name, value in {"week": self._week.key, **keys}.items():
            query = query.replace(f"{{{name}}}", value.replace("'", "''"))
        if query not in self._known:
            result = self._connection.execute(query)
            names = [column[0] for column in result.description]
            self._known[query] = [
                {
                    name: float(value) if isinstance(value, Decimal) else value
                    for name, value in zip(names, row, strict=True)
                }
                for row in result.fetchall()
            ]
        return self._known[query]

    def _all_names(self) -> list[str]:
        named = self.rows(
            "select distinct metric_name from marts.rpt_metric_definitions"
        )
        sources_named = self.rows(
            "select distinct source_name from marts.rpt_weekly_sources"
        )
        names = {row["metric_name"] for row in named}
        names |= {row["source_name"].replace("_", " ") for row in sources_named}
        return sorted(names, key=len, reverse=True)

    def _check(self, path: tuple, node: Any) -> None:
        where = "/".join(map(str, path))
        if isinstance(node, dict):
            self.counts["figures"] += 1
            self._figure(where, node)
        elif path[0] in {"schema_version", "issue", "gate", "reading_notes"}:
            self._frame(path, node)
        elif isinstance(node, int | float):
            self.counts["numbers"] += 1
            self._number(where, path, node)
        elif _NUMBER.search(node) and path[-1] not in {"metric_id", "week"}:
            self.counts["texts"] += 1
            self._text(where, path, node)

    def _figure(self, where: str, figure: dict[str, Any]) -> None:
        query, value = figure["query"], figure["value"]
        if "from marts." not in query or f"date '{self._week.key}'" not in query:
            self.problems.append(f"{where}: its query names no mart or no week")
        found = self._connection.execute(query).fetchall()
        actual = found[0][0] if found else None
        if (actual is None) != (value is None) or (
            value is not None and float(actual) != float(value)
        ):
            self.problems.append(f"{where}: {value} printed, {actual} published")
        for number in _NUMBER.findall(_WORDED.sub("", figure["text"])):
            if value is None or not shows(number, value):
                self.problems.append(f"{where}: {figure['text']} printed for {value}")

    def _frame(self, path: tuple, node: Any) -> None:
        """Compare what is not of the marts: the issue, the verdict, fixed words."""
        known = {
            ("schema_version",): 1,
            ("issue", "week"): self._week.key,
            ("issue", "week_label"): self._week.label,
            ("issue", "week_text"): f"Week {int(self._week.label[-2:])}",
            ("issue", "build_id"): self._verdict["build_id"],
            ("gate", "checks_passed"): self._verdict["checks_passed"],
            ("gate", "checks_total"): self._verdict["checks_total"],
        }
        if path in known and node != known[path]:
            self.problems.append(f"{'/'.join(map(str, path))}: {node}")
        if path[0] == "reading_notes" and node not in READING_NOTES:
            self.problems.append(f"reading_notes: {node}")
        if path[:2] == ("gate", "suites") and path[3] in {"passed", "total"}:
            self.counts["numbers"] += 1
            suite = self.facts["gate"]["suites"][path[2]]["suite"]
            checks = [
                row["state"] == "passed" or path[3] == "total"
                for row in self._verdict["outcomes"]
                if row["suite"].replace("_", " ") == suite
            ]
            if sum(checks) != node:
                self.problems.append(f"gate/suites/{suite}: {node}, judged {checks}")

    def _number(self, where: str, path: tuple, value: float) -> None:
        found = self._values(path)
        if found is None:
            self.problems.append(
                f"{where}: {value} has no source. Name its table, column and key in "
                "tests/unit/reporting/sources.py."
            )
        elif len(found) != 1 or found[0] is None:
            self.problems.append(f"{where}: {value} printed, {found} published")
        elif abs(float(found[0]) - value) > 1e-9 * max(1, abs(value)):
            self.problems.append(f"{where}: {value} printed, {found[0]} published")

    def _values(self, path: tuple) -> list[Any] | None:
        """Return the published values of one place, None where no source is named."""
        pattern = "/".join("*" if isinstance(part, int) else part for part in path)
        if pattern in sources.SCALARS:
            keys = self._keys(path)
            rows = self.rows(sources.SCALARS[pattern], **keys)
            return [next(iter(row.values())) for row in rows]
        return self._cell(path) or self._point(path)

    def _cell(self, path: tuple) -> list[Any] | None:
        for prefix, source in sources.ROWS.items():
            parts = tuple(prefix.split("/"))
            if path[: len(parts)] != parts or len(path) < len(parts) + 2:
                continue
            key = "/".join(map(str, path[len(parts) + 1 :]))
            row = self.rows(source.query)[path[len(parts)] + source.skip]
            if key in source.columns:
                return [row[column] for column in source.columns[key]]
            if key.startswith("spark/values/"):
                return [self._spark(row["theme_code"])[path[-1]]]
            if key == "spark/description":
                return [*self._spark(row["theme_code"]), row["usual_weekly_mentions"]]
        return None

    def _row(self, path: tuple) -> dict[str, Any] | None:
        """Return the published row beside the list item in which a path lies."""
        for prefix, source in sources.ROWS.items():
            parts = tuple(prefix.split("/"))
            if path[: len(parts)] == parts and len(path) > len(parts):
                return self.rows(source.query)[path[len(parts)] + source.skip]
        return None

    def _spark(self, theme: str) -> list[Any]:
        first = self._week.shift(-7).key
        rows = self.rows(
            "select mention_count from marts.agg_weekly_topics where theme_code = "
            f"'{{theme}}' and week_start between date '{first}' and date '{{week}}' "
            "order by week_start",
            theme=theme,
        )
        return [row["mention_count"] for row in rows]

    def _point(self, path: tuple) -> list[Any] | None:
        if path[:3] == ("conversations", "chart", "panels") and path[-1] == "value":
            return [self._panel_value(path[3], path[5])]
        chart = self._chart(path)
        if chart is None or path[-1] not in _POINT or path[-3] != "points":
            return None
        node = self._node(path[:-1])
        history = {row["week"]: row for row in self._history(chart)}
        row = history.get(date.fromisoformat(node["week"]))
        return [row[path[-1]] if row else None]

    def _chart(self, path: tuple) -> str | None:
        """Return the metric of the limit chart in which a path lies."""
        for pattern, query in sources.CHARTS.items():
            parts = pattern.split("/")
            start = path[: len(parts)]
            if len(start) == len(parts) and all(
                want in {"*", have} for want, have in zip(parts, start, strict=True)
            ):
                return next(
                    str(value)
                    for row in self.rows(query, **self._keys(path))
                    for value in row.values()
                )
        return None

    def _keys(self, path: tuple) -> dict[str, str]:
        """Return the code and title of the list item in which a path lies."""
        places = [index for index, part in enumerate(path) if isinstance(part, int)]
        item = self._node(path[: places[0] + 1]) if places else {}
        return {name: str(item[name]) for name in ("code", "title") if name in item}

    def _node(self, path: tuple) -> Any:
        node = self.facts
        for part in path:
            node = node[part]
        return node

    def _history(self, metric: str, weeks: int = 26) -> list[dict[str, Any]]:
        return self.rows(
            "select metric.week_start as week, metric.value, lower_limit as lower, "
            "case when unit_code = 'ratio' then least(upper_limit, 1) "
            "else upper_limit end as upper, mean_value as mean, signal_code "
            "from marts.fct_metric_weeks as metric "
            "left join marts.fct_metric_limits as limits "
            "using (metric_id, segment_kind_code, segment_code, week_start) "
            "left join (select distinct metric_id, unit_code "
            "from marts.rpt_metric_definitions) using (metric_id) "
            "where metric_id = '{metric}' and segment_kind_code = 'all' and "
            f"week_start between date '{self._week.shift(1 - weeks).key}' "
            "and date '{week}' order by week_start",
            metric=metric,
        )

    def _panel_value(self, panel: int, place: int) -> float | None:
        history = self._history(sources.CONVERSATIONS, 40)
        first = next(i for i, row in enumerate(history) if row["value"] is not None)
        values = [row["value"] for row in history[first:]]
        if panel == 0:
            return values[-6:][place]
        points = len(self.facts["conversations"]["chart"]["panels"][1]["points"])
        end = len(values) - 4 * (points - 1 - place)
        block = [value for value in values[end - 4 : end] if value is not None]
        return sum(block) / len(block) if block else None

    def _text(self, where: str, path: tuple, text: str) -> None:
        if path[0] == "definitions":
            self._definition(where, path, text)
            return
        exact = self._cell(path)
        pool = exact if exact is not None else self._pool(path)
        bare = self._without_names(text, self._row(path) or {})
        for found in _DATES.findall(bare):
            if not any(_is_day(found, value) for value in [*pool, *self._days(path)]):
                self.problems.append(f"{where}: {found} of {text!r} has no source")
        numbers = [value for value in pool if isinstance(value, int | float)]
        for number in _NUMBER.findall(_DATES.sub(" ", bare)):
            if not any(shows(number, value) for value in numbers):
                self.problems.append(f"{where}: {number} of {text!r} has no source")

    def _without_names(self, text: str, row: dict[str, Any]) -> str:
        for note in self.facts["gate"]["notes"]:
            text = text.replace(note["text"], "")
        words = [value.replace("_", " ") for value in row.values() if _is_name(value)]
        for name in [*self._names, *words]:
            text = text.replace(name, "")
        return _WORDED.sub("", text)

    def _definition(self, where: str, path: tuple, text: str) -> None:
        row = self.rows(sources.ROWS["definitions"].query)[path[1]]
        if text not in row.values():
            self.problems.append(f"{where}: {text!r} is not what is published")

    def _pool(self, path: tuple) -> list[Any]:
        """Return every published value that a sentence at a path may show."""
        metric = self._chart(path)
        if metric is not None:
            history = self._history(metric)
            known = [i for i, row in enumerate(history) if row["value"] is not None]
            shown = history[known[0] if known else 0 :]
            values = [value for row in shown for value in row.values()]
            codes = [str(row["signal_code"]).startswith("signal") for row in shown]
            return [*values, len(shown), sum(codes)]
        return self._section_pool(path[0])

    def _section_pool(self, section: str) -> list[Any]:
        queries = [
            source.query
            for prefix, source in sources.ROWS.items()
            if prefix.split("/")[0] == section
        ]
        rows = [row for query in queries for row in self.rows(query)]
        also = [
            value
            for query in sources.ALSO.get(section, ())
            for row in self.rows(query)
            for value in row.values()
        ]
        figures = [
            node["value"]
            for _, node in leaves(self.facts[section])
            if isinstance(node, dict)
        ]
        return [
            *(value for row in rows for value in row.values()),
            *also,
            *figures,
            *self._metric_pool(section),
        ]

    def _metric_pool(self, section: str) -> list[Any]:
        """Return this week's values and limits of every metric a section names."""
        metrics = [
            row["metric_id"]
            for prefix in sources.METRIC_ROWS
            if prefix.split("/")[0] == section
            for row in self._node(tuple(prefix.split("/")))
        ]
        if section == "conversations":
            metrics.append(sources.CONVERSATIONS)
        if section == "growing":
            metrics += ["advocates_net_new", "advocacy_acts"]
        if section == "outcomes":
            rows = self.rows(
                "select metric_id from marts.rpt_weekly_scorecard where "
                f"{sources.WEEK} and section_code = 'outcome'"
            )
            metrics += [row["metric_id"] for row in rows]
        weeks = 40 if section == "conversations" else 1
        found = [row for metric in metrics for row in self._history(metric, weeks)]
        values = [value for row in found for value in row.values()]
        if section == "conversations":
            panels = self.facts["conversations"]["chart"]["panels"]
            values += [
                self._panel_value(1, place) for place in range(len(panels[1]["points"]))
            ]
        return values

    def _days(self, path: tuple) -> list[Any]:
        """Return the days that any text may name: the week and the last issue."""
        issues = self.rows("select distinct issue_code from marts.rpt_restatements")
        codes = [row["issue_code"] for row in issues] if path[0] == "caveats" else []
        return [self._week.monday, *codes]


def _is_day(found: str, value: Any) -> bool:
    """Whether a date as printed is a published day, moment or issue."""
    if not isinstance(value, date):
        return found == value
    week = ReportingWeek(value_day(value) - timedelta(days=value_day(value).weekday()))
    day, month = value.day, value.strftime("%b")
    forms = {value_day(value).isoformat(), week.label, f"Week {int(week.label[-2:])}"}
    if isinstance(value, datetime):
        forms.add(f"{day} {month}, {value:%H:%M} UTC")
    return found in forms or (
        "UTC" not in found
        and found.partition(" ")[0] == str(day)
        and value.strftime("%B").startswith(found.rpartition(" ")[2])
    )


def _is_name(value: Any) -> bool:
    """Whether a published value is a name or code with letters in it."""
    return isinstance(value, str) and any(letter.isalpha() for letter in value)


def value_day(value: date) -> date:
    """Return the day of a date or a moment."""
    return value.date() if isinstance(value, datetime) else value
