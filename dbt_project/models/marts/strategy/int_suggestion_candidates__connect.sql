{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}
-- Connect: an open conversation names a theme, and we could show what it has to do with
-- the strategy. Done where we named the theme in it; ours where we began it.
with

thresholds as (

    select
        exchange_reach_ratio,
        platform_reach_ratio
    from {{ ref('int_thresholds__pivoted') }}

),

connected as (

    select
        topics.week_start,
        'connect' as kind_code,
        topics.theme_code,
        cast(null as varchar) as person_key,
        topics.conversation_key,
        cast(null as varchar) as asset_key,
        case when topics.asking_turn_count > 0 then 'asks_about_theme' else 'talks_about_theme' end
            as reason_code,
        {{ cosine('topics.theme_turn_count', 'topics.square_sum', '1') }} as match_ratio,
        topics.theme_turn_count,
        topics.last_act_week,
        case
            when topics.has_our_turn then thresholds.exchange_reach_ratio
            when reach.platform_code is not null then thresholds.platform_reach_ratio
            else 0
        end as reach_ratio,
        topics.our_theme_turn_count > 0 as is_done,
        coalesce(topics.starter_class_code in ('org', 'employee'), false) as is_leading
    from {{ ref('int_conversation_topics__weighed') }} as topics
    cross join thresholds
    left join {{ ref('int_platform_reach__judged') }} as reach
        on
            topics.week_start = reach.week_start
            and topics.platform_code = reach.platform_code
    where topics.is_fresh

)

select * from connected
