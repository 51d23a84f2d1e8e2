-- The newest file of a source wins whole: a row that left it has ended.
with

source as (

    select * from {{ source('programme', 'follower_counts') }}

),

latest as (

    {{ latest_file('source') }}

),

renamed as (

    select
        platform_code,
        account_handle,
        counted_on,
        follower_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
