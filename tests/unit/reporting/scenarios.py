"""Nine weeks of different fortunes, made from the small published file.

Each scenario changes rows of schema marts as the models would have written them: a
value and the signal that follows from its limits move together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from unit.reporting import issues, published

if TYPE_CHECKING:
    from collections.abc import Callable

    from heartshare.quality.gate import GateVerdict, Outcome

DAY = f"date '{published.WEEK.key}'"
LAST = f"week_start = {DAY}"


@dataclass(frozen=True)
class Scenario:
    """One week's fortune: what happened to the published rows, and what the gate said.

    ``reads`` are words that the first page must say, so that each scenario is known to
    tell its own story.
    """

    change: Callable[[Any], None]
    reads: tuple[str, ...]
    weeks: int = published.WEEKS
    outcomes: tuple[Outcome, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def verdict(self) -> GateVerdict:
        """Return what the gate decided on the week."""
        return issues.verdict(*self.outcomes)

    def open(self) -> Any:
        """Return a connection to the week's published file, in memory."""
        connection = issues.open_published(weeks=self.weeks)
        self.change(connection)
        return connection

    def facts(self, connection: Any) -> dict[str, Any]:
        """Return the facts of the issue."""
        options = {"published_revision": "rev-0042", **self.options}
        return issues.facts(connection, self.verdict(), **options)


def move(connection: Any, metric_id: str, value: float | None) -> None:
    """Give a metric another value in the last week, judged by its own limits.

    Null: nothing was counted; then there is neither a limit nor a judgement.
    """
    which = f"metric_id = '{metric_id}' and {LAST}"
    written = "null" if value is None else repr(float(value))
    for table in ("fct_metric_weeks", "rpt_weekly_scorecard", "fct_metric_limits"):
        connection.execute(f"update marts.{table} set value = {written} where {which}")
    if value is None:
        connection.execute(f"delete from marts.fct_metric_limits where {which}")
        connection.execute(
            "update marts.rpt_weekly_scorecard set signal_code = null, "
            f"lower_limit = null, upper_limit = null, index_value = null where {which}"
        )
        return
    connection.execute(
        "update marts.fct_metric_limits set signal_code = case "
        "when lower_limit is null then signal_code "
        "when value > upper_limit then 'signal_up' "
        f"when value < lower_limit then 'signal_down' else 'routine' end where {which}"
    )
    connection.execute(
        "update marts.rpt_weekly_scorecard as card "
        "set signal_code = judged.signal_code from marts.fct_metric_limits as judged "
        "where judged.metric_id = card.metric_id "
        "and judged.week_start = card.week_start "
        f"and card.metric_id = '{metric_id}'"
    )
    connection.execute(
        "update marts.rpt_weekly_scorecard set index_value = greatest(-100, least(150, "
        "100 * (value - baseline_value) / (target_value - baseline_value))) "
        f"where {which} and baseline_value is not null"
    )


def unstick(connection: Any) -> None:
    """Let people move on at every stage as they usually do."""
    connection.execute(
        "update marts.rpt_weekly_funnel set move_on_count = 5, "
        "move_on_base_count = 31, move_on_ratio = 5 / 31, signal_code = 'routine', "
        "is_stuck = false, waiting_count = null where is_stuck"
    )
    connection.execute(
        "delete from marts.rpt_weekly_actions "
        "where action_code = 'contact_identified_people'"
    )
    connection.execute(
        "update marts.rpt_weekly_actions set rank = rank - 1 where rank > 1"
    )


def quieten(connection: Any) -> None:
    """Let every theme be talked about as much as is usual."""
    for table, usual in (
        ("rpt_weekly_issues", "usual_weekly_mentions"),
        ("agg_weekly_topics", "round(usual_daily_mentions * 7)"),
    ):
        connection.execute(
            f"update marts.{table} set mention_count = {usual}, "
            f"author_count = round({usual} * 0.7), is_burst = false, burst_on = null, "
            f"burst_score = 0.6 where is_burst and {LAST}"
        )
    connection.execute(
        "update marts.agg_weekly_topics set negative_count = 4, positive_count = 7, "
        f"neutral_count = mention_count - 11 where theme_code = 'permits' and {LAST}"
    )
    connection.execute(
        "delete from marts.rpt_weekly_emerging where issue_kind_code = 'theme'"
    )


