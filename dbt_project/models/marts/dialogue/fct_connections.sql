-- How strong the tie between us and each person is, after Orbit: direct exchanges weigh
-- ten, a turn in the same conversation one, and every month of silence takes a tenth.
with

interactions as (

    select
        interaction_key,
        platform_code,
        thread_key,
        person_key,
        parent_person_key,
        actor_class_code,
        occurred_date,
        is_addressed_to_org
    from {{ ref('fct_interactions') }}

),

people as (

    select person_key
    from {{ ref('dim_people') }}
    where actor_class_code = 'stakeholder'

),

thresholds as (

    select
        connection_direct_weight,
        connection_indirect_weight,
        connection_month_factor
    from {{ ref('int_thresholds__pivoted') }}

),

our_threads as (

    select thread_key
    from interactions
    where actor_class_code in ('org', 'employee')
    group by thread_key

),

-- One row per interaction that ties a person to us, once, as direct where it is both.
tied as (

    select
        interactions.person_key,
        interactions.occurred_date,
        coalesce(interactions.is_addressed_to_org, false) as is_direct
    from interactions
    left join our_threads
        on interactions.thread_key = our_threads.thread_key
    where
        interactions.actor_class_code = 'stakeholder'
        and (coalesce(interactions.is_addressed_to_org, false) or our_threads.thread_key is not null)

    union all

    select
        parent_person_key as person_key,
        occurred_date,
        true as is_direct
    from interactions
    where
        actor_class_code in ('org', 'employee')
        and parent_person_key is not null

),

counted as (

    select
        tied.person_key,
        count(case when tied.is_direct then 1 end) as direct_count,
        count(case when not tied.is_direct then 1 end) as indirect_count,
        max(tied.occurred_date) as last_tied_on
    from tied
    inner join people
        on tied.person_key = people.person_key
    group by tied.person_key

),

aged as (

    select
        counted.*,
        {{ whole_months_between('counted.last_tied_on', built_week() ~ ' + 6') }} as idle_month_count
    from counted

),

weighed as (

    select
        {{ built_week() }} as week_start,
        aged.person_key,
        aged.direct_count,
        aged.indirect_count,
        aged.last_tied_on,
        aged.idle_month_count,
        round(
            (
                aged.direct_count * thresholds.connection_direct_weight
                + aged.indirect_count * thresholds.connection_indirect_weight
            ) * pow(thresholds.connection_month_factor, aged.idle_month_count),
            9
        ) as connection_strength
    from aged
    cross join thresholds

)

select * from weighed
