-- Did talk on a theme grow after we published on it? The part of the talk that names the
-- theme in the four weeks after the week of our content, less that in the four weeks
-- before. Descriptive: whatever else happened in these weeks is in it too.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

first_week as (

    select min(week_start) as week_start
    from weeks

),

themes as (

    select
        week_start,
        theme_code,
        theme_post_count
    from {{ ref('agg_weekly_alignment') }}
    where theme_post_count > 0

),

interactions as (

    select
        interaction_key,
        occurred_week
    from {{ ref('fct_interactions') }}
    where actor_class_code = 'stakeholder'

),

turns as (

    select
        occurred_week,
        count(*) as interaction_count
    from interactions
    group by occurred_week

),

mentions as (

    select
        interactions.occurred_week,
        tagged.theme_code,
        count(*) as mention_count
    from interactions
    inner join {{ ref('fct_interaction_themes') }} as tagged
        on interactions.interaction_key = tagged.interaction_key
    group by
        interactions.occurred_week,
        tagged.theme_code

),

-- One row per week with content on a theme; four weeks on either side.
compared as (

    select
        themes.week_start,
        themes.theme_code,
        themes.theme_post_count,
        cast(sum(case when weeks.week_start < themes.week_start then coalesce(mentions.mention_count, 0) end) as bigint)
            as before_mention_count,
        cast(sum(case when weeks.week_start < themes.week_start then coalesce(turns.interaction_count, 0) end) as bigint)
            as before_interaction_count,
        cast(sum(case when weeks.week_start > themes.week_start then coalesce(mentions.mention_count, 0) end) as bigint)
            as after_mention_count,
        cast(sum(case when weeks.week_start > themes.week_start then coalesce(turns.interaction_count, 0) end) as bigint)
            as after_interaction_count
    from themes
    inner join weeks
        on
            weeks.week_start between {{ days_earlier('themes.week_start', 28) }} and {{ days_later('themes.week_start', 28) }}
    left join turns
        on weeks.week_start = turns.occurred_week
    left join mentions
        on
            weeks.week_start = mentions.occurred_week
            and themes.theme_code = mentions.theme_code
    group by
        themes.week_start,
        themes.theme_code,
        themes.theme_post_count

),

judged as (

    select
        compared.*,
        {{ days_earlier('compared.week_start', 28) }} >= first_week.week_start as has_before,
        {{ days_later('compared.week_start', 28) }} <= {{ built_week() }} as is_mature
    from compared
    cross join first_week

),

shaped as (

    select
        week_start,
        theme_code,
        theme_post_count,
        case when has_before then before_mention_count end as before_mention_count,
        case when has_before then before_interaction_count end as before_interaction_count,
        case when has_before then {{ safe_ratio('before_mention_count', 'before_interaction_count') }} end
            as before_ratio,
        case when is_mature then after_mention_count end as after_mention_count,
        case when is_mature then after_interaction_count end as after_interaction_count,
        case when is_mature then {{ safe_ratio('after_mention_count', 'after_interaction_count') }} end
            as after_ratio,
        is_mature
    from judged

),

subtracted as (

    select
        shaped.*,
        round(after_ratio - before_ratio, 9) as shaping_ratio
    from shaped

)

select * from subtracted
