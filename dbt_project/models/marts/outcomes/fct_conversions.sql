-- One row per thing that people did in the end: a lead in the CRM, or a download.
with

gathered as (

    select
        conversion_key,
        kind_code,
        occurred_at,
        utm_source,
        utm_campaign,
        utm_content,
        page_url
    from {{ ref('int_conversions__gathered') }}

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

dated as (

    select
        gathered.*,
        {{ reporting_week(local_date('gathered.occurred_at')) }} as occurred_week,
        {{ words_of("replace(coalesce(gathered.utm_campaign, '') || ' ' || coalesce(gathered.page_url, ''), '_', ' ')") }}
            as place_words
    from gathered

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
