-- What each employee is passionate about: themes that take a larger part of the employee's
-- acts in the window than of everybody's who takes part.
with

zones as (

    select
        person_key,
        week_start
    from {{ ref('fct_employee_zones') }}
    where week_start = {{ built_week() }}

),

thresholds as (

    select employee_window_days
    from {{ ref('int_thresholds__pivoted') }}

),

acts as (

    select
        acts.person_key,
        acts.theme_code
    from {{ ref('int_employee_acts__gathered') }} as acts
    inner join zones
        on acts.person_key = zones.person_key
    cross join thresholds
    where
        acts.theme_code is not null
        and acts.gone_at is null
        and acts.occurred_date >= {{ days_later('zones.week_start', '7 - thresholds.employee_window_days') }}

),

counted as (

    select
        person_key,
        theme_code,
        count(*) as theme_act_count
    from acts
    group by
        person_key,
        theme_code

),

totalled as (

    select
        *,
        cast(sum(theme_act_count) over (partition by person_key) as bigint) as tagged_act_count,
        cast(sum(theme_act_count) over (partition by theme_code) as bigint) as all_theme_act_count,
        cast(sum(theme_act_count) over () as bigint) as all_tagged_act_count
    from counted

),

rated as (

    select
        {{ built_week() }} as week_start,
        person_key,
        theme_code,
        theme_act_count,
        tagged_act_count,
        {{ safe_ratio('theme_act_count', 'tagged_act_count') }} as theme_ratio,
        all_theme_act_count,
        all_tagged_act_count,
        {{ safe_ratio(
            'theme_act_count * all_tagged_act_count', '(tagged_act_count * all_theme_act_count)'
        ) }} as lift_score,
        row_number() over (
            partition by person_key
            order by theme_act_count desc, all_theme_act_count, theme_code
        ) as theme_rank
    from totalled

)

select * from rated
