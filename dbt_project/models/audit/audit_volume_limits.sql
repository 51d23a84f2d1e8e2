-- How far the week's volume lies from the median of the eight weeks before it, on a log
-- scale and in robust spreads: one viral week must not blind the check for eight more.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

interactions as (

    select
        platform_code,
        'interactions' as measure_code,
        occurred_week as week_start,
        count(*) as row_count
    from {{ ref('fct_interactions') }}
    where actor_class_code = 'stakeholder'
    group by
        platform_code,
        occurred_week

),

posts as (

    select
        platform_code,
        'posts' as measure_code,
        posted_week as week_start,
        count(*) as row_count
    from {{ ref('dim_posts') }}
    group by
        platform_code,
        posted_week

),

counted as (

    select * from interactions
    union all
    select * from posts

),

measures as (

    select
        platform_code,
        measure_code,
        min(week_start) as first_week
    from counted
    group by
        platform_code,
        measure_code

),

-- Weeks without a row count as zero, so a platform that vanishes is judged as well.
volumes as (

    select
        measures.platform_code,
        measures.measure_code,
        weeks.week_start,
        coalesce(counted.row_count, 0) as row_count,
        ln(1 + coalesce(counted.row_count, 0)) as log_count
    from measures
    inner join weeks
        on measures.first_week <= weeks.week_start
    left join counted
        on
            measures.platform_code = counted.platform_code
            and measures.measure_code = counted.measure_code
            and weeks.week_start = counted.week_start

),

baselines as (

    select
        platform_code,
        measure_code,
        count(*) as history_week_count,
        {{ median_of('log_count') }} as usual_log,
        {{ median_distance_of('log_count') }} as log_spread
    from volumes
    where
        week_start >= {{ days_earlier(built_week(), 56) }}
        and week_start < {{ built_week() }}
    group by
        platform_code,
        measure_code

),

judged as (

    select
        {{ surrogate_key(['volumes.platform_code', 'volumes.measure_code', 'volumes.week_start']) }}
            as volume_key,
        volumes.week_start,
        volumes.platform_code || ' ' || volumes.measure_code as source_name,
        volumes.platform_code,
        volumes.measure_code,
        volumes.row_count,
        coalesce(baselines.history_week_count, 0) as history_week_count,
        round(exp(baselines.usual_log) - 1, 6) as usual_count,
        round(
            (volumes.log_count - baselines.usual_log)
            / greatest(
                1.4826 * baselines.log_spread,
                0.10,
                1 / sqrt(greatest(exp(baselines.usual_log) - 1, 1))
            ),
            6
        ) as robust_z_score
    from volumes
    left join baselines
        on
            volumes.platform_code = baselines.platform_code
            and volumes.measure_code = baselines.measure_code
    where volumes.week_start = {{ built_week() }}

)

select * from judged
