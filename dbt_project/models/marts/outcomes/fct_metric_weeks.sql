-- Every metric of every week in one shape: the single source of charts, signals and BI.
-- A metric that is not in the registry has no definition and is not published.
with

{% for relation in [
    'int_dialogue_metrics__melted',
    'int_engagement_metrics__melted',
    'int_listening_metrics__melted',
    'int_audience_metrics__melted',
    'int_conversion_metrics__melted',
] -%}
{{ relation | replace('int_', '') | replace('__melted', '') }} as (

    select
        metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        value,
        numerator,
        denominator,
        n,
        coverage_ratio,
        is_mature,
        {{ 'late_post_count' if relation == 'int_engagement_metrics__melted' else 'cast(null as bigint)' }}
            as late_post_count
    from {{ ref(relation) }}

),

{% endfor -%}
metrics as (

    select
        metric_id,
        metric_version,
        valid_from,
        unit_code
    from {{ ref('metrics') }}

),

gathered as (

    select * from dialogue_metrics
    union all
    select * from engagement_metrics
    union all
    select * from listening_metrics
    union all
    select * from audience_metrics
    union all
    select * from conversion_metrics

),

-- The version that held in the week; a left join, so that a metric which nobody
-- registered fails its test instead of vanishing.
versioned as (

    select
        gathered.metric_id,
        metrics.metric_version,
        gathered.week_start,
        gathered.segment_kind_code,
        gathered.segment_code,
        round(gathered.value, 9) as value,
        round(gathered.numerator, 9) as numerator,
        round(gathered.denominator, 9) as denominator,
        gathered.n,
        round(gathered.coverage_ratio, 9) as coverage_ratio,
        -- Of few cases a part says little: the interval says how little.
        {%- for name, sign in {'wilson_lower_value': '-', 'wilson_upper_value': '+'}.items() %}
        case
            when
                metrics.unit_code = 'ratio'
                and gathered.value is not null
                and gathered.denominator > 0
                and gathered.denominator < 200
                and gathered.numerator between 0 and gathered.denominator
                then {{ wilson_bound('gathered.numerator', 'gathered.denominator', sign) }}
        end as {{ name }},
        {%- endfor %}
        gathered.is_mature,
        gathered.late_post_count
    from gathered
    left join metrics
        on
            gathered.metric_id = metrics.metric_id
            and metrics.valid_from <= gathered.week_start
    qualify
        row_number() over (
            partition by
                gathered.metric_id,
                gathered.week_start,
                gathered.segment_kind_code,
                gathered.segment_code
            order by metrics.valid_from desc, metrics.metric_version desc
        ) = 1

),

-- What follows a change of definition cannot be compared with what came before it.
compared as (

    select
        *,
        coalesce(
            metric_version <> lag(metric_version) over (
                partition by
                    metric_id,
                    segment_kind_code,
                    segment_code
                order by week_start
            ), false
        ) as is_definition_break
    from versioned

)

select * from compared
