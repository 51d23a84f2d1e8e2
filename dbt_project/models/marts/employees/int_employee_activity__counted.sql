{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What each employee did in the ninety days up to the end of each week. What is gone by
-- now does not count.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

employees as (

    select
        person_key,
        max(enrolled_on) as enrolled_on
    from {{ ref('int_employee_accounts__linked') }}
    group by person_key

),

thresholds as (

    select
        employee_window_days,
        original_text_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

acts as (

    select * from {{ ref('int_employee_acts__gathered') }}
    where gone_at is null

),

pieces as (

    select
        person_key,
        published_date,
        {{ month_start('published_date') }} as published_month
    from {{ ref('int_employee_pieces__fingerprinted') }}
    where withdrawn_at is null

),

-- One row per employee and week since the employee takes part.
employee_weeks as (

    select
        employees.person_key,
        weeks.week_start,
        {{ days_later('weeks.week_start', '7 - thresholds.employee_window_days') }} as window_start,
        thresholds.original_text_minimum_count
    from employees
    cross join weeks
    cross join thresholds
    where employees.enrolled_on <= {{ days_later('weeks.week_start', 6) }}

),

acted as (

    select
        employee_weeks.person_key,
        employee_weeks.week_start,
        count(*) as act_count,
        count(*) filter (where acts.act_code = 'share') as share_count,
        count(*) filter (where acts.act_code = 'share' and acts.has_commentary) as commented_share_count,
        count(*) filter (
            where acts.act_code in ('create', 'post')
            and acts.character_count > 0
            and acts.character_count < employee_weeks.original_text_minimum_count
        ) as short_original_count
    from employee_weeks
    inner join acts
        on
            employee_weeks.person_key = acts.person_key
            and acts.occurred_date >= employee_weeks.window_start
            and acts.occurred_date < {{ days_later('employee_weeks.week_start', 7) }}
    group by
        employee_weeks.person_key,
        employee_weeks.week_start

),

-- Thirteen whole weeks, a day more than the window.
active as (

    select
        employee_weeks.person_key,
        employee_weeks.week_start,
        count(distinct acts.occurred_week) as active_week_count
    from employee_weeks
    inner join acts
        on
            employee_weeks.person_key = acts.person_key
            and acts.occurred_week between {{ days_earlier('employee_weeks.week_start', 84) }} and employee_weeks.week_start
    group by
        employee_weeks.person_key,
        employee_weeks.week_start

),

created as (

    select
        employee_weeks.person_key,
        employee_weeks.week_start,
        count(*) as piece_count,
        count(distinct pieces.published_month) as piece_month_count
    from employee_weeks
    inner join pieces
        on
            employee_weeks.person_key = pieces.person_key
            and pieces.published_date >= employee_weeks.window_start
            and pieces.published_date < {{ days_later('employee_weeks.week_start', 7) }}
    group by
        employee_weeks.person_key,
        employee_weeks.week_start

),

counted as (

    select
        employee_weeks.person_key,
        employee_weeks.week_start,
        employee_weeks.window_start,
        coalesce(acted.act_count, 0) as act_count,
        coalesce(acted.share_count, 0) as share_count,
        coalesce(acted.commented_share_count, 0) as commented_share_count,
        coalesce(acted.short_original_count, 0) as short_original_count,
        coalesce(active.active_week_count, 0) as active_week_count,
        coalesce(created.piece_count, 0) as piece_count,
        coalesce(created.piece_month_count, 0) as piece_month_count
    from employee_weeks
    left join acted
        on
            employee_weeks.person_key = acted.person_key
            and employee_weeks.week_start = acted.week_start
    left join active
        on
            employee_weeks.person_key = active.person_key
            and employee_weeks.week_start = active.week_start
    left join created
        on
            employee_weeks.person_key = created.person_key
            and employee_weeks.week_start = created.week_start

)

select * from counted
