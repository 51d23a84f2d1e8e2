"""Where each number of facts.json comes from: table, column and key in the marts.

A second reading of the published file, in SQL of its own. A number at a path that is
not listed here has no source, and the tests that walk the tree say so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WEEK = "week_start = date '{week}'"


@dataclass(frozen=True)
class Rows:
    """A list in facts, row by row beside a query; ``columns`` says which key is which.

    A key may lie deeper (``spark/usual``); a text may show several columns. Keys that
    are not named may show any number of their own row, but hold no number themselves.
    """

    query: str
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skip: int = 0


def _week(table: str, order: str) -> str:
    return f"select * from marts.{table} where {WEEK} order by {order}"


#: On which people wait for a reply.
_PLATFORMS = ("discourse", "reddit", "x", "youtube", "mastodon", "bluesky", "support")
_ACTION = {
    "rank": ("rank",),
    "evidence_count": ("evidence_count",),
    "evidence_text": ("evidence_count",),
    "title": ("person_count", "due_person_count"),
    "reason": (
        "reason_value",
        "evidence_count",
        "usual_churn_rate",
        "usual_weekly_mentions",
        "usual_low_ratio",
        "usual_high_ratio",
        *(f"{platform}_count" for platform in _PLATFORMS),
    ),
    "due_text": ("due_on",),
}
_WAITING = ", ".join(
    f"""(
        select count(*) from (
            select platform_code, row_number() over (order by occurred_at desc) as place
            from marts.fct_reply_requests
            where answered_at is null
                and theme_code is not distinct from action.theme_code
        ) as waiting
        where platform_code = '{platform}' and place <= action.evidence_count
    ) as {platform}_count"""
    for platform in _PLATFORMS
)
_ACTIONS = f"""
    select action.*, (
        select usual_lost_per_1000 / 1000 from marts.rpt_weekly_styles as style
        where style.{WEEK} and action.reason_metric_id = 'churn_rate'
            and style.platform_code || '|' || style.account_handle = action.subject_code
    ) as usual_churn_rate, (
        select usual_weekly_mentions from marts.rpt_weekly_issues as issue
        where issue.{WEEK} and action.reason_metric_id = 'mention_volume'
            and issue.theme_code = action.theme_code
    ) as usual_weekly_mentions, (
        select usual_low_ratio from marts.rpt_weekly_funnel as stage
        where stage.{WEEK} and action.reason_metric_id = 'move_on_ratio'
            and stage.stage_code = action.subject_code
    ) as usual_low_ratio, (
        select usual_high_ratio from marts.rpt_weekly_funnel as stage
        where stage.{WEEK} and action.reason_metric_id = 'move_on_ratio'
            and stage.stage_code = action.subject_code
    ) as usual_high_ratio, {_WAITING}
    from marts.rpt_weekly_actions as action where {WEEK} order by rank
"""
_FOLLOWERS = f"""
with known as (
    select * from marts.rpt_weekly_followers
    where {WEEK} and opening_count is not null and closing_count is not null
),
accounts as (
    select *, gained_count is null and lost_count is null as is_net,
        closing_count - opening_count - coalesce(gained_count, 0)
            + coalesce(lost_count, 0) as rest
    from known
),
changes as (
    select platform_code, account_handle, 1 as place,
        case when is_net then rest else coalesce(gained_count, 0) end as change
    from accounts
    union all
    select platform_code, account_handle, 2, -lost_count
    from accounts where lost_count is not null
    union all
    select platform_code, account_handle, 3, rest
    from accounts where not is_net and rest <> 0
),
levels as (
    select row_number() over in_order as number, change,
        (select sum(opening_count) from known) + sum(change) over in_order as level
    from changes
    window in_order as (order by platform_code, account_handle, place)
)
select 0 as number, level as start_level, level as end_level, level as shown
from (select sum(opening_count) as level from known)
union all
select number, level - change, level, change from levels
union all
select 1000000, level, level, level
from (select sum(closing_count) as level from known)
order by number
"""
_ISSUES = f"""
select issue.*, topic.negative_count, topic.positive_count,
    case when topic.scored_ratio >= 0.7
        then topic.negative_count / nullif(topic.negative_count + topic.neutral_count
            + topic.positive_count, 0) end as negative_part,
    case when topic.scored_ratio >= 0.7
        then topic.positive_count / nullif(topic.negative_count + topic.neutral_count
            + topic.positive_count, 0) end as positive_part
