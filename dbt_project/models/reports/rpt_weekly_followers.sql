-- The reporting week's follower flow of each account.
with

followers as (

    select
        week_start,
        platform_code,
        account_handle,
        opening_count,
        gained_count,
        lost_count,
        adjustment_count,
        closing_count,
        net_count,
        churn_rate
    from {{ ref('agg_weekly_followers') }}
    where week_start = {{ built_week() }}

)

select * from followers
