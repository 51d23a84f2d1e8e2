-- The newest file of a source wins whole: a response that left it was taken back.
with

source as (

    select * from {{ source('programme', 'suggestion_responses') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        lower(trim(suggestion_code)) as suggestion_code,
        suggested_week,
        kind_code,
        trim(theme_code) as theme_code,
        response_code,
        responded_at,
        nullif(trim(responded_by), '') as responded_by,
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
            partition by suggestion_code, responded_at
            order by source_name, response_code
        ) = 1

)

select * from unrepeated
