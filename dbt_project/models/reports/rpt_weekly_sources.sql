-- Which exports the week rests on: the files that came after it closed and before the
-- build's as-of moment.
with

manifest as (

    select
        source_name,
        exported_at,
        period_end,
        rows_in,
        rows_landed,
        rows_rejected
    from {{ ref('stg_landing__export_manifest') }}
    where
        status_code = 'loaded'
        and exported_at >= {{ week_end_at() }}

),

sources as (

    select
        {{ built_week() }} as week_start,
        source_name,
        count(*) as file_count,
        cast(sum(rows_in) as bigint) as rows_in,
        cast(sum(rows_landed) as bigint) as rows_landed,
        cast(sum(rows_rejected) as bigint) as rows_rejected,
        max(exported_at) as last_exported_at,
        max(period_end) as period_end
    from manifest
    group by source_name

)

select * from sources
