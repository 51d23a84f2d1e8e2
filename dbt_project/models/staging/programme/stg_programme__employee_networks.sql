-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'employee_networks') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        employee_code,
        platform_code,
        counted_on,
        connection_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
