-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'owned_accounts') }}

),

known as (

    select
        *,
        min(_exported_at) over (
            partition by
                platform_code,
                lower(coalesce(nullif(trim(account_handle), ''), trim(account_id))),
                actor_class_code,
                employee_code
        ) as first_exported_at
    from source

),

latest as (

    {{ latest_file('known') }}

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
        first_exported_at,
        _source_name as delivered_by,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
