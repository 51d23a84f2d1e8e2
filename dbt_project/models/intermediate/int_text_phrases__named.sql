{{ config(materialized='view') }}
-- Which phrases stand in which texts, a row each.
with

texts as (

    select
        full_text_key,
        phrase_keys
    from {{ ref('int_texts__read') }}
    where phrase_keys is not null

)

{{ split_to_rows('texts', ['full_text_key'], 'phrase_keys', ',', 'phrase_key') }}
