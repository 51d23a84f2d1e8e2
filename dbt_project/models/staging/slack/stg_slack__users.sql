with

source as (

    select * from {{ source('slack', 'users') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'user_id']) }}

),

renamed as (

    select
        user_id,
        username,
        display_name,
        is_admin,
        is_bot,
        is_guest,
        is_deleted,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
