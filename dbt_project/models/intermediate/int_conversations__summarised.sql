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

-- The theme of a conversation is the first that is named in it, title included.
themed as (

    select
        thread_key,
        theme_code
    from interactions
    where theme_code is not null
    qualify
        row_number() over (
            partition by thread_key
            order by occurred_at, verb_code, interaction_key
        ) = 1

),

started as (

    select
        thread_key,
        platform_code,
        actor_class_code as starter_class_code,
        occurred_at as started_at
    from interactions
    qualify
        row_number() over (
            partition by thread_key
            order by occurred_at, verb_code, interaction_key
        ) = 1

),

-- One row per conversation.
counted as (

    select
        thread_key,
        count(*) as turn_count,
        count(distinct person_key) as distinct_person_count,
        max(occurred_at) as last_turn_at
    from interactions
    group by thread_key

),

sided as (

    select
        thread_key,
        count(*) filter (where side_code = 'stakeholder') as stakeholder_turn_count,
        count(*) filter (where side_code = 'organisation') as org_turn_count,
        max(run_number) as alternation_count
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
