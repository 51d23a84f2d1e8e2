-- Which tracked entities a text of a stakeholder names; a text that its author repeats
-- on the same day names them once.
with

interactions as (

    select
        interactions.interaction_key,
        interactions.full_text_key,
        interactions.person_key,
        texts.words_key,
        interactions.occurred_at,
        interactions.occurred_date,
        interactions.occurred_week
    from {{ ref('int_interactions__classified') }} as interactions
    inner join {{ ref('int_texts__read') }} as texts
        on interactions.full_text_key = texts.full_text_key
    where interactions.actor_class_code = 'stakeholder'

),

entities as (

    select
        entity_code,
        {{ hash_of(plain_phrase('keyword_text')) }} as phrase_key,
        valid_from,
        valid_to
    from {{ ref('int_tracked_entities__worded') }}

),

-- One row per text, entity and span of validity.
named as (

    select
        named.full_text_key,
        entities.entity_code,
        entities.valid_from,
        entities.valid_to
    from {{ ref('int_text_phrases__named') }} as named
    inner join entities
        on named.phrase_key = entities.phrase_key

),

-- One row per interaction and entity.
matched as (

    select
        interactions.interaction_key,
        named.entity_code,
        max(interactions.person_key) as person_key,
        max(interactions.words_key) as words_key,
        max(interactions.occurred_at) as occurred_at,
        max(interactions.occurred_date) as occurred_date,
        max(interactions.occurred_week) as occurred_week
    from interactions
    inner join named
        on
            interactions.full_text_key = named.full_text_key
            and interactions.occurred_date >= named.valid_from
            and interactions.occurred_date < named.valid_to
    group by
        interactions.interaction_key,
        named.entity_code

),

said_once as (

    select *
    from matched
    qualify
        row_number() over (
            partition by entity_code, person_key, words_key, occurred_date
            order by occurred_at, interaction_key
        ) = 1

)

select
    interaction_key,
    entity_code,
    person_key,
    occurred_week
from said_once
