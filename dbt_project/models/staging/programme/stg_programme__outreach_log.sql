-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'outreach_log') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        entry_id,
        entry_kind_code,
        platform_code,
        account_id,
        contacted_at,
        employee_code,
        channel_name,
        empowerment_code,
        note,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
