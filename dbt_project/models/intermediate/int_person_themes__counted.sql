{{ config(materialized='view') }}
-- How often each person named each theme in the window that ends with the week, and how
-- often everybody did.
with

thresholds as (

    select aspine_window_days
    from {{ ref('int_thresholds__pivoted') }}

),

posts as (

    select
        interactions.interaction_key,
        interactions.person_key
    from {{ ref('int_interactions__classified') }} as interactions
    cross join thresholds
    where
        interactions.actor_class_code = 'stakeholder'
        and interactions.person_key is not null
        and interactions.text_key is not null
        and interactions.occurred_at < {{ observed_until() }}
        and interactions.occurred_date
        >= {{ days_later(built_week(), '7 - thresholds.aspine_window_days') }}

),

themes as (

    select
        interaction_key,
        theme_code
    from {{ ref('int_interaction_themes__matched') }}
    where not is_repeat

),

posts_by_person as (

    select
        person_key,
        count(*) as post_count
    from posts
    group by person_key

),

posts_by_everybody as (

    select count(*) as population_post_count
    from posts

),

-- One row per person and theme.
themed as (

    select
        posts.person_key,
        themes.theme_code,
        count(*) as theme_post_count
    from posts
    inner join themes
        on posts.interaction_key = themes.interaction_key
    group by
        posts.person_key,
        themes.theme_code

),

themed_by_everybody as (

    select
        theme_code,
        cast(sum(theme_post_count) as bigint) as population_theme_post_count
    from themed
    group by theme_code

),

counted as (

    select
        themed.person_key,
        themed.theme_code,
        themed.theme_post_count,
        posts_by_person.post_count,
        themed_by_everybody.population_theme_post_count,
        posts_by_everybody.population_post_count
    from themed
    inner join posts_by_person
        on themed.person_key = posts_by_person.person_key
    inner join themed_by_everybody
        on themed.theme_code = themed_by_everybody.theme_code
    cross join posts_by_everybody

)

select * from counted
