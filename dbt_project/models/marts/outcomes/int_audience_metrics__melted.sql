{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Followers and funnel: one row per metric, week and segment. Losses of four days are no
-- week's churn, nor are those from a stock that nobody counted: only accounts whose opening
-- and seven days are known enter it.
with

follower_weeks as (

    select
        week_start,
        platform_code || '|' || account_handle as account_code,
        opening_count,
        case when flow_day_count = 7 and opening_count is not null then lost_count end as lost_count,
        net_count
    from {{ ref('agg_weekly_followers') }}

),

funnel as (

    select
        week_start,
        stage_number,
        stage_code,
        member_count,
        entered_count,
        left_count,
        move_on_count,
        move_on_base_count,
        move_on_ratio
    from {{ ref('agg_weekly_funnel') }}

),

segments as (

    select
        follower_weeks.*,
        'account' as segment_kind_code,
        account_code as segment_code
    from follower_weeks

    union all

    select
        follower_weeks.*,
        'all' as segment_kind_code,
        'all' as segment_code
    from follower_weeks

),

-- One row per week and segment; churn only over accounts whose platform tells losses.
followers as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        sum(net_count) as net_count,
        count(net_count) as net_account_count,
        sum(lost_count) as lost_count,
        sum(case when lost_count is not null then opening_count end) as opening_count
    from segments
    group by
        week_start,
        segment_kind_code,
        segment_code

),

melted as (

    select
        'follower_net' as metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        net_count as value,
        net_count as numerator,
        null as denominator,
        net_account_count as n
    from followers
    where net_count is not null

    union all

    select
        'churn_rate' as metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        {{ safe_ratio('lost_count', 'opening_count') }} as value,
        lost_count as numerator,
        opening_count as denominator,
        opening_count as n
    from followers
    where lost_count is not null

    union all

    select
        'advocates' as metric_id,
        week_start,
        'all' as segment_kind_code,
        'all' as segment_code,
        member_count as value,
        member_count as numerator,
        null as denominator,
        member_count as n
    from funnel
    where stage_number = 6

    union all

    select
        'advocates_net_new' as metric_id,
        week_start,
        'all' as segment_kind_code,
        'all' as segment_code,
        entered_count - left_count as value,
        entered_count - left_count as numerator,
        null as denominator,
        entered_count + left_count as n
    from funnel
    where stage_number = 6

    union all

    select
        'move_on_ratio' as metric_id,
        week_start,
        'stage' as segment_kind_code,
        stage_code as segment_code,
        move_on_ratio as value,
        move_on_count as numerator,
        move_on_base_count as denominator,
        move_on_base_count as n
    from funnel
    where stage_number < 6

),

typed as (

    select
        metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        cast(value as double) as value,
        cast(numerator as double) as numerator,
        cast(denominator as double) as denominator,
        cast(n as bigint) as n,
        cast(null as double) as coverage_ratio,
        true as is_mature
    from melted

)

select * from typed
