{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}
-- The acts that can speak for a rule, whichever table keeps them. Every turn speaks for the
-- three rules of activity, so it stands here once, for 'activity'; what was done without
-- words speaks for observed alone.
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

wordless_acts as (

    select
        person_key,
        act_key,
        occurred_at,
        occurred_date
    from {{ ref('fct_wordless_acts') }}

),

gathered as (

    select
        person_key,
        'activity' as evidence_code,
        interaction_key,
        occurred_at,
        occurred_date as evidence_on
    from acts

    union all

    select
        person_key,
        'observed' as evidence_code,
        act_key as interaction_key,
        occurred_at,
        occurred_date as evidence_on
    from wordless_acts

    union all

    select
        person_key,
        rule_id as evidence_code,
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