from marts.rpt_weekly_issues as issue
left join marts.agg_weekly_topics as topic using (week_start, theme_code)
where {WEEK} order by rank
"""
_EMERGING = f"""
select * from marts.rpt_weekly_emerging
where {WEEK} and issue_kind_code = '{{kind}}' order by rank
"""


def _as_read(value: str) -> str:
    """Return SQL for a value as a reader sees it, by its unit."""

    def rounded(number: str, is_whole: str) -> str:
        return (
            f"case when {is_whole} then round({number})::bigint::varchar "
            f"else round({number}, 1)::varchar end"
        )

    whole = f"{value} = floor({value}) or abs({value}) >= 100"
    return f"""case unit_code
        when 'ratio' then {rounded(f"{value} * 100", f"abs({value}) >= 0.0995")}
        when 'rate' then case
            when abs({value}) between 1e-12 and 0.0999999
                then round({value} * 1000, 1) || ' per 1,000'
            else {rounded(value, f"abs({value}) >= 100")} end
        when 'hours' then case
            when {value} >= 72 then round({value} / 24, 1) || ' days'
            else round({value}, 1)::varchar end
        when 'score' then round({value}, 2)::varchar
        else {rounded(value, whole)} end"""


_RESTATED = f"""
from (
    select restated.*
    from marts.rpt_restatements as restated
    left join (select distinct metric_id, unit_code from marts.rpt_metric_definitions)
        using (metric_id)
    where {WEEK} and segment_kind_code = 'all'
        and {_as_read("printed_value")} is distinct from {_as_read("value")}
) as restated where true
"""

#: "issue 1 of week 45" is said of 2026-W45.r1.
_PRINTED_ISSUE = [
    f"select max(cast(split_part(split_part(issue_code, '{before}', 2), '.r', 1) "
    f"as integer)) {_RESTATED}"
    for before in ("-W", ".r")
]

_ZONES = " union all ".join(
    f"select {place} as place, now.{column} as now_count, now.{column} / "
    f"now.linked_count as part, before.{column} as before_count "
    "from marts.rpt_employee_programme as now "
    "left join marts.agg_weekly_employees as before on before.linked_count > 0 and "
    "before.week_start = now.week_start - 7 where now.week_start = date '{week}'"
    for place, column in enumerate(
        f"{zone}_count"
        for zone in ("dormant", "consumer", "sharer_zone", "creator_zone")
    )
)
_ZONES += " union all " + _ZONES.rpartition(" union all ")[2].replace(
    "select 3", "select 4"
).replace("creator_zone_count", "socially_engaged_count")
_RATES = " union all ".join(
    f"select {place} as place, {ratio} as ratio, {part} as part, {whole} as whole "
    f"from marts.rpt_employee_programme where {WEEK}"
    for place, (ratio, part, whole) in enumerate(
        (
            ("adoption_ratio", "sharer_count", "enrolled_count"),
            ("commentary_ratio", "commented_share_count", "share_count"),
            (
                "creator_retention_ratio",
                "retained_creator_count",
                "earlier_creator_count",
            ),
        )
    )
)
_HALFYEAR = (
    "from marts.agg_halfyear_recognition where date '{week}' between period_start "
    "and period_end and (is_recognised or is_vacant)"
)
_BLIND = f"from marts.rpt_blind_spots where {WEEK}"

ROWS = {
    "employees/zones": Rows(
        f"select * from ({_ZONES}) order by place",
        {
            "count_text": ("now_count",),
            "part_text": ("part",),
            "before_text": ("before_count",),
        },
    ),
    "employees/rates": Rows(
        f"select * from ({_RATES}) order by place",
        {"text": ("ratio",), "of_text": ("part", "whole")},
    ),
    "employees/standing/rows": Rows(
        f"select * {_HALFYEAR} order by rank_number, lead_count desc, person_key",
        {
            "place_text": ("rank_number",),
            "impact_text": ("impact_points",),
            "lead_text": ("lead_count",),
            "download_text": ("download_count",),
            "conversation_text": ("conversation_count",),
        },
    ),
    "blind_spots/rows": Rows(
        f"select * {_BLIND} and is_blind_spot order by blind_spot_kind_code desc, "
        "gap_value desc, coverage_ratio nulls last, segment_kind_code, segment_code",
        {
            "talk_text": ("conversation_ratio",),
            "ours_text": ("org_content_ratio",),
            "why": ("gap_value", "coverage_ratio"),
        },
    ),
    "stuck/chart/steps": Rows(
        _week("rpt_weekly_funnel", "stage_number"),
        {
            **{name: (name,) for name in ("move_on_count", "move_on_base_count")},
            **{name: (name,) for name in ("move_on_ratio", "waiting_count")},
            **{name: (name,) for name in ("usual_low_ratio", "usual_high_ratio")},
            "rate_text": ("move_on_ratio", "move_on_base_count"),
            "usual_text": ("usual_low_ratio", "usual_high_ratio"),
        },
    ),
    "actions/rows": Rows(_ACTIONS, _ACTION),
    "actions/further": Rows(_ACTIONS, _ACTION, skip=3),
    "listen/rows": Rows(
        _ISSUES,
        {
            "mentions": ("mention_count",),
            "mentions_text": ("mention_count",),
            "authors": ("author_count",),
            "authors_text": ("author_count",),
            "usual_text": ("usual_weekly_mentions",),
            "spark/usual": ("usual_weekly_mentions",),
            "tag_note": ("burst_on",),
            "needs/0": ("question_count",),
            "needs/1": ("request_count",),
            "needs/2": ("complaint_count",),
            "tone/negative": ("negative_part",),
            "tone/positive": ("positive_part",),
            "tone/text": ("negative_part", "positive_part"),
            "tone/description": ("negative_part", "positive_part"),
        },
    ),
    "listen/emerging/rows": Rows(
        _EMERGING.replace("{kind}", "term"),
        {
            "mentions": ("mention_count",),
            "authors": ("author_count",),
            "started_on": ("started_on",),
        },
    ),
    "listen/emerging/themes": Rows(
        _EMERGING.replace("{kind}", "theme"),
        {
            "mentions": ("mention_count",),
            "authors": ("author_count",),
            "started_on": ("started_on",),
        },
    ),
    "funnel/rows": Rows(
        _week("rpt_weekly_funnel", "stage_number"),
        {
            "member": ("member_count",),
            "entered": ("entered_count",),
            "left": ("left_count",),
            "moved_up": ("moved_up_count",),
            "moved_down": ("moved_down_count",),
            "held": ("held_count",),
            "move_on_text": ("move_on_ratio", "move_on_base_count"),
            "usual_text": ("usual_low_ratio", "usual_high_ratio"),
            "quarter_text": ("conversion_90d_ratio", "conversion_90d_base_count"),
            "days_text": ("median_days_in_stage",),
        },
    ),
    "followers/chart/rows": Rows(
        _FOLLOWERS,
        {"start": ("start_level",), "end": ("end_level",), "text": ("shown",)},
    ),
    "styles/rows": Rows(
        _week("rpt_weekly_styles", "platform_code, account_handle"),
        {
            "posts_text": tuple(
                f"{kind}_post_count"
                for kind in ("broadcast", "dialogue", "help", "promo")
            ),
            "lost_per_1000": ("lost_per_1000",),
            "lost_text": ("lost_per_1000",),
            "usual_lost_per_1000": ("usual_lost_per_1000",),
            "usual_text": ("usual_lost_per_1000",),
            "changed_text": ("style_changed_week",),
        },
    ),
    "alignment/chart/rows": Rows(
        _week("rpt_weekly_alignment", "weight_ratio desc, theme_code"),
        {
            "weight": ("weight_ratio",),
            "weight_text": ("weight_ratio",),
            "ours": ("org_content_ratio",),
            "ours_text": ("org_content_ratio",),
            "talk": ("conversation_ratio",),
            "talk_text": ("conversation_ratio",),
            "gap": ("content_gap_ratio",),
            "gap_text": ("content_gap_ratio",),
            "text": ("weight_ratio", "org_content_ratio", "conversation_ratio"),
        },
    ),
    "sources/rows": Rows(
        _week("rpt_weekly_sources", "source_name"),
        {
            "rows_rejected": ("rows_rejected",),
            "files_text": ("file_count",),
            "in_text": ("rows_in",),
            "landed_text": ("rows_landed",),
            "rejected_text": ("rows_rejected",),
            "exported_text": ("last_exported_at",),
            "until_text": ("period_end",),
        },
    ),
    "restatements/rows": Rows(
        f"select * {_RESTATED} order by cause_code = 'still_counted', "
        "restated_week desc, metric_id",
        {
            "printed_text": ("printed_value",),
            "now_text": ("value",),
            "week_text": ("restated_week",),
        },
    ),
    "volume/rows": Rows(
        _week("rpt_weekly_volume", "platform_code, account_handle"),
        {
            name: (f"{name}_count",)
            for name in ("follower", "post", "impression", "view", "reach", "reaction")
        },
    ),
    "definitions": Rows(
        "select * from (select *, row_number() over (partition by metric_id order by "
        "valid_from desc, metric_version desc) as newest "
        "from marts.rpt_metric_definitions where valid_from <= date '{week}') "
        "where newest = 1 and is_weekly order by lower(metric_name)",
        {"version": ("metric_version",)},
    ),
}

#: Lists whose items are metrics: the value of the week and its limits, by metric_id.
METRIC_ROWS = ("outcomes/parts", "listen/measures", "dialogue/rows")

#: Limit charts: the metric, or the query that names it for the place in the list.
CHARTS = {
    "growing/chart": "select 'advocates_net_new'",
    "outcomes/cards/*/chart": "select metric_id from marts.rpt_weekly_scorecard where "
    f"{WEEK} and section_code = 'outcome' and outcome_code = '{{code}}'",
    "dialogue/charts/*": "select metric_id from marts.rpt_metric_definitions "
    "where metric_name = '{title}' and valid_from <= date '{week}' "
    "order by valid_from desc, metric_version desc limit 1",
}
CONVERSATIONS = "two_way_conversations"

#: Single numbers that are neither figures nor cells.
SCALARS = {
    "blind_spots/further": (
        f"select greatest(count(*) - 8, 0) {_BLIND} and is_blind_spot"
    ),
    "restatements/further": f"select greatest(count(*) - 12, 0) {_RESTATED}",
    "outcomes/cards/*/target/index": "select index_value from "
    f"marts.rpt_weekly_scorecard where {WEEK} and section_code = 'outcome' "
    "and outcome_code = '{code}'",
}

_METRIC = (
    "(select value from marts.fct_metric_weeks where metric_id = '{metric}' "
    f"and segment_kind_code = 'all' and {WEEK})"
)

#: What the sentences of a section may say beyond the cells and figures of it.
ALSO = {
    "employees": [
        (
            "select linked_count, enrolled_count, dormant_count / linked_count "
            "as silent "
            f"from marts.rpt_employee_programme where {WEEK} and linked_count > 0"
        ),
        (
            "select count(*) from marts.fct_employee_zones where "
            f"{WEEK} and reason_code is not null"
        ),
        (
            "select count(*) from marts.fct_employee_zones where "
            f"{WEEK} and reason_code is not null group by reason_code"
        ),
        f"select count(*) from marts.fct_employee_zones where {WEEK} and is_capped",
        *(
            "with placed as (select *, list_position(['consumer', 'sharer', 'creator', "
            "'socially_engaged'], zone_code) as place from marts.fct_employee_zones) "
            "select count(*) from placed as now inner join placed as before on "
            "now.person_key = before.person_key and before.week_start = "
            "now.week_start - 7 where now.week_start = date '{week}' and "
            f"coalesce(now.place, 0) {sign} coalesce(before.place, 0)"
            for sign in "<>"
        ),
        (
            "select count(distinct post_key), count(distinct person_key) from "
            "marts.rpt_content_to_share "
            "where listed_on between date '{week}' and date '{week}' + 6"
        ),
        f"select period_start {_HALFYEAR}",
    ],
    "blind_spots": [
        f"select count(*) {_BLIND} and blind_spot_kind_code = 'no_data'",
        (
            f"select count(*) {_BLIND} and blind_spot_kind_code = 'no_data' "
            "and is_blind_spot"
        ),
        *(
            f"select sum({aspect}_positive_count) / "
            f"(sum({aspect}_sentence_count) filter ({aspect}_positive_count >= 0)) "
            f"from marts.agg_segment_aspine where {WEEK} "
            "and segment_kind_code = 'platform'"
            for aspect in ("service", "trust")
        ),
    ],
    "conversations": [
        "select avg(value) from (select value from marts.fct_metric_weeks where "
        f"metric_id = '{CONVERSATIONS}' and segment_kind_code = 'all' "
        f"and value is not null and week_start <= date '{{week}}' "
        f"order by week_start desc limit {weeks}) having count(*) = {weeks}"
        for weeks in (4, 13)
    ],
    "restatements": [
        *_PRINTED_ISSUE,
        f"select count(*) {_RESTATED}",
        f"select count(*) {_RESTATED} and cause_code = 'still_counted'",
    ],
    "followers": [
        (
            "select sum(closing_count) - sum(opening_count) from "
            f"marts.rpt_weekly_followers where {WEEK} and opening_count is not null"
        )
    ],
    "caveats": [
        *_PRINTED_ISSUE,
        f"select count(*) {_RESTATED}",
        f"select count(*) {_RESTATED} and cause_code = 'still_counted'",
        f"select sum(rows_rejected) from marts.rpt_weekly_sources where {WEEK}",
        f"select 1 - {_METRIC.replace('{metric}', 'scored_ratio')}",
        (
            "select count(*) from marts.fct_metric_weeks as metric "
            "inner join marts.rpt_weekly_scorecard as card "
            f"using (metric_id, week_start) where {WEEK} "
            "and metric.segment_kind_code = 'all' and not metric.is_mature "
            "and card.section_code in ('dialogue', 'engagement') "
            "and metric.value is not null and metric.metric_id not in ("
            "select metric_id from marts.rpt_metric_definitions "
            "where amec_level_code = 'output')"
        ),
        (
            "select count(*) from marts.fct_metric_limits as limits "
            "inner join marts.rpt_weekly_scorecard as card "
            f"using (metric_id, week_start) where {WEEK} "
            "and limits.segment_kind_code = 'all' and limits.late_week_count > 0 "
            "and limits.lower_limit is not null"
        ),
        (
            "select min(baseline_week_count) from marts.fct_metric_limits "
            f"where {WEEK} and segment_kind_code = 'all' and baseline_week_count > 0 "
            "and metric_id in (select metric_id from marts.rpt_weekly_scorecard where "
            f"{WEEK} and section_code in ('growing', 'outcome'))"
        ),
        "select 20",
    ],
}
