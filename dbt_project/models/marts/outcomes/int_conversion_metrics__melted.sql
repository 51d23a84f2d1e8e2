{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Leads and downloads per week, over all and per platform that the link named. A week
-- before the first one of its kind is not known; a later one without any is zero.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

conversions as (

    select
        kind_code,
        occurred_week,
        platform_code
    from {{ ref('fct_conversions') }}

),

segments as (

    select
        case when kind_code = 'lead' then 'leads' else 'downloads' end as metric_id,
        occurred_week,
        'all' as segment_kind_code,
        'all' as segment_code
    from conversions

    union all

    select
        case when kind_code = 'lead' then 'leads' else 'downloads' end as metric_id,
        occurred_week,
        'platform' as segment_kind_code,
        platform_code as segment_code
    from conversions
    where platform_code is not null

    union all

    select
        'actions_taken' as metric_id,
        occurred_week,
        'all' as segment_kind_code,
        'all' as segment_code
    from conversions

),

known_segments as (

    select
        metric_id,
        segment_kind_code,
        segment_code,
        min(occurred_week) as first_week
    from segments
    group by
        metric_id,
        segment_kind_code,
        segment_code

),

counted as (

    select
        known_segments.metric_id,
        weeks.week_start,
        known_segments.segment_kind_code,
        known_segments.segment_code,
        count(segments.occurred_week) as conversion_count
    from weeks
    inner join known_segments
        on known_segments.first_week <= weeks.week_start
    left join segments
        on
            weeks.week_start = segments.occurred_week
            and known_segments.metric_id = segments.metric_id
            and known_segments.segment_kind_code = segments.segment_kind_code
            and known_segments.segment_code = segments.segment_code
    group by
        known_segments.metric_id,
        weeks.week_start,
        known_segments.segment_kind_code,
        known_segments.segment_code

)

select
    metric_id,
    week_start,
    segment_kind_code,
    segment_code,
    cast(conversion_count as double) as value,
    cast(conversion_count as double) as numerator,
    cast(null as double) as denominator,
    conversion_count as n,
    cast(null as double) as coverage_ratio,
    true as is_mature
from counted
