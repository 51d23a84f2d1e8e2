-- One row per post and lifetime counter in the week's exports, beside what the export
-- before said. Counters that only grow and yet fall were purged, reset or mixed up. Posts
-- that are new this week are left out, except in the first week, when all of them are.
with

observations as (

    select
        platform_code,
        object_key as post_key,
        metric_code,
        value,
        observed_at,
        file_sha256,
        {{ days_earlier(reporting_week(local_date('observed_at')), 7) }} as week_start
    from {{ ref('fct_metric_observations') }}
    where
        object_kind_code = 'post'
        and metric_kind_code = 'lifetime_cumulative'

),

-- The last statement of each week counts: a corrected export replaces its first try.
weekly as (

    select
        platform_code,
        post_key,
        metric_code,
        week_start,
        value,
        observed_at
    from observations
    qualify
        row_number() over (
            partition by platform_code, post_key, metric_code, week_start
            order by observed_at desc, file_sha256 desc
        ) = 1

),

first_week as (

    select min(week_start) as week_start
    from weekly

),

compared as (

    select
        weekly.*,
        lag(value) over (
            partition by platform_code, post_key, metric_code
            order by week_start
        ) as previous_value,
        lag(observed_at) over (
            partition by platform_code, post_key, metric_code
            order by week_start
        ) as previous_observed_at
    from weekly

),

restated as (

    select
        {{ surrogate_key(['compared.week_start', 'post_key', 'metric_code']) }} as restatement_key,
        compared.week_start,
        platform_code,
        post_key,
        metric_code,
        value,
        previous_value,
        value - previous_value as change_value,
        coalesce(value < previous_value, false) as has_fallen,
        observed_at,
        previous_observed_at
    from compared
    cross join first_week
    where
        compared.week_start = {{ built_week() }}
        and (previous_value is not null or compared.week_start = first_week.week_start)

)

select * from restated
