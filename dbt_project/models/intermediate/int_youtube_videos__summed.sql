-- Studio counts within a window. Windows that follow one another add up to a video's
-- life when the first opens before publication; of overlapping windows the later one is
-- left out, so that nothing is counted twice. Otherwise the life is not known: null.
with

videos as (

    select
        source_name,
        video_id,
        video_title,
        published_on,
        view_count,
        impression_count,
        subscriber_net_count,
        period_start,
        period_end,
        exported_at,
        file_sha256
    from {{ ref('stg_youtube__videos') }}
    where
        published_on is not null
        and period_start is not null
        and period_end is not null

),

-- One row per video and window.
windows as (

    select *
    from videos
    qualify
        row_number() over (
            partition by source_name, video_id, period_start, period_end
            order by exported_at desc, file_sha256 desc
        ) = 1

),

ordered as (

    select
        *,
        max(period_end) over (
            partition by source_name, video_id
            order by period_start, period_end desc
            rows between unbounded preceding and 1 preceding
        ) as previous_end,
        min(period_start) over (partition by source_name, video_id) as first_start
    from windows

),

-- One row per video.
summed as (

    select
        source_name,
        video_id,
        max(video_title) as video_title,
        max(published_on) as published_on,
        cast(sum(view_count) filter (where first_start <= published_on) as bigint)
            as view_count,
        cast(sum(impression_count) filter (where first_start <= published_on) as bigint)
            as impression_count,
        cast(sum(subscriber_net_count) filter (where first_start <= published_on) as bigint)
            as follow_count,
        cast(max(period_end) + 1 as timestamp) as observed_at,
        max(file_sha256) as file_sha256
    from ordered
    where previous_end is null or period_start > previous_end
    group by
        source_name,
        video_id

)

select * from summed
