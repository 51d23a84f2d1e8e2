-- The newest file of a source wins whole: a decision that left it was never made.
with

source as (

    select * from {{ source('programme', 'people_links') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        action_code,
        nullif(trim(person_code), '') as person_code,
        email as email_hash,
        coalesce(is_shared_inbox, false) as is_shared_inbox,
        platform_code,
        nullif(trim(account_id), '') as account_id,
        nullif(trim(account_handle), '') as account_handle,
        decided_by,
        decided_on,
        _row_number as row_number,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
