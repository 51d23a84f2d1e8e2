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

latest as (

    {{ latest_version('numbered', [
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
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
