-- Does the talk follow the strategy, and does our content? Weights hold by date; a
-- theme is judged only in weeks in which it is valid. A post that is gone is no content.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

themes as (

    select
        theme_code,
        max(theme_name) as theme_name,
        max(weight_ratio) as weight_ratio,
        valid_from,
        max(valid_to) as valid_to
    from {{ ref('stg_programme__strategy_themes') }}
    group by
        theme_code,
        valid_from

),

topics as (

    select
        week_start,
        theme_code,
        mention_count
    from {{ ref('agg_weekly_topics') }}

),

interactions as (

    select
        occurred_week as week_start,
        count(*) as interaction_count
    from {{ ref('fct_interactions') }}
    where actor_class_code = 'stakeholder'
    group by occurred_week

),

posts as (

    select
        posted_week,
        theme_code
    from {{ ref('dim_posts') }}
    where not is_gone

),

posts_by_week as (

    select
        posted_week,
        count(*) as post_count
    from posts
    group by posted_week

),

posts_by_theme as (

    select
        posted_week,
        theme_code,
        count(*) as theme_post_count
    from posts
    where theme_code is not null
    group by
        posted_week,
        theme_code

),

-- One row per week and theme; two versions of a theme never hold on one Monday.
valid as (

    select
        weeks.week_start,
        themes.theme_code,
        themes.theme_name,
        themes.weight_ratio
    from weeks
    inner join themes
        on
            themes.valid_from <= weeks.week_start
            and (themes.valid_to is null or themes.valid_to > weeks.week_start)
    qualify
        row_number() over (
            partition by weeks.week_start, themes.theme_code
            order by themes.valid_from desc
        ) = 1

),

-- No mention of a theme in a week with talk is zero; a week without talk is null.
counted as (

    select
        valid.week_start,
        valid.theme_code,
        valid.theme_name,
        valid.weight_ratio,
        case when interactions.interaction_count > 0 then coalesce(topics.mention_count, 0) end
            as mention_count,
        coalesce(interactions.interaction_count, 0) as interaction_count,
        case when posts_by_week.post_count > 0 then coalesce(posts_by_theme.theme_post_count, 0) end
            as theme_post_count,
        coalesce(posts_by_week.post_count, 0) as post_count
    from valid
    left join interactions
        on valid.week_start = interactions.week_start
    left join topics
        on
            valid.week_start = topics.week_start
            and valid.theme_code = topics.theme_code
    left join posts_by_week
        on valid.week_start = posts_by_week.posted_week
    left join posts_by_theme
        on
            valid.week_start = posts_by_theme.posted_week
            and valid.theme_code = posts_by_theme.theme_code

),

aligned as (

    select
        week_start,
        theme_code,
        theme_name,
        weight_ratio,
        mention_count,
        interaction_count,
        {{ safe_ratio('mention_count', 'interaction_count') }} as conversation_ratio,
        theme_post_count,
        post_count,
        {{ safe_ratio('theme_post_count', 'post_count') }} as org_content_ratio,
        round(weight_ratio - {{ safe_ratio('theme_post_count', 'post_count') }}, 9)
            as content_gap_ratio
    from counted

)

select * from aligned
