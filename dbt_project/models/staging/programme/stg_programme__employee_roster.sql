-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'employee_roster') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        employee_code,
        display_name,
        team_name,
        has_opted_in,
        opted_in_on,
        platform_code,
        account_id,
        account_handle,
        email as email_hash,
        opted_out_on,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
