-- Mindshare, Heartshare and Action of each objective's audience, month by month, one row per
-- indicator and no score of them all. A baseline is of a week, so a count is compared with
-- it by the month's usual week, a ratio as it stands.
with

objectives as (

    select
        objective_code,
        outcome_code,
        metric_id,
        coalesce(nullif(trim(audience_name), ''), 'Everybody') as audience_name,
        cast(baseline_value as double) as baseline_value,
        cast(target_value as double) as target_value,
        baseline_recorded_on
    from {{ ref('stg_programme__objectives') }}
    qualify
        row_number() over (
            partition by objective_code
            order by baseline_recorded_on desc, exported_at desc, file_sha256 desc, metric_id
        ) = 1

),

scopes as (

    select
        audience_name,
        min(scope_code) as scope_code
    from {{ ref('int_audience_platforms__listed') }}
    group by audience_name

),

indicators as (

    select
        indicator_code,
        outcome_code,
        position_number,
        amec_level_code,
        unit_code,
        index_basis_code
    from {{ ref('outcome_indicators') }}

),

periods as (

    select
        period_start,
        period_end,
        is_partial,
        is_preview
    from {{ ref('int_outcome_periods__listed') }}
    where period_kind_code = 'month'

),

weeks_of_months as (

    select
        period_start,
        month_start
    from {{ ref('int_outcome_periods__listed') }}
    where period_kind_code = 'week'

),

figures as (

    {%- for relation in [
        'int_exposure_figures__counted', 'int_voice_figures__counted',
        'int_favour_figures__counted', 'int_defence_figures__counted',
        'int_action_figures__counted',
    ] %}
    select
        audience_name,
        period_kind_code,
        period_start,
        indicator_code,
        value,
        numerator,
        denominator,
        n,
        coverage_ratio,
        reason_code
    from {{ ref(relation) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

usual_weeks as (

    select
        figures.audience_name,
        weeks_of_months.month_start,
        figures.indicator_code,
        avg(figures.value) as weekly_mean_value,
        count(figures.value) as week_count
    from figures
    inner join weeks_of_months
        on figures.period_start = weeks_of_months.period_start
    where figures.period_kind_code = 'week'
    group by
        figures.audience_name,
        weeks_of_months.month_start,
        figures.indicator_code

),

-- The indicators of the objective's outcome, and the one that it aims at in any case.
aimed as (

    select
        objectives.objective_code,
        objectives.audience_name,
        objectives.metric_id,
        objectives.baseline_value,
        objectives.target_value,
        objectives.baseline_recorded_on,
        indicators.*
    from objectives
    inner join indicators
        on
            objectives.outcome_code = indicators.outcome_code
            or objectives.metric_id = indicators.indicator_code

    union all

    select
        objectives.objective_code,
        objectives.audience_name,
        objectives.metric_id,
        objectives.baseline_value,
        objectives.target_value,
        objectives.baseline_recorded_on,
        objectives.metric_id as indicator_code,
        objectives.outcome_code,
        cast(99 as bigint) as position_number,
        metrics.amec_level_code,
        metrics.unit_code,
        'period' as index_basis_code
    from objectives
    left join indicators
        on objectives.metric_id = indicators.indicator_code
    left join (
        select
            metric_id,
            max(amec_level_code) as amec_level_code,
            max(unit_code) as unit_code
        from {{ ref('metrics') }}
        group by metric_id
    ) as metrics
        on objectives.metric_id = metrics.metric_id
    where indicators.indicator_code is null

),

joined as (

    select
        aimed.*,
        scopes.scope_code,
        periods.period_start,
        periods.is_partial,
        periods.is_preview,
        figures.value,
        figures.numerator,
        figures.denominator,
        figures.n,
        figures.coverage_ratio,
        case
            when aimed.position_number = 99 then 'no_monthly_figure'
            when figures.indicator_code is null then 'no_source'
            else figures.reason_code
        end as reason_code,
        usual_weeks.weekly_mean_value,
        case
            when aimed.index_basis_code = 'weekly_mean' then usual_weeks.weekly_mean_value
            else figures.value
        end as index_basis_value,
        aimed.indicator_code = aimed.metric_id
        and aimed.baseline_recorded_on < periods.period_start as has_prior_aim
    from aimed
    inner join scopes
        on aimed.audience_name = scopes.audience_name
    cross join periods
    left join figures
        on
            figures.period_kind_code = 'month'
            and aimed.audience_name = figures.audience_name
            and aimed.indicator_code = figures.indicator_code
            and periods.period_start = figures.period_start
    left join usual_weeks
        on
            aimed.audience_name = usual_weeks.audience_name
            and aimed.indicator_code = usual_weeks.indicator_code
            and periods.period_start = usual_weeks.month_start

)

select
    objective_code,
    audience_name,
    scope_code as audience_scope_code,
    period_start as month_start,
    outcome_code,
    position_number as position,
    indicator_code,
    amec_level_code,
    unit_code,
    round(value, 9) as value,
    round(numerator, 9) as numerator,
    round(denominator, 9) as denominator,
    coalesce(n, 0) as n,
    round(coverage_ratio, 9) as coverage_ratio,
    case when index_basis_code = 'weekly_mean' then round(weekly_mean_value, 9) end
        as weekly_mean_value,
    reason_code,
    is_partial,
    is_preview,
    case when has_prior_aim then baseline_value end as baseline_value,
    case when has_prior_aim then target_value end as target_value,
    case
        when has_prior_aim
            then {{ progress_index('index_basis_value', 'baseline_value', 'target_value') }}
    end as index_value
from joined
