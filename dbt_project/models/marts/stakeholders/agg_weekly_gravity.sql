-- Orbit's gravity: how much the sum of squared weights grew, per member. One person who
-- comes close outweighs many who look on.
with

funnel as (

    select
        week_start,
        stage_number,
        member_count
    from {{ ref('agg_weekly_funnel') }}

),

stages as (

    select
        stage_number,
        gravity_weight
    from {{ ref('funnel_stages') }}

),

weighed as (

    select
        funnel.week_start,
        cast(sum(funnel.member_count) as bigint) as member_count,
        cast(sum(funnel.member_count * stages.gravity_weight * stages.gravity_weight) as bigint)
            as squared_weight_sum
    from funnel
    inner join stages
        on funnel.stage_number = stages.stage_number
    group by funnel.week_start

),

compared as (

    select
        week_start,
        member_count,
        squared_weight_sum,
        lag(squared_weight_sum) over (order by week_start) as previous_squared_weight_sum
    from weighed

),

rated as (

    select
        week_start,
        member_count,
        squared_weight_sum,
        previous_squared_weight_sum,
        {{ safe_ratio('squared_weight_sum - previous_squared_weight_sum', 'member_count') }}
            as gravity_value
    from compared

)

select * from rated
