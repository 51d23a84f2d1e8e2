{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The days on which somebody acted, with what the texts of the day add to a mood.
with

acts as (

    select
        person_key,
        occurred_date,
        compound_points
    from {{ ref('fct_funnel_acts') }}

)

select
    person_key,
    occurred_date,
    cast(count(compound_points) as integer) as scored_text_count,
    cast(coalesce(sum(compound_points), 0) as bigint) as compound_points
from acts
group by
    person_key,
    occurred_date
