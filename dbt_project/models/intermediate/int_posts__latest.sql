-- One row per post: its newest export before as_of. A post that is gone keeps what was
-- last known of it.
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

gone as (

    select
        platform_code,
        object_id,
        gone_at
    from {{ ref('int_objects__gone') }}
    where object_kind_code = 'post'

),

aged as (

    select
        latest.*,
        gone.gone_at,
        {{ seconds_between('latest.posted_at', 'latest.observed_at') }}
        >= thresholds.post_maturity_days * 86400 as is_mature,
        cast(floor({{ seconds_between('latest.posted_at', 'latest.observed_at') }} / 86400) as bigint)
            as maturity_days
    from latest
    cross join thresholds
    left join gone
        on
            latest.platform_code = gone.platform_code
            and latest.post_id = gone.object_id

)

select * from aged
