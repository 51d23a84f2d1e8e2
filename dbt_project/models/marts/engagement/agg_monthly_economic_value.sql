-- What a visit that social media brought is worth: what people did on the site times what
-- the organisation says that this is worth to it. No price of advertising comes in.
with

visits as (

    select
        platform_code,
        month_start,
        session_count,
        cast(key_event_count as decimal(18, 6)) as key_event_count,
        period_start,
        period_end
    from {{ ref('int_landing_visits__dated') }}

),

goal_values as (

    select
        valid_from,
        valid_to,
        cast(key_event_value as decimal(18, 6)) as key_event_value,
        currency_code
    from {{ ref('stg_programme__goal_values') }}

),

-- One row per platform and month. Visits of a report without key events are in no rate.
counted as (

    select
        platform_code,
        month_start,
        min(period_start) as first_day,
        max(period_end) as last_day,
        cast(sum(session_count) as bigint) as visit_count,
        cast(sum(case when key_event_count is not null then session_count end) as bigint)
            as goal_visit_count,
        sum(case when session_count is not null then key_event_count end) as key_event_count
    from visits
    group by
        platform_code,
        month_start

),

-- The value of a month is that of its first day, so that it has one currency.
valued as (

    select
        counted.*,
        goal_values.key_event_value,
        goal_values.currency_code
    from counted
    left join goal_values
        on
            counted.month_start >= goal_values.valid_from
            and (goal_values.valid_to is null or counted.month_start < goal_values.valid_to)
    qualify
        row_number() over (
            partition by counted.platform_code, counted.month_start
            order by goal_values.valid_from desc nulls last
        ) = 1

),

monthly as (

    select
        {{ surrogate_key(['platform_code', 'month_start']) }} as economic_value_key,
        month_start,
        platform_code,
        first_day,
        last_day,
        visit_count,
        goal_visit_count,
        cast(key_event_count as double) as key_event_count,
        cast(key_event_value as double) as key_event_value,
        currency_code,
        round(cast(key_event_count as double) * cast(key_event_value as double), 6) as goal_value,
        round({{ safe_ratio('cast(key_event_count as double) * cast(key_event_value as double)', 'goal_visit_count') }}, 9)
            as economic_value_per_visit
    from valued

)

select * from monthly