def _growth(connection: Any) -> None:
    unstick(connection)
    quieten(connection)
    values = {
        "advocates_net_new": 12, "advocates": 53, "advocacy_acts": 96,
        "unprompted_mention_authors": 131, "favourability": 0.66, "actions_taken": 104,
        "personal_address_ratio": 0.58, "response_rate_24h": 0.83,
    }  # fmt: skip
    for metric_id, value in values.items():
        move(connection, metric_id, value)
    connection.execute(
        "update marts.rpt_weekly_styles set is_churn_signal = false, "
        "is_style_change = false, style_changed_week = null, lost_per_1000 = 1.2"
    )
    connection.execute(
        "update marts.rpt_weekly_actions set reason_value = 0.83 "
        "where reason_metric_id = 'response_rate_24h'"
    )


def _stuck(connection: Any) -> None:
    quieten(connection)
    move(connection, "advocates_net_new", 0)


def _burst(connection: Any) -> None:
    unstick(connection)
    move(connection, "net_sentiment", -0.21)
    move(connection, "mention_volume", 412)
    connection.execute(
        "update marts.rpt_weekly_tone set net_sentiment_change = -0.17, "
        "calibrated_net_sentiment = -0.12, net_sentiment_lower_bound = -0.2, "
        "net_sentiment_upper_bound = -0.04 where segment_kind_code = 'all'"
    )


def _falling(connection: Any) -> None:
    values = {
        "advocates_net_new": -9, "advocates": 34, "advocacy_acts": 12,
        "unprompted_mention_authors": 52, "favourability": 0.42, "actions_taken": 19,
    }  # fmt: skip
    for metric_id, value in values.items():
        move(connection, metric_id, value)


def _first_week(connection: Any) -> None:
    unstick(connection)
    quieten(connection)
    connection.execute(
        "update marts.rpt_weekly_funnel set move_on_count = null, "
        "move_on_base_count = null, move_on_ratio = null, usual_low_ratio = null, "
        "usual_high_ratio = null, conversion_90d_ratio = null, "
        "conversion_90d_base_count = null, signal_code = 'too_early', "
        "median_days_in_stage = null, previous_member_count = null"
    )
    connection.execute(
        "update marts.rpt_weekly_issues set usual_weekly_mentions = null, "
        "burst_score = null, previous_mention_count = null"
    )
    connection.execute(
        "update marts.rpt_weekly_emerging set term_evidence_code = 'few_weeks'; "
        "delete from marts.rpt_weekly_emerging where rank > 2; "
        "update marts.rpt_weekly_followers set opening_count = null, net_count = null, "
        "churn_rate = null; "
        "update marts.rpt_weekly_styles set usual_lost_per_1000 = null, "
        "is_churn_signal = false, style_changed_week = null, lost_per_1000 = null; "
        "delete from marts.rpt_restatements; "
        "delete from marts.rpt_weekly_actions where rank > 1; "
        "update marts.rpt_weekly_tone set calibration_status_code = 'uncalibrated', "
        "last_calibrated_week = null, labelled_count = 0, "
        "calibrated_net_sentiment = null, net_sentiment_lower_bound = null, "
        "net_sentiment_upper_bound = null, is_net_sentiment_comparable = false"
    )
    move(connection, "advocates_net_new", 0)


#: What nobody can know where no platform says who did what.
_OF_PEOPLE = (
    "advocates_net_new", "advocates", "advocacy_acts", "unprompted_mention_authors",
    "unique_authors", "reciprocity", "dialogic_loop_ratio", "two_way_conversations",
    "peer_to_peer_ratio", "personal_address_ratio", "thread_depth",
)  # fmt: skip


def _no_people(connection: Any) -> None:
    quieten(connection)
    for metric_id in _OF_PEOPLE:
        move(connection, metric_id, None)
    of_people = ", ".join(f"'{metric_id}'" for metric_id in _OF_PEOPLE)
    for table in ("fct_metric_weeks", "fct_metric_limits"):
        connection.execute(
            f"delete from marts.{table} where metric_id in ({of_people})"
        )
    connection.execute(
        "delete from marts.rpt_weekly_funnel; "
        "delete from marts.agg_weekly_funnel; "
        "delete from marts.rpt_weekly_emerging; "
        "delete from marts.rpt_weekly_actions where action_code not in "
        "('close_content_gap', 'return_to_dialogue'); "
        "update marts.rpt_weekly_actions set rank = rank - 2; "
        "update marts.rpt_weekly_issues set author_count = null; "
        "update marts.agg_weekly_topics set author_count = null; "
        "update marts.rpt_weekly_tone set calibration_status_code = 'too_few', "
        "scored_count = 9, author_count = 0, calibrated_net_sentiment = null, "
        "net_sentiment_lower_bound = null, net_sentiment_upper_bound = null, "
        "is_net_sentiment_comparable = false"
    )


