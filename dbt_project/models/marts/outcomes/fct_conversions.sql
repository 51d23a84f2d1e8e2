-- One row per thing that people did in the end: a lead in the CRM, or a download.
with

people as (

    select
        record_id,
        created_at,
        utm_source,
        utm_campaign,
        source_name
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
        source_name
    from {{ ref('stg_programme__collateral_downloads') }}

),

platforms as (

    select platform_code
    from {{ ref('platforms') }}

),

themes as (

    select
        theme_code,
        {{ words_of("replace(theme_code, '_', ' ')") }} as code_phrase
    from {{ ref('stg_programme__strategy_themes') }}

),

leads as (

    select
        {{ surrogate_key(["'lead'", 'source_name', 'record_id']) }} as conversion_key,
        'lead' as kind_code,
        created_at as occurred_at,
        utm_source,
        utm_campaign,
        cast(null as varchar) as utm_content,
        cast(null as varchar) as page_url
    from people

),

fetched as (

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
        page_url
    from downloads
    where downloaded_at is not null

),

gathered as (

    select * from leads
    union all
    select * from fetched

),

dated as (

    select
        gathered.*,
        {{ reporting_week(local_date('gathered.occurred_at')) }} as occurred_week,
        {{ words_of("replace(coalesce(gathered.utm_campaign, '') || ' ' || coalesce(gathered.page_url, ''), '_', ' ')") }}
            as place_words
    from gathered
    where gathered.occurred_at < {{ observed_until() }}

),

-- One row per conversion whose page or campaign names a theme by its code.
themed as (

    select
        dated.conversion_key,
        min(themes.theme_code) as theme_code
    from dated
    inner join themes
        on {{ contains_phrase('dated.place_words', 'themes.code_phrase') }}
    group by dated.conversion_key

),

conversions as (

    select
        dated.conversion_key,
        dated.kind_code,
        dated.occurred_at,
        dated.occurred_week,
        dated.utm_source,
        dated.utm_campaign,
        dated.utm_content,
        platforms.platform_code,
        themed.theme_code
    from dated
    left join platforms
        on dated.utm_source = platforms.platform_code
    left join themed
        on dated.conversion_key = themed.conversion_key

)

select * from conversions
