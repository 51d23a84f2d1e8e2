{{ config(schema='intermediate', materialized='view', contract={'enforced': false}) }}
-- Some three standard deviations to either side of the mean. The page judges some forty
-- figures: limits that err once in a hundred weeks for each would show it a false signal
-- every third week. Of three deviations the largest counts, for each alone is too small at
-- times: by moving ranges where the weeks jump to and fro, by the weeks' spread where they
-- lean on each other, by chance where few cases stand behind a figure.
with

baselines as (

    select *
    from {{ ref('int_metric_baselines__measured') }}

),

rules as (

    select
        {%- for parameter in ['limit_sigmas', 'widening_weeks', 'case_margin', 'range_factor'] %}
        max(case when parameter_name = '{{ parameter }}' then parameter_value end)
            as {{ parameter }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_signal_rules__dated') }}
    where rule_id = 'limits'

),

-- Parts and rates of all weeks of a baseline, as if two more cases had been seen.
pooled as (

    select
        baselines.*,
        (numerator_sum + 2) / (denominator_sum + 4) as pooled_part,
        (numerator_sum + 2) / nullif(denominator_sum, 0) as pooled_rate,
        nullif(denominator, 0) as case_count
    from baselines

),

-- Counts and rates differ by chance by the root of their number, parts as that many draws
-- do; what it does to signed rates is not known. A figure moves by steps of one case.
-- 1.128: mean moving range of two draws from a normal distribution, in deviations.
measured as (

    select
        pooled.*,
        coalesce(moving_range_value / 1.128, 0) as jump_deviation,
        coalesce(spread_value, 0) as spread_deviation,
        coalesce(
            case
                when metric_kind_code = 'flow' then sqrt((value_sum + 2) / nullif(baseline_week_count, 0))
                when is_signed then 0
                when unit_code = 'ratio' then sqrt(greatest(pooled_part * (1 - pooled_part), 0) / case_count)
                else sqrt(pooled_rate / case_count)
            end, 0
        ) as chance_deviation,
        case when metric_kind_code = 'flow' then 1 else coalesce(1.0 / case_count, 0) end
            as case_value
    from pooled

),

-- Mean and deviation of few weeks are themselves unsure: the fewer, the wider.
widened as (

    select
        measured.*,
        rules.limit_sigmas * (1 + rules.widening_weeks / nullif(measured.baseline_week_count, 0))
        * greatest(measured.jump_deviation, measured.spread_deviation, measured.chance_deviation)
        + rules.case_margin * measured.case_value as half_width,
        rules.range_factor * measured.moving_range_value as natural_half_width
    from measured
    cross join rules

),

limited as (

    select
        metric_id,
        metric_version,
        segment_kind_code,
        segment_code,
        week_start,
        value,
        is_signed,
        limits_since_week,
        is_read_late,
        baseline_week_count,
        late_week_count,
        mean_value,
        moving_range_value,
        lag1_autocorrelation,
        state_code,
        round(mean_value - half_width, 9) as raw_lower_limit,
        round(mean_value + half_width, 9) as raw_upper_limit,
        -- A watch is no alarm: whether weeks lie near a limit is asked of the narrower ones
        -- that moving ranges alone give.
        round(mean_value - natural_half_width, 9) as natural_lower_limit,
        round(mean_value + natural_half_width, 9) as natural_upper_limit
    from widened

)

select * from limited
