-- What the newest export of the reporting week says it holds, beside what we landed of
-- it. Only additive quantities: a total of unique viewers is no sum. A report that states
-- how many records it has was cut off if we read fewer, landed or rejected.
with

declared as (

    select
        totals.file_sha256,
        totals.source_name,
        totals.metric_code,
        totals.declared_value,
        totals.exported_at,
        cast(null as varchar) as table_name
    from {{ ref('stg_landing__export_totals') }} as totals
    inner join {{ ref('stg_landing__export_manifest') }} as manifest
        on totals.file_sha256 = manifest.file_sha256
    where
        totals.metric_code in ('view_count', 'impression_count', 'watch_hours')
        and manifest.status_code = 'loaded'
        and manifest.period_end >= {{ built_week() }}

    union all

    select
        file_sha256,
        source_name,
        metric_code,
        declared_value,
        exported_at,
        table_name
    from {{ ref('stg_landing__export_totals') }}
    where
        metric_code = 'row_count'
        and exported_at >= {{ local_midnight(built_week()) }}

),

newest as (

    select *
    from declared
    qualify
        dense_rank() over (
            partition by source_name, table_name
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

    union all

    select
        read_tables.file_sha256,
        'row_count' as metric_code,
        cast(sum(read_tables.rows_in) as double) as landed_value
    from {{ ref('stg_landing__export_tables') }} as read_tables
    inner join (
        select distinct
            file_sha256,
            table_name
        from {{ ref('stg_landing__export_totals') }}
        where metric_code = 'row_count'
    ) as counted_tables
        on
            read_tables.file_sha256 = counted_tables.file_sha256
            and read_tables.table_name = counted_tables.table_name
    group by read_tables.file_sha256

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
