"""A small published file with seeded numbers, shaped like the real one.

``build(connection, ...)`` writes schema marts; tests then change single rows to tell
their story. Figures are invented; columns are those of the dbt models.
"""

# ruff: noqa: E501 - a table of figures reads better with one row on one line

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
WEEKS = 42

STAGES = (
    (0, "observed", "Observed", 842),
    (1, "participating", "Participating", 311),
    (2, "identified", "Identified", 124),
    (3, "activated", "Activated", 86),
    (4, "nurtured", "Nurtured", 58),
    (5, "empowered", "Empowered", 47),
    (6, "advocate", "Advocate", 43),
)

THEMES = (
    ("permits", "Permits and licences", 0.30),
    ("streets", "Safer streets", 0.25),
    ("parks", "Parks and green space", 0.15),
    ("recycling", "Recycling", 0.15),
    ("digital", "Digital services", 0.15),
)

# metric_id: name, unit, level, kind, better, mean, spread
METRICS: dict[str, tuple[str, str, str, str, str, float, float]] = {
    "advocates_net_new": ("Net new advocates", "count", "outcome", "flow", "up", 1.1, 1.6),
    "advocates": ("Advocates", "count", "outcome", "stock", "up", 43, 0),
    "advocacy_acts": ("Advocacy acts", "count", "outcome", "flow", "up", 61, 8),
    "unprompted_mention_authors": ("People who mention us unprompted", "count", "out-take", "flow", "up", 96, 9),
    "favourability": ("Favourability", "ratio", "out-take", "rate", "up", 0.61, 0.03),
    "actions_taken": ("Leads and downloads", "count", "impact", "flow", "up", 74, 9),
    "leads": ("Leads", "count", "impact", "flow", "up", 21, 4),
    "downloads": ("Downloads", "count", "impact", "flow", "up", 53, 7),
    "response_rate_24h": ("Answered within a day", "ratio", "out-take", "rate", "up", 0.66, 0.05),
    "response_rate_72h": ("Answered within three days", "ratio", "out-take", "rate", "up", 0.81, 0.04),
    "time_to_first_response_p50_hours": ("Median time to a first reply", "hours", "out-take", "duration", "down", 7.4, 0.9),
    "time_to_first_response_p90_hours": ("Nine in ten replies come within", "hours", "out-take", "duration", "down", 61, 6),
    "broadcast_ratio": ("Broadcast ratio", "ratio", "output", "rate", "down", 0.31, 0.03),
    "dialogic_loop_ratio": ("Two-way threads", "ratio", "out-take", "rate", "up", 0.28, 0.025),
    "reciprocity": ("Reciprocity", "ratio", "out-take", "rate", "up", 0.36, 0.03),
    "personal_address_ratio": ("Replies that address the person", "ratio", "output", "rate", "up", 0.55, 0.05),
    "peer_to_peer_ratio": ("People answering each other", "ratio", "out-take", "rate", "up", 0.42, 0.03),
    "thread_depth": ("Exchanges per thread", "rate", "out-take", "rate", "up", 2.3, 0.15),
    "two_way_conversations": ("Quality conversations", "count", "out-take", "flow", "up", 58, 7),
    "conversation_rate": ("Comments per post", "rate", "out-take", "rate", "up", 4.8, 0.6),
    "amplification_rate": ("Shares per post", "rate", "out-take", "rate", "up", 2.6, 0.4),
    "applause_rate": ("Reactions per post", "rate", "output", "rate", "up", 31, 4),
    "deep_engagement_ratio": ("Deep engagement", "ratio", "out-take", "rate", "up", 0.19, 0.02),
    "net_sentiment": ("Net tone", "rate", "out-take", "rate", "up", 0.14, 0.05),
    "scored_ratio": ("Posts whose tone is scored", "ratio", "input", "rate", "none", 0.93, 0.01),
    "mention_volume": ("Mentions", "count", "output", "flow", "none", 240, 25),
    "unique_authors": ("People talking", "count", "out-take", "flow", "up", 143, 12),
    "follower_net": ("Net followers", "count", "output", "flow", "up", 25, 18),
    "churn_rate": ("Follower churn", "ratio", "output", "rate", "down", 0.0016, 0.0003),
}  # fmt: skip

SIGNED = {"advocates_net_new", "follower_net", "net_sentiment"}
_NO_LIMITS = {"stock", "duration"}


