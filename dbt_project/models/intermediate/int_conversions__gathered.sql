-- Everything that people did in the end, with the record that a CRM knows them by and the
-- moment from which our exports know it.
with

people as (

    select
        record_id,
        created_at,
        utm_source,
        utm_campaign,
        source_name,
        first_exported_at
    from {{ ref('int_leads__unioned') }}

),

downloads as (

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
        source_name,
        first_exported_at
    from {{ ref('stg_programme__collateral_downloads') }}

),

gathered as (

    select
        {{ surrogate_key(["'lead'", 'source_name', 'record_id']) }} as conversion_key,
        'lead' as kind_code,
        created_at as occurred_at,
        utm_source,
        utm_campaign,
        cast(null as varchar) as utm_content,
        cast(null as varchar) as page_url,
        record_id,
        first_exported_at
    from people

    union all

    select
        {{ surrogate_key([
            "'download'", 'source_name', 'downloaded_at', 'asset_name', 'page_url', 'utm_source',
            'utm_medium', 'utm_campaign', 'utm_content', 'contact_record_id', 'occurrence_number',
        ]) }} as conversion_key,
        'download' as kind_code,
        downloaded_at as occurred_at,
        nullif(lower(trim(utm_source)), '') as utm_source,
        nullif(lower(trim(utm_campaign)), '') as utm_campaign,
        nullif(lower(trim(utm_content)), '') as utm_content,
        page_url,
        nullif(trim(contact_record_id), '') as record_id,
        first_exported_at
    from downloads
    where downloaded_at is not null

)

select * from gathered
where occurred_at < {{ observed_until() }}
