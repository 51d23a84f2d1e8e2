-- One row per post as it stood a week after it was posted: its newest export between the
-- age of maturity and twice that, which holds what was corrected until the as-of of its
-- week. Posts of an old week would else have had more time than those of a young one, and
-- every young week would look weak. A post without such an export stands at its first one
-- after that and says so, a young post at its newest: the first year that an organisation
-- fills in afterwards is all late, and would else be no year at all.
with

posts as (

    select * from {{ ref('int_posts__attributed') }}

),

thresholds as (

    select post_maturity_days * 86400 as maturity_seconds
    from {{ ref('int_thresholds__pivoted') }}

),

gone as (

    select
        post_key,
        gone_at
    from {{ ref('int_posts__latest') }}

),

aged as (

    select
        posts.*,
        cast(floor({{ seconds_between('posts.posted_at', 'posts.observed_at') }} / 86400) as bigint)
            as reading_age_days,
        {{ seconds_between('posts.posted_at', 'posts.observed_at') }} >= thresholds.maturity_seconds
            as is_mature,
        {{ seconds_between('posts.posted_at', 'posts.observed_at') }} >= 2 * thresholds.maturity_seconds
            as is_read_late
    from posts
    cross join thresholds

),

chosen as (

    select *
    from aged
    qualify
        row_number() over (
            partition by post_key
            order by
                case when is_read_late then 1 when is_mature then 0 else 2 end,
                case when is_read_late then observed_at end,
                observed_at desc,
                file_sha256 desc
        ) = 1

)

-- Same grain: a post is one row in both.
select
    chosen.*,
    gone.gone_at
from chosen
inner join gone
    on chosen.post_key = gone.post_key
