-- The week's flow of each account. What the platform does not report stays null: an
-- account that counts only its total has a net change, no gains and no losses.
with

follower_weeks as (

    select
        week_start,
        platform_code,
        account_key,
        account_handle,
        opening_count,
        gained_count,
        lost_count,
        adjustment_count,
        closing_count,
        net_count,
        churn_rate,
        flow_day_count,
        purge_day_count,
        purge_lost_count,
        churn_rate_without_purges
    from {{ ref('int_follower_weeks__summed') }}

)

select * from follower_weeks
