-- The newest file of a sheet wins whole: a label that left it was withdrawn. Sheets of
-- different weeks, and of several people in one week, stand beside each other.
with

source as (

    select * from {{ source('programme', 'tone_labels') }}

),

latest as (

    select *
    from source
    where _exported_at < {{ as_of() }}
    qualify
        dense_rank() over (
            partition by text_week, sheet_name
            order by _exported_at desc, _file_sha256 desc
        ) = 1

),

renamed as (

    select
        text_week,
        sheet_name,
        interaction_key,
        author_key as author_person_key,
        stratum_code,
        stratum_population_count,
        stratum_sample_count,
        tone_label,
        nullif(trim(labelled_by), '') as labelled_by,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

),

-- The same file may lie in two sources.
unrepeated as (

    select *
    from renamed
    qualify
        row_number() over (
            partition by text_week, sheet_name, interaction_key
            order by source_name
        ) = 1

)

select * from unrepeated
