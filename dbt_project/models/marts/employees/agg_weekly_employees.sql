-- How the programme as a whole does, by week. Rates are sums over sums.
with

zones as (

    select * from {{ ref('fct_employee_zones') }}

),

enrolled as (

    select
        employee_code,
        enrolled_on
    from {{ ref('int_employees__enrolled') }}

),

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

enrolled_counts as (

    select
        weeks.week_start,
        count(enrolled.employee_code) as enrolled_count
    from weeks
    left join enrolled
        on enrolled.enrolled_on <= {{ days_later('weeks.week_start', 6) }}
    group by weeks.week_start

),

-- Same grain: an employee has one row thirteen weeks later.
followed as (

    select
        zones.*,
        earlier.is_creator as was_creator
    from zones
    left join zones as earlier
        on
            zones.person_key = earlier.person_key
            and {{ days_earlier('zones.week_start', 91) }} = earlier.week_start

),

counted as (

    select
        week_start,
        count(*) as linked_count,
        count(*) filter (where is_dormant) as dormant_count,
        count(*) filter (where zone_code = 'consumer') as consumer_count,
        count(*) filter (where zone_code = 'sharer') as sharer_zone_count,
        count(*) filter (where zone_code = 'creator') as creator_zone_count,
        count(*) filter (where zone_code = 'socially_engaged') as socially_engaged_count,
        count(*) filter (where is_capped) as capped_count,
        count(*) filter (where is_sharer) as sharer_count,
        cast(sum(share_count) as bigint) as share_count,
        cast(sum(commented_share_count) as bigint) as commented_share_count,
        count(*) filter (where was_creator) as earlier_creator_count,
        count(*) filter (where was_creator and is_creator) as retained_creator_count
    from followed
    group by week_start

),

rated as (

    select
        enrolled_counts.week_start,
        enrolled_counts.enrolled_count,
        coalesce(counted.linked_count, 0) as linked_count,
        coalesce(counted.dormant_count, 0) as dormant_count,
        coalesce(counted.consumer_count, 0) as consumer_count,
        coalesce(counted.sharer_zone_count, 0) as sharer_zone_count,
        coalesce(counted.creator_zone_count, 0) as creator_zone_count,
        coalesce(counted.socially_engaged_count, 0) as socially_engaged_count,
        coalesce(counted.capped_count, 0) as capped_count,
        coalesce(counted.sharer_count, 0) as sharer_count,
        {{ safe_ratio('coalesce(counted.sharer_count, 0)', 'enrolled_counts.enrolled_count') }}
            as adoption_ratio,
        coalesce(counted.share_count, 0) as share_count,
        coalesce(counted.commented_share_count, 0) as commented_share_count,
        {{ safe_ratio('counted.commented_share_count', 'counted.share_count') }} as commentary_ratio,
        coalesce(counted.earlier_creator_count, 0) as earlier_creator_count,
        coalesce(counted.retained_creator_count, 0) as retained_creator_count,
        {{ safe_ratio('counted.retained_creator_count', 'counted.earlier_creator_count') }}
            as creator_retention_ratio
    from enrolled_counts
    left join counted
        on enrolled_counts.week_start = counted.week_start

)

select * from rated
