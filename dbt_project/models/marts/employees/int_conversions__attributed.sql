{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Which employee a lead or download is owed to. Those who are tied share it equally. What
-- is owed to nobody, or to somebody who does not take part, stays as a row of nobody: all
-- parts of a conversion add up to one.
with

conversions as (

    select
        conversion_key,
        kind_code,
        occurred_at,
        {{ local_date('occurred_at') }} as occurred_date
    from {{ ref('int_conversions__gathered') }}

),

tied as (

    select
        conversion_key,
        rule_code,
        employee_code,
        tied_count
    from {{ ref('int_conversions__tied') }}
    where view_code = 'current'

),

accounts as (

    select
        employee_code,
        min(person_key) as person_key,
        max(enrolled_on) as enrolled_on
    from {{ ref('int_employee_accounts__linked') }}
    group by employee_code

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
        max(tied.rule_code) as rule_code,
        coalesce(max(tied.tied_count), 0) as tied_count,
        count(*) / cast(coalesce(max(tied.tied_count), 1) as double) as credit_count
    from conversions
    left join tied
        on conversions.conversion_key = tied.conversion_key
    left join accounts
        on tied.employee_code = accounts.employee_code
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
