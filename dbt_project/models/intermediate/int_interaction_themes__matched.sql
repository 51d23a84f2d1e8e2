-- A theme is named where one of its keywords stands as whole words in the text, title
-- included. A text repeated by the same person on the same day names it once.
with

interactions as (

    select
        interaction_key,
        person_key,
        text_key,
        words_text,
        occurred_at,
        occurred_date
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
        max(interactions.person_key) as person_key,
        max(interactions.text_key) as text_key,
        max(interactions.occurred_at) as occurred_at,
        max(interactions.occurred_date) as occurred_date
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
        person_key is not null
        and row_number() over (
            partition by theme_code, person_key, text_key, occurred_date
            order by occurred_at, interaction_key
        ) > 1 as is_repeat
    from matched

)

select * from ranked
