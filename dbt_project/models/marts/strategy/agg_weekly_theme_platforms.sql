-- Which platform carries which conversation. A turn counts once for each theme that it
-- names; a platform that is heard but silent on a theme has a row with zero.
with

interactions as (

    select
        interaction_key,
        person_key,
        platform_code,
        occurred_week as week_start
    from {{ ref('fct_interactions') }}
    where actor_class_code = 'stakeholder'

),

themes as (

    select
        week_start,
        theme_code
    from {{ ref('agg_weekly_alignment') }}

),

tagged as (

    select
        interaction_key,
        theme_code
    from {{ ref('fct_interaction_themes') }}

),

platforms as (

    select
        week_start,
        platform_code,
        count(*) as interaction_count
    from interactions
    group by
        week_start,
        platform_code

),

-- One row per week, platform and theme that was named.
mentioned as (

    select
        interactions.week_start,
        interactions.platform_code,
        tagged.theme_code,
        count(*) as mention_count,
        count(distinct interactions.person_key) as author_count
    from interactions
    inner join tagged
        on interactions.interaction_key = tagged.interaction_key
    group by
        interactions.week_start,
        interactions.platform_code,
        tagged.theme_code

),

counted as (

    select
        themes.week_start,
        themes.theme_code,
        platforms.platform_code,
        coalesce(mentioned.mention_count, 0) as mention_count,
        coalesce(mentioned.author_count, 0) as author_count,
        platforms.interaction_count,
        cast(sum(coalesce(mentioned.mention_count, 0))
            over (partition by themes.week_start, themes.theme_code) as bigint) as theme_mention_count
    from themes
    inner join platforms
        on themes.week_start = platforms.week_start
    left join mentioned
        on
            themes.week_start = mentioned.week_start
            and themes.theme_code = mentioned.theme_code
            and platforms.platform_code = mentioned.platform_code

),

mixed as (

    select
        week_start,
        theme_code,
        platform_code,
        mention_count,
        author_count,
        theme_mention_count,
        {{ safe_ratio('mention_count', 'theme_mention_count') }} as platform_mix_ratio,
        interaction_count,
        {{ safe_ratio('mention_count', 'interaction_count') }} as conversation_ratio
    from counted

)

select * from mixed
