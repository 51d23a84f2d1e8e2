-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'goal_values') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        valid_from,
        valid_to,
        key_event_value,
        currency_code,
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
            partition by valid_from
            order by exported_at desc, file_sha256 desc, source_name, currency_code, key_event_value
        ) = 1

)

select * from unrepeated
