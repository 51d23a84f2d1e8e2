-- How often the sides of a conversation had alternated by the end of each week in which
-- one of them took a turn: stakeholders here, the organisation and its employees there.
-- Consecutive turns of one side are one run, so that three posts in a row are no
-- dialogue. Bots and unknown accounts take no side.
with

interactions as (

    select
        interaction_key,
        platform_code,
        thread_key,
        verb_code,
        occurred_at,
        occurred_week,
        actor_class_code = 'stakeholder' as is_stakeholder
    from {{ ref('int_interactions__classified') }}
    where actor_class_code in ('org', 'employee', 'stakeholder')

),

-- 'create' sorts before 'reply', so the opening comes first among equal moments.
compared as (

    select
        thread_key,
        platform_code,
        occurred_week,
        is_stakeholder,
        lag(is_stakeholder) over (
            partition by thread_key
            order by occurred_at, verb_code, interaction_key
        ) as was_stakeholder
    from interactions

),

-- One row per conversation and week.
counted as (

    select
        thread_key,
        platform_code,
        occurred_week,
        count(*) filter (where is_stakeholder) as stakeholder_turn_count,
        count(*) filter (where not is_stakeholder) as org_turn_count,
        count(*) filter (where is_stakeholder is distinct from was_stakeholder) as opened_run_count
    from compared
    group by
        thread_key,
        platform_code,
        occurred_week

),

numbered as (

    select
        thread_key,
        platform_code,
        occurred_week,
        stakeholder_turn_count,
        org_turn_count,
        cast(sum(opened_run_count) over (
            partition by thread_key
            order by occurred_week, platform_code
            rows between unbounded preceding and current row
        ) as bigint) as alternation_count
    from counted

)

select * from numbered
