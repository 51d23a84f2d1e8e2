{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The days on which somebody acted, whether with words or without, and what the texts of
-- the day add to a mood.
with

acts as (

    select
        person_key,
        occurred_date,
        true as is_turn,
        compound_points
    from {{ ref('fct_funnel_acts') }}

    union all

    select
        person_key,
        occurred_date,
        false as is_turn,
        null as compound_points
    from {{ ref('fct_wordless_acts') }}

)

select
    person_key,
    occurred_date,
    bool_or(is_turn) as has_turn,
    cast(count(compound_points) as integer) as scored_text_count,
    cast(coalesce(sum(compound_points), 0) as bigint) as compound_points
from acts
group by
    person_key,
    occurred_date
