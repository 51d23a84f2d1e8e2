{%- set counters = {
    'view_count': 'view_count', 'impression_count': 'impression_count', 'follow_count': 'subscriber_net_count',
} %}
-- Studio counts within a window. Windows that follow one another add up to a video's
-- life when the first opens before publication; of overlapping windows the later one is
-- left out, so that nothing is counted twice, and one that begins on the day after the kept
-- one goes on. Where no window covers a day, the life is known until that day; of a video
-- from before the first window it is not known: null. Each window's end is a reading, so
-- that a video can be read at the age of other posts; a window that opens by publication is
-- one for itself, whatever other windows it overlaps.
with recursive

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

-- One row per video and first day: the longest window from that day, as last exported.
windows as (

    select *
    from videos
    qualify
        row_number() over (
            partition by source_name, video_id, period_start
            order by period_end desc, exported_at desc, file_sha256 desc
        ) = 1

),

-- Same grain: where the count can go on after each window.
followed as (

    select
        windows.source_name,
        windows.video_id,
        windows.period_start,
        min(later.period_start) as next_start
    from windows
    left join windows as later
        on
            windows.source_name = later.source_name
            and windows.video_id = later.video_id
            and {{ days_later('windows.period_end', 1) }} = later.period_start
    group by
        windows.source_name,
        windows.video_id,
        windows.period_start

),

-- From the first window to the one of the day after it, and so on.
kept as (

    select
        source_name,
        video_id,
        min(period_start) as period_start,
        min(period_start) as first_start
    from windows
    group by
        source_name,
        video_id

    union all

    select
        kept.source_name,
        kept.video_id,
        followed.next_start as period_start,
        kept.first_start
    from kept
    inner join followed
        on
            kept.source_name = followed.source_name
            and kept.video_id = followed.video_id
            and kept.period_start = followed.period_start
    where followed.next_start is not null

),

-- One row per video and window that counts: its life until the window ends.
chained as (

    select
        windows.source_name,
        windows.video_id,
        windows.video_title,
        windows.published_on,
        {%- for name, column in counters.items() %}
        cast(sum(case when kept.first_start <= windows.published_on then windows.{{ column }} end) over so_far as bigint)
            as {{ name }},
        {%- endfor %}
        windows.period_end,
        windows.exported_at,
        windows.file_sha256,
        false as is_whole
    from windows
    inner join kept
        on
            windows.source_name = kept.source_name
            and windows.video_id = kept.video_id
            and windows.period_start = kept.period_start
    window so_far as (
        partition by windows.source_name, windows.video_id
        order by windows.period_start
        rows between unbounded preceding and current row
    )

),

-- One row per video and window that holds its life alone.
whole as (

    select
        source_name,
        video_id,
        video_title,
        published_on,
        {%- for name, column in counters.items() %}
        {{ column }} as {{ name }},
        {%- endfor %}
        period_end,
        exported_at,
        file_sha256,
        true as is_whole
    from videos
    where period_start <= published_on

),

-- One row per video and day until which its life is known.
read as (

    select *
    from (
        select * from chained
        union all
        select * from whole
    ) as readings
    qualify
        row_number() over (
            partition by source_name, video_id, period_end
            order by is_whole desc, exported_at desc, file_sha256 desc
        ) = 1

)

select
    source_name,
    video_id,
    max(video_title) over of_video as video_title,
    max(published_on) over of_video as published_on,
    {%- for name in counters %}
    {{ name }},
    {%- endfor %}
    cast({{ days_later('period_end', 1) }} as timestamp) as observed_at,
    file_sha256
from read
window of_video as (partition by source_name, video_id)
