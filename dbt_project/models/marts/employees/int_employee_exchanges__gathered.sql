{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Direct answers between an employee who takes part and a stakeholder, either way. What is
-- gone stays with the moment it went, so that a frozen half-year can be counted again.
with

interactions as (

    select
        interaction_key,
        thread_key,
        parent_interaction_key,
        account_person_key,
        occurred_at,
        occurred_date
    from {{ ref('int_interactions__unioned') }}
    where
        occurred_at < {{ week_end_at() }}
        and account_person_key is not null

),

acts as (

    select
        person_key,
        {{ surrogate_key(['platform_code', 'source_id']) }} as interaction_key,
        gone_at
    from {{ ref('int_employee_acts__gathered') }}
    where act_code in ('create', 'reply')

),

links as (

    select
        account_person_key,
        person_key
    from {{ ref('int_people__linked') }}

),

stakeholders as (

    select person_key
    from {{ ref('int_people__identified') }}
    where actor_class_code = 'stakeholder'

),

gone as (

    select
        interaction_key,
        gone_at
    from {{ ref('int_objects__gone') }}
    where
        object_kind_code = 'interaction'
        and gone_at < {{ observed_until() }}

),

paired as (

    -- One row per turn of an employee that answers somebody.
    select
        acts.person_key,
        turns.thread_key,
        'given' as direction_code,
        parents.account_person_key as other_account_person_key,
        parents.interaction_key as other_interaction_key,
        turns.occurred_at,
        turns.occurred_date,
        acts.gone_at
    from acts
    inner join interactions as turns
        on acts.interaction_key = turns.interaction_key
    inner join interactions as parents
        on turns.parent_interaction_key = parents.interaction_key

    union all

    -- One row per turn that answers an employee.
    select
        acts.person_key,
        turns.thread_key,
        'received' as direction_code,
        turns.account_person_key as other_account_person_key,
        turns.interaction_key as other_interaction_key,
        turns.occurred_at,
        turns.occurred_date,
        acts.gone_at
    from acts
    inner join interactions as turns
        on acts.interaction_key = turns.parent_interaction_key

),

-- Same grain: an account has one person, and what is gone is one row.
named as (

    select
        paired.person_key,
        paired.thread_key,
        coalesce(links.person_key, paired.other_account_person_key) as outsider_person_key,
        paired.direction_code,
        paired.occurred_at,
        paired.occurred_date,
        least(paired.gone_at, gone.gone_at) as gone_at
    from paired
    left join links
        on paired.other_account_person_key = links.account_person_key
    left join gone
        on paired.other_interaction_key = gone.interaction_key

)

select named.*
from named
inner join stakeholders
    on named.outsider_person_key = stakeholders.person_key
