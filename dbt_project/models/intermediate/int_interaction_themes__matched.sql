-- A theme is named where one of its keywords stands as whole words in the text, title
-- included. A text repeated by the same person on the same day names it once.
with

interactions as (

    select
        interaction_key,
        words_text,
        occurred_date,
        is_repeat
    from {{ ref('int_interactions__threaded') }}

),

themes as (

    select * from {{ ref('int_themes__worded') }}

),

-- One row per interaction and theme.
matched as (

    select
        interactions.interaction_key,
        themes.theme_code,
        max(themes.weight_ratio) as weight_ratio,
        count(*) as keyword_count,
        bool_or(interactions.is_repeat) as is_repeat
    from interactions
    inner join themes
        on
            {{ contains_phrase('interactions.words_text', 'themes.keyword_text') }}
            and interactions.occurred_date >= themes.valid_from
            and interactions.occurred_date < themes.valid_to
    group by
        interactions.interaction_key,
        themes.theme_code

),

ranked as (

    select
        interaction_key,
        theme_code,
        keyword_count,
        row_number() over (
            partition by interaction_key
            order by keyword_count desc, weight_ratio desc nulls last, theme_code
        ) as theme_rank,
        is_repeat
    from matched

)

select * from ranked