def mondays() -> list[date]:
    """Return the Mondays of the history, oldest first."""
    return [WEEK.monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def build(connection: Any, *, seed: int = 7, weeks: int = WEEKS) -> None:
    """Write every table that the report reads, for the last weeks of the history."""
    connection.execute("create schema marts")
    rng = random.Random(seed)
    days = mondays()[-weeks:]
    _metrics(connection, rng, days)
    _funnel(connection, rng, days)
    _topics(connection, rng, days)
    _tone(connection, days)
    _accounts(connection, rng)
    _actions(connection)
    _programme(connection, days)


def _table(connection: Any, name: str, columns: str, rows: list[tuple]) -> None:
    connection.execute(f"create table marts.{name} ({columns})")
    if rows:
        values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
        connection.execute(f"insert into marts.{name} values {values}")


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return repr(value).lower()
    return f"'{value}'"


def _series(rng: random.Random, metric_id: str, count: int) -> list[float]:
    _, unit, _, _, _, mean, spread = METRICS[metric_id]
    values = [rng.gauss(mean, spread) for _ in range(WEEKS)]
    if metric_id == "actions_taken":
        values[-2:] = [mean * 0.62, mean * 0.55]
    if metric_id == "response_rate_24h":
        values[-9:] = [mean - 0.03 - abs(rng.gauss(0, 0.01)) for _ in range(9)]
    if metric_id == "personal_address_ratio":
        values[-3:] = [mean * 0.7, mean * 0.5, mean * 0.3]
    if metric_id == "advocates_net_new":
        values[-1] = 2
    decimals = 0 if unit == "count" else 5
    return [round(value, decimals) for value in values[-count:]]


def _signal(value: float, low: float, high: float, run: int) -> str:
    if value > high:
        return "signal_up"
    if value < low:
        return "signal_down"
    if abs(run) >= 8:
        return "watch_up" if run > 0 else "watch_down"
    return "routine"


def _limits(metric_id: str, days: list[date], values: list[float]) -> list[tuple]:
    """Limits from the first twenty weeks of what came before, as the models do."""
    kind = METRICS[metric_id][3]
    rows = []
    run = 0
    for index, day in enumerate(days):
        base = values[max(0, min(index, 20) - 20) : min(index, 20)]
        if kind in _NO_LIMITS:
            continue
        if len(base) < 8:
            empty = (None,) * 5
            rows.append(
                (
                    metric_id,
                    "all",
                    "all",
                    day,
                    values[index],
                    len(base),
                    *empty,
                    "too_early",
                )
            )
            continue
        mean = sum(base) / len(base)
        moving = sum(abs(b - a) for a, b in pairwise(base)) / (len(base) - 1)
        low, high = mean - 2.66 * moving, mean + 2.66 * moving
        if metric_id not in SIGNED:
            low = max(low, 0.0)
        side = 1 if values[index] > mean else -1
        run = run + side if run * side > 0 else side
        code = _signal(values[index], low, high, run)
        rows.append(
            (metric_id, "all", "all", day, values[index], len(base), mean, moving, low, high, 0.05, code)
        )  # fmt: skip
    return rows


def _metrics(connection: Any, rng: random.Random, days: list[date]) -> None:
    weeks, limits, definitions = [], [], []
    known: dict[str, tuple[list[float], list[tuple]]] = {}
    for metric_id, (name, unit, level, kind, better, *_rest) in METRICS.items():
        values = _series(rng, metric_id, len(days))
        if metric_id == "advocates":
            net = known["advocates_net_new"][0]
            values = [43 - sum(net[index + 1 :]) for index in range(len(days))]
        mine = _limits(metric_id, days, values)
        known[metric_id] = (values, mine)
        limits += mine
        for day, value in zip(days, values, strict=True):
            mature = not (metric_id == "conversation_rate" and day == days[-1])
            weeks.append(
                (
                    metric_id,
                    1,
                    day,
                    "all",
                    "all",
                    value,
                    None,
                    None,
                    240,
                    0.93,
                    mature,
                    False,
                )
            )
        definitions.append(
            (metric_id, 1, date(2026, 1, 1), name, f"What does {name.lower()} say?",
             f"How {name.lower()} is computed, in one line of plain words.",
             "organisation x week", "community_team", unit, level, kind, better,
             metric_id in SIGNED, "metrics.md", True),
        )  # fmt: skip
    _table(connection, "fct_metric_weeks",
           "metric_id varchar, metric_version integer, week_start date, segment_kind_code varchar, "
           "segment_code varchar, value double, numerator double, denominator double, n bigint, "
           "coverage_ratio double, is_mature boolean, is_definition_break boolean", weeks)  # fmt: skip
    _table(connection, "fct_metric_limits",
           "metric_id varchar, segment_kind_code varchar, segment_code varchar, week_start date, "
           "value double, baseline_week_count bigint, mean_value double, moving_range_value double, "
           "lower_limit double, upper_limit double, lag1_autocorrelation double, signal_code varchar",
           limits)  # fmt: skip
    connection.execute(
        "alter table marts.fct_metric_limits add column late_week_count bigint default 0"
    )
    _table(connection, "fct_reply_requests",
           "platform_code varchar, theme_code varchar, occurred_at timestamp, "
           "answered_at timestamp", [])  # fmt: skip
    _table(connection, "fct_process_changes",
           "metric_id varchar, changed_on date, limits_since_week date, reason_text varchar, "
           "is_judged boolean", [])  # fmt: skip
    _table(connection, "rpt_metric_definitions",
           "metric_id varchar, metric_version integer, valid_from date, metric_name varchar, "
           "question_text varchar, formula_text varchar, grain_text varchar, owner_name varchar, "
           "unit_code varchar, amec_level_code varchar, metric_kind_code varchar, "
           "better_direction_code varchar, is_signed boolean, source_text varchar, is_weekly boolean", definitions)  # fmt: skip
    _scorecard(connection, days, known)


_SECTIONS = {
    "growing": ("advocates_net_new", "advocates", "advocacy_acts"),
    "outcome": (
        "unprompted_mention_authors", "favourability", "actions_taken", "leads",
        "downloads",
    ),
    "dialogue": (
        "response_rate_24h", "response_rate_72h", "time_to_first_response_p50_hours",
        "dialogic_loop_ratio", "broadcast_ratio", "reciprocity",
        "personal_address_ratio", "peer_to_peer_ratio", "thread_depth",
        "two_way_conversations",
    ),
    "listen": ("mention_volume", "unique_authors", "net_sentiment", "scored_ratio"),
    "engagement": (
        "conversation_rate", "amplification_rate", "applause_rate",
        "deep_engagement_ratio",
    ),
}  # fmt: skip
_OBJECTIVES = {
    "unprompted_mention_authors": ("mindshare", 80.0, 120.0),
    "favourability": ("heartshare", 0.55, 0.65),
    "actions_taken": ("action", 60.0, 100.0),
}


def _scorecard(connection: Any, days: list[date], known: dict) -> None:
    rows = []
    for section, ids in _SECTIONS.items():
        for position, metric_id in enumerate(ids, start=1):
            values, limits = known[metric_id]
            last = limits[-1] if limits else (None,) * 11 + ("no_limits",)
            outcome, base, target = _OBJECTIVES.get(metric_id, (None, None, None))
            index = None
            if outcome:
                index = max(-100, min(150, 100 * (values[-1] - base) / (target - base)))
            previous = values[-2] if len(values) > 1 else None
            rows.append(
                (days[-1], section, position, metric_id, METRICS[metric_id][0],
                 METRICS[metric_id][1], values[-1], previous, None, None, 240, 0.93,
                 metric_id != "conversation_rate", last[11], last[8], last[9],
                 outcome, base, target, index)
            )  # fmt: skip
    _table(connection, "rpt_weekly_scorecard",
           "week_start date, section_code varchar, position integer, metric_id varchar, "
           "metric_name varchar, unit_code varchar, value double, previous_value double, "
           "numerator double, denominator double, n bigint, coverage_ratio double, "
           "is_mature boolean, signal_code varchar, lower_limit double, upper_limit double, "
           "outcome_code varchar, baseline_value double, target_value double, index_value double",
           rows)  # fmt: skip


def _funnel(connection: Any, rng: random.Random, days: list[date]) -> None:
    history, current = [], []
    rates = (0.22, 0.19, 0.16, 0.30, 0.33, 0.24, None)
    for number, code, name, members in STAGES:
        size = members
        for day in reversed(days):
            entered, left = rng.randint(2, 9), rng.randint(1, 8)
            base = max(12, members // 4)
            rate = rates[number]
            moved = None if rate is None else round(base * rate)
            if number == 2 and day == days[-1]:
                moved = 1
            ratio = None if moved is None else moved / base
            row = (
                day, number, code, name, size, size - entered + left, entered, left,
                rng.randint(0, left), rng.randint(0, 2), size - entered,
                moved, None if moved is None else base, ratio,
                None if ratio is None else ratio * 1.8,
                None if ratio is None else base, 20.0 + 5 * number,
            )  # fmt: skip
            history.append(row)
            size = size - entered + left
            if day == days[-1]:
                is_stuck = number == 2
                low = None if ratio is None else rates[number] - 0.04
                high = None if ratio is None else rates[number] + 0.05
                signal = (
                    "signal_down" if is_stuck else "routine" if ratio else "no_limits"
                )
                waiting = 31 if is_stuck else None
                current.append((*row, low, high, signal, is_stuck, waiting))
    columns = (
        "week_start date, stage_number integer, stage_code varchar, stage_name varchar, "
        "member_count bigint, previous_member_count bigint, entered_count bigint, "
        "left_count bigint, moved_up_count bigint, moved_down_count bigint, "
        "held_count bigint, move_on_count bigint, move_on_base_count bigint, "
        "move_on_ratio double, conversion_90d_ratio double, "
        "conversion_90d_base_count bigint, median_days_in_stage double"
    )
    _table(connection, "agg_weekly_funnel", columns, history)
    _table(connection, "rpt_weekly_funnel",
           columns + ", usual_low_ratio double, usual_high_ratio double, signal_code varchar, "
           "is_stuck boolean, waiting_count bigint", current)  # fmt: skip


def _tone(connection: Any, days: list[date]) -> None:
    columns = {
        "calibration_status_code": "varchar", "last_calibrated_week": "date",
        "text_count": "bigint", "scored_count": "bigint", "scored_ratio": "double",
        "author_count": "bigint", "labelled_count": "bigint",
        "naive_net_sentiment": "double", "calibrated_net_sentiment": "double",
        "net_sentiment_lower_bound": "double", "net_sentiment_upper_bound": "double",
        "net_sentiment_change": "double", "is_net_sentiment_comparable": "boolean",
    }  # fmt: skip
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    _table(connection, "rpt_weekly_tone",
           f"week_start date, segment_kind_code varchar, segment_code varchar, {typed}",
           [(days[-1], "all", "all", "calibrated", days[-1], 425, 412, 0.969411765, 231, 180, 0.31, 0.12, 0.03, 0.21, None, True),
            (days[-1], "platform", "reddit", "uncalibrated", None, 100, 90, 0.9, 60, 0, 0.2, None, None, None, None, False)])  # fmt: skip
    _table(connection, "rpt_weekly_emerging",
           "week_start date, rank bigint, issue_kind_code varchar, issue_code varchar, term_list varchar, "
           "started_on date, burst_score double, z_score double, mention_count bigint, author_count bigint, "
           "evidence_keys varchar, term_evidence_code varchar",
           [(days[-1], 1, "theme", "permits", "permit|renew", days[-1], 9.4, 14.2, 87, 61, "a,b", "enough"),
            (days[-1], 2, "term", "tram strike", "tram strike|strike", days[-1] + timedelta(days=1), None, 9.1, 24, 19, "c", "enough")])  # fmt: skip


def _segments(connection: Any, day: date) -> None:
    """Two platforms, a third with too few people, and a stage of the same people."""
    needs = ("need_count", "open_need_count", "expectation_count", "met_expectation_count",
             "unmet_expectation_count", "pending_expectation_count")  # fmt: skip
    aspects = ("trust", "competence", "openness", "fairness", "service", "value")
    counts = [
        f"{one}_{kind}_count" for one in aspects for kind in ("sentence", "positive")
    ]
    typed = ", ".join(f"{name} bigint" for name in (*needs, *counts))
    nothing = (0, None) * 2
    _table(connection, "agg_segment_aspine",
           f"week_start date, segment_kind_code varchar, segment_code varchar, {typed}",
           [(day, "platform", "discourse", 500, 90, 30, 20, 8, 2, 12, 5, *nothing, 4, None, 100, 94, 0, 0),
            (day, "platform", "reddit", 200, 46, 11, 6, 4, 1, 4, None, *nothing, 8, 7, 44, 40, 0, 0),
            (day, "platform", "mastodon", *[None] * 18),
            (day, "stage", "identified", 300, 20, 9, 9, 0, 0, 5, 5, *nothing, 0, None, 60, 60, 0, 0)])  # fmt: skip


def _topics(connection: Any, rng: random.Random, days: list[date]) -> None:
    topics, issues, alignment = [], [], []
    usual = {"permits": 19, "streets": 44, "parks": 36, "recycling": 28, "digital": 22}
    for code, name, weight in THEMES:
        for day in days:
            burst = code == "permits" and day == days[-1]
            mentions = 87 if burst else max(3, round(rng.gauss(usual[code], 5)))
            authors = round(mentions * 0.7)
            negative = round(mentions * (0.61 if burst else 0.22))
            positive = round(mentions * (0.12 if burst else 0.38))
            neutral = mentions - negative - positive
            net = (positive - negative) / mentions
            topics.append(
                (day, code, mentions, authors, positive, neutral, negative, 0.93, net,
                 net, 14 if burst else 3, 5 if burst else 2, 33 if burst else 2, 4,
                 9.4 if burst else 0.6, burst,
                 day + timedelta(days=1) if burst else None, usual[code] / 7)
            )  # fmt: skip
        last = topics[-1]
        issues.append(
            (days[-1], 0, code, name, last[2], topics[-2][2] if len(days) > 1 else None,
             last[3], usual[code], last[14], last[15], last[16], last[8], 0.93, last[10],
             last[11], last[12], last[13])
        )  # fmt: skip
        ours = {"permits": 0.12, "streets": 0.27, "parks": 0.26}.get(code, 0.16)
        talk = last[2] / 240
        alignment.append((days[-1], code, name, weight, talk, ours, weight - ours))
    issues.sort(key=lambda row: -row[4])
    issues = [(row[0], rank, *row[2:]) for rank, row in enumerate(issues, start=1)]
    _table(connection, "agg_weekly_topics",
           "week_start date, theme_code varchar, mention_count bigint, author_count bigint, "
           "positive_count bigint, neutral_count bigint, negative_count bigint, scored_ratio double, "
           "net_sentiment double, person_net_sentiment double, question_count bigint, "
           "request_count bigint, complaint_count bigint, praise_count bigint, burst_score double, "
           "is_burst boolean, burst_on date, usual_daily_mentions double", topics)  # fmt: skip
    _table(connection, "rpt_weekly_issues",
           "week_start date, rank integer, theme_code varchar, theme_name varchar, "
           "mention_count bigint, previous_mention_count bigint, author_count bigint, "
           "usual_weekly_mentions double, burst_score double, is_burst boolean, burst_on date, "
           "net_sentiment double, scored_ratio double, question_count bigint, "
           "request_count bigint, complaint_count bigint, praise_count bigint", issues)  # fmt: skip
    _table(connection, "rpt_weekly_alignment",
           "week_start date, theme_code varchar, theme_name varchar, weight_ratio double, "
           "conversation_ratio double, org_content_ratio double, content_gap_ratio double",
           alignment)  # fmt: skip


ACCOUNTS = (
    ("facebook", "rivermark", "Rivermark on Facebook", 12480, None, None, 14),
    ("instagram", "rivermark", "Rivermark on Instagram", 6120, None, None, 22),
    (
        "linkedin",
        "rivermark-city-services",
        "Rivermark on LinkedIn",
        4305,
        19,
        None,
        19,
    ),
    ("x", "RivermarkCity", "Rivermark on X", 9755, 21, 45, -24),
    ("youtube", "rivermarktv", "Rivermark on YouTube", 1210, None, None, 3),
)


def _accounts(connection: Any, rng: random.Random) -> None:
    day = WEEK.monday
    followers, styles, volume = [], [], []
    for platform, handle, _name, closing, gained, lost, net in ACCOUNTS:
        churn = None if lost is None else lost / (closing - net)
        followers.append(
            (day, platform, handle, closing - net, gained, lost, 0 if lost else None,
             closing, churn, net)
        )  # fmt: skip
        is_x = platform == "x"
        styles.append(
            (day, platform, handle, "promo" if is_x else "dialogue", 6 if is_x else 2,
             1 if is_x else 5, 1, 5 if is_x else 1,
             None if lost is None else 1000 * lost / (closing - net),
             1.3 if is_x else None, is_x, date(2026, 9, 7) if is_x else None, is_x)
        )  # fmt: skip
        volume.append(
            (day, platform, handle, closing, rng.randint(4, 15), rng.randint(9, 60) * 1000,
             rng.randint(4, 40) * 1000, None if is_x else rng.randint(4, 30) * 1000,
             rng.randint(90, 900))
        )  # fmt: skip
    _table(connection, "rpt_weekly_followers",
           "week_start date, platform_code varchar, account_handle varchar, opening_count bigint, "
           "gained_count bigint, lost_count bigint, adjustment_count bigint, closing_count bigint, "
           "churn_rate double, net_count bigint", followers)  # fmt: skip
    _table(connection, "rpt_weekly_styles",
           "week_start date, platform_code varchar, account_handle varchar, "
           "dominant_style_code varchar, broadcast_post_count bigint, dialogue_post_count bigint, "
           "help_post_count bigint, promo_post_count bigint, lost_per_1000 double, "
           "usual_lost_per_1000 double, is_style_change boolean, style_changed_week date, is_churn_signal boolean",
           styles)  # fmt: skip
    _table(connection, "rpt_weekly_volume",
           "week_start date, platform_code varchar, account_handle varchar, follower_count bigint, "
           "post_count bigint, impression_count bigint, view_count bigint, reach_count bigint, "
           "reaction_count bigint", volume)  # fmt: skip
    sources = [
        (day, name, 1, rows, rows - bad, bad, f"2026-11-16 03:0{index}:00", date(2026, 11, 15))
        for index, (name, rows, bad) in enumerate(
            (("discourse_community", 1840, 0), ("facebook_rivermark", 61, 2),
             ("ga4_website", 240, 0), ("hubspot_crm", 688, 1), ("reddit_community", 420, 0),
             ("x_rivermark", 49, 0))
        )
    ]  # fmt: skip
    _table(connection, "rpt_weekly_sources",
           "week_start date, source_name varchar, file_count bigint, rows_in bigint, "
           "rows_landed bigint, rows_rejected bigint, last_exported_at timestamp, period_end date",
           sources)  # fmt: skip
    before = WEEK.shift(-1).monday
    _table(connection, "rpt_restatements",
           "restatement_key varchar, week_start date, issue_code varchar, metric_id varchar, "
           "restated_week date, segment_kind_code varchar, segment_code varchar, "
           "printed_value double, value double, change_value double, cause_code varchar, "
           "evidence_source_name varchar, evidence_file_sha256 varchar, "
           "evidence_file_count bigint",
           [("k1", day, "2026-W45.r1", "mention_volume", before, "all", "all", 210, 212, 2,
             "late_export", "reddit_community", "ab", 1),
            ("k2", day, "2026-W45.r1", "response_rate_24h", before, "all", "all", 0.5, 0.48,
             -0.02, "still_counted", None, None, 0),
            ("k3", day, "2026-W45.r1", "mention_volume", before, "platform", "reddit", 60, 62,
             2, "late_export", "reddit_community", "ab", 1)])  # fmt: skip


def _actions(connection: Any) -> None:
    day, due = WEEK.monday, date(2026, 11, 20)
    rows = [
        (day, 1, "answer_open_requests", "Customer services", "permits", "Permits and licences",
         "permits", 38, 20, 52, "a1,a2", 11.4, due, "response_rate_24h", 0.48),
        (day, 2, "contact_identified_people", "Community team", None, None, "identified", 31, 20,
         44, "b1,b2", 8.1, due, "reciprocity", 0.31),
        (day, 3, "return_to_dialogue", "Digital team", None, None, "x|RivermarkCity", 45, 45, 45,
         "c1", 4.2, due, "churn_rate", 0.0046),
        (day, 4, "close_content_gap", "Digital team", "permits", "Permits and licences",
         "permits", 61, 61, 87, "d1", 3.3, due, None, None),
        (day, 5, "invite_advocates", "Community team", "parks", "Parks and green space", "parks",
         12, 12, 30, "e1", 1.3, due, "advocacy_acts", 61.0),
    ]  # fmt: skip
    _table(connection, "rpt_weekly_actions",
           "week_start date, rank integer, action_code varchar, owner_name varchar, "
           "theme_code varchar, theme_name varchar, subject_code varchar, person_count bigint, "
           "due_person_count bigint, "
           "evidence_count bigint, evidence_keys varchar, score double, due_on date, "
           "reason_metric_id varchar, reason_value double", rows)  # fmt: skip


def _programme(connection: Any, days: list[date]) -> None:
    """Nine employees: one silent, three consumers, two sharers, two creators, one engaged."""
    now = (9, 9, 1, 3, 2, 2, 1, 1, 4, 4 / 9, 23, 10, 10 / 23, 2, 1, 0.5)
    counts = "enrolled linked dormant consumer sharer_zone creator_zone socially_engaged capped sharer"
    columns = "week_start date, " + ", ".join(
        f"{name}_count bigint" for name in counts.split()
    )
    columns += (
        ", adoption_ratio double, share_count bigint, commented_share_count bigint, "
        "commentary_ratio double, earlier_creator_count bigint, retained_creator_count bigint, "
        "creator_retention_ratio double"
    )
    before = (*now[:3], 4, 1, *now[5:])
    weeks = [(day, *(now if day == days[-1] else before)) for day in days]
    _table(connection, "agg_weekly_employees", columns, weeks)
    _table(connection, "rpt_employee_programme", columns, weeks[-1:])
    zones = [
        "socially_engaged",
        "creator",
        "creator",
        "sharer",
        "sharer",
        "consumer",
        "consumer",
        "consumer",
        None,
    ]
    reasons = {1: ("too_few_shares", False), 2: ("network_missing", True)}
    rows = [
        (f"p{place}", day, "consumer" if place == 4 and day != days[-1] else zone, zone is None,
         *reasons.get(place, (None, False)))
        for day in days[-2:]
        for place, zone in enumerate(zones)
    ]  # fmt: skip
    _table(connection, "fct_employee_zones",
           "person_key varchar, week_start date, zone_code varchar, is_dormant boolean, "
           "reason_code varchar, is_capped boolean", rows)  # fmt: skip
    results = [
        (3, 21, 5),
        (0, 32, 0),
        (0, 29, 0),
        (1, 25, 0),
        (0, 27, 1),
        (1, 23, 0),
        (0, 21, 0),
        (0, 20, 0),
        (0, 0, 0),
    ]
    places = [
        (f"p{place}", date(2026, 7, 1), date(2026, 12, 31), place + 1, place < 3, False,
         10 * leads + 3 * downloads + talks, leads, downloads, talks, f"2026-07-0{place + 1} 09:00:00")
        for place, (leads, downloads, talks) in enumerate(results)
    ]  # fmt: skip
    _table(connection, "agg_halfyear_recognition",
           "person_key varchar, period_start date, period_end date, rank_number bigint, is_recognised boolean, is_vacant boolean, "
           "impact_points double, lead_count double, download_count double, conversation_count bigint, "
           "first_result_at timestamp", places)  # fmt: skip
    _table(connection, "rpt_content_to_share",
           "listed_on date, person_key varchar, post_key varchar, theme_code varchar",
           [(days[-1], f"p{number % 6}", f"post{number % 4}", "parks" if number % 4 else "streets") for number in range(12)])  # fmt: skip
    _segments(connection, days[-1])
    none = (None,) * 6
    day = days[-1]
    _table(connection, "rpt_blind_spots",
           "week_start date, blind_spot_kind_code varchar, segment_kind_code varchar, segment_code varchar, "
           "theme_code varchar, suppression_code varchar, conversation_ratio double, author_count bigint, "
           "org_content_ratio double, gap_value double, coverage_ratio double, is_blind_spot boolean",
           [(day, "theme", "platform", "reddit", "recycling", None, 0.34, 46, 0.16, 0.18, None, True),
            (day, "theme", "stage", "observed", "parks", None, 0.2, 50, 0.26, -0.06, None, False),
            (day, "theme", "stage", "advocate", "parks", "too_few_authors", None, None, 0.26, None, None, False),
            (day, "no_data", "platform", "reddit", "all", None, *none[:4], 0.62, False),
            (day, "no_data", "platform", "mastodon", "all", "too_few_people", *none[:4], None, True),
            (day, "no_data", "stage", "observed", "all", None, *none[:4], 0.28, True)])  # fmt: skip
