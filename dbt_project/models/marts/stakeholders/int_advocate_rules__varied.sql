{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The advocate rule of the reporting week as it is, and with each of its thresholds one
-- step lower and one step higher.
{%- set parameters = ['minimum_acts', 'minimum_people', 'minimum_weeks', 'window_days'] %}
with

rules as (

    select
        minimum_acts,
        minimum_people,
        minimum_weeks,
        window_days
    from {{ ref('dim_funnel_rules') }}
    where
        rule_id = 'advocate'
        and {{ built_week() }} between valid_from and valid_to

),

steps as (

    select
        parameter_name,
        cast(step_value as integer) as step_value
    from {{ ref('funnel_steps') }}
    where rule_id = 'advocate'

),

directions as (

    select -1 as direction_number
    union all
    select 1 as direction_number

),

changes as (

    select
        'none' as parameter_name,
        0 as change_value

    union all

    select
        steps.parameter_name,
        steps.step_value * directions.direction_number as change_value
    from steps
    cross join directions

),

varied as (

    select
        changes.parameter_name,
        changes.change_value
        {%- for parameter in parameters %},
        rules.{{ parameter }}
        + case when changes.parameter_name = '{{ parameter }}' then changes.change_value else 0 end
            as {{ parameter }}
        {%- endfor %}
    from changes
    cross join rules

)

select * from varied
where
    minimum_acts > 0
    and minimum_people >= 0
    and minimum_weeks > 0
    and window_days > 0
