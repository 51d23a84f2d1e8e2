-- Whom we are about to lose: people who came close and have been silent for much longer
-- than they usually are.
with

thresholds as (

    select
        slipping_gap_factor,
        slipping_minimum_days,
        slipping_minimum_stage_number
    from {{ ref('int_thresholds__pivoted') }}

),

-- Who stands high enough to be missed: few, so the rhythms of nobody else are measured.
stays as (

    select
        stages.person_key,
        stages.stage_number
    from {{ ref('int_person_stages__dated') }} as stages
    inner join thresholds
        on stages.stage_number >= thresholds.slipping_minimum_stage_number
    where {{ built_week() }} between stages.first_week and stages.last_week

),

acts as (

    select
        acts.person_key,
        acts.interaction_key,
        acts.occurred_at,
        acts.occurred_date
    from {{ ref('fct_funnel_acts') }} as acts
    inner join stays
        on acts.person_key = stays.person_key

),

active_days as (

    select
        person_key,
        occurred_date
    from acts
    group by
        person_key,
        occurred_date

),

gaps as (

    select
        person_key,
        occurred_date,
        occurred_date
        - lag(occurred_date) over (partition by person_key order by occurred_date) as gap_days
    from active_days

),

rhythms as (

    select
        person_key,
        max(occurred_date) as last_act_on,
        count(gap_days) as gap_count,
        {{ median_of('gap_days') }} as median_gap_days
    from gaps
    group by person_key

),

last_acts as (

    select
        person_key,
        interaction_key
    from acts
    qualify row_number() over (
        partition by person_key
        order by occurred_at desc, interaction_key
    ) = 1

),

silent as (

    select
        {{ built_week() }} as week_start,
        stays.person_key,
        stays.stage_number,
        rhythms.last_act_on,
        cast({{ day_count_between('rhythms.last_act_on', days_later(built_week(), 6)) }} as bigint) as silent_day_count,
        rhythms.gap_count,
        rhythms.median_gap_days,
        last_acts.interaction_key as last_interaction_key
    from stays
    inner join rhythms
        on stays.person_key = rhythms.person_key
    inner join last_acts
        on stays.person_key = last_acts.person_key

),

-- Who acted on one day only has no rhythm to fall behind.
slipping as (

    select silent.*
    from silent
    cross join thresholds
    where
        silent.silent_day_count >= thresholds.slipping_minimum_days
        and silent.silent_day_count > thresholds.slipping_gap_factor * silent.median_gap_days

)

select * from slipping
