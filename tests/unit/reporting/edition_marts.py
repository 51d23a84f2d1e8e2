"""A small published file for editions, with numbers that add up by hand.

October 2026 has the weeks 40 to 44. Where a figure is not told here row by row it is
the same in every week, so that a sum is that figure times the number of weeks.
"""

# ruff: noqa: E501 - a table of figures reads better with one row on one line

from __future__ import annotations

from typing import Any

import duckdb
from unit.reporting import issues

from heartshare.reporting.editions.half_year import half_year_facts
from heartshare.reporting.editions.monthly import monthly_facts
from heartshare.reporting.editions.periods import HalfYear, Month
from heartshare.weeks import ReportingWeek

OCTOBER = Month.parse("2026-10")
HALF = HalfYear.parse("2026-H1")
WEEKS = OCTOBER.weeks
FIRST = ReportingWeek.parse("2025-W36")
ORGANISATION = "Rivermark City Services"

#: Weeks 40 to 44 of October; 36 to 39 of September; and what any other week has.
NET = {"2026-10": (2, -1, 3, 0, 4), "2026-09": (1, 0, 2, 1)}
CONVERSATIONS = {"2026-10": (20, 25, 30, 15, 35), "2026-09": (20, 20, 24, 20)}
#: Supporters, and all who took sides: 140 of 220 is 64%; the mean of rates is 62%.
SIDES = ((30, 50), (20, 40), (45, 60), (12, 20), (33, 50))
SIGNALS = ("routine", "routine", "signal_up", "routine", "routine")
#: Stage, people at the start, and who enters, moves up and moves down each week.
STAGES = (
    ("observed", "Observed", 800, 20, 12, 0),
    ("participating", "Participating", 300, 12, 5, 3),
    ("identified", "Identified", 120, 5, 1, 2),
    ("activated", "Activated", 80, 1, 1, 0),
    ("nurtured", "Nurtured", 50, 2, 1, 1),
    ("empowered", "Empowered", 45, 3, 2, 1),
    ("advocate", "Advocate", 40, 3, 0, 1),
)
#: Week, kind, listed, accepted, done, declined, ignored, mature, reported.
SUGGESTIONS = (
    ("2026-W40", "connect", 5, 0, 0, 0, None, True, False),
    ("2026-W40", "invite", 5, 0, 0, 0, None, True, False),
    ("2026-W41", "connect", 5, 0, 0, 0, None, True, False),
    ("2026-W41", "invite", 5, 0, 0, 0, None, True, False),
    ("2026-W42", "connect", 6, 2, 1, 1, 2, True, True),
    ("2026-W42", "invite", 4, 1, 0, 2, 1, True, True),
    ("2026-W43", "connect", 5, 1, 0, 1, 0, False, True),
    ("2026-W43", "invite", 5, 0, 2, 0, 0, False, True),
    ("2026-W44", "connect", 5, 0, 0, 0, 0, False, True),
    ("2026-W44", "invite", 5, 0, 0, 0, 0, False, True),
)
#: Person, answer, day of the answer, day on which the person moved up.
TAKEN = (
    ("p1", "accepted", "2026-10-14", "2026-10-20"),
    ("p2", "accepted", "2026-10-14", "2026-10-12"),
    ("p3", "done", "2026-10-15", "2026-10-30"),
    ("p4", "accepted", "2026-10-21", None),
    ("p5", "done", "2026-10-22", "2026-11-05"),
    ("p6", "done", "2026-10-22", None),
    ("p7", "declined", "2026-10-22", "2026-10-30"),
)
#: Status and net tone of each week with its interval.
TONE = (
    ("stale", None, None, None),
    ("calibrated", 0.5, 0.4, 0.6),
    ("calibrated", 0.3, 0.2, 0.4),
    ("calibrated", 0.42, 0.3, 0.54),
    ("stale", None, None, None),
)
#: Runs, held runs, passed, checks, waived, last verdict.
GATE = (
    (1, 0, 83, 83, 0, "clean"),
    (2, 1, 83, 83, 0, "clean"),
    (1, 0, 82, 83, 1, "published_with_notes"),
    (1, 0, 83, 83, 0, "clean"),
    (1, 0, 83, 83, 0, "clean"),
)
METRICS = (
    ("advocates_net_new", "Net new advocates", "count", True),
    ("two_way_conversations", "Quality conversations", "count", False),
    ("unprompted_mention_authors", "People who mention us unprompted", "count", False),
    ("favourability", "Favourability", "ratio", False),
    ("actions_taken", "Leads and downloads", "count", False),
    ("leads", "Leads", "count", False),
)
_STEADY = {"unprompted_mention_authors": 90, "actions_taken": 60, "leads": 12}
_OUTCOMES = (
    ("unprompted_mention_authors", "mindshare"),
    ("favourability", "heartshare"),
    ("actions_taken", "action"),
    ("leads", None),
)


