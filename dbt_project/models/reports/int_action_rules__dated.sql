{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}
-- One row per kind of action, with the version of its rule that holds in the week.
with

rules as (

    select
        action_code,
        rule_version,
        valid_from,
        owner_name,
        parameter_name,
        parameter_value
    from {{ ref('action_rules') }}
    where valid_from <= {{ built_week() }}
    qualify
        dense_rank() over (
            partition by action_code
            order by valid_from desc, rule_version desc
        ) = 1

),

turned as (

    select
        action_code,
        max(owner_name) as owner_name,
        {{ days_later(built_week(), 7) }} as closed_on,
        {%- for parameter in ['due_days', 'window_days', 'minimum_people', 'people_at_once'] %}
        cast(max(case when parameter_name = '{{ parameter }}' then parameter_value end) as integer)
            as {{ parameter }},
        {%- endfor %}
        max(case when parameter_name = 'minimum_gap_ratio' then parameter_value end)
            as minimum_gap_ratio
    from rules
    group by action_code

)

select * from turned
