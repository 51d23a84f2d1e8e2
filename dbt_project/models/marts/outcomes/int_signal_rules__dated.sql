{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}
-- The parameters of each rule that hold in the reporting week: one row per rule and
-- parameter, of the newest version that has begun.
with

rules as (

    select
        rule_id,
        rule_version,
        valid_from,
        parameter_name,
        parameter_value
    from {{ ref('signal_rules') }}
    where valid_from <= {{ built_week() }}

),

newest as (

    select
        rule_id,
        rule_version,
        parameter_name,
        parameter_value
    from rules
    qualify
        dense_rank() over (
            partition by rule_id
            order by valid_from desc, rule_version desc
        ) = 1

)

select * from newest