def _restated(connection: Any) -> None:
    unstick(connection)
    quieten(connection)
    connection.execute(
        f"""
        insert into marts.rpt_restatements
        select
            'more' || number, {DAY}, '2026-W45.r1', metric_id,
            {DAY} - cast(7 * (1 + number) as integer), 'all', 'all', 0.5, 0.4, -0.1,
            cause_code, 'x_rivermark', 'cd', 1
        from (values
            ('conversation_rate', 'definition_change'), ('reciprocity', 'deletion'),
            ('favourability', 'correction'), ('broadcast_ratio', 'programme_file'),
            ('churn_rate', 'unexplained')
        ) as changed(metric_id, cause_code)
        cross join range(3) as weeks(number)
        """
    )
    connection.execute(
        "update marts.rpt_weekly_sources set rows_rejected = 140, "
        "rows_landed = rows_in - 140 where source_name = 'reddit_community'"
    )


def _holiday_gap(connection: Any) -> None:
    """Nobody posted, nobody asked, the offices were closed; followers still counted."""
    unstick(connection)
    kept = {"follower_net": 0, "churn_rate": 0.0014, "advocates": 43}
    zero = {
        "advocates_net_new", "advocacy_acts", "unprompted_mention_authors",
        "actions_taken", "leads", "downloads", "two_way_conversations",
        "mention_volume", "unique_authors",
    }  # fmt: skip
    for metric_id in published.METRICS:
        move(
            connection, metric_id, kept.get(metric_id, 0 if metric_id in zero else None)
        )
    connection.execute(
        f"delete from marts.agg_weekly_topics where {LAST}; "
        "delete from marts.rpt_weekly_issues; delete from marts.rpt_weekly_emerging; "
        "delete from marts.rpt_weekly_actions; delete from marts.rpt_weekly_tone; "
        "delete from marts.rpt_restatements; "
        "update marts.rpt_weekly_alignment set conversation_ratio = null, "
        "org_content_ratio = null, content_gap_ratio = null; "
        "update marts.rpt_weekly_styles set dominant_style_code = null, "
        "broadcast_post_count = 0, dialogue_post_count = 0, help_post_count = 0, "
        "promo_post_count = 0, is_churn_signal = false, style_changed_week = null, "
        "lost_per_1000 = 1.4 where platform_code = 'x'; "
        "update marts.rpt_weekly_volume set post_count = 0, impression_count = 0, "
        "view_count = 0, reaction_count = 0; "
        "update marts.rpt_weekly_sources set rows_in = 0, rows_landed = 0, "
        "rows_rejected = 0 where source_name <> 'ga4_website'"
    )


def _held(connection: Any) -> None:
    """The numbers are there and the gate lets none of them out."""
    connection.execute(
        "update marts.fct_metric_weeks set value = 9 "
        f"where metric_id = 'mention_volume' and {LAST}"
    )


SCENARIOS = {
    "growth": Scenario(_growth, ("Yes, clearly. 12 more advocates", "Nowhere")),
    "stuck": Scenario(_stuck, ("No change in advocates", "Between Identified and")),
    "burst": Scenario(_burst, ("Permits and licences burst", "0.17 worse")),
    "falling": Scenario(_falling, ("No, it is falling. 9 fewer advocates",)),
    "held": Scenario(
        _held,
        ("HELD: weekly report 2026-W46, 2 checks failed",),
        outcomes=(
            issues.outcome("arrival/rows_match_declared_totals", state="failed"),
            issues.outcome("history/volume_within_band", state="failed"),
        ),
    ),
    "first_week_ever": Scenario(_first_week, ("Too early to tell.",), weeks=1),
    "no_people_data": Scenario(_no_people, ("No figure this week.",)),
    "restated": Scenario(
        _restated,
        ("Corrected issue.", "17 figures that issue"),
        outcomes=(
            issues.outcome("history/volume_within_band", "warning", "failed"),
            issues.outcome("arrival/account_is_fresh", state="waived"),
        ),
        options={
            "issue_revision": 2,
            "changes": ["Was: Not clearly. Now: Yes, steadily."],
        },
    ),
    "holiday_gap": Scenario(_holiday_gap, ("No change in advocates",)),
}

#: Those whose week has a report.
PUBLISHED = {
    name: one for name, one in SCENARIOS.items() if one.verdict().is_publishable
}


@cache
def told(name: str) -> tuple[Any, dict[str, Any]]:
    """Return a scenario's published file and facts, made once: change copies only."""
    connection = SCENARIOS[name].open()
    return connection, SCENARIOS[name].facts(connection)
