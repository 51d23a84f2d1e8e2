-- Everybody has one home platform: over all of them a stage has the members of the funnel.
with

platforms as (

    select
        week_start,
        stage_number,
        cast(sum(member_count) as bigint) as member_count
    from {{ ref('agg_weekly_funnel_platforms') }}
    group by
        week_start,
        stage_number

)

select
    funnel.week_start,
    funnel.stage_number,
    funnel.member_count,
    platforms.member_count as platform_member_count
from {{ ref('agg_weekly_funnel') }} as funnel
left join platforms
    on
        funnel.week_start = platforms.week_start
        and funnel.stage_number = platforms.stage_number
where funnel.member_count <> coalesce(platforms.member_count, 0)
