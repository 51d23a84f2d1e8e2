-- From which week on the usual range of a figure starts again, because somebody says that
-- it is another process now. The week of the change itself mixes both, so it is still
-- judged by the weeks before it; the next one begins. A file that names no judged figure
-- is kept and changes nothing.
with

stated as (

    select
        metric_id,
        changed_on,
        reason_text
    from {{ ref('stg_programme__process_changes') }}
    where metric_id is not null and changed_on is not null
    qualify
        row_number() over (
            partition by metric_id, changed_on
            order by exported_at desc, source_name, reason_text
        ) = 1

),

judged_metrics as (

    select distinct metric_id
    from {{ ref('metrics') }}
    where metric_kind_code in ('flow', 'rate')

),

-- Same grain: a metric is named once.
dated as (

    select
        stated.metric_id,
        stated.changed_on,
        {{ reporting_week(days_later('stated.changed_on', 6)) }} as limits_since_week,
        stated.reason_text,
        stated.metric_id = 'all' or judged_metrics.metric_id is not null as is_judged
    from stated
    left join judged_metrics
        on stated.metric_id = judged_metrics.metric_id

)

select * from dated
