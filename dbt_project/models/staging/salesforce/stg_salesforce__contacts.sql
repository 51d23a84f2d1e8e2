with

source as (

    select * from {{ source('salesforce', 'contacts') }}

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
        lead_id,
        email,
        source_name_text,
        campaign_name,
        created_at,
        first_exported_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
