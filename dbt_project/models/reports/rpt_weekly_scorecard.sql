-- The figures of the reporting week as printed, each beside last week's, its usual
-- range, and the way from baseline to target where the programme set one.
with

metrics as (

    select
        metric_id,
        metric_name,
        unit_code,
        section_code,
        position_number,
        outcome_code
    from {{ ref('metrics') }}
    where valid_from <= {{ built_week() }}
    qualify
        row_number() over (
            partition by metric_id
            order by valid_from desc, metric_version desc
        ) = 1

),

metric_weeks as (

    select
        metric_id,
        week_start,
        value,
        numerator,
        denominator,
        n,
        coverage_ratio,
        is_mature,
        is_definition_break
    from {{ ref('fct_metric_weeks') }}
    where segment_kind_code = 'all'

),

limits as (

    select
        metric_id,
        week_start,
        signal_code,
        lower_limit,
        upper_limit
    from {{ ref('fct_metric_limits') }}
    where segment_kind_code = 'all'

),

-- One aim per metric: the one recorded last.
objectives as (

    select
        metric_id,
        cast(baseline_value as double) as baseline_value,
        cast(target_value as double) as target_value,
        baseline_recorded_on
    from {{ ref('stg_programme__objectives') }}
    qualify
        row_number() over (
            partition by metric_id
            order by baseline_recorded_on desc, objective_code
        ) = 1

),

joined as (

    select
        {{ built_week() }} as week_start,
        metrics.section_code,
        metrics.position_number as position,
        metrics.metric_id,
        metrics.metric_name,
        metrics.unit_code,
        this_week.value,
        last_week.value as previous_value,
        this_week.numerator,
        this_week.denominator,
        this_week.n,
        this_week.coverage_ratio,
        coalesce(this_week.is_mature, false) as is_mature,
        coalesce(this_week.is_definition_break, false) as is_definition_break,
        coalesce(limits.signal_code, 'no_limits') as signal_code,
        limits.lower_limit,
        limits.upper_limit,
        metrics.outcome_code,
        objectives.baseline_value,
        objectives.target_value,
        -- An aim that was written down later proves nothing about this week.
        case
            when objectives.baseline_recorded_on < {{ built_week() }}
                then {{ progress_index(
                    'this_week.value', 'objectives.baseline_value', 'objectives.target_value'
                ) }}
        end as index_value
    from metrics
    left join metric_weeks as this_week
        on
            metrics.metric_id = this_week.metric_id
            and this_week.week_start = {{ built_week() }}
    left join metric_weeks as last_week
        on
            metrics.metric_id = last_week.metric_id
            and last_week.week_start = {{ days_earlier(built_week(), 7) }}
    left join limits
        on
            metrics.metric_id = limits.metric_id
            and limits.week_start = {{ built_week() }}
    left join objectives
        on metrics.metric_id = objectives.metric_id
    where metrics.section_code is not null

)

select * from joined
