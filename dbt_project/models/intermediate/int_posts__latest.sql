-- One row per post: its newest export before as_of.
with

posts as (

    select * from {{ ref('int_posts__attributed') }}

),

thresholds as (

    select post_maturity_days
    from {{ ref('int_thresholds__pivoted') }}

),

latest as (

    select *
    from posts
    qualify
        row_number() over (
            partition by post_key
            order by observed_at desc, file_sha256 desc
        ) = 1

),

aged as (

    select
        latest.*,
        {{ seconds_between('latest.posted_at', 'latest.observed_at') }}
        >= thresholds.post_maturity_days * 86400 as is_mature,
        cast(floor({{ seconds_between('latest.posted_at', 'latest.observed_at') }} / 86400) as bigint)
            as maturity_days
    from latest
    cross join thresholds

)

select * from aged
