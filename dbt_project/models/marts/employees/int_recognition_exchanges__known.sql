{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Direct answers between the accounts of rankings and outsiders, either way: since when the
-- exports hold both turns, when one of them went, and since when the other is no outsider.
-- An outsider is an account here: who is linked to whom later moves no ranking.
with

accounts as (

    select
        platform_code,
        account_id,
        {{ person_key('platform_code', 'account_id') }} as account_person_key
    from {{ ref('int_recognition_accounts__known') }}
    group by
        platform_code,
        account_id

),

own_turns as (

    select
        turns.interaction_key,
        turns.platform_code,
        turns.source_id,
        turns.account_id,
        turns.account_person_key,
        turns.thread_key,
        turns.parent_interaction_key,
        turns.occurred_at,
        turns.occurred_date
    from {{ ref('int_turns__recalled') }} as turns
    inner join accounts
        on turns.account_person_key = accounts.account_person_key
    where turns.occurred_at < {{ week_end_at() }}

),

others as (

    -- One row per turn of an employee that answers somebody.
    select
        own_turns.interaction_key as own_key,
        'given' as direction_code,
        parents.interaction_key,
        parents.source_id,
        parents.account_id,
        parents.account_person_key,
        own_turns.occurred_at,
        own_turns.occurred_date
    from own_turns
    inner join {{ ref('int_turns__recalled') }} as parents
        on own_turns.parent_interaction_key = parents.interaction_key

    union all

    -- One row per turn that answers an employee.
    select
        own_turns.interaction_key as own_key,
        'received' as direction_code,
        answers.interaction_key,
        answers.source_id,
        answers.account_id,
        answers.account_person_key,
        answers.occurred_at,
        answers.occurred_date
    from own_turns
    inner join {{ ref('int_turns__recalled') }} as answers
        on own_turns.interaction_key = answers.parent_interaction_key
    where answers.occurred_at < {{ week_end_at() }}

),

paired as (

    select
        own_turns.account_person_key,
        own_turns.thread_key,
        own_turns.occurred_date as own_date,
        own_turns.interaction_key as own_key,
        own_turns.platform_code,
        {{ exported_turn_id('own_turns.platform_code', 'own_turns.source_id', 'own_turns.account_id') }}
            as own_exported_id,
        others.direction_code,
        others.account_person_key as outsider_person_key,
        others.interaction_key as other_key,
        {{ exported_turn_id('own_turns.platform_code', 'others.source_id', 'others.account_id') }}
            as other_exported_id,
        others.occurred_at,
        others.occurred_date
    from others
    inner join own_turns
        on others.own_key = own_turns.interaction_key
    where others.account_person_key is not null

),

asked as (

    select
        platform_code,
        own_exported_id as exported_id
    from paired

    union

    select
        platform_code,
        other_exported_id as exported_id
    from paired

),

first_exports as (

    select
        exports.platform_code,
        exports.exported_id,
        min(exports.exported_at) as first_exported_at
    from {{ ref('stg_landing__turn_exports') }} as exports
    inner join asked
        on
            exports.platform_code = asked.platform_code
            and exports.exported_id = asked.exported_id
    group by
        exports.platform_code,
        exports.exported_id

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

links as (

    select
        account_person_key,
        person_key,
        decided_at
    from {{ ref('int_people__linked') }}

),

classes as (

    select
        person_key,
        actor_class_code
    from {{ ref('int_people__identified') }}

),

-- When a file first said that an account is one of us.
named as (

    select
        {{ person_key('platform_code', 'account_id') }} as account_person_key,
        min(named_at) as named_at
    from (
        select
            platform_code,
            account_id,
            named_at
        from {{ ref('int_employee_accounts__named') }}

        union all

        select
            platform_code,
            account_id,
            first_exported_at as named_at
        from {{ ref('int_accounts__declared') }}
        where account_id is not null
    ) as names
    group by {{ person_key('platform_code', 'account_id') }}

)

-- Same grain: an account has one person and one class, and what is gone is one row. Whoever
-- a file named as one of us is no outsider from then on; a program never was one.
select
    paired.account_person_key,
    paired.own_date,
    paired.thread_key,
    paired.outsider_person_key,
    paired.direction_code,
    paired.occurred_at,
    paired.occurred_date,
    coalesce(greatest(own_exports.first_exported_at, other_exports.first_exported_at), paired.occurred_at)
        as known_at,
    least(own_gone.gone_at, other_gone.gone_at) as gone_at,
    case
        when named.named_at is not null then named.named_at
        when coalesce(classes.actor_class_code, 'stakeholder') <> 'stakeholder'
            then coalesce(links.decided_at, timestamp '0001-01-01 00:00:00')
    end as ours_since
from paired
left join first_exports as own_exports
    on
        paired.platform_code = own_exports.platform_code
        and paired.own_exported_id = own_exports.exported_id
left join first_exports as other_exports
    on
        paired.platform_code = other_exports.platform_code
        and paired.other_exported_id = other_exports.exported_id
left join gone as own_gone
    on paired.own_key = own_gone.interaction_key
left join gone as other_gone
    on paired.other_key = other_gone.interaction_key
left join links
    on paired.outsider_person_key = links.account_person_key
left join classes
    on coalesce(links.person_key, paired.outsider_person_key) = classes.person_key
left join named
    on paired.outsider_person_key = named.account_person_key
