-- For each day of the week: what the organisation published on the themes that an employee
-- is passionate about and has not passed on yet, the theme that matters most first.
with

posts as (

    select
        post_key,
        platform_code,
        theme_code,
        posted_at,
        {{ local_date('posted_at') }} as listed_on
    from {{ ref('dim_posts') }}
    where
        not is_gone
        and content_style_code <> 'dialogue'
        and posted_week = {{ built_week() }}

),

interests as (

    select
        person_key,
        theme_code,
        theme_rank,
        lift_score
    from {{ ref('fct_employee_interests') }}
    where theme_rank <= 3 and tagged_act_count >= 5

),

zones as (

    select
        person_key,
        zone_code
    from {{ ref('fct_employee_zones') }}
    where week_start = {{ built_week() }} and not is_dormant

),

shared as (

    select
        person_key,
        shared_post_key
    from {{ ref('fct_employee_shares') }}
    where shared_post_key is not null
    group by
        person_key,
        shared_post_key

),

listed as (

    select
        posts.listed_on,
        interests.person_key,
        zones.zone_code,
        row_number() over (
            partition by interests.person_key, posts.listed_on
            order by interests.theme_rank, posts.posted_at desc, posts.post_key
        ) as position_number,
        posts.post_key,
        posts.platform_code,
        posts.theme_code,
        interests.lift_score
    from posts
    inner join interests
        on posts.theme_code = interests.theme_code
    inner join zones
        on interests.person_key = zones.person_key
    left join shared
        on
            interests.person_key = shared.person_key
            and posts.post_key = shared.shared_post_key
    where shared.shared_post_key is null

)

select * from listed
where position_number <= 3
