-- An interest is a theme that somebody names clearly more often than everybody does. Of
-- somebody who wrote little, none is stated.
with

thresholds as (

    select
        interest_post_minimum_count,
        interest_minimum_lift,
        interest_rank_maximum
    from {{ ref('int_thresholds__pivoted') }}

),

themes as (

    select
        person_key,
        theme_code,
        theme_post_count,
        post_count,
        population_theme_post_count,
        population_post_count
    from {{ ref('int_person_themes__counted') }}

),

-- The lift divides whole numbers once, so that a lift of exactly the limit counts.
compared as (

    select
        themes.*,
        {{ safe_ratio('theme_post_count', 'post_count') }} as share_ratio,
        {{ safe_ratio('population_theme_post_count', 'population_post_count') }}
            as population_share_ratio,
        {{ safe_ratio(
            'theme_post_count * population_post_count',
            'post_count * population_theme_post_count'
        ) }} as lift_quotient
    from themes

),

ranked as (

    select
        compared.*,
        row_number() over (
            partition by person_key
            order by theme_post_count desc, lift_quotient desc, theme_code
        ) as interest_rank
    from compared
    cross join thresholds
    where
        post_count >= thresholds.interest_post_minimum_count
        and lift_quotient >= thresholds.interest_minimum_lift

),

interests as (

    select
        {{ built_week() }} as week_start,
        person_key,
        interest_rank,
        theme_code,
        theme_post_count,
        post_count,
        share_ratio,
        population_theme_post_count,
        population_post_count,
        population_share_ratio,
        lift_quotient
    from ranked
    cross join thresholds
    where interest_rank <= thresholds.interest_rank_maximum

)

select * from interests
