{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Direct answers between an employee who takes part and a stakeholder, either way. What is
-- gone stays with the moment it went, so that a frozen half-year can be counted again.
with

interactions as (

    select
        platform_code,
        source_id,
        thread_id,
        parent_id,
        account_id,
        occurred_at
    from {{ ref('int_interactions__unioned') }}
    where
        occurred_at < {{ week_end_at() }}
        and account_id is not null

),

acts as (

    select
        person_key,
        platform_code,
        source_id,
        occurred_date,
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
        platform_code,
        object_id,
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
        turns.platform_code,
        turns.thread_id,
        'given' as direction_code,
        parents.account_id as other_account_id,
        parents.source_id as other_source_id,
        turns.occurred_at,
        acts.gone_at
    from acts
    inner join interactions as turns
        on
            acts.platform_code = turns.platform_code
            and acts.source_id = turns.source_id
    inner join interactions as parents
        on
            turns.platform_code = parents.platform_code
            and turns.parent_id = parents.source_id

    union all

    -- One row per turn that answers an employee.
    select
        acts.person_key,
        turns.platform_code,
        turns.thread_id,
        'received' as direction_code,
        turns.account_id as other_account_id,
        turns.source_id as other_source_id,
        turns.occurred_at,
        acts.gone_at
    from acts
    inner join interactions as turns
        on
            acts.platform_code = turns.platform_code
            and acts.source_id = turns.parent_id

),

-- Same grain: an account has one person, and what is gone is one row.
named as (

    select
        paired.person_key,
        {{ surrogate_key(['paired.platform_code', "'thread'", 'paired.thread_id']) }} as thread_key,
        coalesce(
            links.person_key,
            {{ person_key('paired.platform_code', 'paired.other_account_id') }}
        ) as outsider_person_key,
        paired.direction_code,
        paired.occurred_at,
        {{ local_date('paired.occurred_at') }} as occurred_date,
        least(paired.gone_at, gone.gone_at) as gone_at
    from paired
    left join links
        on {{ person_key('paired.platform_code', 'paired.other_account_id') }} = links.account_person_key
    left join gone
        on
            paired.platform_code = gone.platform_code
            and paired.other_source_id = gone.object_id

)

select named.*
from named
inner join stakeholders
    on named.outsider_person_key = stakeholders.person_key
