{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What each conversation that is still going was about up to each week. Its vector is
-- made of what stakeholders said; what we said shows whether we took up the theme.
with

thresholds as (

    select suggestion_fresh_weeks
    from {{ ref('int_thresholds__pivoted') }}

),

weeks as (

    select
        week_start,
        max(closed_on) as closed_on
    from {{ ref('int_suggestion_themes__dated') }}
    group by week_start

),

turns as (

    select
        interaction_key,
        thread_key as conversation_key,
        occurred_week,
        actor_class_code in ('org', 'employee') as is_ours,
        coalesce(is_question, false) or coalesce(is_request, false) as is_asking,
        coalesce(is_question and not is_request and not is_complaint, false) as is_open_question
    from {{ ref('fct_interactions') }}
    where
        actor_class_code <> 'bot'
        and thread_key is not null
        and occurred_at < {{ observed_until() }}

),

conversations as (

    select
        conversation_key,
        platform_code,
        starter_class_code
    from {{ ref('fct_conversations') }}

),

-- One row per conversation, theme and week with a turn on it.
spoken as (

    select
        turns.conversation_key,
        themes.theme_code,
        turns.occurred_week,
        count(*) filter (where not turns.is_ours) as theme_turn_count,
        count(*) filter (where turns.is_ours) as our_theme_turn_count,
        count(*) filter (where not turns.is_ours and turns.is_asking) as asking_turn_count,
        count(*) filter (where not turns.is_ours and turns.is_open_question) as question_turn_count
    from turns
    inner join {{ ref('fct_interaction_themes') }} as themes
        on turns.interaction_key = themes.interaction_key
    group by
        turns.conversation_key,
        themes.theme_code,
        turns.occurred_week

),

-- One row per conversation: the first week in which we spoke in it.
joined as (

    select
        conversation_key,
        min(occurred_week) as joined_week
    from turns
    where is_ours
    group by conversation_key

),

-- One row per week and conversation in which somebody named a theme of late. The others
-- would grow with every week that ever was.
fresh as (

    select
        weeks.week_start,
        spoken.conversation_key
    from weeks
    cross join thresholds
    inner join spoken
        on
            spoken.theme_turn_count > 0
            and spoken.occurred_week <= weeks.week_start
            and spoken.occurred_week
            > {{ days_later('weeks.week_start', '-7 * thresholds.suggestion_fresh_weeks') }}
    group by
        weeks.week_start,
        spoken.conversation_key

),

-- One row per week, conversation and theme that somebody named up to it.
counted as (

    select
        fresh.week_start,
        spoken.conversation_key,
        spoken.theme_code,
        cast(sum(spoken.theme_turn_count) as bigint) as theme_turn_count,
        cast(sum(spoken.our_theme_turn_count) as bigint) as our_theme_turn_count,
        cast(sum(case
            when spoken.occurred_week > {{ days_later('fresh.week_start', '-7 * thresholds.suggestion_fresh_weeks') }}
                then spoken.asking_turn_count
            else 0
        end) as bigint) as asking_turn_count,
        cast(sum(case
            when spoken.occurred_week > {{ days_later('fresh.week_start', '-7 * thresholds.suggestion_fresh_weeks') }}
                then spoken.question_turn_count
            else 0
        end) as bigint) as question_turn_count,
        max(case when spoken.theme_turn_count > 0 then spoken.occurred_week end) as last_act_week
    from fresh
    cross join thresholds
    inner join spoken
        on
            fresh.conversation_key = spoken.conversation_key
            and spoken.occurred_week <= fresh.week_start
    group by
        fresh.week_start,
        spoken.conversation_key,
        spoken.theme_code
    having cast(sum(spoken.theme_turn_count) as bigint) > 0

),

weighed as (

    select
        counted.week_start,
        counted.conversation_key,
        counted.theme_code,
        counted.theme_turn_count,
        counted.our_theme_turn_count,
        counted.asking_turn_count,
        counted.question_turn_count,
        counted.last_act_week,
        conversations.platform_code,
        conversations.starter_class_code,
        joined.joined_week is not null as has_our_turn,
        counted.last_act_week
        > {{ days_later('counted.week_start', '-7 * thresholds.suggestion_fresh_weeks') }} as is_fresh,
        cast(sum(counted.theme_turn_count * counted.theme_turn_count)
            over (partition by counted.week_start, counted.conversation_key) as bigint) as square_sum,
        row_number() over (
            partition by counted.week_start, counted.conversation_key
            order by counted.theme_turn_count desc, counted.last_act_week desc, counted.theme_code
        ) as theme_rank
    from counted
    inner join conversations
        on counted.conversation_key = conversations.conversation_key
    cross join thresholds
    left join joined
        on
            counted.conversation_key = joined.conversation_key
            and joined.joined_week <= counted.week_start

)

select * from weighed
