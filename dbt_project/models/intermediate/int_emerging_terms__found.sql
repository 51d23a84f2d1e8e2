-- Which texts of a week say which of its emerging terms.
with

terms as (

    select
        week_start,
        term_text,
        ' ' || term_text || ' ' as phrase
    from {{ ref('int_term_weeks__compared') }}
    where is_emerging

),

texts as (

    select
        interaction_key,
        person_key,
        occurred_date,
        occurred_week,
        ' ' || lower(spoken_text) || ' ' as words_text
    from {{ ref('int_term_texts__spoken') }}

)

select
    terms.week_start,
    terms.term_text,
    texts.interaction_key,
    texts.person_key,
    texts.occurred_date
from terms
inner join texts
    on
        terms.week_start = texts.occurred_week
        and {{ contains_phrase('texts.words_text', 'terms.phrase') }}
