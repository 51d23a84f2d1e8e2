-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'strategy_themes') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        theme_code,
        theme_name,
        weight_ratio,
        keywords,
        owner_name,
        valid_from,
        valid_to,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
