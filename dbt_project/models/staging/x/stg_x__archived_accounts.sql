with

source as (

    select * from {{ source('x', 'archived_accounts') }}

),

latest as (

    {{ latest_version('source', ['_file_sha256']) }}

),

renamed as (

    select
        account_id,
        account_handle,
        display_name,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
