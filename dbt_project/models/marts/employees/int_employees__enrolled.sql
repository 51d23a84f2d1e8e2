{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Who takes part: consent given and not taken back by the day of the build. A roster that
-- says both of one employee says no.
with

roster as (

    select
        employee_code,
        has_opted_in,
        opted_in_on,
        opted_out_on
    from {{ ref('stg_programme__employee_roster') }}
    where employee_code is not null

),

enrolled as (

    select
        employee_code,
        coalesce(max(opted_in_on), date '0001-01-01') as enrolled_on
    from roster
    group by employee_code
    having
        bool_and(has_opted_in)
        and coalesce(min(opted_out_on), date '9999-12-31') > {{ local_date(as_of()) }}

)

select *
from enrolled
where enrolled_on <= {{ days_later(built_week(), 6) }}
