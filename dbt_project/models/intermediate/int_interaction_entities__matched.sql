-- Which tracked entities a text of a stakeholder names; a text that its author repeats
-- on the same day names them once.
with

interactions as (

    select
        interaction_key,
        person_key,
        words_text,
        occurred_at,
        occurred_date,
        occurred_week
    from {{ ref('int_interactions__classified') }}
    where actor_class_code = 'stakeholder'

),

entities as (

    select * from {{ ref('int_tracked_entities__worded') }}

),

-- One row per interaction and entity.
matched as (

    select
        interactions.interaction_key,
        entities.entity_code,
        max(interactions.person_key) as person_key,
        max(interactions.words_text) as words_text,
        max(interactions.occurred_at) as occurred_at,
        max(interactions.occurred_date) as occurred_date,
        max(interactions.occurred_week) as occurred_week
    from interactions
    inner join entities
        on
            {{ contains_phrase('interactions.words_text', 'entities.keyword_text') }}
            and interactions.occurred_date >= entities.valid_from
            and interactions.occurred_date < entities.valid_to
    group by
        interactions.interaction_key,
        entities.entity_code

),

said_once as (

    select *
    from matched
    qualify
        row_number() over (
            partition by entity_code, person_key, {{ hash_of('words_text') }}, occurred_date
            order by occurred_at, interaction_key
        ) = 1

)

select
    interaction_key,
    entity_code,
    person_key,
    occurred_week
from said_once
