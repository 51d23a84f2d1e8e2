-- Reports write the first 15 characters of an id, other exports three more that say nothing.
with

source as (

    select * from {{ source('salesforce', 'contacts') }}

),

known as (

    select
        *,
        left(record_id, 15) as bare_record_id,
        min(_exported_at) over (partition by left(record_id, 15)) as first_exported_at
    from source

),

latest as (

    {{ latest_version('known', ['bare_record_id']) }}

),

renamed as (

    select
        bare_record_id as record_id,
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
