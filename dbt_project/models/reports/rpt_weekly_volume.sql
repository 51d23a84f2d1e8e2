-- Counts of volume for the appendix: how much was shown, never how well it was received.
-- Exposure is given by kind and never added up. Posts and their counters are those of the
-- posts published in the week, as last observed.
with

accounts as (

    select
        account_key,
        platform_code,
        account_handle
    from {{ ref('dim_accounts') }}
    where actor_class_code = 'org'

),

engagement as (

    select
        account_key,
        post_count,
        impression_count,
        view_count,
        reach_count,
        reaction_count
    from {{ ref('agg_weekly_engagement') }}
    where week_start = {{ built_week() }}

),

followers as (

    select
        account_key,
        closing_count
    from {{ ref('agg_weekly_followers') }}
    where week_start = {{ built_week() }}

),

counted as (

    select
        {{ built_week() }} as week_start,
        accounts.platform_code,
        accounts.account_handle,
        followers.closing_count as follower_count,
        coalesce(engagement.post_count, 0) as post_count,
        engagement.impression_count,
        engagement.view_count,
        engagement.reach_count,
        engagement.reaction_count
    from accounts
    left join engagement
        on accounts.account_key = engagement.account_key
    left join followers
        on accounts.account_key = followers.account_key

)

select * from counted
