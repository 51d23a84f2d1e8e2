-- One row per tracked entity, keyword and period; an entity without keywords is heard
-- by its name.
with

tracked_entities as (

    select
        entity_code,
        coalesce(is_own, false) as is_own,
        coalesce(nullif(trim(keywords), ''), entity_name) as keywords,
        coalesce(valid_from, date '0001-01-01') as valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('stg_programme__tracked_entities') }}
    where entity_code is not null

),

split as (

    {{ split_to_rows('tracked_entities', ['entity_code', 'is_own', 'valid_from', 'valid_to'], 'keywords', '|', 'keyword') }}

),

worded as (

    select
        entity_code,
        {{ words_of('trim(keyword)') }} as keyword_text,
        valid_from,
        valid_to,
        bool_or(is_own) as is_own
    from split
    where trim(keyword) <> ''
    group by
        entity_code,
        {{ words_of('trim(keyword)') }},
        valid_from,
        valid_to

)

select * from worded
