{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Pages and documents of our own that name a theme. An asset is a path of our site
-- without tags; documents offered there belong to their page.
with

downloads as (

    select
        page_url,
        asset_name,
        {{ local_date('downloaded_at') }} as seen_on
    from {{ ref('stg_programme__collateral_downloads') }}
    where page_url is not null

),

pages as (

    select
        landing_page_url as page_url,
        cast(null as varchar) as asset_name,
        period_end as seen_on
    from {{ ref('stg_ga4__landing_pages') }}
    where landing_page_url like '/%'

),

gathered as (

    select * from downloads
    union all
    select * from pages

),

addressed as (

    select
        asset_name,
        seen_on,
        {{ path_of('page_url') }} as asset_path
    from gathered

),

-- One row per asset.
assets as (

    select
        asset_path,
        min(seen_on) as first_seen_on,
        asset_path || ' ' || coalesce({{ joined_text('asset_name', ' ', 'asset_name', is_distinct=true) }}, '') as address_text
    from addressed
    where asset_path is not null
    group by asset_path

),

worded as (

    select
        asset_path,
        first_seen_on,
        {{ words_of("replace(address_text, '_', ' ')") }} as words_text
    from assets

),

-- Keywords, and the code and the name of a theme as phrases.
phrases as (

    select
        theme_code,
        keyword_text
    from {{ ref('int_themes__worded') }}

    union

    select
        theme_code,
        {{ words_of("replace(theme_code, '_', ' ')") }} as keyword_text
    from {{ ref('stg_programme__strategy_themes') }}
    where theme_code is not null

    union

    select
        theme_code,
        {{ words_of('theme_name') }} as keyword_text
    from {{ ref('stg_programme__strategy_themes') }}
    where
        theme_code is not null
        and theme_name is not null

),

-- One row per asset and theme.
matched as (

    select
        worded.asset_path,
        phrases.theme_code,
        max(worded.first_seen_on) as first_seen_on,
        count(*) as phrase_count
    from worded
    inner join phrases
        on {{ contains_phrase('worded.words_text', 'phrases.keyword_text') }}
    group by
        worded.asset_path,
        phrases.theme_code

),

weighed as (

    select
        {{ surrogate_key(["'asset'", 'asset_path']) }} as asset_key,
        asset_path,
        theme_code,
        phrase_count,
        first_seen_on,
        cast(sum(phrase_count * phrase_count) over (partition by asset_path) as bigint) as square_sum
    from matched

)

select * from weighed
