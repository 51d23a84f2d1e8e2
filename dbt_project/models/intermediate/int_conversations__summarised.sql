with

turns as (

    select * from {{ ref('int_turns__alternated') }}

),

interactions as (

    select
        interaction_key,
        thread_key,
        platform_code,
        actor_class_code,
        person_key,
        verb_code,
        theme_code,
        occurred_at
    from {{ ref('int_interactions__classified') }}
    where actor_class_code <> 'bot'

),

thresholds as (

    select loop_alternation_count
    from {{ ref('int_thresholds__pivoted') }}

),

-- One row per conversation and person.
people as (

    select
        thread_key,
        person_key,
        count(*) as turn_count,
        min(occurred_at) as first_turn_at,
        min(case when theme_code is not null then occurred_at end) as first_themed_at,
        max(occurred_at) as last_turn_at
    from interactions
    group by
        thread_key,
        person_key

),

-- One row per conversation.
counted as (

    select
        thread_key,
        cast(sum(turn_count) as bigint) as turn_count,
        count(person_key) as distinct_person_count,
        min(first_turn_at) as first_turn_at,
        min(first_themed_at) as first_themed_at,
        max(last_turn_at) as last_turn_at
    from people
    group by thread_key

),

-- The theme of a conversation is the first that is named in it, title included. Only
-- turns of one moment need to be put in order.
themed as (

    select
        interactions.thread_key,
        interactions.theme_code
    from interactions
    inner join counted
        on
            interactions.thread_key = counted.thread_key
            and interactions.occurred_at = counted.first_themed_at
    where interactions.theme_code is not null
    qualify
        row_number() over (
            partition by interactions.thread_key
            order by interactions.verb_code, interactions.interaction_key
        ) = 1

),

started as (

    select
        interactions.thread_key,
        interactions.platform_code,
        interactions.actor_class_code as starter_class_code,
        interactions.occurred_at as started_at
    from interactions
    inner join counted
        on
            interactions.thread_key = counted.thread_key
            and interactions.occurred_at = counted.first_turn_at
    qualify
        row_number() over (
            partition by interactions.thread_key
            order by interactions.verb_code, interactions.interaction_key
        ) = 1

),

sided as (

    select
        thread_key,
        cast(sum(stakeholder_turn_count) as bigint) as stakeholder_turn_count,
        cast(sum(org_turn_count) as bigint) as org_turn_count,
        max(alternation_count) as alternation_count
    from turns
    group by thread_key

),

summarised as (

    select
        started.thread_key as conversation_key,
        started.platform_code,
        started.started_at,
        {{ reporting_week(local_date('started.started_at')) }} as started_week,
        started.starter_class_code,
        counted.turn_count,
        coalesce(sided.stakeholder_turn_count, 0) as stakeholder_turn_count,
        coalesce(sided.org_turn_count, 0) as org_turn_count,
        coalesce(sided.alternation_count, 0) as alternation_count,
        counted.distinct_person_count,
        coalesce(sided.alternation_count, 0) >= thresholds.loop_alternation_count
            as is_dialogic_loop,
        counted.last_turn_at,
        themed.theme_code
    from started
    inner join counted
        on started.thread_key = counted.thread_key
    left join sided
        on started.thread_key = sided.thread_key
    left join themed
        on started.thread_key = themed.thread_key
    cross join thresholds

)

select * from summarised
