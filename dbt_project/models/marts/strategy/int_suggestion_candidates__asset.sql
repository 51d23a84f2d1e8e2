{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Asset: a page of ours answers what somebody asks in an open conversation. Each page is
-- put to the conversation that it fits best and in which nobody named it yet. A request
-- or complaint wants somebody to act, which no page does.
with

thresholds as (

    select
        exchange_reach_ratio,
        platform_reach_ratio
    from {{ ref('int_thresholds__pivoted') }}

),

weeks as (

    select
        week_start,
        max(closed_on) as closed_on
    from {{ ref('int_suggestion_themes__dated') }}
    group by week_start

),

assets as (

    select
        weeks.week_start,
        assets.asset_key,
        assets.asset_path,
        assets.theme_code,
        assets.phrase_count,
        assets.square_sum
    from {{ ref('int_assets__matched') }} as assets
    inner join weeks
        on assets.first_seen_on <= weeks.closed_on

),

topics as (

    select * from {{ ref('int_conversation_topics__weighed') }}

),

-- Conversations in which somebody asked, by their main theme.
asked as (

    select
        week_start,
        theme_code,
        conversation_key,
        theme_turn_count,
        last_act_week,
        platform_code,
        has_our_turn
    from topics
    where
        is_fresh
        and theme_rank = 1
        and question_turn_count > 0

),

-- One row per week, asset of the theme and conversation that asks about it.
paired as (

    select
        asked.week_start,
        asked.theme_code,
        asked.conversation_key,
        assets.asset_key,
        max(assets.asset_path) as asset_path,
        max(asked.theme_turn_count) as theme_turn_count,
        max(asked.last_act_week) as last_act_week,
        max(asked.platform_code) as platform_code,
        bool_or(asked.has_our_turn) as has_our_turn,
        {{ cosine(
            'sum(vectors.phrase_count * topics.theme_turn_count)',
            'max(vectors.square_sum)',
            'max(topics.square_sum)'
        ) }} as match_ratio
    from asked
    inner join assets
        on
            asked.week_start = assets.week_start
            and asked.theme_code = assets.theme_code
    inner join topics
        on
            asked.week_start = topics.week_start
            and asked.conversation_key = topics.conversation_key
    inner join assets as vectors
        on
            assets.week_start = vectors.week_start
            and assets.asset_key = vectors.asset_key
            and topics.theme_code = vectors.theme_code
    group by
        asked.week_start,
        asked.theme_code,
        asked.conversation_key,
        assets.asset_key

),

turns as (

    select
        interactions.thread_key as conversation_key,
        interactions.occurred_week,
        lower(texts.full_text) as lower_text
    from {{ ref('int_interactions__classified') }} as interactions
    inner join {{ ref('int_texts__gathered') }} as texts
        on interactions.full_text_key = texts.full_text_key
    where
        texts.full_text like '%/%'
        and interactions.occurred_at < {{ observed_until() }}

),

linked as (

    select
        paired.week_start,
        paired.asset_key,
        paired.conversation_key
    from paired
    inner join turns
        on
            paired.conversation_key = turns.conversation_key
            and turns.occurred_week <= paired.week_start
            and contains(turns.lower_text, paired.asset_path)
    group by
        paired.week_start,
        paired.asset_key,
        paired.conversation_key

),

chosen as (

    select
        paired.*,
        linked.conversation_key is not null as is_done
    from paired
    left join linked
        on
            paired.week_start = linked.week_start
            and paired.asset_key = linked.asset_key
            and paired.conversation_key = linked.conversation_key
    qualify
        row_number() over (
            partition by paired.week_start, paired.asset_key, paired.theme_code
            order by
                linked.conversation_key is not null,
                paired.match_ratio desc,
                paired.last_act_week desc,
                paired.theme_turn_count desc,
                paired.conversation_key
        ) = 1

),

offered as (

    select
        chosen.week_start,
        'asset' as kind_code,
        chosen.theme_code,
        cast(null as varchar) as person_key,
        chosen.conversation_key,
        chosen.asset_key,
        'answers_question' as reason_code,
        chosen.match_ratio,
        chosen.theme_turn_count,
        chosen.last_act_week,
        case
            when chosen.has_our_turn then thresholds.exchange_reach_ratio
            when reach.platform_code is not null then thresholds.platform_reach_ratio
            else 0
        end as reach_ratio,
        chosen.is_done,
        false as is_leading
    from chosen
    cross join thresholds
    left join {{ ref('int_platform_reach__judged') }} as reach
        on
            chosen.week_start = reach.week_start
            and chosen.platform_code = reach.platform_code

)

select * from offered
