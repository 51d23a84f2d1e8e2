-- A report by a second dimension, such as the channel, has several rows of one page: its
-- sessions add up, its users do not, because one user comes by several channels.
with

source as (

    select
        *,
        coalesce(range_start, _period_start) as period_start,
        coalesce(range_end, _period_end) as period_end
    from {{ source('ga4', 'landing_pages') }}
    where _exported_at < {{ as_of() }}

),

-- All rows of a page in the newest file that has it.
latest as (

    select *
    from source
    qualify
        dense_rank() over (
            partition by _source_name, property_name, segment_name, landing_page_url, period_start, period_end
            order by _exported_at desc, _file_sha256 desc
        ) = 1

),

summed as (

    select
        landing_page_url,
        cast(sum(session_count) as bigint) as session_count,
        case when count(*) = 1 then max(active_user_count) end as active_user_count,
        cast(sum(engaged_session_count) as bigint) as engaged_session_count,
        case
            when count(*) = 1 then max(engagement_rate)
            else {{ safe_ratio('sum(engaged_session_count)', 'sum(session_count)') }}
        end as engagement_rate,
        sum(key_event_count) as key_event_count,
        property_name,
        segment_name,
        _source_name as source_name,
        period_start,
        period_end,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest
    group by
        landing_page_url,
        property_name,
        segment_name,
        _source_name,
        period_start,
        period_end,
        _exported_at,
        _file_sha256

)

select * from summed
