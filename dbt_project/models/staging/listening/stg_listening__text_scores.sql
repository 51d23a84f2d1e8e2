-- A text is the same whenever it was exported, so scores know no as-of; a new scorer
-- reads texts again little by little, and each keeps its former row until then.
with

source as (

    select * from {{ source('listening', 'text_scores') }}

),

latest as (

    select *
    from source
    qualify
        row_number() over (
            partition by text_hash
            order by scorer_version desc, normaliser_version desc, detector_version desc
        ) = 1

),

renamed as (

    select
        text_hash as text_key,
        scorer_version,
        normaliser_version,
        detector_version,
        language_code,
        language_bucket_code,
        compound_score,
        compound_raw_score,
        positive_ratio,
        neutral_ratio,
        negative_ratio,
        character_count,
        was_truncated
    from latest

)

select * from renamed
