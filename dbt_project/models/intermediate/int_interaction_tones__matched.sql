{{ config(materialized='view') }}
-- Which rule fits the text of which act, so that a class can be traced to the rule that
-- gave it. Texts were read with the rules of the week that was built.
with

interactions as (

    select
        interaction_key,
        full_text_key
    from {{ ref('int_interactions__keyed') }}

),

rules as (

    select
        rule_id,
        rule_version,
        class_code
    from {{ ref('tonality_rules') }}
    where
        valid_from <= {{ built_week() }}
        and (valid_to is null or valid_to > {{ built_week() }})

),

texts as (

    select
        full_text_key,
        rule_ids
    from {{ ref('int_texts__read') }}
    where rule_ids is not null

),

fired as (

    {{ split_to_rows('texts', ['full_text_key'], 'rule_ids', ',', 'rule_id') }}

)

select
    interactions.interaction_key,
    rules.class_code,
    rules.rule_id,
    cast(rules.rule_version as bigint) as rule_version
from fired
inner join rules
    on fired.rule_id = rules.rule_id
inner join interactions
    on fired.full_text_key = interactions.full_text_key
