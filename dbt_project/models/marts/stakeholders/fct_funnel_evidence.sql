{{ config(materialized='view') }}
-- Dated evidence for the four stages that need more than activity. Participating and
-- identified read fct_funnel_acts directly: every act is their evidence. A view: most of it
-- are acts that speak for themselves, and a second copy of their keys costs more than to
-- read them again.
with

acts as (

    select
        interaction_key,
        person_key,
        occurred_at,
        occurred_date,
        is_towards_org,
        is_exchange,
        advocacy_kind_code
    from {{ ref('fct_funnel_acts') }}

),

matched as (

    select
        person_key,
        rule_id,
        role_code,
        source_key,
        interaction_key,
        occurred_at,
        evidence_on
    from {{ ref('int_funnel_evidence__matched') }}

),

-- One row per piece of evidence. What an act is by itself, it is once.
gathered as (

    {% for rule, role, condition in [
        ('activated', "'reply_to_us'", 'is_towards_org'),
        ('nurtured', "'exchange'", 'is_exchange'),
        ('advocate', 'advocacy_kind_code', 'advocacy_kind_code is not null'),
    ] -%}
    select
        person_key,
        '{{ rule }}' as rule_id,
        {{ role }} as role_code,
        interaction_key as source_key,
        interaction_key,
        occurred_at,
        occurred_date as evidence_on
    from acts
    where {{ condition }}

    union all

    {% endfor -%}
    select * from matched

),

evidence as (

    select
        {{ hash_of("person_key || '|' || rule_id || '|' || role_code || '|' || source_key") }}
            as evidence_key,
        person_key,
        rule_id,
        role_code,
        source_key,
        interaction_key,
        occurred_at,
        evidence_on
    from gathered

)

select * from evidence
