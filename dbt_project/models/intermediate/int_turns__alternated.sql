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

-- One row per conversation and week.
counted as (

    select
        thread_key,
        platform_code,
        occurred_week,
        count(*) filter (where is_stakeholder) as stakeholder_turn_count,
        count(*) filter (where not is_stakeholder) as org_turn_count
    from interactions
    group by
        thread_key,
        platform_code,
        occurred_week

),

-- Conversations of both sides: only their turns need to be put in order. All others are
-- one run from first to last.
two_sided as (

    select thread_key
    from counted
    group by thread_key
    having
        sum(stakeholder_turn_count) > 0
        and sum(org_turn_count) > 0

),

-- 'create' sorts before 'reply', so the opening comes first among equal moments.
compared as (

    select
        interactions.thread_key,
        interactions.platform_code,
        interactions.occurred_week,
        interactions.is_stakeholder,
        lag(interactions.is_stakeholder) over (
            partition by interactions.thread_key
            order by interactions.occurred_at, interactions.verb_code, interactions.interaction_key
        ) as was_stakeholder
    from interactions
    inner join two_sided
        on interactions.thread_key = two_sided.thread_key

),

opened as (

    select
        thread_key,
        platform_code,
        occurred_week,
        count(*) filter (where is_stakeholder is distinct from was_stakeholder) as opened_run_count
    from compared
    group by
        thread_key,
        platform_code,
        occurred_week

),

alternated as (

    select
        thread_key,
        platform_code,
        occurred_week,
        cast(sum(opened_run_count) over (
            partition by thread_key
            order by occurred_week, platform_code
            rows between unbounded preceding and current row
        ) as bigint) as alternation_count
    from opened

),

numbered as (

    select
        counted.thread_key,
        counted.platform_code,
        counted.occurred_week,
        counted.stakeholder_turn_count,
        counted.org_turn_count,
        coalesce(alternated.alternation_count, 1) as alternation_count
    from counted
    left join alternated
        on
            counted.thread_key = alternated.thread_key
            and counted.platform_code = alternated.platform_code
            and counted.occurred_week = alternated.occurred_week

)

select * from numbered
