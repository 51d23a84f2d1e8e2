-- Volume counts for the appendix: no targets, no conclusions. Each exposure kind stays on
-- its own line, because an impression, a view and a person reached are not one thing.
with

accounts as (

    select
        account_key,
        platform_code,
        account_handle
    from {{ ref('dim_accounts') }}

),

followers as (

    select
        account_key,
        closing_count
    from {{ ref('agg_weekly_followers') }}
    where week_start = {{ built_week() }}

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

posts as (

    select
        account_key,
        count(*) as post_count
    from {{ ref('dim_posts') }}
    where posted_week = {{ built_week() }}
    group by account_key

),

observations as (

    select
        object_key as account_key,
        metric_code,
        period_start,
        value
    from {{ ref('fct_metric_observations') }}
    where
        object_kind_code = 'account'
        and metric_kind_code = 'period_delta'
        and metric_code in ('impression_count', 'view_count', 'reaction_count')
        and period_start = period_end
        and period_start >= {{ built_week() }}
        and period_start < {{ days_later(built_week(), 7) }}
    qualify
        row_number() over (
            partition by object_key, metric_code, period_start
            order by observed_at desc, file_sha256 desc
        ) = 1

),

account_days as (

    select
        account_key,
        cast(sum(case when metric_code = 'impression_count' then value end) as bigint)
            as impression_count,
        cast(sum(case when metric_code = 'view_count' then value end) as bigint)
            as view_count,
        cast(sum(case when metric_code = 'reaction_count' then value end) as bigint)
            as reaction_count
    from observations
    group by account_key

),

-- What the account reports by day is the week's; otherwise it is that of its posts.
volume as (

    select
        {{ built_week() }} as week_start,
        accounts.platform_code,
        accounts.account_key,
        accounts.account_handle,
        followers.closing_count as follower_count,
        coalesce(posts.post_count, 0) as post_count,
        coalesce(account_days.impression_count, engagement.impression_count) as impression_count,
        coalesce(account_days.view_count, engagement.view_count) as view_count,
        engagement.reach_count,
        coalesce(account_days.reaction_count, engagement.reaction_count) as reaction_count
    from accounts
    left join followers
        on accounts.account_key = followers.account_key
    left join posts
        on accounts.account_key = posts.account_key
    left join engagement
        on accounts.account_key = engagement.account_key
    left join account_days
        on accounts.account_key = account_days.account_key

)

select * from volume
