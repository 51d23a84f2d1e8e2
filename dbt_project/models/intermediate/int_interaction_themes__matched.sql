-- A theme is named where one of its keywords stands as whole words in the text, title
-- included. A text repeated by the same person on the same day names it once. Themes are
-- ranked once for each text and era: between two changes of any theme, all days are alike.
with

interactions as (

    select
        interactions.interaction_key,
        interactions.full_text_key,
        interactions.occurred_date,
        repeats.interaction_key is not null as is_repeat
    from {{ ref('int_interactions__keyed') }} as interactions
    left join {{ ref('int_interactions__repeated') }} as repeats
        on interactions.interaction_key = repeats.interaction_key

),

themes as (

    select
        theme_code,
        {{ hash_of(plain_phrase('keyword_text')) }} as phrase_key,
        weight_ratio,
        valid_from,
        valid_to
    from {{ ref('int_themes__worded') }}

),

named as (

    select
        named.full_text_key,
        themes.theme_code,
        themes.weight_ratio,
        themes.valid_from,
        themes.valid_to
    from {{ ref('int_text_phrases__named') }} as named
    inner join themes
        on named.phrase_key = themes.phrase_key

),

changes as (

    select valid_from as change_date from themes
    union
    select valid_to as change_date from themes

),

dates as (

    select occurred_date
    from interactions
    group by occurred_date

),

eras as (

    select
        dates.occurred_date,
        max(changes.change_date) as era_date
    from dates
    inner join changes
        on dates.occurred_date >= changes.change_date
    group by dates.occurred_date

),

dated as (

    select
        interactions.interaction_key,
        interactions.full_text_key,
        interactions.is_repeat,
        eras.era_date
    from interactions
    inner join eras
        on interactions.occurred_date = eras.occurred_date

),

texts as (

    select
        full_text_key,
        era_date
    from dated
    group by
        full_text_key,
        era_date

),

-- One row per text, era and theme.
matched as (

    select
        texts.full_text_key,
        texts.era_date,
        named.theme_code,
        max(named.weight_ratio) as weight_ratio,
        count(*) as keyword_count
    from texts
    inner join named
        on
            texts.full_text_key = named.full_text_key
            and texts.era_date >= named.valid_from
            and texts.era_date < named.valid_to
    group by
        texts.full_text_key,
        texts.era_date,
        named.theme_code

),

ranked as (

    select
        full_text_key,
        era_date,
        theme_code,
        keyword_count,
        row_number() over (
            partition by full_text_key, era_date
            order by keyword_count desc, weight_ratio desc nulls last, theme_code
        ) as theme_rank
    from matched

)

select
    dated.interaction_key,
    ranked.theme_code,
    ranked.keyword_count,
    ranked.theme_rank,
    dated.is_repeat
from dated
inner join ranked
    on
        dated.full_text_key = ranked.full_text_key
        and dated.era_date = ranked.era_date
