-- Mentions of a theme by stakeholders, per day and theme, without gaps: a day without a
-- mention is a row with zero, because silence is what a burst is measured against.
with

interactions as (

    select
        interaction_key,
        person_key,
        occurred_date
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

known_themes as (

    select theme_code
    from {{ ref('int_themes__worded') }}
    group by theme_code

),

thresholds as (

    select daily_author_cap_count
    from {{ ref('int_thresholds__pivoted') }}

),

span as (

    select min(occurred_date) as first_day
    from interactions

),

days as (

    {{ days_between('(select first_day from span)', days_later(built_week(), 6)) }}

),

-- One row per day, theme and author.
author_days as (

    select
        interactions.occurred_date as day,
        themes.theme_code,
        interactions.person_key,
        count(*) as mention_count
    from interactions
    inner join themes
        on interactions.interaction_key = themes.interaction_key
    group by
        interactions.occurred_date,
        themes.theme_code,
        interactions.person_key

),

-- One row per day and theme. The cap keeps one tireless author from making an issue.
counted as (

    select
        author_days.day,
        author_days.theme_code,
        cast(sum(author_days.mention_count) as bigint) as mention_count,
        count(distinct author_days.person_key) as author_count,
        cast(sum(least(author_days.mention_count, thresholds.daily_author_cap_count)) as bigint)
            as capped_mention_count
    from author_days
    cross join thresholds
    group by
        author_days.day,
        author_days.theme_code

),

filled as (

    select
        days.day,
        known_themes.theme_code,
        coalesce(counted.mention_count, 0) as mention_count,
        coalesce(counted.author_count, 0) as author_count,
        coalesce(counted.capped_mention_count, 0) as capped_mention_count
    from days
    cross join known_themes
    left join counted
        on
            days.day = counted.day
            and known_themes.theme_code = counted.theme_code

)

select * from filled
