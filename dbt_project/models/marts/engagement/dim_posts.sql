with

posts as (

    select * from {{ ref('int_posts__latest') }}

),

styles as (

    select * from {{ ref('int_posts__styled') }}

),

-- Same grain: every post has one style.
described as (

    select
        posts.post_key,
        posts.platform_code,
        posts.account_key,
        posts.posted_at,
        posts.posted_week,
        styles.content_style_code,
        styles.theme_code,
        posts.is_boosted,
        posts.observed_at,
        posts.maturity_days,
        posts.gone_at is not null as is_gone,
        posts.gone_at
    from posts
    inner join styles
        on posts.post_key = styles.post_key

)

select * from described
