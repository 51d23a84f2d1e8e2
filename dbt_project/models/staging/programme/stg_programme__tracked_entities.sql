-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'tracked_entities') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        entity_code,
        entity_name,
        is_own,
        keywords,
        valid_from,
        valid_to,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
