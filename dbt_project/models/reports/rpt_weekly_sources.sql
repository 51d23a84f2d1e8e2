-- Which exports the week rests on: what came after it closed and before the build's as-of
-- moment. A source that delivered nothing new has no file, but has been heard.
with

arrivals as (

    select
        source_name,
        1 as file_count,
        exported_at,
        period_end,
        rows_in,
        rows_landed,
        rows_rejected
    from {{ ref('stg_landing__export_manifest') }}
    where
        status_code = 'loaded'
        and exported_at >= {{ week_end_at() }}

    union all

    select
        source_name,
        0 as file_count,
        seen_at as exported_at,
        null as period_end,
        0 as rows_in,
        0 as rows_landed,
        0 as rows_rejected
    from {{ ref('stg_landing__unchanged_exports') }}
    where seen_at >= {{ week_end_at() }}

),

sources as (

    select
        {{ built_week() }} as week_start,
        source_name,
        cast(sum(file_count) as bigint) as file_count,
        cast(sum(rows_in) as bigint) as rows_in,
        cast(sum(rows_landed) as bigint) as rows_landed,
        cast(sum(rows_rejected) as bigint) as rows_rejected,
        max(exported_at) as last_exported_at,
        max(period_end) as period_end
    from arrivals
    group by source_name

)

select * from sources
