-- Conversations in which a stakeholder took a turn in the week, as they stood at its
-- end: how often the sides had alternated by then, and whether both spoke in the week.
with

thresholds as (

    select loop_alternation_count
    from {{ ref('int_thresholds__pivoted') }}

),

-- One row per conversation and week.
thread_weeks as (

    select
        occurred_week as week_start,
        platform_code,
        alternation_count,
        stakeholder_turn_count > 0 as has_stakeholder_turn,
        org_turn_count > 0 as has_org_turn
    from {{ ref('int_turns__alternated') }}

),

-- Each row once for its platform and once for all platforms together.
segmented as (

    {{ platforms_and_all('thread_weeks') }}

),

counted as (

    select
        segmented.week_start,
        segmented.segment_code as platform_code,
        count(*) as stakeholder_thread_count,
        count(*) filter (
            where segmented.alternation_count >= thresholds.loop_alternation_count
        ) as dialogic_loop_count,
        cast(sum(segmented.alternation_count) as bigint) as alternation_count,
        {{ percentile_of('segmented.alternation_count', 0.9) }}
            as thread_depth_p90,
        count(*) filter (where segmented.has_org_turn) as two_way_conversation_count
    from segmented
    cross join thresholds
    where segmented.has_stakeholder_turn
    group by
        segmented.week_start,
        segmented.segment_code

)

select * from counted
