-- What each style goes with: the losses of all weeks in which it had most posts, over the
-- followers of those weeks.
with

weeks as (

    select
        week_start,
        platform_code,
        account_key,
        account_handle,
        dominant_style_code,
        post_count,
        own_lost_count
    from {{ ref('agg_weekly_style_churn') }}
    where
        dominant_style_code is not null
        and week_start <= {{ built_week() }}

),

followers as (

    select
        week_start,
        account_key,
        opening_count
    from {{ ref('agg_weekly_followers') }}

),

rules as (

    select
        cast(max(case when parameter_name = 'compared_weeks' then parameter_value end) as integer)
            as compared_weeks
    from {{ ref('int_signal_rules__dated') }}
    where rule_id = 'style'

),

-- One row per account and style; a week enters the rate when its losses are known, and
-- how many there were to lose.
summed as (

    select
        weeks.platform_code,
        weeks.account_key,
        weeks.account_handle,
        weeks.dominant_style_code as content_style_code,
        count(*) as week_count,
        cast(sum(weeks.post_count) as bigint) as post_count,
        count(case when followers.opening_count is not null then weeks.own_lost_count end)
            as known_week_count,
        cast(sum(case when followers.opening_count is not null then weeks.own_lost_count end) as bigint)
            as own_lost_count,
        cast(sum(case when weeks.own_lost_count is not null then followers.opening_count end) as bigint)
            as opening_count
    from weeks
    cross join rules
    left join followers
        on
            weeks.week_start = followers.week_start
            and weeks.account_key = followers.account_key
    where weeks.week_start > {{ days_earlier(built_week(), '7 * rules.compared_weeks') }}
    group by
        weeks.platform_code,
        weeks.account_key,
        weeks.account_handle,
        weeks.dominant_style_code

),

rated as (

    select
        summed.*,
        round(1000 * {{ safe_ratio('own_lost_count', 'opening_count') }}, 9) as lost_per_1000
    from summed

)

select * from rated
