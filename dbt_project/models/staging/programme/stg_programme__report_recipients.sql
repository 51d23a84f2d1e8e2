-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'report_recipients') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        email_address,
        recipient_name,
        role_code,
        sections,
        valid_from,
        valid_until,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
