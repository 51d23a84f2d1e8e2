-- What is left of each week's follower flow when gains and losses are taken out. More
-- than five people, or half a per cent, means that days or readings are wrong.
with

followers as (

    select
        week_start,
        platform_code,
        account_key,
        opening_count,
        gained_count,
        lost_count,
        adjustment_count,
        closing_count,
        flow_day_count
    from {{ ref('agg_weekly_followers') }}
    where week_start = {{ built_week() }}

),

rules as (

    select
        cast(max(case when parameter_name = 'minimum_adjustment' then parameter_value end) as bigint)
            as minimum_adjustment,
        max(case when parameter_name = 'adjustment_ratio' then parameter_value end)
            as adjustment_ratio
    from {{ ref('int_signal_rules__dated') }}
    where rule_id = 'followers'

),

compared as (

    select
        {{ surrogate_key(['followers.week_start', 'followers.account_key']) }} as reconciliation_key,
        followers.week_start,
        followers.platform_code,
        followers.account_key,
        followers.opening_count,
        followers.gained_count,
        followers.lost_count,
        followers.closing_count,
        followers.flow_day_count,
        followers.adjustment_count,
        greatest(rules.minimum_adjustment, followers.opening_count * rules.adjustment_ratio)
            as allowed_adjustment_count,
        coalesce(
            abs(followers.adjustment_count)
            <= greatest(rules.minimum_adjustment, followers.opening_count * rules.adjustment_ratio),
            true
        ) as is_reconciled
    from followers
    cross join rules

)

select * from compared
