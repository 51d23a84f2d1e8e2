-- What arrived for the reporting week, by inbox folder: files exported after the week
-- closed and before as_of.
with

manifest as (

    select
        source_name,
        file_sha256,
        status_code,
        rows_in,
        rows_landed,
        rows_rejected,
        exported_at,
        period_end
    from {{ ref('stg_landing__export_manifest') }}
    where
        exported_at >= {{ week_end_at() }}
        and exported_at < {{ week_end_at() }} + interval 7 day

),

summed as (

    select
        {{ built_week() }} as week_start,
        source_name,
        count(*) as file_count,
        count(case when status_code = 'rejected' then 1 end) as rejected_file_count,
        cast(sum(coalesce(rows_in, 0)) as bigint) as rows_in,
        cast(sum(coalesce(rows_landed, 0)) as bigint) as rows_landed,
        cast(sum(coalesce(rows_rejected, 0)) as bigint) as rows_rejected,
        max(exported_at) as last_exported_at,
        max(period_end) as period_end
    from manifest
    group by source_name

)

select * from summed
