{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}
-- Every rule with the interactions that can speak for it, whichever table keeps them.
with

acts as (

    select
        person_key,
        interaction_key,
        occurred_at,
        occurred_date
    from {{ ref('fct_funnel_acts') }}

),

evidence as (

    select
        person_key,
        rule_id,
        role_code,
        interaction_key,
        occurred_at,
        evidence_on
    from {{ ref('fct_funnel_evidence') }}

),

rules as (

    select rule_id
    from {{ ref('funnel_rules') }}
    where rule_id in ('observed', 'participating', 'identified')
    group by rule_id

),

gathered as (

    select
        acts.person_key,
        rules.rule_id,
        acts.interaction_key,
        acts.occurred_at,
        acts.occurred_date as evidence_on
    from acts
    cross join rules

    union all

    select
        person_key,
        rule_id,
        interaction_key,
        occurred_at,
        evidence_on
    from evidence
    where
        interaction_key is not null
        -- A reply keeps somebody activated; only a personal contact and its answer
        -- made the person so.
        and not (rule_id = 'activated' and role_code = 'reply_to_us')

)

select * from gathered
