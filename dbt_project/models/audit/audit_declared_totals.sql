-- What the newest export of the reporting week says it holds, beside what we landed of
-- it. Only additive quantities: a total of unique viewers is no sum.
with

declared as (

    select
        totals.file_sha256,
        totals.source_name,
        totals.metric_code,
        totals.declared_value,
        totals.exported_at
    from {{ ref('stg_landing__export_totals') }} as totals
    inner join {{ ref('stg_landing__export_manifest') }} as manifest
        on totals.file_sha256 = manifest.file_sha256
    where
        totals.metric_code in ('view_count', 'impression_count', 'watch_hours')
        and manifest.status_code = 'loaded'
        and manifest.period_end >= {{ built_week() }}

),

newest as (

    select *
    from declared
    qualify
        dense_rank() over (
            partition by source_name
            order by exported_at desc, file_sha256 desc
        ) = 1

),

landed as (

    select
        file_sha256,
        metric_code,
        round(sum(value), 6) as landed_value
    from {{ ref('fct_metric_observations') }}
    where object_kind_code = 'post'
    group by
        file_sha256,
        metric_code

),

compared as (

    select
        {{ surrogate_key(['newest.file_sha256', 'newest.metric_code', built_week()]) }} as total_key,
        {{ built_week() }} as week_start,
        newest.source_name,
        newest.file_sha256,
        newest.metric_code,
        newest.declared_value,
        landed.landed_value
    from newest
    left join landed
        on
            newest.file_sha256 = landed.file_sha256
            and newest.metric_code = landed.metric_code

)

select * from compared
