with

strategy_themes as (

    select
        theme_code,
        weight_ratio,
        keywords,
        coalesce(valid_from, date '0001-01-01') as valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('stg_programme__strategy_themes') }}
    where theme_code is not null

),

split as (

    {{ split_to_rows('strategy_themes', ['theme_code', 'weight_ratio', 'valid_from', 'valid_to'], 'keywords', '|', 'keyword') }}

),

-- One row per theme, word and period: the same word twice in a list counts once.
worded as (

    select
        theme_code,
        {{ words_of('trim(keyword)') }} as keyword_text,
        valid_from,
        valid_to,
        max(weight_ratio) as weight_ratio
    from split
    where trim(keyword) <> ''
    group by
        theme_code,
        {{ words_of('trim(keyword)') }},
        valid_from,
        valid_to

)

select * from worded
