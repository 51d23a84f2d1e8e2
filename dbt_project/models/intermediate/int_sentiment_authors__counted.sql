-- What each author said in which tone, per week and theme and over all, with the versions
-- of the scorer that read it.
with

interactions as (

    select
        interaction_key,
        person_key,
        occurred_week,
        text_key,
        sentiment_code
    from {{ ref('int_interactions__classified') }}
    where actor_class_code = 'stakeholder'

),

themes as (

    select
        interaction_key,
        theme_code
    from {{ ref('int_interaction_themes__matched') }}
    where not is_repeat

),

text_scores as (

    select
        text_key,
        concat_ws('/', scorer_version, normaliser_version) as reading_version
    from {{ ref('stg_listening__text_scores') }}

),

said as (

    select
        interactions.*,
        'all' as theme_code
    from interactions

    union all

    select
        interactions.*,
        themes.theme_code
    from interactions
    inner join themes
        on interactions.interaction_key = themes.interaction_key

)

select
    said.occurred_week as week_start,
    said.theme_code,
    said.person_key,
    count(*) as text_count,
    count(said.sentiment_code) as scored_count,
    count(case when said.sentiment_code = 'positive' then 1 end) as positive_count,
    count(case when said.sentiment_code = 'negative' then 1 end) as negative_count,
    min(case when said.sentiment_code is not null then text_scores.reading_version end)
        as first_version,
    max(case when said.sentiment_code is not null then text_scores.reading_version end)
        as last_version
from said
left join text_scores
    on said.text_key = text_scores.text_key
group by
    said.occurred_week,
    said.theme_code,
    said.person_key
