-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'owned_accounts') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        platform_code,
        account_id,
        account_handle,
        account_name,
        actor_class_code,
        employee_code,
        source_name,
        valid_from,
        _source_name as delivered_by,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
