with

source as (

    select * from {{ source('hubspot', 'contacts') }}

),

known as (

    select
        *,
        min(_exported_at) over (partition by record_id) as first_exported_at
    from source

),

latest as (

    {{ latest_version('known', ['record_id']) }}

),

renamed as (

    select
        record_id,
        email,
        lead_status_name,
        created_at,
        lifecycle_stage_name,
        original_source_name,
        original_source_detail_1,
        original_source_detail_2,
        first_exported_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
