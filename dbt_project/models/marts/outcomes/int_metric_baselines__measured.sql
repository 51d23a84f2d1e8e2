{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What is usual for a figure: the weeks before it, and whether they can say so. The judged
-- week is never in its own baseline. Stocks and durations have no limits here: successive
-- stocks lean on each other, and three in four of their signals are false. Weeks that
-- another version of the definition measured are left out, and so are those before a
-- change of the process that somebody has stated. Weeks whose posts were read late had more
-- time; they are left out as soon as there are enough others, and counted until then.
with

metric_weeks as (

    select
        metric_id,
        metric_version,
        segment_kind_code,
        segment_code,
        week_start,
        value,
        numerator,
        denominator,
        is_mature,
        coalesce(late_post_count, 0) > 0 as is_read_late
    from {{ ref('fct_metric_weeks') }}

),

metrics as (

    select
        metric_id,
        metric_kind_code,
        unit_code,
        is_signed,
        waits_for_maturity
    from {{ ref('metrics') }}
    where metric_kind_code in ('flow', 'rate')
    qualify
        row_number() over (partition by metric_id order by metric_version desc) = 1

),

rules as (

    select
        {%- for parameter in ['baseline_weeks', 'provisional_weeks'] %}
        cast(max(case when parameter_name = '{{ parameter }}' then parameter_value end) as integer)
            as {{ parameter }},
        {%- endfor %}
        max(case when parameter_name = 'maximum_autocorrelation' then parameter_value end)
            as maximum_autocorrelation
    from {{ ref('int_signal_rules__dated') }}
    where rule_id = 'limits'

),

process_changes as (

    select
        metric_id,
        limits_since_week
    from {{ ref('fct_process_changes') }}
    where is_judged

),

judged_weeks as (

    select distinct
        metric_id,
        week_start
    from metric_weeks

),

-- Where the process of a week began, if anybody says so.
processes as (

    select
        judged_weeks.metric_id,
        judged_weeks.week_start,
        max(process_changes.limits_since_week) as limits_since_week
    from judged_weeks
    inner join process_changes
        on
            process_changes.metric_id in (judged_weeks.metric_id, 'all')
            and judged_weeks.week_start >= process_changes.limits_since_week
    group by
        judged_weeks.metric_id,
        judged_weeks.week_start

),

-- Known values only, each with the known value of the same version before it.
series as (

    select
        metric_weeks.*,
        metrics.metric_kind_code,
        metrics.unit_code,
        metrics.is_signed,
        metrics.waits_for_maturity and not metric_weeks.is_mature as is_too_young,
        processes.limits_since_week,
        {%- for name, column in {
            'earlier_value': 'value', 'earlier_week': 'week_start', 'is_earlier_read_late': 'is_read_late',
        }.items() %}
        lag(metric_weeks.{{ column }}) over (
            partition by
                metric_weeks.metric_id, metric_weeks.metric_version,
                metric_weeks.segment_kind_code, metric_weeks.segment_code
            order by metric_weeks.week_start
        ) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from metric_weeks
    inner join metrics
        on metric_weeks.metric_id = metrics.metric_id
    left join processes
        on
            metric_weeks.metric_id = processes.metric_id
            and metric_weeks.week_start = processes.week_start
    where metric_weeks.value is not null

),

-- One row per judged week and week before it that the same process made.
earlier_weeks as (

    select
        series.metric_id,
        series.segment_kind_code,
        series.segment_code,
        series.week_start,
        earlier.value,
        earlier.numerator,
        earlier.denominator,
        earlier.is_read_late,
        earlier.is_earlier_read_late,
        case
            when
                earlier.earlier_week >= {{ days_earlier('series.week_start', '7 * rules.baseline_weeks') }}
                and earlier.earlier_week >= coalesce(series.limits_since_week, earlier.earlier_week)
                then earlier.earlier_value
        end as earlier_value,
        count(case when not earlier.is_read_late then 1 end) over (
            partition by series.metric_id, series.segment_kind_code, series.segment_code, series.week_start
        ) >= rules.provisional_weeks as has_enough_timely_weeks
    from series
    cross join rules
    inner join series as earlier
        on
            series.metric_id = earlier.metric_id
            and series.metric_version = earlier.metric_version
            and series.segment_kind_code = earlier.segment_kind_code
            and series.segment_code = earlier.segment_code
            and earlier.week_start < series.week_start
            and earlier.week_start >= {{ days_earlier('series.week_start', '7 * rules.baseline_weeks') }}
            and earlier.week_start >= coalesce(series.limits_since_week, earlier.week_start)

),

-- One row per judged week and week of its baseline.
baselines as (

    select
        metric_id,
        segment_kind_code,
        segment_code,
        week_start,
        value,
        numerator,
        denominator,
        is_read_late,
        case when not (has_enough_timely_weeks and is_earlier_read_late) then earlier_value end
            as earlier_value,
        -- Exact decimals: a mean of doubles depends on the order in which threads add.
        round(
            cast(sum(cast(value as decimal(38, 9))) over (
                partition by metric_id, segment_kind_code, segment_code, week_start
            ) as double) / count(*) over (
                partition by metric_id, segment_kind_code, segment_code, week_start
            ), 9
        ) as mean_value
    from earlier_weeks
    where not (has_enough_timely_weeks and is_read_late)

),

-- One row per judged week. A baseline that never moves leans on nothing.
measured as (

    select
        metric_id,
        segment_kind_code,
        segment_code,
        week_start,
        count(*) as baseline_week_count,
        count(case when is_read_late then 1 end) as late_week_count,
        max(mean_value) as mean_value,
        cast(sum(cast(abs(value) as decimal(38, 9))) as double) as value_sum,
        cast(sum(cast(numerator as decimal(38, 9))) as double) as numerator_sum,
        cast(sum(cast(denominator as decimal(38, 9))) as double) as denominator_sum,
        round(sqrt(
            cast(sum(cast((value - mean_value) * (value - mean_value) as decimal(38, 12))) as double)
            / nullif(count(*) - 1, 0)
        ), 9) as spread_value,
        round(
            cast(sum(cast(abs(value - earlier_value) as decimal(38, 9))) as double)
            / nullif(count(earlier_value), 0), 9
        ) as moving_range_value,
        round(
            coalesce(
                cast(sum(cast((value - mean_value) * (earlier_value - mean_value) as decimal(38, 12))) as double)
                / nullif(cast(sum(cast(
                    (value - mean_value) * (value - mean_value) as decimal(38, 12)
                )) as double), 0),
                0
            ), 9
        ) as lag1_autocorrelation
    from baselines
    group by
        metric_id,
        segment_kind_code,
        segment_code,
        week_start

),

judged as (

    select
        series.metric_id,
        series.metric_version,
        series.segment_kind_code,
        series.segment_code,
        series.week_start,
        series.value,
        series.denominator,
        series.metric_kind_code,
        series.unit_code,
        series.is_signed,
        series.limits_since_week,
        series.is_read_late,
        coalesce(measured.baseline_week_count, 0) as baseline_week_count,
        coalesce(measured.late_week_count, 0) as late_week_count,
        measured.mean_value,
        measured.moving_range_value,
        measured.spread_value,
        measured.value_sum,
        measured.numerator_sum,
        measured.denominator_sum,
        measured.lag1_autocorrelation,
        case
            when series.is_too_young then 'too_early'
            when coalesce(measured.baseline_week_count, 0) < rules.provisional_weeks then 'too_early'
            when series.is_read_late and measured.late_week_count = 0 then 'no_limits'
            when measured.lag1_autocorrelation > rules.maximum_autocorrelation then 'no_limits'
            else 'limits'
        end as state_code
    from series
    cross join rules
    left join measured
        on
            series.metric_id = measured.metric_id
            and series.segment_kind_code = measured.segment_kind_code
            and series.segment_code = measured.segment_code
            and series.week_start = measured.week_start

)

select * from judged
