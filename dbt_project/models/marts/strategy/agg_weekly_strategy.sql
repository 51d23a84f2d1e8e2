-- How much of all talk touches the strategy at all. A turn that names three themes counts
-- once here; the sum over agg_weekly_alignment would count it three times.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

interactions as (

    select
        interaction_key,
        occurred_week
    from {{ ref('fct_interactions') }}
    where actor_class_code = 'stakeholder'

),

themed as (

    select interaction_key
    from {{ ref('fct_interaction_themes') }}
    group by interaction_key

),

counted as (

    select
        weeks.week_start,
        count(themed.interaction_key) as themed_interaction_count,
        count(interactions.interaction_key) as interaction_count
    from weeks
    left join interactions
        on weeks.week_start = interactions.occurred_week
    left join themed
        on interactions.interaction_key = themed.interaction_key
    group by weeks.week_start

),

rated as (

    select
        week_start,
        themed_interaction_count,
        interaction_count,
        {{ safe_ratio('themed_interaction_count', 'interaction_count') }} as alignment_ratio
    from counted

)

select * from rated
