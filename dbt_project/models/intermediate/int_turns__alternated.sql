-- The turns of a conversation by side: stakeholders here, the organisation and its
-- employees there. Consecutive turns of one side are one run, so that three posts in a
-- row are no dialogue. Bots and unknown accounts take no side.
with

interactions as (

    select
        interaction_key,
        platform_code,
        thread_key,
        person_key,
        actor_class_code,
        verb_code,
        occurred_at,
        occurred_week,
        case
            when actor_class_code in ('org', 'employee') then 'organisation'
            else 'stakeholder'
        end as side_code
    from {{ ref('int_interactions__classified') }}
    where actor_class_code in ('org', 'employee', 'stakeholder')

),

compared as (

    select
        *,
        case
            when
                side_code = lag(side_code) over (
                    partition by thread_key
                    order by occurred_at, verb_code, interaction_key
                )
                then 0
            else 1
        end as opens_run
    from interactions

),

-- 'create' sorts before 'reply', so the opening comes first among equal moments.
numbered as (

    select
        *,
        cast(sum(opens_run) over (
            partition by thread_key
            order by occurred_at, verb_code, interaction_key
            rows between unbounded preceding and current row
        ) as bigint) as run_number,
        row_number() over (
            partition by thread_key
            order by occurred_at, verb_code, interaction_key
        ) as turn_number
    from compared

)

select * from numbered
