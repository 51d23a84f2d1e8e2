{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Figures of printed weeks that differ from what the last issue said of them.
with

printed as (

    select * from {{ ref('stg_landing__printed_figures') }}
    where week_start < {{ built_week() }}

),

-- What an issue had not defined yet is new, not restated.
printed_metrics as (

    select
        metric_id,
        max(issue_code) as issue_code,
        max(issue_week) as issue_week
    from printed
    group by metric_id

),

figures as (

    select
        metric_id,
        metric_version,
        week_start,
        segment_kind_code,
        segment_code,
        value
    from {{ ref('fct_metric_weeks') }}
    where week_start < {{ built_week() }}

),

-- Which facts a metric is made of.
families as (
    {% for relation, family in [
        ('int_dialogue_metrics__melted', 'acts'),
        ('int_listening_metrics__melted', 'acts'),
        ('int_engagement_metrics__melted', 'observations'),
        ('int_conversion_metrics__melted', 'conversions'),
    ] %}
    select
        metric_id,
        '{{ family }}' as family_code
    from {{ ref(relation) }}
    group by metric_id

    union all
    {% endfor %}
    select
        metric_id,
        case when metric_id in ('follower_net', 'churn_rate') then 'observations' else 'acts' end
            as family_code
    from {{ ref('int_audience_metrics__melted') }}
    group by metric_id

),

compared as (

    select
        coalesce(figures.metric_id, printed.metric_id) as metric_id,
        coalesce(figures.week_start, printed.week_start) as restated_week,
        coalesce(figures.segment_kind_code, printed.segment_kind_code) as segment_kind_code,
        coalesce(figures.segment_code, printed.segment_code) as segment_code,
        printed.metric_version as printed_version,
        figures.metric_version,
        printed.value as printed_value,
        figures.value,
        not coalesce(printed.is_mature, true) as was_immature
    from figures
    full outer join printed
        on
            figures.metric_id = printed.metric_id
            and figures.week_start = printed.week_start
            and figures.segment_kind_code = printed.segment_kind_code
            and figures.segment_code = printed.segment_code

)

select
    {{ surrogate_key([
        'compared.metric_id', 'compared.restated_week', 'compared.segment_kind_code',
        'compared.segment_code',
    ]) }} as restatement_key,
    printed_metrics.issue_code,
    families.family_code,
    compared.*
from compared
inner join printed_metrics
    on
        compared.metric_id = printed_metrics.metric_id
        and compared.restated_week <= printed_metrics.issue_week
left join families
    on compared.metric_id = families.metric_id
where
    (compared.printed_value is null) <> (compared.value is null)
    or abs(compared.printed_value - compared.value) > 0.000000001
