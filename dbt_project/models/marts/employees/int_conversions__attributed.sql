{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Which employee a lead or download is owed to: first whom its own tracked link names, else
-- whom the last tracked link of the same CRM record names, up to thirty days before. Those
-- who are tied share it equally. What is owed to nobody, or to somebody who does not take
-- part, stays as a row of nobody: all parts of a conversion add up to one.
with

conversions as (

    select
        conversion_key,
        kind_code,
        occurred_at,
        {{ local_date('occurred_at') }} as occurred_date,
        utm_content,
        record_id,
        first_exported_at
    from {{ ref('int_conversions__gathered') }}

),

thresholds as (

    select last_touch_days
    from {{ ref('int_thresholds__pivoted') }}

),

codes as (

    select
        employee_code,
        {{ words_of('employee_code') }} as code_phrase
    from {{ ref('stg_programme__employee_roster') }}
    where employee_code is not null
    group by employee_code

),

accounts as (

    select
        employee_code,
        min(person_key) as person_key,
        max(enrolled_on) as enrolled_on
    from {{ ref('int_employee_accounts__linked') }}
    group by employee_code

),

linked_contents as (

    select utm_content
    from conversions
    where utm_content is not null
    group by utm_content

),

-- One row per content of links and employee whom it names.
named as (

    select
        linked_contents.utm_content,
        codes.employee_code
    from linked_contents
    inner join codes
        on {{ contains_phrase(words_of('linked_contents.utm_content'), 'codes.code_phrase') }}

),

touches as (

    select
        conversions.record_id,
        conversions.occurred_at,
        named.employee_code
    from conversions
    inner join named
        on conversions.utm_content = named.utm_content
    where conversions.record_id is not null

),

tied as (

    select
        conversions.conversion_key,
        'tracked_link' as rule_code,
        named.employee_code
    from conversions
    inner join named
        on conversions.utm_content = named.utm_content

    union all

    -- One row per conversion without such a link and employee of its latest touch.
    select
        untracked.conversion_key,
        'last_touch' as rule_code,
        touches.employee_code
    from (
        select conversions.*
        from conversions
        left join named
            on conversions.utm_content = named.utm_content
        where named.utm_content is null
    ) as untracked
    cross join thresholds
    inner join touches
        on
            untracked.record_id = touches.record_id
            and touches.occurred_at <= untracked.occurred_at
            and {{ seconds_between('touches.occurred_at', 'untracked.occurred_at') }}
            <= thresholds.last_touch_days * 86400
    qualify
        dense_rank() over (
            partition by untracked.conversion_key
            order by touches.occurred_at desc
        ) = 1

),

tied_once as (

    select
        conversion_key,
        rule_code,
        employee_code
    from tied
    group by
        conversion_key,
        rule_code,
        employee_code

),

shared as (

    select
        conversion_key,
        rule_code,
        employee_code,
        count(*) over (partition by conversion_key) as tied_count
    from tied_once

),

-- One row per conversion and employee who takes part, and one for everybody else.
attributed as (

    select
        conversions.conversion_key,
        case
            when conversions.occurred_date >= accounts.enrolled_on then accounts.person_key
        end as employee_person_key,
        conversions.kind_code,
        conversions.occurred_at,
        conversions.occurred_date,
        max(shared.rule_code) as rule_code,
        coalesce(max(shared.tied_count), 0) as tied_count,
        count(*) / cast(coalesce(max(shared.tied_count), 1) as double) as credit_count,
        min(conversions.first_exported_at) as first_exported_at
    from conversions
    left join shared
        on conversions.conversion_key = shared.conversion_key
    left join accounts
        on shared.employee_code = accounts.employee_code
    group by
        conversions.conversion_key,
        case
            when conversions.occurred_date >= accounts.enrolled_on then accounts.person_key
        end,
        conversions.kind_code,
        conversions.occurred_at,
        conversions.occurred_date

)

select * from attributed
