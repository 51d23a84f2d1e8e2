with

source as (

    select * from {{ source('salesforce', 'leads') }}

),

latest as (

    {{ latest_version('source', ['record_id']) }}

),

renamed as (

    select
        record_id,
        email,
        source_name_text,
        status_name,
        campaign_name,
        created_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
