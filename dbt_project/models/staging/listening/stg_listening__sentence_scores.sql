-- Sentences leave together with the reading of their text, so those of a version that
-- the text no longer has are never shown.
with

source as (

    select * from {{ source('listening', 'sentence_scores') }}

),

renamed as (

    select
        text_hash as text_key,
        scorer_version,
        normaliser_version,
        sentence_number,
        first_character,
        character_count,
        compound_score
    from source

)

select * from renamed