def open_marts(path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Return a connection to a fresh small published file, in memory if not named."""
    connection = duckdb.connect(path)
    connection.execute("create schema marts")
    for build in (_metrics, _funnel, _suggestions, _followers, _books, _employees):
        build(connection)
    return connection


def month_facts(connection: Any, **more: Any) -> dict[str, Any]:
    """Return the facts of October 2026."""
    verdict = issues.verdict(week=OCTOBER.closing_week)
    return monthly_facts(
        connection, verdict, OCTOBER, organisation=ORGANISATION, **more
    )


def half_facts(connection: Any) -> dict[str, Any]:
    """Return the facts of the first half of 2026."""
    verdict = issues.verdict(week=HALF.closing_week)
    return half_year_facts(connection, verdict, HALF, organisation=ORGANISATION)


def _table(connection: Any, name: str, columns: str, rows: list[tuple]) -> None:
    connection.execute(f"create table marts.{name} ({columns})")
    if rows:
        places = ", ".join("?" for _ in rows[0])
        values = ", ".join(f"({places})" for _ in rows)
        flat = [value for row in rows for value in row]
        connection.execute(f"insert into marts.{name} values {values}", flat)


def _all_weeks() -> list[ReportingWeek]:
    return list(FIRST.until(OCTOBER.closing_week))


def _value(metric_id: str, week: ReportingWeek) -> tuple[float, float, float | None]:
    """Return value, numerator and denominator of a metric in a week."""
    month = Month.of_week(week)
    place = month.weeks.index(week)
    if metric_id == "favourability":
        part, whole = SIDES[place] if month == OCTOBER else (25, 50)
        return part / whole, part, whole
    if metric_id in _STEADY:
        value = _STEADY[metric_id]
    else:
        told = NET if metric_id == "advocates_net_new" else CONVERSATIONS
        usual = 1 if told is NET else 10 + place
        value = told[month.label][place] if month.label in told else usual
    return value, value, None


def _metrics(connection: Any) -> None:
    values, limits = [], []
    for metric_id, *_ in METRICS:
        for week in _all_weeks():
            row = (metric_id, 1, week.key, "all", "all", *_value(metric_id, week))
            values.append((*row, 100, 1.0, True, False))
            code = "routine"
            if week in WEEKS and metric_id == "advocates_net_new":
                code = SIGNALS[WEEKS.index(week)]
            limits.append((metric_id, "all", "all", week.key, code))
    _table(connection, "fct_metric_weeks",
           "metric_id varchar, metric_version integer, week_start date, "
           "segment_kind_code varchar, segment_code varchar, value double, "
           "numerator double, denominator double, n bigint, coverage_ratio double, "
           "is_mature boolean, is_definition_break boolean", values)  # fmt: skip
    _table(connection, "fct_metric_limits",
           "metric_id varchar, segment_kind_code varchar, segment_code varchar, "
           "week_start date, signal_code varchar", limits)  # fmt: skip
    _table(connection, "fct_process_changes",
           "metric_id varchar, changed_on date, limits_since_week date, "
           "reason_text varchar, is_judged boolean", [])  # fmt: skip
    _table(connection, "rpt_metric_definitions",
           "metric_id varchar, metric_version integer, valid_from date, "
           "metric_name varchar, unit_code varchar, metric_kind_code varchar, "
           "is_signed boolean, better_direction_code varchar, question_text varchar, formula_text varchar, "
           "grain_text varchar",
           [(one, 1, "2025-01-01", name, unit,
             "flow" if unit == "count" else "rate", signed, "up", "What?", "A sum", "week")
            for one, name, unit, signed in METRICS])  # fmt: skip
    _table(connection, "rpt_weekly_scorecard",
           "week_start date, section_code varchar, position integer, "
           "metric_id varchar, outcome_code varchar",
           [(WEEKS[-1].key, "outcome", place, *row)
            for place, row in enumerate(_OUTCOMES)])  # fmt: skip


def _funnel(connection: Any) -> None:
    rows = []
    for number, (code, name, start, entered, up, down) in enumerate(STAGES):
        for place, week in enumerate(WEEKS):
            before = start + place * (entered - up - down)
            stuck = code == "identified" and place >= 2
            signal = "signal_down" if stuck else "routine"
            last = code == "advocate"
            rows.append(
                (week.key, number, code, name, before + entered - up - down, before,
                 entered, up + down, up, down, *((None,) * 3 if last else (3, 20, 0.15)),
                 "no_limits" if last else signal, stuck)
            )  # fmt: skip
    columns = (
        "week_start date, stage_number integer, stage_code varchar, stage_name varchar,"
        " member_count bigint, previous_member_count bigint, entered_count bigint, "
        "left_count bigint, moved_up_count bigint, moved_down_count bigint, "
        "move_on_count bigint, move_on_base_count bigint, move_on_ratio double, "
        "signal_code varchar, is_stuck boolean"
    )
    _table(connection, "agg_weekly_funnel", columns, rows)
    last_week = [row for row in rows if row[0] == WEEKS[-1].key]
    _table(connection, "rpt_weekly_funnel", columns, last_week)


def _suggestions(connection: Any) -> None:
    rows = []
    for label, kind, listed, accepted, done, declined, ignored, *rest in SUGGESTIONS:
        week = ReportingWeek.parse(label).key
        taken = accepted + done
        row = (week, kind, listed, accepted, done, declined, ignored)
        rows.append((*row, taken, taken + declined, *rest))
    for week in WEEKS:
        mine = [row for row in rows if row[0] == week.key]
        sums = [
            None if mine[0][at] is None else sum(row[at] for row in mine)
            for at in range(2, 9)
        ]
        rows.append((week.key, "all", *sums, *mine[0][9:]))
    _table(connection, "agg_suggestion_outcomes",
           "week_start date, kind_code varchar, listed_count bigint, "
           "accepted_count bigint, done_count bigint, declined_count bigint, "
           "ignored_count bigint, taken_count bigint, answered_count bigint, "
           "is_mature boolean, is_reported boolean", rows)  # fmt: skip
    _table(connection, "fct_suggestions",
           "week_start date, person_key varchar, response_code varchar, "
           "responded_at timestamp",
           [(WEEKS[2].key, who, answer, on) for who, answer, on, _ in TAKEN])  # fmt: skip
    _table(connection, "fct_funnel_transitions",
           "person_key varchar, moved_on date, direction_code varchar",
           [(who, on, "up") for who, _, _, on in TAKEN if on])  # fmt: skip
    _table(connection, "rpt_weekly_actions",
           "week_start date, rank integer, action_code varchar, owner_name varchar, "
           "theme_code varchar, theme_name varchar, subject_code varchar, "
           "person_count bigint, evidence_count bigint, due_on date, "
           "reason_metric_id varchar, reason_value double",
           [(WEEKS[-1].key, 1, "answer_open_requests", "Customer services", "permits",
             "Permits", "permits", 38, 52, "2026-11-06", None, None),
            (WEEKS[-1].key, 2, "contact_identified_people", "Community team", None,
             None, "identified", 31, 44, "2026-11-06", None, None)])  # fmt: skip


def _followers(connection: Any) -> None:
    """X counts both ways, LinkedIn who joined, Facebook only how many there are."""
    rows = []
    for platform, start, gained, lost, net in (
        ("facebook", 500, None, None, 5),
        ("linkedin", 300, 6, None, 4),
        ("x", 1000, 10, 4, 6),
    ):
        opening = start
        for week in WEEKS:
            closing = opening + net
            if platform == "x" and week == WEEKS[2]:
                closing -= 1
            rows.append((week.key, platform, f"key-{platform}", "rivermark", opening,
                         gained, lost, closing))  # fmt: skip
            opening = closing
    _table(connection, "agg_weekly_followers",
           "week_start date, platform_code varchar, account_key varchar, "
           "account_handle varchar, opening_count bigint, gained_count bigint, "
           "lost_count bigint, closing_count bigint", rows)  # fmt: skip


def _books(connection: Any) -> None:
    _table(connection, "agg_weekly_tone",
           "week_start date, segment_kind_code varchar, calibration_status_code "
           "varchar, calibrated_net_sentiment double, net_sentiment_lower_bound "
           "double, net_sentiment_upper_bound double, text_count bigint, "
           "labelled_count bigint",
           [(week.key, "all", *row, 250, 0 if row[1] is None else 110)
            for week, row in zip(WEEKS, TONE, strict=True)])  # fmt: skip
    _table(connection, "agg_gate_weeks",
           "week_start date, run_count bigint, blocked_run_count bigint, passed_count "
           "bigint, check_count bigint, waived_count bigint, verdict_code varchar",
           [(week.key, *row) for week, row in zip(WEEKS, GATE, strict=True)])  # fmt: skip
    _table(connection, "agg_outcome_progression",
           "cohort_month date, may_be_older boolean, mature_person_count bigint, "
           "supporter_count bigint, supporter_ratio double, supporter_action_count "
           "bigint, progression_ratio double",
           [("2026-01-01", True, 90, 40, 40 / 90, 20, 20 / 90),
            ("2026-05-01", False, 80, 32, 0.4, 16, 0.2),
            ("2026-06-01", False, 100, 45, 0.45, 18, 0.18),
            ("2026-07-01", False, 4, 2, 0.5, 1, 0.25),
            ("2026-10-01", False, 0, 0, None, 0, None)])  # fmt: skip
    _table(connection, "rpt_restatements",
           "week_start date, segment_kind_code varchar",
           [(WEEKS[-1].key, "all"), (WEEKS[-1].key, "all"),
            (WEEKS[-1].key, "platform")])  # fmt: skip


#: Points, leads, downloads, conversations, network, points as known now.
PLACES = (
    (60.0, 3.0, 8.0, 6, 400, 60.0),
    (41.0, 2.0, 6.0, 3, 1000, 41.0),
    (20.0, 2.0, 0.0, 0, None, 30.0),
    (20.0, 2.0, 0.0, 0, 250, 20.0),
    (5.0, 0.0, 1.0, 2, 300, 5.0),
    (0.0, 0.0, 0.0, 0, 300, 0.0),
)
RANKS = (1, 2, 3, 3, 5, 6)
#: Acts of award winners before and after, and those of their peers.
EFFECTS = ((10, 15, 20, 18), (0, 4, 5, 5), (5, 5, 10, 10), (5, 7, None, None),
           (20, 17, 15, 15), (10, 12, 10, 10))  # fmt: skip


def _employees(connection: Any) -> None:
    first = HALF.first_day.isoformat()
    _table(connection, "agg_halfyear_recognition",
           "person_key varchar, period_start date, frozen_on date, is_frozen boolean, "
           "rank_number bigint, is_recognised boolean, is_vacant boolean, impact_points double, "
           "lead_count double, download_count double, conversation_count bigint, "
           "first_result_at timestamp, network_count bigint, "
           "impact_points_rate_per_1000_connections double, current_impact_points "
           "double, adjustment_note varchar",
           [(f"e{at}", first, "2026-07-07", True, rank, rank <= 3, False, *row[:4],
             "2026-01-08", row[4], row[4] and 1000 * row[0] / row[4], row[5],
             None if row[5] == row[0] else "more was known later")
            for at, (rank, row) in enumerate(zip(RANKS, PLACES, strict=True))])  # fmt: skip
    _table(connection, "agg_weekly_employees",
           "week_start date, enrolled_count bigint, linked_count bigint, "
           "dormant_count bigint, consumer_count bigint, sharer_zone_count bigint, "
           "creator_zone_count bigint, socially_engaged_count bigint, "
           "sharer_count bigint, earlier_creator_count bigint, "
           "retained_creator_count bigint",
           [(HALF.weeks[0].shift(-1).key, 8, 7, 2, 3, 1, 1, 0, 2, 1, 1),
            (HALF.weeks[-1].key, 9, 8, 1, 3, 2, 1, 1, 4, 3, 2)])  # fmt: skip
    weeks = (*HALF.weeks[:8], *HALF.weeks[-2:], HALF.weeks[-1].shift(1))
    _table(connection, "fct_employee_shares",
           "occurred_week date, has_commentary boolean",
           [(week.key, at % 5 < 2) for at, week in enumerate(weeks)])  # fmt: skip
    _table(connection, "fct_recognition_ledger",
           "entered_on date, entry_kind_code varchar",
           [("2026-02-01", "award"), ("2026-03-01", "award"), ("2026-03-20", "award"),
            ("2026-04-02", "reversal"), ("2026-05-02", "restoration"),
            ("2026-07-02", "award")])  # fmt: skip
    _table(connection, "fct_recognition_effects",
           "person_key varchar, entered_on date, before_count bigint, after_count "
           "bigint, peer_before_count bigint, peer_after_count bigint",
           [(f"e{at}", "2026-03-01", *row) for at, row in enumerate(EFFECTS)])  # fmt: skip
