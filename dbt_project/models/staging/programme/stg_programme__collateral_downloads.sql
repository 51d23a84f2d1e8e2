with

source as (

    select * from {{ source('programme', 'collateral_downloads') }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by
                _file_sha256,
                downloaded_at,
                asset_name,
                page_url,
                utm_source,
                utm_medium,
                utm_campaign,
                utm_content,
                contact_record_id
            order by _row_number
        ) as occurrence_number
    from source

),

known as (

    select
        *,
        min(_exported_at) over (
            partition by
                downloaded_at,
                asset_name,
                page_url,
                utm_source,
                utm_medium,
                utm_campaign,
                utm_content,
                contact_record_id,
                occurrence_number
        ) as first_exported_at
    from numbered

),

latest as (

    {{ latest_version('known', [
        'downloaded_at',
        'asset_name',
        'page_url',
        'utm_source',
        'utm_medium',
        'utm_campaign',
        'utm_content',
        'contact_record_id',
        'occurrence_number',
    ]) }}

),

renamed as (

    select
        downloaded_at,
        asset_name,
        page_url,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_content,
        contact_record_id,
        occurrence_number,
        first_exported_at,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
